/// Kinds of organisation.
pub const KINDS: [&str; 7] =
    ["company", "association", "working_group", "institution", "municipality", "education", "other_sector"];
