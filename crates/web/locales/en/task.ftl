task-list = Open tasks
task-list-lead = Jobs, gigs and responsibilities that need a producer. The pay is always stated.
task-list-empty = There are no open tasks right now. New ones appear when the region needs somebody.
task-count =
    { $n ->
        [one] { $n } task
       *[other] { $n } tasks
    }
task-filter-from = Still open on
task-filter-until = Published no later than
task-filter-remote = Can be done remotely
fault-engagement = Form of engagement: “{ $value }” is not in the list. Choose one from it.
task-newest = Newest open tasks
task-all = All tasks
task-facts = Task details
task-pay = Pay
task-pay-unpaid = Unpaid
task-pay-untold = The pay is not stated
task-unpaid-reason = Why unpaid
task-pay-share-note = A share of the revenue: the income may also be nothing.
task-pay-hour = €{ $sum } per hour
task-pay-day = €{ $sum } per day
task-pay-week = €{ $sum } per week
task-pay-month = €{ $sum } per month
task-pay-project = €{ $sum } for the whole job
task-pay-from = from { $sum }
task-pay-to = up to { $sum }
task-engagement = Form of engagement
task-hours = Estimated work
task-hours-n =
    { $n ->
        [one] { $n } hour
       *[other] { $n } hours
    }
task-period = Period
task-starts = from { $date }
task-ends = until { $date }
task-deadline = Apply by
task-deadline-by = Apply by { $date }
task-deadline-of = Last day to apply: { $title }
task-to-calendar = Add the last day to apply to your calendar
task-deadline-left =
    { $n ->
        [one] { $n } day left
       *[other] { $n } days left
    }
task-deadline-today = Last day today
task-deadline-passed = The deadline has passed
task-place = Place
task-remote = Remote
task-remote-too = { $place } or remote
task-place-untold = Place to be agreed
task-client = Client
task-skills = Skills
task-languages = Working languages
task-seats = Looking for
task-seats-n =
    { $n ->
        [one] one person
       *[other] { $n } people
    }
task-apply = How to apply
task-apply-client = Contact the client: say who you are and why you are right for the task. Contact details are on the client’s pages.
task-apply-link = The client’s page: { $client }
task-apply-ask = The client has given no website. Ask the region how to reach them:
task-apply-nobody = The client has given no website. Ask the region how to reach them.
task-apply-elsewhere = The client has given no website. Ask the region that published the task how to reach them.
task-state-filled = Filled
task-state-closed = Closed
task-state-withdrawn = Withdrawn
task-notice-filled = Somebody has been found. The task is no longer open.
task-notice-closed = Applications are closed.
task-notice-withdrawn = The client has withdrawn the task.
task-kind-assignment = Assignment
task-kind-gig = Gig
task-kind-employment-fixed = Fixed-term job
task-kind-employment-permanent = Permanent job
task-kind-project-lead = Project lead
task-kind-consulting = Consulting
task-kind-substitute = Substitute producer
task-kind-internship = Internship
task-kind-volunteer = Volunteer work
task-kind-working-group-seat = Working group member
task-kind-residency = Residency
task-kind-call = Call
task-engagement-salary = employment (salary)
task-engagement-invoice = invoice
task-engagement-light-entrepreneur = light entrepreneur
task-engagement-work-compensation = fee (no employment contract)
task-engagement-grant = grant
task-engagement-revenue-share = revenue share
task-engagement-expenses-only = expenses reimbursed only
task-engagement-unpaid = unpaid
