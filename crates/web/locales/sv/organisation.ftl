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
