/// Kinds of task.
pub const KINDS: [&str; 12] = [
    "assignment",
    "gig",
    "employment_fixed",
    "employment_permanent",
    "project_lead",
    "consulting",
    "substitute",
    "internship",
    "volunteer",
    "working_group_seat",
    "residency",
    "call",
];

/// Forms of engagement.
pub const ENGAGEMENTS: [&str; 8] = [
    "salary",
    "invoice",
    "light_entrepreneur",
    "work_compensation",
    "grant",
    "revenue_share",
    "expenses_only",
    "unpaid",
];

/// What a pay is for.
pub const PAY_UNITS: [&str; 5] = ["hour", "day", "week", "month", "project"];
