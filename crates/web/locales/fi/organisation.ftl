organisation-list = Organisaatiot
organisation-list-lead = Yhdistykset, yritykset, oppilaitokset ja muut, jotka järjestävät tapahtumia ja tarjoavat työtä tuottajille.
organisation-list-empty = Organisaatioita ei ole vielä lisätty.
organisation-count =
    { $n ->
        [one] { $n } organisaatio
       *[other] { $n } organisaatiota
    }
organisation-some = Mukana olevia organisaatioita
organisation-all = Kaikki organisaatiot
organisation-website = Verkkosivut
organisation-municipality = Kotipaikka
organisation-facts = Organisaation tiedot
organisation-kind-company = Yritys
organisation-kind-association = Yhdistys
organisation-kind-working-group = Työryhmä
organisation-kind-institution = Taide- tai kulttuurilaitos
organisation-kind-municipality = Kunta
organisation-kind-education = Oppilaitos
organisation-kind-other-sector = Muu toimiala
