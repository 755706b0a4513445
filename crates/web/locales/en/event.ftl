event-list = Events
event-list-lead = Meetings, training, gigs and performances: what producers organise and what is useful to them.
event-list-empty = There are no upcoming events right now. New ones appear throughout the season.
event-count =
    { $n ->
        [one] { $n } event
       *[other] { $n } events
    }
event-next = Coming events
event-all = All events
event-when = Time
event-where = Place
event-online = Online
event-online-link = Take part online
event-organiser = Organiser
event-capacity = Capacity
event-tags = Tags
event-sign-up = Sign up or buy a ticket
event-map = Show on a map
event-zone = Times: { $zone }
event-facts = Event details
event-from-fediverse = On your own server: paste this page’s address into the search field to bookmark the event or share it.
event-status-tentative = Tentative
event-status-postponed = Postponed
event-status-rescheduled = Rescheduled
event-status-moved-online = Moved online
event-status-cancelled = Cancelled
event-notice-tentative = The event is not confirmed yet. Check before you set out.
event-notice-postponed = The event will not take place at the announced time. The new time will be announced on this page.
event-notice-rescheduled = The time of the event has changed. The new time is below.
event-notice-moved-online = The event takes place online.
event-notice-cancelled = The event will not take place.
event-category-music = Music
event-category-festivals = Festivals
event-category-theatre = Theatre
event-category-performing-visual-arts = Performing and visual arts
event-category-film-media = Film and media
event-category-comedy = Comedy
event-category-learning = Learning
event-category-workshops-skill-sharing = Workshops
event-category-networking = Networking
event-category-family-education = Families and children
event-category-arts = Arts and culture
event-category-meeting = Meeting
event-to-calendar = Add to your calendar
event-views = Show the events
event-view-list = As a list
event-view-month = In a calendar
event-view-map = On the map
event-months = Other months
event-month-previous = Previous month
event-month-next = Next month
event-month-empty = No events were found in this month.
event-month-coming = The next month with events
event-today = today
event-goes-on = goes on
event-until = – { $date }
event-by-region = Events by region
event-map-scope = The map shows the events of all regions that this service knows.
event-regions-without = No events: { $names }.
event-more =
    { $n ->
        [one] and { $n } more
       *[other] and { $n } more
    }
