//! The tables of the desk: the log, what was put off, answers that are settled, files on their way in.

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        account -> Nullable<Text>,
        position -> Text,
        deed -> Text,
        kind -> Text,
        subject -> Text,
        name -> Text,
        detail -> Text,
    }
}

diesel::table! {
    scheduled (url) {
        url -> Text,
        kind -> Text,
        row_id -> Text,
        at -> BigInt,
        refused -> Nullable<Text>,
    }
}

diesel::table! {
    settled_answers (url) {
        url -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    files_in_hand (id) {
        id -> Text,
        account -> Text,
        position -> Text,
        format -> Text,
        name -> Text,
        content -> Binary,
        state -> Text,
        outcome -> Text,
        created_at -> BigInt,
        changed_at -> BigInt,
    }
}
