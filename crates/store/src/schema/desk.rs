//! The tables of the desk and of those who sit at it: the log, what was put off, second steps, passkeys, offers of
//! positions, invitations, members who stay away.

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
