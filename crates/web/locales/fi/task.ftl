task-list = Avoimet tehtävät
task-list-lead = Työt, keikat ja vastuut, joihin etsitään tuottajaa. Palkkio kerrotaan aina.
task-list-empty = Avoimia tehtäviä ei ole juuri nyt. Uusia tulee, kun alueella tarvitaan tekijöitä.
task-count =
    { $n ->
        [one] { $n } tehtävä
       *[other] { $n } tehtävää
    }
task-filter-from = Haku auki vielä
task-filter-until = Julkaistu viimeistään
task-filter-remote = Etätyönä tehtävät
fault-engagement = Sopimusmuoto: ”{ $value }” ei ole luettelossa. Valitse muoto luettelosta.
task-newest = Uusimmat avoimet tehtävät
task-all = Kaikki tehtävät
task-facts = Tehtävän tiedot
task-pay = Palkkio
task-pay-unpaid = Palkaton
task-pay-untold = Palkkiota ei ole kerrottu
task-unpaid-reason = Miksi palkaton
task-pay-share-note = Tuotto-osuus: tulo voi olla myös nolla.
task-pay-hour = { $sum } € / tunti
task-pay-day = { $sum } € / päivä
task-pay-week = { $sum } € / viikko
task-pay-month = { $sum } € / kuukausi
task-pay-project = { $sum } € koko työstä
task-pay-from = alkaen { $sum }
task-pay-to = enintään { $sum }
task-engagement = Sopimusmuoto
task-hours = Arvioitu työmäärä
task-hours-n =
    { $n ->
        [one] { $n } tunti
       *[other] { $n } tuntia
    }
task-period = Ajankohta
task-starts = alkaen { $date }
task-ends = viimeistään { $date }
task-deadline = Hakuaika päättyy
task-deadline-by = Haku päättyy { $date }
task-deadline-of = Haku päättyy: { $title }
task-to-calendar = Lisää haun päättymispäivä kalenteriisi
task-deadline-left =
    { $n ->
        [one] { $n } päivä jäljellä
       *[other] { $n } päivää jäljellä
    }
task-deadline-today = Viimeinen päivä tänään
task-deadline-passed = Hakuaika on päättynyt
task-place = Paikka
task-remote = Etätyö
task-remote-too = { $place } tai etätyö
task-place-untold = Paikka sovitaan
task-client = Tilaaja
task-skills = Osaaminen
task-languages = Työkielet
task-seats = Etsitään
task-seats-n =
    { $n ->
        [one] yhtä henkilöä
       *[other] { $n } henkilöä
    }
task-apply = Näin haet
task-apply-client = Ota yhteyttä tilaajaan ja kerro, kuka olet ja miksi juuri sinä. Yhteystiedot löydät tilaajan sivuilta.
task-apply-link = Tilaajan sivu: { $client }
task-apply-ask = Tilaaja ei ole antanut verkkosivua. Kysy yhteystietoja alueelta:
task-apply-nobody = Tilaaja ei ole antanut verkkosivua. Kysy yhteystietoja alueelta.
task-apply-elsewhere = Tilaaja ei ole antanut verkkosivua. Kysy yhteystietoja alueelta, joka on julkaissut tehtävän.
task-state-filled = Täytetty
task-state-closed = Päättynyt
task-state-withdrawn = Peruttu
task-notice-filled = Tehtävään on löytynyt tekijä. Sitä ei voi enää hakea.
task-notice-closed = Haku on päättynyt.
task-notice-withdrawn = Tilaaja on perunut tehtävän.
task-kind-assignment = Toimeksianto
task-kind-gig = Keikka
task-kind-employment-fixed = Määräaikainen työ
task-kind-employment-permanent = Vakituinen työ
task-kind-project-lead = Hankkeen vetäjä
task-kind-consulting = Sparraus
task-kind-substitute = Tuotantolomittaja
task-kind-internship = Harjoittelu
task-kind-volunteer = Talkootyö
task-kind-working-group-seat = Työryhmän jäsen
task-kind-residency = Residenssi
task-kind-call = Haku
task-engagement-salary = työsuhde (palkka)
task-engagement-invoice = lasku (yrittäjä)
task-engagement-light-entrepreneur = kevytyrittäjä
task-engagement-work-compensation = työkorvaus
task-engagement-grant = apuraha
task-engagement-revenue-share = osuus tuotosta
task-engagement-expenses-only = vain kulukorvaus
task-engagement-unpaid = palkaton
