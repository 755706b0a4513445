task-list = Öppna uppdrag
task-list-lead = Arbeten, gig och ansvarsuppdrag där man söker en producent. Ersättningen anges alltid.
task-list-empty = Just nu finns inga öppna uppdrag. Nya kommer när regionen behöver någon.
task-count =
    { $n ->
        [one] { $n } uppdrag
       *[other] { $n } uppdrag
    }
task-filter-from = Ansökan öppen ännu
task-filter-until = Publicerat senast
task-filter-remote = Kan utföras på distans
fault-engagement = Avtalsform: ”{ $value }” finns inte i listan. Välj ur listan.
task-newest = De nyaste öppna uppdragen
task-all = Alla uppdrag
task-facts = Uppgifter om uppdraget
task-pay = Ersättning
task-pay-unpaid = Oavlönat
task-pay-untold = Ersättningen är inte angiven
task-unpaid-reason = Varför oavlönat
task-pay-share-note = Andel av intäkterna: inkomsten kan också bli noll.
task-pay-hour = { $sum } € / timme
task-pay-day = { $sum } € / dag
task-pay-week = { $sum } € / vecka
task-pay-month = { $sum } € / månad
task-pay-project = { $sum } € för hela arbetet
task-pay-from = från { $sum }
task-pay-to = högst { $sum }
task-engagement = Avtalsform
task-hours = Uppskattad arbetsmängd
task-hours-n =
    { $n ->
        [one] { $n } timme
       *[other] { $n } timmar
    }
task-period = Period
task-starts = från { $date }
task-ends = senast { $date }
task-deadline = Ansökningstiden går ut
task-deadline-by = Ansök senast { $date }
task-deadline-of = Ansökningstiden går ut: { $title }
task-to-calendar = Lägg till sista ansökningsdagen i din kalender
task-deadline-left =
    { $n ->
        [one] { $n } dag kvar
       *[other] { $n } dagar kvar
    }
task-deadline-today = Sista dagen i dag
task-deadline-passed = Ansökningstiden har gått ut
task-place = Plats
task-remote = Distansarbete
task-remote-too = { $place } eller distans
task-place-untold = Plats enligt överenskommelse
task-client = Uppdragsgivare
task-skills = Kompetens
task-languages = Arbetsspråk
task-seats = Söks
task-seats-n =
    { $n ->
        [one] en person
       *[other] { $n } personer
    }
task-apply = Så ansöker du
task-apply-client = Kontakta uppdragsgivaren och berätta vem du är och varför just du. Kontaktuppgifterna finns på uppdragsgivarens sidor.
task-apply-link = Uppdragsgivarens sida: { $client }
task-apply-ask = Uppdragsgivaren har inte angett någon webbplats. Fråga regionen efter kontaktuppgifter:
task-apply-nobody = Uppdragsgivaren har inte angett någon webbplats. Fråga regionen efter kontaktuppgifter.
task-apply-elsewhere = Uppdragsgivaren har inte angett någon webbplats. Fråga regionen som har publicerat uppdraget efter kontaktuppgifter.
task-state-filled = Tillsatt
task-state-closed = Avslutat
task-state-withdrawn = Återkallat
task-notice-filled = Uppdraget har fått en utförare och kan inte längre sökas.
task-notice-closed = Ansökningstiden är slut.
task-notice-withdrawn = Uppdragsgivaren har återkallat uppdraget.
task-kind-assignment = Frilansuppdrag
task-kind-gig = Gig
task-kind-employment-fixed = Visstidsanställning
task-kind-employment-permanent = Tillsvidareanställning
task-kind-project-lead = Projektledare
task-kind-consulting = Rådgivning
task-kind-substitute = Produktionsvikarie
task-kind-internship = Praktik
task-kind-volunteer = Talkoarbete
task-kind-working-group-seat = Medlem i arbetsgrupp
task-kind-residency = Residens
task-kind-call = Utlysning
task-engagement-salary = anställning (lön)
task-engagement-invoice = faktura (företagare)
task-engagement-light-entrepreneur = lättföretagare
task-engagement-work-compensation = arbetsersättning
task-engagement-grant = stipendium
task-engagement-revenue-share = andel av intäkterna
task-engagement-expenses-only = endast kostnadsersättning
task-engagement-unpaid = oavlönat
