# The front pages, and the regions that a node follows.
region-eyebrow = Where cultural producers meet
region-lead = Find the region’s cultural producers, upcoming events and tasks that need somebody. Follow the region, and what is new comes straight into your own feed.
region-national-eyebrow = The network of producer centres
region-national-lead = Events, open tasks and people of all regions in one place. Each region publishes on its own; this page gathers.
region-see-events = See the events
region-see-tasks = Open tasks
region-find-producer = Find a producer
region-followers =
    { $n ->
        [one] { $n } follower
       *[other] { $n } followers
    }
region-list = Regions
region-list-lead = The regions that this server follows, and how the connection to them works.
region-list-empty = This server does not follow any region yet.
region-map = The regions of Finland. Taking part: { $names }.
region-map-here = in the network
region-map-silent = not answering right now
region-map-missing = not here yet
region-numbers = The regions in numbers
region-column = Region
region-column-count = Count
region-all = All regions
region-state-well = Connected
region-state-failing = Not answering
region-state-blocked = Blocked
region-state-pending = Waiting for approval
region-state-rejected = Declined the request to follow
region-heard = Last heard { $age }
region-heard-never = Not heard from yet
region-silent-note = The region’s server is not answering right now. What was fetched before is still shown.
region-silent-banner =
    { $n ->
        [one] One region is not answering right now. Its content is shown as it was last fetched.
       *[other] { $n } regions are not answering right now. Their content is shown as it was last fetched.
    }
region-reading = Earlier content is being fetched.
region-relay = The server’s own account
region-relay-lead = This account passes events on to other servers. People are better served by following the region.
region-map-of = The regions of Finland, with { $name } marked.
