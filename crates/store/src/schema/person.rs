//! People: their accounts, how they sign in and by which second steps, what they hold and are offered, the letters to them,
//! and those who stay away.

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

diesel::table! {
    second_steps (account) {
        account -> Text,
        secret -> Text,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
        failures -> Integer,
        failing_since -> BigInt,
    }
}

diesel::table! {
    recovery_codes (hash) {
        hash -> Text,
        account -> Text,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Text,
        account -> Text,
        credential -> Text,
        name -> Text,
        public_key -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    passkey_challenges (hash) {
        hash -> Text,
        account -> Nullable<Text>,
        state -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> Text,
        producer -> Text,
        mail -> Text,
        made_at -> BigInt,
    }
}

diesel::table! {
    absences (account) {
        account -> Text,
        first_at -> BigInt,
        second_at -> Nullable<BigInt>,
        hidden_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    position_offers (id) {
        id -> Text,
        position -> Text,
        giver -> Text,
        gives_up -> Bool,
        receiver -> Text,
        made_at -> BigInt,
    }
}
