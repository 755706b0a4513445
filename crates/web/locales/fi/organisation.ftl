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
# Who speaks for an organisation.
representing-of = edustat sitä
representing-lead = Edustat tätä organisaatiota: ylläpidät sen profiilia ja näet, missä vaiheessa sen tehtävät ovat.
representing-see = Katso julkinen sivu
representing-tasks = Organisaation tehtävät
representing-no-tasks = Organisaatiolla ei ole täällä vielä tehtäviä.
representing-profile = Julkinen profiili
representing-name = Nimi
representing-kind = Millainen organisaatio
representing-text-fi = Mitä se tekee, suomeksi
representing-text-sv = Mitä se tekee, ruotsiksi
representing-text-en = Mitä se tekee, englanniksi
representing-end-title = Lopeta edustaminen
representing-end-hint = Sen jälkeen et voi enää muuttaa profiilia. Koordinaattori voi nimetä sinut uudelleen.
representing-end = Lopeta
representatives = Edustajat
representatives-none = Kukaan ei vielä edusta sitä.
representatives-list-lead = Organisaation edustaja pitää sen julkisen profiilin ajan tasalla ja näkee, missä vaiheessa sen tehtävät ovat.
representatives-lead = Edustaja pitää organisaation julkisen profiilin ajan tasalla ja näkee, missä vaiheessa sen tehtävät ovat. Muut eivät näe, kuka edustaja on.
representatives-end = Poista edustajista
representatives-new = Nimeä edustaja
representatives-new-hint = Varmista ensin, että organisaatio haluaa tämän. Edustaja saa sähköpostiin kirjautumislinkin.
representatives-submit = Nimeä
desk-done-named = Nimetty. Sähköposti on matkalla.
position-representative = organisaation edustaja
message-represents-already = Hän edustaa sitä jo.
representatives-count =
    { $n ->
        [0] ei edustajaa
        [one] yksi edustaja
       *[other] { $n } edustajaa
    }
