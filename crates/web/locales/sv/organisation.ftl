organisation-list = Organisationer
organisation-list-lead = Föreningar, företag, läroanstalter och andra som ordnar evenemang och erbjuder producenter arbete.
organisation-list-empty = Inga organisationer har lagts till ännu.
organisation-count =
    { $n ->
        [one] { $n } organisation
       *[other] { $n } organisationer
    }
organisation-some = Organisationer som är med
organisation-all = Alla organisationer
organisation-website = Webbplats
organisation-municipality = Hemort
organisation-facts = Uppgifter om organisationen
organisation-kind-company = Företag
organisation-kind-association = Förening
organisation-kind-working-group = Arbetsgrupp
organisation-kind-institution = Konst- eller kulturinstitution
organisation-kind-municipality = Kommun
organisation-kind-education = Läroanstalt
organisation-kind-other-sector = Annan bransch
# Who speaks for an organisation.
representing-of = du företräder den
representing-lead = Du företräder den här organisationen: du sköter dess profil och ser hur det går med dess uppdrag.
representing-see = Se den offentliga sidan
representing-tasks = Organisationens uppdrag
representing-no-tasks = Organisationen har inga uppdrag här ännu.
representing-profile = Den offentliga profilen
representing-name = Namn
representing-kind = Vad för slags organisation
representing-text-fi = Vad den gör, på finska
representing-text-sv = Vad den gör, på svenska
representing-text-en = Vad den gör, på engelska
representing-end-title = Sluta företräda den
representing-end-hint = Efter det kan du inte längre ändra profilen. Koordinatorn kan utse dig på nytt.
representing-end = Sluta
representatives = Företrädare
representatives-none = Ingen företräder den ännu.
representatives-list-lead = Den som företräder en organisation sköter dess offentliga profil och ser hur det går med dess uppdrag.
representatives-lead = Den som företräder organisationen sköter dess offentliga profil och ser hur det går med dess uppdrag. Ingen annan ser vem det är.
representatives-end = Ta bort som företrädare
representatives-new = Utse en företrädare
representatives-new-hint = Se först till att organisationen vill det. Företrädaren får en inloggningslänk per e-post.
representatives-submit = Utse
desk-done-named = Utsedd. Ett meddelande är på väg.
position-representative = företrädare för en organisation
message-represents-already = Personen företräder den redan.
representatives-count =
    { $n ->
        [0] ingen företrädare
        [one] en företrädare
       *[other] { $n } företrädare
    }
