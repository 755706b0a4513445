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
organisation-kind-education = Educational institution
organisation-kind-other-sector = Another sector
# Who speaks for an organisation.
representing-of = you represent it
representing-lead = You represent this organisation: you keep its profile up to date and see here how its tasks are going.
representing-see = See the public page
representing-tasks = Its tasks
representing-no-tasks = It has no tasks here yet.
representing-profile = Its public profile
representing-name = Name
representing-kind = What it is
representing-text-fi = What it does, in Finnish
representing-text-sv = What it does, in Swedish
representing-text-en = What it does, in English
representing-end-title = Stop representing it
representing-end-hint = After that you cannot change the profile any more. The coordinator can name you again.
representing-end = Stop
representatives = Representatives
representatives-none = There is no representative yet.
representatives-list-lead = The representative of an organisation keeps its public profile up to date and sees how its tasks are going.
representatives-lead = The representative of the organisation keeps its public profile up to date and sees how its tasks are going. Nobody else sees who that is.
representatives-end = Remove as representative
representatives-new = Name a representative
representatives-new-hint = Make sure first that the organisation wants this. The representative gets an e-mail with a link to sign in with.
representatives-submit = Name
desk-done-named = Named. An e-mail is on its way.
position-representative = representative of an organisation
message-represents-already = They represent it already.
representatives-count =
    { $n ->
        [0] no representatives
        [one] one representative
       *[other] { $n } representatives
    }
