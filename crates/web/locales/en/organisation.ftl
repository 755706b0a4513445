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
# Who speaks for an organisation.
representing-of = you speak for it
representing-lead = You speak for this organisation: its profile is yours to keep, and here is how its tasks stand.
representing-see = See the public page
representing-tasks = Its tasks
representing-no-tasks = It has no tasks here yet.
representing-profile = Its public profile
representing-name = Name
representing-kind = What it is
representing-text-fi = What it does, in Finnish
representing-text-sv = What it does, in Swedish
representing-text-en = What it does, in English
representing-end-title = Stop speaking for it
representing-end-hint = Then you cannot change the profile any more. The coordinator can name you again.
representing-end = Stop
representatives = Who speaks for it
representatives-none = Nobody does yet.
representatives-list-lead = Who speaks for an organisation keeps its public profile up to date and sees how its tasks stand.
representatives-lead = Who speaks for the organisation keeps its public profile up to date and sees how its tasks stand. Nobody else sees who that is.
representatives-end = Take this back
representatives-new = Name somebody
representatives-new-hint = Make sure first that the organisation wants it. They get a letter with a link to sign in by.
representatives-submit = Name
desk-done-named = Named. A letter is on its way.
position-representative = representative of an organisation
message-represents-already = They speak for it already.
representatives-count =
    { $n ->
        [0] nobody speaks for it
        [one] one person speaks for it
       *[other] { $n } people speak for it
    }
