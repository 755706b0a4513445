//! The one table of the actors that a node has from the start, and how they are made.
//!
//! | actor | type | username | what it does |
//! |---|---|---|---|
//! | the region (or the whole country) | `Group` | the region's | author of its events and tasks; presents producers and organisations; follows |
//! | the host | `Application` | `relay` | signs fetches; what other servers follow to get events (FEP-2677) |
//!
//! Producers and organisations get actors of their own when they are published; their slices make those.

use crate::{Error, Language, Node, RegionCode, message};
use diesel::prelude::*;
use federation::actor;
use federation::key::KeyPair;
use serde_json::Value;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::{actors, organisations, producers};
use store::{Conn, Store, Timestamp};
use url::Url;
use vocab::{ActorType, Place, PostalAddress, PropertyValue};

/// The slice name of the region's own actor.
pub const REGION: &str = "region";
/// The slice name of the host's actor.
pub const RELAY: &str = "relay";
/// The username of the host's actor.
pub const RELAY_USERNAME: &str = "relay";
/// The title of the profile field that tells the region. Other nodes know by it what they follow.
pub(crate) const REGION_FIELD: &str = "Maakunta";

/// Usernames that no producer and no organisation gets, since they are or may become the node's own.
pub const RESERVED: &[&str] = &[
    "relay",
    "kansallinen",
    "tehtavat",
    "tapahtumat",
    "admin",
    "administrator",
    "root",
    "support",
    "system",
    "solmu",
    "instance",
    "actor",
    "hub",
    "abuse",
    "postmaster",
    "security",
    "webmaster",
];

/// Whether a username is kept for the node itself.
pub fn is_reserved(username: &str) -> bool {
    RESERVED.contains(&username) || crate::region::all().iter().any(|region| region.username == username)
}

/// Whether a producer or an organisation may still get this username: it is not the node's own, no actor of this host
/// has or had it, and no profile that is kept unpublished waits with it.
///
/// # Errors
/// Those of the database.
pub fn is_username_free(conn: &mut Conn, node: &Node, username: &str) -> QueryResult<bool> {
    if is_reserved(username) || actor::is_username_taken(conn, username)? {
        return Ok(false);
    }
    let host = node.origin.host();
    let kept = producers::table.filter(producers::origin.eq(host)).filter(producers::slug.eq(username));
    let shown = organisations::table.filter(organisations::origin.eq(host)).filter(organisations::slug.eq(username));
    let taken: bool = diesel::select(diesel::dsl::exists(kept).or(diesel::dsl::exists(shown))).get_result(conn)?;
    Ok(!taken)
}

/// The first username made from a name that is free: `aino`, `aino_2` …
///
/// # Errors
/// Those of the database.
pub fn free_username(conn: &mut Conn, node: &Node, name: &str) -> QueryResult<String> {
    let wanted = crate::slug::username_of(name);
    crate::slug::free_username(&wanted, |username| Ok(!is_username_free(conn, node, username)?))
}

/// Makes the node's actors if they are not there, and brings their documents up to date if this version of the program
/// describes them otherwise. Keys are made outside the transaction, and only when they are needed.
///
/// # Errors
/// Those of the database and of the key generator.
pub async fn establish(store: &Store, node: &Node, now: Timestamp) -> Result<(), Error> {
    let ours = node.clone();
    let read = move |conn: &mut Conn| {
        let missing = (region(conn)?.is_none(), relay(conn, &ours)?.is_none());
        Ok::<_, Error>((missing, outdated(conn, &ours)?.is_empty()))
    };
    let (no_region, no_relay) = match store.read(read).await? {
        ((false, false), true) => return Ok(()),
        (missing, _) => missing,
    };
    let for_region = if no_region { Some(KeyPair::generate_off_thread().await?) } else { None };
    let for_relay = if no_relay { Some(KeyPair::generate_off_thread().await?) } else { None };
    let node = node.clone();
    store.write(move |conn| make(conn, &node, for_region.as_ref(), for_relay.as_ref(), now)).await
}

/// The documents of the node's actors, where they differ from what is served.
fn outdated(conn: &mut Conn, node: &Node) -> QueryResult<Vec<vocab::Actor>> {
    let mut found = Vec::new();
    for known in [region(conn)?, relay(conn, node)?].into_iter().flatten() {
        let mut document = match known.slice.as_str() {
            REGION => region_document(node, &known.url, &known.public_key, known.created_at),
            _ => relay_document(node, &known.public_key, known.created_at),
        };
        document.public_key = Some(known.shown_key());
        if vocab::context::embedded(&document) != known.parsed() {
            found.push(document);
        }
    }
    Ok(found)
}

/// Makes those actors that a key is given for and that are not there; their followers hear of those that changed.
pub(crate) fn make(
    conn: &mut Conn,
    node: &Node,
    for_region: Option<&KeyPair>,
    for_relay: Option<&KeyPair>,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(pair) = for_region
        && region(conn)?.is_none()
    {
        let url = node.origin.actor(&store::id::fresh(now));
        actor::establish(conn, REGION, &region_document(node, &url, &pair.public_pem, now), pair, now)?;
    }
    if let Some(pair) = for_relay
        && relay(conn, node)?.is_none()
    {
        actor::establish(conn, RELAY, &relay_document(node, &pair.public_pem, now), pair, now)?;
    }
    for document in outdated(conn, node)? {
        actor::update(conn, &document, None, now)?;
    }
    Ok(())
}

/// The region's actor of this node, when it was made.
///
/// # Errors
/// Those of the database.
pub fn region(conn: &mut Conn) -> QueryResult<Option<actor::Actor>> {
    Ok(actor::local_of_slice(conn, REGION)?.into_iter().next())
}

/// The host's actor of this node, when it was made.
///
/// # Errors
/// Those of the database.
pub fn relay(conn: &mut Conn, node: &Node) -> QueryResult<Option<actor::Actor>> {
    actor::find(conn, &node.origin.relay())
}

/// The id of the region's actor: author of events and tasks, presenter of producers and organisations.
///
/// # Errors
/// [`Error::Refused`] when the node's actors were not made yet.
pub fn presenter(conn: &mut Conn) -> Result<ActorUrl, Error> {
    let url: Option<ActorUrl> = actors::table
        .filter(actors::local)
        .filter(actors::slice.eq(REGION))
        .filter(actors::deleted_at.is_null())
        .order((actors::created_at, actors::url))
        .select(actors::url)
        .first(conn)
        .optional()?;
    url.ok_or_else(|| Error::refused(message::NOT_ESTABLISHED))
}

/// Gives an actor of this node another key, and tells all who know it.
///
/// # Errors
/// Those of [`actor::rekey`].
pub fn rekey(conn: &mut Conn, url: &ActorUrl, pair: &KeyPair, now: Timestamp) -> Result<ActivityUrl, Error> {
    let region = presenter(conn)?;
    let presented = actor::find(conn, url)?.is_some_and(|actor| ![REGION, RELAY].contains(&actor.slice.as_str()));
    Ok(actor::rekey(conn, url, pair, presented.then_some(&region), now)?)
}

/// The collection in which a region presents its producers.
pub fn producers_of(region: &ActorUrl) -> String {
    format!("{region}/producers")
}

/// The collection in which a region presents its organisations.
pub fn organisations_of(region: &ActorUrl) -> String {
    format!("{region}/organisations")
}

/// The name of the region's actor.
pub fn region_name(region: RegionCode) -> String {
    match region {
        RegionCode::NATIONAL => "Tuottajakeskusverkosto".to_owned(),
        region => format!("Tuottajakeskus {}", region.name(Language::Fi)),
    }
}

/// The region's actor as it is served.
pub fn region_document(node: &Node, url: &ActorUrl, public_pem: &str, now: Timestamp) -> vocab::Actor {
    let username = node.region.username();
    let mut document = actor::frame(&node.origin, url, ActorType::Group, username, public_pem);
    document.name = Some(region_name(node.region));
    document.summary = Some(vocab::SafeHtml::clean(&summary(node.region)));
    document.featured = Some(format!("{url}/featured"));
    document.featured_tags = Some(format!("{url}/tags"));
    document.upcoming_events = Some(format!("{url}/upcoming"));
    document.discoverable = Some(true);
    document.indexable = Some(true);
    document.published = Some(now.to_jiff());
    document.icon = Some(vocab::Image::new(node.origin.url("/static/pictures/icon.png"), "image/png", "Solmu"));
    document.image = Some(crate::wire::default_picture(&node.origin, Language::Fi));
    document.attribution_domains = vec![node.origin.host().to_owned()];
    if let Ok(home) = Url::parse(&node.origin.url("/")) {
        document.attachment.push(PropertyValue::own_page("Verkkosivu", &home));
    }
    if let Some(field) = region_field(node.region) {
        document.attachment.push(field);
        document.streams = vec![producers_of(url), organisations_of(url)];
    }
    document.location = Some(region_place(node.region));
    document
}

fn relay_document(node: &Node, public_pem: &str, now: Timestamp) -> vocab::Actor {
    let url = node.origin.relay();
    let mut document = actor::frame(&node.origin, &url, ActorType::Application, RELAY_USERNAME, public_pem);
    document.name = Some(format!("{} (relay)", region_name(node.region)));
    document.summary = Some(vocab::SafeHtml::clean(
        "<p>Palvelimen oma tili: välittää tapahtumat muille palvelimille. Ihmiset seuraavat alueen tiliä.</p>\
         <p lang=\"sv\">Serverns eget konto: förmedlar evenemang till andra servrar. Människor följer regionens konto.</p>\
         <p lang=\"en\">The server’s own account: passes events on to other servers. People follow the region’s account.</p>",
    ));
    document.discoverable = Some(false);
    document.indexable = Some(false);
    document.published = Some(now.to_jiff());
    document
}

/// What the region's actor publishes, in one Finnish sentence.
pub fn region_description(region: RegionCode) -> String {
    described(region, Language::Fi)
}

fn described(region: RegionCode, language: Language) -> String {
    if region == RegionCode::NATIONAL {
        let whole = language.pick(
            "Alueiden tuottajakeskusten tapahtumat, avoimet tehtävät ja tekijät yhdessä paikassa.",
            "De regionala producentcentralernas evenemang, öppna uppdrag och producenter på ett ställe.",
            "Events, open tasks and producers of all regional producer centres in one place.",
        );
        return whole.to_owned();
    }
    let what = language.pick(
        "Kulttuurituottajien tapahtumat, avoimet tehtävät ja tekijät",
        "Kulturproducenternas evenemang, öppna uppdrag och producenter",
        "Events, open tasks and cultural producers",
    );
    format!("{what}: {}.", region.name(language))
}

fn summary(region: RegionCode) -> String {
    let [fi, sv, en] = Language::ALL.map(|language| described(region, language));
    format!("<p>{fi}</p><p lang=\"sv\">{sv}</p><p lang=\"en\">{en}</p>")
}

/// The profile field that tells the region, as a link into the code list: people read the name, nodes the code.
pub(crate) fn region_field(region: RegionCode) -> Option<PropertyValue> {
    let uri = region.uri()?;
    let name = region.name(Language::Fi);
    Some(PropertyValue::text(REGION_FIELD, &format!("<a href=\"{uri}\">{name}</a>")))
}

/// The region as a place.
pub(crate) fn region_place(region: RegionCode) -> Place {
    let name = match region {
        RegionCode::NATIONAL => "Suomi",
        region => region.name(Language::Fi),
    };
    let address_region = (region != RegionCode::NATIONAL).then(|| name.to_owned());
    Place {
        name: name.to_owned(),
        address: Some(PostalAddress {
            address_region,
            address_country: Some("FI".to_owned()),
            ..PostalAddress::default()
        }),
        ..Place::default()
    }
}

/// The region that an actor's document tells, by the field that links into the code list, or names it.
pub fn of_actor(document: &Value) -> Option<RegionCode> {
    let actor = vocab::Actor::parse(document).ok()?;
    let field = actor.attachment.iter().find(|field| field.name == REGION_FIELD)?;
    let linked = field.value.as_str().split_once(super::vocabulary::CODE_LIST).and_then(|(_, rest)| rest.get(..2));
    linked
        .and_then(RegionCode::parse)
        .or_else(|| RegionCode::parse(&field.value.to_text()))
        .filter(|region| *region != RegionCode::NATIONAL)
}
