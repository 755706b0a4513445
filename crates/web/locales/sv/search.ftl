# The search across everything.
search-title = Sök
search-lead = Sök evenemang, uppdrag, producenter och organisationer. Orden hittas i alla sina böjningsformer.
search-everything = Sök i hela tjänsten
search-count =
    { $n ->
        [one] { $n } resultat
       *[other] { $n } resultat
    }
search-nothing-found = Inget hittades med de här orden. Pröva ett annat ord eller början av ordet, eller ta bort avgränsningar.
search-kind = Vad
search-kind-all = Allt
search-kind-event = evenemang
search-kind-task = uppdrag
search-kind-producer = producent
search-kind-organisation = organisation
search-kinds-event = Evenemang
search-kinds-task = Uppdrag
search-kinds-producer = Producenter
search-kinds-organisation = Organisationer
fault-words = Sökord: i sökningen ”{ $value }” finns inget ord att söka med. Lägg till ett ord som säger vad du letar efter.
fault-kind = Vad: ”{ $value }” är inget av det som går att söka. Välj i listan.
