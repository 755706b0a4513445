# The desk of those who run the node.
desk-today = Today
desk-nav = Desk
desk-import = Import
desk-peers = Other servers
desk-positions = Positions
desk-log = Log
desk-lead =
    { $n ->
        [one] One thing is waiting for you.
       *[other] { $n } things are waiting for you.
    }
desk-done-saved = Saved.
desk-done-published = Published. Followers get it now.
desk-done-scheduled = It will be published at the chosen time.
desk-done-unscheduled = It is no longer scheduled. The draft is kept.
desk-done-cancelled = Cancelled. Followers are told.
desk-done-postponed = Postponed. Followers are told.
desk-done-closed = Closed.
desk-done-deleted = Deleted.
desk-done-settled = Done.
desk-done-followed = The request to follow is sent.
desk-done-unfollowed = No longer followed.
desk-done-blocked = The server is blocked, and what came from it is removed.
desk-done-unblocked = The server is unblocked.
desk-done-tried = Delivery is tried again at once.
desk-done-offered = The offer is made, and the receiver gets a message.
desk-done-withdrawn = The offer has ended.
desk-done-dismissed = The position is taken away.
desk-done-put-away = The file is deleted.
desk-done-invited = The invitation is made, and an e-mail is on its way.
desk-done-taken-back = The invitation has ended.
desk-kind-event = Event
desk-kind-task = Task
desk-state-draft = draft
desk-state-published = published
desk-state-tentative = tentative
desk-state-postponed = postponed
desk-state-rescheduled = rescheduled
desk-state-moved-online = moved online
desk-state-cancelled = cancelled
desk-state-open = open
desk-state-filled = filled
desk-state-closed = closed
desk-state-withdrawn = withdrawn
desk-publish-at = will be published { $time }
desk-step-publish = Publish
desk-step-unschedule = Do not publish at that time
desk-step-cancel = Cancel
desk-step-postpone = Postpone
desk-step-fill = Somebody was found
desk-step-close = Close
desk-step-delete = Delete
desk-consequence-publish = Everybody can see it, and followers get it at once.
desk-consequence-unschedule = The draft will not be published by itself. It stays a draft.
desk-consequence-cancel = The page stays and says that it is cancelled. Followers are told.
desk-consequence-postpone = The page says that the event is postponed. When the new time is known, change the time and choose the state rescheduled.
desk-consequence-fill = Nobody is sought any more, and the page says so. The task cannot be opened again.
desk-consequence-close = Applications close, and the page says so. The task cannot be opened again.
desk-consequence-delete = It is deleted here, and other servers are asked to delete it. This cannot be undone.
desk-consequence-delete-draft = The draft is deleted. This cannot be undone.
desk-not-published = It was not published on time: { $reason }
desk-deadline = closes { $time }
desk-nothing = Everything is taken care of.
desk-closing = The deadline is near
desk-drafts = Drafts
desk-answers = Questions, answers and mentions
desk-answer-mention = mention
desk-answer-private = to you alone
desk-answer-open = answer there
desk-settle = Done
desk-reports = Reports
desk-report-from = Report from { $host }
desk-block = Block the server
desk-feedback = Feedback on accessibility
desk-feedback-due = answer by { $date }
desk-feedback-answered = Answered
desk-failing = Deliveries that fail
desk-failing-since = No answer since { $time }.
desk-failing-waiting =
    { $n ->
        [one] { $n } delivery is waiting.
       *[other] { $n } deliveries are waiting.
    }
desk-failing-deletions =
    { $n ->
        [one] { $n } of them is a deletion that has to arrive.
       *[other] { $n } of them are deletions that have to arrive.
    }
desk-failing-suspended = Nothing new is sent until it answers.
desk-try = Try now
desk-erasures = Accounts being deleted
desk-erasures-hint = They are deleted by themselves after a week in which their owners may change their minds, and other servers are asked to delete the data. You need not do anything.
desk-erasures-accounts =
    { $n ->
        [one] { $n } account is being deleted.
       *[other] { $n } accounts are being deleted.
    }
desk-erasures-next = The next one is deleted for good: { $time }.
desk-erasures-hosts =
    { $n ->
        [one] { $n } server has not confirmed all deletions yet.
       *[other] { $n } servers have not confirmed all deletions yet.
    }
desk-things-lead = Most recently changed first.
desk-things-empty = There is nothing here yet.
imported-part = Imported profiles
imported-title = Imported profiles
imported-lead = Profiles that an import has made and that are nobody’s own yet.
imported-hint = Invite the person to take the profile over. Nothing of it changes before they have agreed, and then they decide themselves what is public. An import does not write to it any more from then on.
imported-none = There are no imported profiles without a person.
imported-published = published
imported-kept = not published
imported-invited = invited { $date }
imported-mail = E-mail address of { $name }
imported-language = Language of the e-mail to { $name }
imported-invite = Invite
imported-take-back = Take the invitation back
imported-more = Further profiles
desk-open-page = open the page
desk-back = Back
desk-log-lead = What those who hold a position did and looked at. Lines are deleted after two years.
desk-log-empty = The log is empty.
# What stands in the log.
audit-kind-event = event
audit-kind-feedback = feedback on accessibility
audit-kind-task = task
audit-kind-producer = producer’s profile
audit-kind-organisation = organisation
audit-kind-account = a person’s account
audit-kind-host = server
audit-kind-actor = account
audit-kind-report = report
audit-kind-reply = answer
audit-kind-file = file
audit-deed-added = added
audit-deed-changed = changed
audit-deed-published = published
audit-deed-scheduled = scheduled
audit-deed-unscheduled = unscheduled
audit-deed-cancelled = cancelled
audit-deed-postponed = postponed
audit-deed-closed = closed
audit-deed-deleted = deleted
audit-deed-imported = imported
audit-deed-looked-at = looked at
audit-deed-approved = approved
audit-deed-declined = gave back
audit-deed-followed = followed
audit-deed-unfollowed = unfollowed
audit-deed-blocked = blocked
audit-deed-unblocked = unblocked
audit-deed-settled = marked as done
audit-deed-appointed = appointed
audit-deed-dismissed = dismissed
audit-deed-offered = offered the position
audit-deed-withdrawn = ended the offer
audit-deed-taken-over = took over the position
audit-deed-step-added = set up the second step
audit-deed-step-removed = removed the second step
audit-deed-passkey-added = registered a passkey
audit-deed-passkey-removed = removed a passkey
audit-deed-address-changed = changed the e-mail address
audit-deed-link-made = made a sign-in link
audit-deed-invited = invited somebody to take over
audit-deed-invitation-ended = ended the invitation
audit-deed-profile-taken = took over the imported profile
position-operator = operator
position-clock = schedule
position-nobody = the person
position-self = the person
me-desk = To the desk
me-offers = new offer
me-log = What was looked at and changed about you
me-log-lead = What those who hold a position did that concerns you.
me-log-empty = Nobody has looked at or changed anything about you.
# Other servers.
desk-peers-lead = Whom the region follows, how other servers are, and which are blocked.
desk-following = Following
desk-following-nobody = The region follows nobody yet.
desk-follow-what = Handle (@name@server) or address
desk-follow = Follow
desk-follow-fault = Nobody was found by this handle or address. Check the spelling, or try again later.
desk-unfollow = Unfollow
follow-state-pending = waiting for approval
follow-state-accepted = accepted
follow-state-rejected = rejected
host-state-ok = well
host-state-failing = does not answer
host-state-blocked = blocked
host-state-suspended = away for a long time
host-heard = Last heard { $age }
host-never = Not heard from yet
desk-hosts = Servers
desk-hosts-none = No other servers are known yet.
desk-blocked-because = Blocked because: { $reason }
desk-unblock = Unblock
desk-block-title = Block a server
desk-block-hint = Nothing is taken from a blocked server, and nothing is sent to it. What came from it is removed.
desk-block-host = Server, such as server.example
desk-block-reason = Reason; it is shown in the log
desk-block-fault = Write the name of the server, such as server.example.
desk-block-reason-fault = Write a reason, so that another coordinator understands the block later.
# Import.
desk-import-lead = Import a file or an address. First you see what would change; nothing is saved yet.
desk-import-format = Format of the file
desk-import-file = File
desk-import-file-hint = At most 10 MB.
desk-import-address = or an address
desk-import-look = Show what would change
desk-import-format-fault = Choose the format of the file.
desk-import-nothing = Choose a file, or write an address that begins with https://.
desk-import-not-fetched = The address could not be read. Check it, or download the file and import that.
desk-import-foreseen = This is what would happen. Nothing is saved yet.
desk-import-running = The import is under way. You can go on with other things.
desk-import-done = The import is done.
desk-import-how-far = See how far it is
desk-import-put-in = Import these
desk-import-put-away = Delete the file
desk-import-rows = Rows
import-format-bundle = The region’s own bundle (JSON)
import-format-linked-events = Linked Events API (JSON)
import-format-ics = Calendar (iCalendar)
import-format-producers-csv = Producers (CSV)
import-format-tasks-csv = Tasks (CSV)
import-what-added = new
import-what-changed = changed
import-what-unchanged = unchanged
import-what-skipped = skipped
import-what-refused = refused
failure-413 = The file is too large
failure-413-advice = A file may be 10 MB at most. Split it.
