# The desk of those who run the node.
desk-today = Tänään
desk-nav = Työpöytä
desk-import = Tuonti
desk-peers = Muut palvelimet
desk-positions = Roolit
desk-log = Loki
desk-lead =
    { $n ->
        [one] Yksi asia odottaa sinua.
       *[other] { $n } asiaa odottaa sinua.
    }
desk-done-saved = Tallennettu.
desk-done-published = Julkaistu. Seuraajat saavat sen nyt.
desk-done-scheduled = Julkaistaan valittuna aikana.
desk-done-unscheduled = Ajastus on poistettu. Luonnos on tallessa.
desk-done-cancelled = Peruttu. Seuraajille kerrotaan siitä.
desk-done-postponed = Siirretty. Seuraajille kerrotaan siitä.
desk-done-closed = Haku on päätetty.
desk-done-deleted = Poistettu.
desk-done-settled = Hoidettu.
desk-done-followed = Seurantapyyntö on lähetetty.
desk-done-unfollowed = Seuranta on lopetettu.
desk-done-blocked = Palvelin on estetty, ja sieltä tullut sisältö on poistettu.
desk-done-unblocked = Esto on poistettu.
desk-done-tried = Lähetystä yritetään heti uudelleen.
desk-done-offered = Tarjous on tehty, ja vastaanottaja saa siitä viestin.
desk-done-withdrawn = Tarjous on päättynyt.
desk-done-dismissed = Rooli on otettu pois.
desk-done-put-away = Tiedosto on poistettu.
desk-done-invited = Kutsu on tehty, ja sähköposti on matkalla.
desk-done-taken-back = Kutsu on päättynyt.
desk-kind-event = Tapahtuma
desk-kind-task = Tehtävä
desk-state-draft = luonnos
desk-state-published = julkaistu
desk-state-tentative = alustava
desk-state-postponed = siirretty
desk-state-rescheduled = uusi aika
desk-state-moved-online = verkossa
desk-state-cancelled = peruttu
desk-state-open = haku auki
desk-state-filled = täytetty
desk-state-closed = päättynyt
desk-state-withdrawn = peruttu
desk-publish-at = julkaistaan { $time }
desk-step-publish = Julkaise
desk-step-unschedule = Poista ajastus
desk-step-cancel = Peru
desk-step-postpone = Siirrä myöhemmäksi
desk-step-fill = Tekijä löytyi
desk-step-close = Päätä haku
desk-step-delete = Poista
desk-consequence-publish = Kaikki näkevät sen, ja seuraajat saavat sen heti.
desk-consequence-unschedule = Luonnosta ei julkaista itsestään. Se pysyy luonnoksena.
desk-consequence-cancel = Sivu jää näkyviin ja kertoo, että tämä on peruttu. Seuraajat saavat siitä tiedon.
desk-consequence-postpone = Sivu kertoo, että tapahtuma siirtyy. Kun uusi aika on tiedossa, muokkaa aikaa ja valitse tilaksi uusi aika.
desk-consequence-fill = Tekijää ei enää haeta, ja sivu kertoo sen. Tehtävää ei voi avata uudelleen.
desk-consequence-close = Haku päättyy, ja sivu kertoo sen. Tehtävää ei voi avata uudelleen.
desk-consequence-delete = Se poistetaan täältä, ja muita palvelimia pyydetään poistamaan se. Poistoa ei voi perua.
desk-consequence-delete-draft = Luonnos poistetaan. Poistoa ei voi perua.
desk-not-published = Tätä ei julkaistu ajallaan: { $reason }
desk-deadline = haku päättyy { $time }
desk-nothing = Kaikki on hoidettu.
desk-closing = Määräaika lähestyy
desk-drafts = Luonnokset
desk-answers = Kysymykset, vastaukset ja maininnat
desk-answer-mention = maininta
desk-answer-private = vain teille
desk-answer-open = vastaa siellä
desk-settle = Hoidettu
desk-reports = Ilmoitukset
desk-report-from = Ilmoitus palvelimelta { $host }
desk-block = Estä palvelin
desk-feedback = Saavutettavuuspalaute
desk-feedback-due = vastaa viimeistään { $date }
desk-feedback-answered = Vastattu
desk-failing = Lähetykset eivät mene perille
desk-failing-since = Ei ole vastannut { $time } jälkeen.
desk-failing-waiting =
    { $n ->
        [one] { $n } lähetys odottaa.
       *[other] { $n } lähetystä odottaa.
    }
desk-failing-deletions =
    { $n ->
        [one] Niistä { $n } on poisto, joka pitää saada perille.
       *[other] Niistä { $n } on poistoja, jotka pitää saada perille.
    }
desk-failing-suspended = Uutta ei enää lähetetä, ennen kuin palvelin vastaa.
desk-try = Yritä heti
desk-erasures = Tilien poistot
desk-erasures-hint = Poisto tapahtuu itsestään viikon harkinta-ajan jälkeen, ja muita palvelimia pyydetään poistamaan tiedot. Sinun ei tarvitse tehdä mitään.
desk-erasures-accounts =
    { $n ->
        [one] { $n } tili on poistumassa.
       *[other] { $n } tiliä on poistumassa.
    }
desk-erasures-next = Seuraava poistetaan lopullisesti { $time }.
desk-erasures-hosts =
    { $n ->
        [one] { $n } palvelin ei ole vielä kuitannut kaikkia poistoja.
       *[other] { $n } palvelinta ei ole vielä kuitannut kaikkia poistoja.
    }
desk-things-lead = Viimeksi muutetut ensin.
desk-things-empty = Täällä ei ole vielä mitään.
imported-part = Tuodut profiilit
imported-title = Tuodut profiilit
imported-lead = Profiilit, jotka tuonti on tehnyt ja jotka eivät ole vielä kenenkään omia.
imported-hint = Kutsu henkilö ottamaan profiili omakseen. Mikään siinä ei muutu, ennen kuin hän suostuu, ja silloin hän päättää itse, mikä on julkista. Tuonti ei sen jälkeen enää muuta sitä.
imported-none = Tuotuja profiileja ilman henkilöä ei ole.
imported-published = julkaistu
imported-kept = ei julkaistu
imported-invited = kutsuttu { $date }
imported-mail = Sähköpostiosoite: { $name }
imported-language = Viestin kieli: { $name }
imported-invite = Kutsu
imported-take-back = Peru kutsu
imported-more = Lisää profiileja
desk-open-page = avaa sivu
desk-back = Takaisin
desk-log-lead = Mitä roolien haltijat ovat tehneet ja katsoneet. Rivit poistuvat kahden vuoden kuluttua.
desk-log-empty = Lokissa ei ole vielä mitään.
# What stands in the log.
audit-kind-event = tapahtuma
audit-kind-feedback = saavutettavuuspalaute
audit-kind-task = tehtävä
audit-kind-producer = tuottajan profiili
audit-kind-organisation = organisaatio
audit-kind-account = henkilön tili
audit-kind-host = palvelin
audit-kind-actor = seurattu tili
audit-kind-report = ilmoitus
audit-kind-reply = vastaus
audit-kind-file = tiedosto
audit-deed-added = lisäsi
audit-deed-changed = muutti
audit-deed-published = julkaisi
audit-deed-scheduled = ajasti
audit-deed-unscheduled = poisti ajastuksen
audit-deed-cancelled = perui
audit-deed-postponed = siirsi
audit-deed-closed = päätti haun
audit-deed-deleted = poisti
audit-deed-imported = toi
audit-deed-looked-at = katsoi
audit-deed-approved = hyväksyi
audit-deed-declined = palautti
audit-deed-followed = alkoi seurata
audit-deed-unfollowed = lopetti seurannan
audit-deed-blocked = esti
audit-deed-unblocked = poisti eston
audit-deed-settled = merkitsi hoidetuksi
audit-deed-appointed = nimitti
audit-deed-dismissed = otti roolin pois
audit-deed-offered = tarjosi roolia
audit-deed-withdrawn = päätti tarjouksen
audit-deed-taken-over = otti roolin vastaan
audit-deed-step-added = otti käyttöön toisen vaiheen
audit-deed-step-removed = poisti toisen vaiheen
audit-deed-passkey-added = otti käyttöön pääsyavaimen
audit-deed-passkey-removed = poisti pääsyavaimen
audit-deed-address-changed = vaihtoi sähköpostiosoitteen
audit-deed-link-made = teki kirjautumislinkin
audit-deed-invited = kutsui ottamaan omakseen
audit-deed-invitation-ended = päätti kutsun
audit-deed-profile-taken = otti tuodun profiilin omakseen
position-operator = ylläpitäjä
position-clock = ajastus
position-nobody = henkilö itse
position-self = henkilö itse
me-desk = Työpöydälle
me-offers = uusi tarjous
me-log = Mitä tietojasi on katsottu ja muutettu
me-log-lead = Roolien haltijoiden toimet, jotka koskevat sinua.
me-log-empty = Kukaan ei ole katsonut tai muuttanut tietojasi.
# Other servers.
desk-peers-lead = Ketä alue seuraa, miten muut palvelimet voivat ja mitkä on estetty.
desk-following = Seuratut
desk-following-nobody = Alue ei seuraa vielä ketään.
desk-follow-what = Tunnus (@nimi@palvelin) tai osoite
desk-follow = Seuraa
desk-follow-fault = Tällä tunnuksella tai osoitteella ei löytynyt ketään. Tarkista kirjoitusasu, tai yritä myöhemmin uudelleen.
desk-unfollow = Lopeta seuranta
follow-state-pending = odottaa hyväksyntää
follow-state-accepted = hyväksytty
follow-state-rejected = hylätty
host-state-ok = kunnossa
host-state-failing = ei vastaa
host-state-blocked = estetty
host-state-suspended = pitkään poissa
host-heard = Yhteydessä { $age }
host-never = Ei vielä yhteyttä
desk-hosts = Palvelimet
desk-hosts-none = Muita palvelimia ei vielä tunneta.
desk-blocked-because = Estetty, koska: { $reason }
desk-unblock = Poista esto
desk-block-title = Estä palvelin
desk-block-hint = Estetyltä palvelimelta ei oteta vastaan mitään, eikä sinne lähetetä mitään. Sieltä tullut sisältö poistetaan.
desk-block-host = Palvelin, esimerkiksi palvelin.example
desk-block-reason = Syy; näkyy lokissa
desk-block-fault = Kirjoita palvelimen nimi, esimerkiksi palvelin.example.
desk-block-reason-fault = Kirjoita syy, jotta toinen koordinaattori ymmärtää eston myöhemmin.
# Import.
desk-import-lead = Tuo tiedosto tai osoite. Ensin näet, mitä muuttuisi; mitään ei vielä tallenneta.
desk-import-format = Tiedoston muoto
desk-import-file = Tiedosto
desk-import-file-hint = Enintään 10 Mt.
desk-import-address = tai osoite
desk-import-look = Näytä, mitä muuttuisi
desk-import-format-fault = Valitse tiedoston muoto.
desk-import-nothing = Valitse tiedosto tai kirjoita osoite, joka alkaa https://.
desk-import-not-fetched = Osoitetta ei voitu lukea. Tarkista se, tai lataa tiedosto itse ja tuo se.
desk-import-foreseen = Näin kävisi. Mitään ei ole vielä tallennettu.
desk-import-running = Tuonti on käynnissä. Voit jatkaa muuta.
desk-import-done = Tuonti on valmis.
desk-import-how-far = Katso, miten pitkällä
desk-import-put-in = Tuo nämä
desk-import-put-away = Poista tiedosto
desk-import-rows = Rivit
import-format-bundle = Alueen oma paketti (JSON)
import-format-linked-events = Linked Events -rajapinta (JSON)
import-format-ics = Kalenteri (iCalendar)
import-format-producers-csv = Tuottajat (CSV)
import-format-tasks-csv = Tehtävät (CSV)
import-what-added = uutta
import-what-changed = muuttuu
import-what-unchanged = ennallaan
import-what-skipped = ohitetaan
import-what-refused = virheellistä
failure-413 = Tiedosto on liian suuri
failure-413-advice = Tiedosto saa olla enintään 10 Mt. Jaa se osiin.
