# The search across everything.
search-title = Haku
search-lead = Etsi tapahtumia, tehtäviä, tuottajia ja organisaatioita. Sanat löytyvät kaikissa taivutusmuodoissaan.
search-everything = Hae koko palvelusta
search-count =
    { $n ->
        [one] { $n } tulos
       *[other] { $n } tulosta
    }
search-nothing-found = Näillä sanoilla ei löytynyt mitään. Kokeile toista sanaa tai sanan alkua, tai poista rajauksia.
search-kind = Mitä
search-kind-all = Kaikkea
search-kind-event = tapahtuma
search-kind-task = tehtävä
search-kind-producer = tuottaja
search-kind-organisation = organisaatio
search-kinds-event = Tapahtumia
search-kinds-task = Tehtäviä
search-kinds-producer = Tuottajia
search-kinds-organisation = Organisaatioita
fault-words = Hakusanat: haussa ”{ $value }” ei ole sanaa, jolla voisi hakea. Lisää sana, joka kertoo mitä etsit.
fault-kind = Mitä: ”{ $value }” ei ole mikään niistä, joita voi hakea. Valitse luettelosta.
