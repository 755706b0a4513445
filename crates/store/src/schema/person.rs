//! People: their accounts, how they sign in, what they hold, and the letters to them.

diesel::table! {
    accounts (id) {
        id -> Text,
        mail -> Text,
        name -> Text,
        language -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        terms -> Nullable<Text>,
        leaves_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    join_links (hash) {
        hash -> Text,
        mail -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    pictures (id) {
        id -> Text,
        producer -> Text,
        media_type -> Text,
        bytes -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    sign_in_links (hash) {
        hash -> Text,
        account -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sessions (hash) {
        hash -> Text,
        account -> Text,
        begun_at -> BigInt,
        seen_at -> BigInt,
        second_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    letters (id) {
        id -> BigInt,
        kind -> Text,
        recipient -> Text,
        language -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        leased_until -> BigInt,
        created_at -> BigInt,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    setup_links (hash) {
        hash -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    positions (position, account) {
        position -> Text,
        account -> Text,
        held_since -> BigInt,
    }
}
