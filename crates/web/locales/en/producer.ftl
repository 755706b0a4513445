producer-list = Producers
producer-list-lead = People who make things happen. Everybody tells what they have chosen to publish themselves.
producer-list-empty = There are no public profiles yet.
producer-count =
    { $n ->
        [one] { $n } producer
       *[other] { $n } producers
    }
producer-some = Producers
producer-all = All producers
producer-one = Producer
producer-about = About
producer-skills = Skills
producer-languages = Languages
producer-fields = Fields
producer-links = Links
producer-municipality = Based in
producer-remote-yes = Also works remotely
producer-facts = Producer details
producer-consent = This page holds only what the person has agreed to publish. They may take the consent back at any time.
field-music = music
field-theatre = theatre
field-dance = dance
field-circus = circus
field-performance = performance
field-visual-arts = visual arts
field-photography = photography
field-film = film
field-media-art = media art
field-literature = literature
field-crafts-design = crafts and design
field-architecture = architecture
field-heritage = heritage
field-community-art = community art
field-children-youth = children and youth
field-festivals = festivals
field-games = games
field-multidisciplinary = multidisciplinary
field-other = other
producer-filter-skill = Skill
producer-filter-field = Field of art
producer-filter-language = Language
producer-filter-remote = Way of working
fault-skill = Skill: “{ $value }” is not in the list. Choose one from it.
fault-field = Field of art: “{ $value }” is not in the list. Choose one from it.
fault-language = Language: “{ $value }” is not in the list. Choose one from it.
fault-remote = Way of working: “{ $value }” is not in the list. Choose one from it.
