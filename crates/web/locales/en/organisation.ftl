organisation-list = Organisations
organisation-list-lead = Associations, companies, schools and others that organise events and offer work to producers.
organisation-list-empty = No organisations have been added yet.
organisation-count =
    { $n ->
        [one] { $n } organisation
       *[other] { $n } organisations
    }
organisation-some = Organisations that take part
organisation-all = All organisations
organisation-website = Website
organisation-municipality = Based in
organisation-facts = Organisation details
organisation-kind-company = Company
organisation-kind-association = Association
organisation-kind-working-group = Working group
organisation-kind-institution = Arts or culture institution
organisation-kind-municipality = Municipality
organisation-kind-education = Education
organisation-kind-other-sector = Another sector
