producer-list = Producenter
producer-list-lead = Människor som får saker att hända. Var och en berättar det som hen själv har valt att publicera.
producer-list-empty = Det finns inga offentliga profiler ännu.
producer-count =
    { $n ->
        [one] { $n } producent
       *[other] { $n } producenter
    }
producer-some = Producenter
producer-all = Alla producenter
producer-one = Producent
producer-about = Presentation
producer-skills = Kunskaper
producer-languages = Språk
producer-fields = Områden
producer-links = Länkar
producer-municipality = Hemort
producer-remote-yes = Arbetar även på distans
producer-facts = Uppgifter om producenten
producer-consent = På sidan finns endast uppgifter som personen har gett sitt samtycke till. Hen kan när som helst ta tillbaka det.
field-music = musik
field-theatre = teater
field-dance = dans
field-circus = cirkus
field-performance = performanskonst
field-visual-arts = bildkonst
field-photography = fotografi
field-film = film
field-media-art = mediekonst
field-literature = litteratur
field-crafts-design = hantverk och design
field-architecture = arkitektur
field-heritage = kulturarv
field-community-art = gemenskapskonst
field-children-youth = barn och unga
field-festivals = festivaler
field-games = spel
field-multidisciplinary = tvärkonstnärlig
field-other = annat
producer-filter-skill = Kunskaper
producer-filter-field = Konstområde
producer-filter-language = Språk
producer-filter-remote = Arbetssätt
fault-skill = Kunskaper: ”{ $value }” finns inte i listan. Välj ur listan.
fault-field = Konstområde: ”{ $value }” finns inte i listan. Välj ur listan.
fault-language = Språk: ”{ $value }” finns inte i listan. Välj ur listan.
fault-remote = Arbetssätt: ”{ $value }” finns inte i listan. Välj ur listan.
