//! Every table, once, for both databases. The SQL that makes them is in `migrations/`; the parity test in
//! `tests/store` compares the two trees column by column.
//!
//! Left out is `search_words`, which each database has in its own way ([`crate::words`]).
//!
//! Times are `BigInt` epoch milliseconds UTC ([`crate::Timestamp`]); lists and language maps are JSON in `Text`.
#![allow(missing_docs)] // the columns are documented by the migrations

mod desk;
mod person;

diesel::table! {
    node (id) {
        id -> SmallInt,
        domain -> Text,
        role -> Text,
        region -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    actors (url) {
        url -> Text,
        local -> Bool,
        slice -> Text,
        actor_type -> Text,
        username -> Text,
        host -> Text,
        inbox -> Text,
        shared_inbox -> Nullable<Text>,
        outbox -> Nullable<Text>,
        page -> Nullable<Text>,
        name -> Text,
        key_id -> Text,
        public_key -> Text,
        document -> Text,
        fetched_at -> BigInt,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    actor_keys (actor) {
        actor -> Text,
        private_key -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    objects (url) {
        url -> Text,
        kind -> Text,
        local -> Bool,
        author -> Text,
        page -> Nullable<Text>,
        document -> Nullable<Text>,
        former_type -> Text,
        published_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        url -> Text,
        actor -> Text,
        verb -> Text,
        object -> Text,
        document -> Text,
        listed -> Bool,
        published_at -> BigInt,
    }
}

diesel::table! {
    follows (follower, followed) {
        follower -> Text,
        followed -> Text,
        activity -> Text,
        document -> Text,
        state -> Text,
        created_at -> BigInt,
        answered_at -> Nullable<BigInt>,
        inbox -> Nullable<Text>,
        server -> Bool,
    }
}

diesel::table! {
    inbox_items (id) {
        id -> BigInt,
        activity -> Text,
        sender -> Text,
        recipient -> Nullable<Text>,
        body -> Binary,
        state -> Text,
        reason -> Nullable<Text>,
        attempts -> Integer,
        next_at -> BigInt,
        leased_until -> BigInt,
        received_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        synchronization -> Nullable<Text>,
    }
}

diesel::table! {
    deliveries (id) {
        id -> BigInt,
        activity -> Text,
        actor -> Text,
        inbox -> Text,
        host -> Text,
        state -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        leased_until -> BigInt,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        topic -> Text,
        gap -> BigInt,
    }
}

diesel::table! {
    missing_inboxes (inbox) {
        inbox -> Text,
        misses -> Integer,
        since -> BigInt,
        urgent -> Bool,
        checked_at -> BigInt,
    }
}

diesel::table! {
    introductions (peer, subject) {
        peer -> Text,
        subject -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    delivery_attempts (id) {
        id -> BigInt,
        delivery -> BigInt,
        at -> BigInt,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
        duration_ms -> BigInt,
    }
}

diesel::table! {
    peers (host) {
        host -> Text,
        software -> Nullable<Text>,
        software_version -> Nullable<Text>,
        nodeinfo_at -> Nullable<BigInt>,
        failures -> Integer,
        failing_since -> Nullable<BigInt>,
        probe_at -> BigInt,
        last_ok_at -> Nullable<BigInt>,
        last_heard_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        blocked -> Bool,
        hurried_at -> BigInt,
    }
}

diesel::table! {
    backfills (actor) {
        actor -> Text,
        state -> Text,
        next_page -> Nullable<Text>,
        received -> Integer,
        attempts -> Integer,
        next_at -> BigInt,
        leased_until -> BigInt,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    alarms (name) {
        name -> Text,
        value -> BigInt,
        since -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    reactions (actor, object, verb) {
        actor -> Text,
        object -> Text,
        verb -> Text,
        activity -> Text,
        content -> Nullable<Text>,
        received_at -> BigInt,
    }
}

diesel::table! {
    replies (url) {
        url -> Text,
        object -> Text,
        parent -> Text,
        author -> Text,
        public -> Bool,
        content -> Text,
        language -> Nullable<Text>,
        page -> Nullable<Text>,
        published_at -> BigInt,
        updated_at -> BigInt,
        received_at -> BigInt,
    }
}

diesel::table! {
    quotes (url) {
        url -> Text,
        object -> Text,
        instrument -> Text,
        author -> Text,
        quoter -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        activity -> Text,
        reporter -> Text,
        host -> Text,
        objects -> Text,
        content -> Text,
        received_at -> BigInt,
        resolved_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    blocks (blocker, blocked) {
        blocker -> Text,
        blocked -> Text,
        activity -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    taken_back (id, actor) {
        id -> Text,
        actor -> Text,
        host -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    organisations (id) {
        id -> Text,
        url -> Text,
        local -> Bool,
        region -> Text,
        origin -> Text,
        page -> Text,
        slug -> Text,
        name -> Text,
        kind -> Text,
        municipality -> Nullable<Text>,
        website -> Nullable<Text>,
        description -> Text,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        published_at -> Nullable<BigInt>,
        received_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    producers (id) {
        id -> Text,
        url -> Text,
        local -> Bool,
        region -> Text,
        origin -> Text,
        page -> Text,
        slug -> Text,
        name -> Text,
        headline -> Nullable<Text>,
        bio -> Nullable<Text>,
        municipality -> Nullable<Text>,
        skills -> Text,
        languages -> Text,
        fields -> Text,
        links -> Text,
        remote -> Bool,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        published_at -> Nullable<BigInt>,
        received_at -> Nullable<BigInt>,
        account -> Nullable<Text>,
        work -> Text,
        picture -> Nullable<Text>,
        asked_at -> Nullable<BigInt>,
        returned -> Nullable<Text>,
    }
}

diesel::table! {
    consents (id) {
        id -> BigInt,
        person -> Text,
        field -> Text,
        scope -> Text,
        consent_text -> Text,
        channel -> Text,
        given_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        text_hash -> Nullable<Text>,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        url -> Text,
        local -> Bool,
        region -> Text,
        origin -> Text,
        page -> Text,
        slug -> Text,
        name -> Text,
        blurb -> Text,
        content -> Text,
        language -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        zone -> Text,
        status -> Text,
        category -> Text,
        place -> Nullable<Text>,
        locality -> Nullable<Text>,
        online_url -> Nullable<Text>,
        participation_url -> Nullable<Text>,
        capacity -> Nullable<Integer>,
        picture -> Nullable<Text>,
        tags -> Text,
        organiser -> Nullable<Text>,
        state -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        published_at -> Nullable<BigInt>,
        received_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tasks (id) {
        id -> Text,
        url -> Text,
        local -> Bool,
        region -> Text,
        origin -> Text,
        page -> Text,
        slug -> Text,
        title -> Text,
        description -> Text,
        language -> Text,
        client -> Nullable<Text>,
        kind -> Text,
        engagement -> Text,
        pay -> Nullable<Text>,
        unpaid_reason -> Nullable<Text>,
        hours -> Nullable<Integer>,
        starts_on -> Nullable<Text>,
        ends_on -> Nullable<Text>,
        deadline_at -> Nullable<BigInt>,
        municipality -> Nullable<Text>,
        remote -> Bool,
        skills -> Text,
        languages -> Text,
        seats -> Integer,
        state -> Text,
        closed_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        published_at -> Nullable<BigInt>,
        received_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    imports (source, source_id) {
        source -> Text,
        source_id -> Text,
        slice -> Text,
        row_id -> Text,
        content_hash -> Text,
        imported_at -> BigInt,
    }
}

diesel::table! {
    searchable (number) {
        number -> BigInt,
        url -> Text,
        kind -> Text,
        moment -> BigInt,
        over_at -> Nullable<BigInt>,
        updated_at -> BigInt,
        rules -> Integer,
    }
}

diesel::table! {
    representatives (organisation, account) {
        organisation -> Text,
        account -> Text,
        named_at -> BigInt,
    }
}

diesel::table! {
    controller (id) {
        id -> SmallInt,
        name -> Text,
        business_id -> Nullable<Text>,
        mail -> Text,
        texts -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    feedback (id) {
        id -> BigInt,
        text -> Text,
        page -> Nullable<Text>,
        mail -> Nullable<Text>,
        language -> Text,
        created_at -> BigInt,
        due_at -> BigInt,
        answered_at -> Nullable<BigInt>,
    }
}

pub use desk::*;
pub use person::*;

diesel::joinable!(actor_keys -> actors (actor));
diesel::joinable!(positions -> accounts (account));
diesel::joinable!(sign_in_links -> accounts (account));
diesel::joinable!(sessions -> accounts (account));
diesel::joinable!(absences -> accounts (account));
diesel::joinable!(delivery_attempts -> deliveries (delivery));
diesel::allow_tables_to_appear_in_same_query!(
    node,
    actors,
    actor_keys,
    objects,
    activities,
    follows,
    inbox_items,
    deliveries,
    delivery_attempts,
    peers,
    backfills,
    leases,
    reactions,
    replies,
    quotes,
    reports,
    blocks,
    taken_back,
    missing_inboxes,
    introductions,
    organisations,
    producers,
    consents,
    events,
    tasks,
    imports,
    searchable,
    accounts,
    join_links,
    pictures,
    positions,
    sign_in_links,
    sessions,
    letters,
    controller,
    feedback,
    setup_links,
    audit,
    scheduled,
    settled_answers,
    files_in_hand,
    second_steps,
    recovery_codes,
    passkeys,
    passkey_challenges,
    invitations,
    absences,
    position_offers,
    representatives,
);
