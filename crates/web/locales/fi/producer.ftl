producer-list = Tuottajat
producer-list-lead = Ihmisiä, jotka saavat asiat tapahtumaan. Jokainen kertoo itsestään sen, minkä on itse päättänyt julkaista.
producer-list-empty = Julkisia profiileja ei ole vielä.
producer-count =
    { $n ->
        [one] { $n } tuottaja
       *[other] { $n } tuottajaa
    }
producer-some = Tuottajia
producer-all = Kaikki tuottajat
producer-one = Tuottaja
producer-about = Esittely
producer-skills = Osaaminen
producer-languages = Kielet
producer-fields = Alat
producer-links = Linkit
producer-municipality = Kotipaikka
producer-remote-yes = Tekee myös etätöitä
producer-facts = Tuottajan tiedot
producer-consent = Sivulla on vain tietoja, joiden julkaisemiseen henkilö on antanut suostumuksen. Hän voi milloin tahansa perua sen.
field-music = musiikki
field-theatre = teatteri
field-dance = tanssi
field-circus = sirkus
field-performance = esitystaide
field-visual-arts = kuvataide
field-photography = valokuva
field-film = elokuva
field-media-art = mediataide
field-literature = kirjallisuus
field-crafts-design = käsityö ja muotoilu
field-architecture = arkkitehtuuri
field-heritage = kulttuuriperintö
field-community-art = yhteisötaide
field-children-youth = lapset ja nuoret
field-festivals = festivaalit
field-games = pelit
field-multidisciplinary = monitaiteinen
field-other = muu
producer-filter-skill = Osaaminen
producer-filter-field = Taiteenala
producer-filter-language = Kieli
producer-filter-remote = Työtapa
fault-skill = Osaaminen: ”{ $value }” ei ole luettelossa. Valitse osaaminen luettelosta.
fault-field = Taiteenala: ”{ $value }” ei ole luettelossa. Valitse ala luettelosta.
fault-language = Kieli: ”{ $value }” ei ole luettelossa. Valitse kieli luettelosta.
fault-remote = Työtapa: ”{ $value }” ei ole luettelossa. Valitse luettelosta.
