# The desk of those who run the node.
desk-today = I dag
desk-nav = Arbetsbordet
desk-import = Import
desk-peers = Andra servrar
desk-positions = Roller
desk-log = Logg
desk-lead =
    { $n ->
        [one] En sak väntar på dig.
       *[other] { $n } saker väntar på dig.
    }
desk-done-saved = Sparat.
desk-done-published = Publicerat. Följarna får det nu.
desk-done-scheduled = Publiceras vid den valda tiden.
desk-done-unscheduled = Tidsinställningen är borttagen. Utkastet finns kvar.
desk-done-cancelled = Inställt. Följarna får veta det.
desk-done-postponed = Uppskjutet. Följarna får veta det.
desk-done-closed = Ansökan är avslutad.
desk-done-deleted = Raderat.
desk-done-settled = Åtgärdat.
desk-done-followed = Följförfrågan är skickad.
desk-done-unfollowed = Du följer inte längre.
desk-done-blocked = Servern är blockerad, och det som kom därifrån är borttaget.
desk-done-unblocked = Blockeringen är hävd.
desk-done-tried = Ett nytt leveransförsök görs genast.
desk-done-offered = Erbjudandet är gjort, och mottagaren får ett meddelande.
desk-done-withdrawn = Erbjudandet är avslutat.
desk-done-dismissed = Rollen har tagits bort.
desk-done-put-away = Filen är borttagen.
desk-done-invited = Inbjudan är gjord, och ett meddelande är på väg.
desk-done-taken-back = Inbjudan har upphört.
desk-kind-event = Evenemang
desk-kind-task = Uppdrag
desk-state-draft = utkast
desk-state-published = publicerat
desk-state-tentative = preliminärt
desk-state-postponed = uppskjutet
desk-state-rescheduled = ny tid
desk-state-moved-online = på nätet
desk-state-cancelled = inställt
desk-state-open = öppet
desk-state-filled = tillsatt
desk-state-closed = avslutat
desk-state-withdrawn = återkallat
desk-publish-at = publiceras { $time }
desk-step-publish = Publicera
desk-step-unschedule = Ta bort tidsinställningen
desk-step-cancel = Ställ in
desk-step-postpone = Skjut upp
desk-step-fill = Tillsatt
desk-step-close = Avsluta ansökan
desk-step-delete = Radera
desk-consequence-publish = Alla ser det, och följarna får det genast.
desk-consequence-unschedule = Utkastet publiceras inte av sig självt. Det förblir ett utkast.
desk-consequence-cancel = Sidan finns kvar och berättar att det är inställt. Följarna får veta det.
desk-consequence-postpone = Sidan berättar att evenemanget skjuts upp. När den nya tiden är känd ändrar du tiden och väljer läget ny tid.
desk-consequence-fill = Uppdraget kan inte längre sökas, och sidan säger det. Det kan inte öppnas igen.
desk-consequence-close = Ansökningstiden tar slut, och sidan säger det. Uppdraget kan inte öppnas igen.
desk-consequence-delete = Det raderas här, och andra servrar ombeds radera det. Det går inte att ångra.
desk-consequence-delete-draft = Utkastet raderas. Det går inte att ångra.
desk-not-published = Detta publicerades inte i tid: { $reason }
desk-deadline = ansökningstiden går ut { $time }
desk-nothing = Allt är åtgärdat.
desk-closing = Tidsfristen närmar sig
desk-drafts = Utkast
desk-answers = Frågor, svar och omnämnanden
desk-answer-mention = omnämnande
desk-answer-private = bara till er
desk-answer-open = svara där
desk-settle = Åtgärdat
desk-reports = Anmälningar
desk-report-from = Anmälan från { $host }
desk-block = Blockera servern
desk-feedback = Respons om tillgänglighet
desk-feedback-due = svara senast { $date }
desk-feedback-answered = Besvarad
desk-failing = Leveranser kommer inte fram
desk-failing-since = Har inte svarat sedan { $time }.
desk-failing-waiting =
    { $n ->
        [one] { $n } leverans väntar.
       *[other] { $n } leveranser väntar.
    }
desk-failing-deletions =
    { $n ->
        [one] Av dem är { $n } en radering som måste komma fram.
       *[other] Av dem är { $n } raderingar som måste komma fram.
    }
desk-failing-suspended = Inget nytt skickas förrän servern svarar.
desk-try = Försök nu
desk-erasures = Konton som raderas
desk-erasures-hint = Raderingen sker av sig själv efter en veckas betänketid, och andra servrar ombeds radera uppgifterna. Du behöver inte göra något.
desk-erasures-accounts =
    { $n ->
        [one] { $n } konto är på väg att raderas.
       *[other] { $n } konton är på väg att raderas.
    }
desk-erasures-next = Nästa raderas slutgiltigt { $time }.
desk-erasures-hosts =
    { $n ->
        [one] { $n } server har inte bekräftat alla raderingar ännu.
       *[other] { $n } servrar har inte bekräftat alla raderingar ännu.
    }
desk-things-lead = Senast ändrade först.
desk-things-empty = Här finns inget ännu.
imported-part = Importerade profiler
imported-title = Importerade profiler
imported-lead = Profiler som en import har gjort och som ännu inte är någons egna.
imported-hint = Bjud in personen att ta över profilen. Inget i den ändras innan personen har sagt ja, och då bestämmer hen själv vad som är offentligt. En import ändrar den inte längre efter det.
imported-none = Det finns inga importerade profiler utan person.
imported-published = publicerad
imported-kept = inte publicerad
imported-invited = inbjuden { $date }
imported-mail = E-postadress: { $name }
imported-language = Meddelandets språk: { $name }
imported-invite = Bjud in
imported-take-back = Ta tillbaka inbjudan
imported-more = Fler profiler
desk-open-page = öppna sidan
desk-back = Tillbaka
desk-log-lead = Vad de som har en roll har gjort och tittat på. Raderna raderas efter två år.
desk-log-empty = Loggen är tom ännu.
# What stands in the log.
audit-kind-event = evenemang
audit-kind-feedback = respons om tillgänglighet
audit-kind-task = uppdrag
audit-kind-producer = producentprofil
audit-kind-organisation = organisation
audit-kind-account = en persons konto
audit-kind-host = server
audit-kind-actor = konto som följs
audit-kind-report = anmälan
audit-kind-reply = svar
audit-kind-file = fil
audit-deed-added = lade till
audit-deed-changed = ändrade
audit-deed-published = publicerade
audit-deed-scheduled = tidsinställde
audit-deed-unscheduled = tog bort tidsinställningen
audit-deed-cancelled = ställde in
audit-deed-postponed = sköt upp
audit-deed-closed = avslutade ansökan
audit-deed-deleted = raderade
audit-deed-imported = importerade
audit-deed-looked-at = tittade på
audit-deed-approved = godkände
audit-deed-declined = gav tillbaka
audit-deed-followed = började följa
audit-deed-unfollowed = slutade följa
audit-deed-blocked = blockerade
audit-deed-unblocked = hävde blockeringen
audit-deed-settled = markerade som åtgärdat
audit-deed-appointed = utsåg
audit-deed-dismissed = tog bort rollen
audit-deed-offered = erbjöd en roll
audit-deed-withdrawn = avslutade erbjudandet
audit-deed-taken-over = tog emot rollen
audit-deed-step-added = tog i bruk ett andra steg
audit-deed-step-removed = tog bort det andra steget
audit-deed-passkey-added = tog en lösennyckel i bruk
audit-deed-passkey-removed = tog bort en lösennyckel
audit-deed-address-changed = bytte e-postadress
audit-deed-link-made = skapade en inloggningslänk
audit-deed-invited = bjöd in någon att ta över
audit-deed-invitation-ended = avslutade inbjudan
audit-deed-profile-taken = tog över den importerade profilen
position-operator = administratör
position-clock = tidsinställning
position-nobody = personen själv
position-self = personen själv
me-desk = Till arbetsbordet
me-offers = nytt erbjudande
me-log = Vad som har setts och ändrats i dina uppgifter
me-log-lead = Det som de som har en roll har gjort och som gäller dig.
me-log-empty = Ingen har sett eller ändrat dina uppgifter.
# Other servers.
desk-peers-lead = Vilka regionen följer, hur andra servrar mår och vilka som är blockerade.
desk-following = Följer
desk-following-nobody = Regionen följer ingen ännu.
desk-follow-what = Användarnamn (@namn@server) eller adress
desk-follow = Följ
desk-follow-fault = Ingen hittades med det användarnamnet eller den adressen. Kontrollera stavningen eller försök senare.
desk-unfollow = Sluta följa
follow-state-pending = väntar på godkännande
follow-state-accepted = godkänd
follow-state-rejected = avslagen
host-state-ok = fungerar
host-state-failing = svarar inte
host-state-blocked = blockerad
host-state-suspended = borta länge
host-heard = Kontakt { $age }
host-never = Ingen kontakt ännu
desk-hosts = Servrar
desk-hosts-none = Inga andra servrar är kända ännu.
desk-blocked-because = Blockerad eftersom: { $reason }
desk-unblock = Häv blockeringen
desk-block-title = Blockera en server
desk-block-hint = Inget tas emot från en blockerad server, och inget skickas dit. Det som kom därifrån tas bort.
desk-block-host = Server, till exempel server.example
desk-block-reason = Orsak; syns i loggen
desk-block-fault = Skriv serverns namn, till exempel server.example.
desk-block-reason-fault = Skriv en orsak, så att en annan koordinator förstår blockeringen senare.
# Import.
desk-import-lead = Importera en fil eller en adress. Först ser du vad som skulle ändras; inget sparas ännu.
desk-import-format = Filens format
desk-import-file = Fil
desk-import-file-hint = Högst 10 MB.
desk-import-address = eller adress
desk-import-look = Visa vad som skulle ändras
desk-import-format-fault = Välj filens format.
desk-import-nothing = Välj en fil eller skriv en adress som börjar med https://.
desk-import-not-fetched = Adressen kunde inte läsas. Kontrollera den, eller ladda ned filen och importera den.
desk-import-foreseen = Så här skulle det bli. Inget är sparat ännu.
desk-import-running = Importen pågår. Du kan göra annat under tiden.
desk-import-done = Importen är klar.
desk-import-how-far = Se hur långt det har kommit
desk-import-put-in = Importera dessa
desk-import-put-away = Ta bort filen
desk-import-rows = Rader
import-format-bundle = Regionens eget paket (JSON)
import-format-linked-events = Linked Events-gränssnitt (JSON)
import-format-ics = Kalender (iCalendar)
import-format-producers-csv = Producenter (CSV)
import-format-tasks-csv = Uppdrag (CSV)
import-what-added = nya
import-what-changed = ändras
import-what-unchanged = oförändrade
import-what-skipped = hoppas över
import-what-refused = felaktiga
failure-413 = Filen är för stor
failure-413-advice = Filen får vara högst 10 MB. Dela upp den.
