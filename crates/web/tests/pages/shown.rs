//! Something behind every address with a part in braces, so that who may see it is shown it, and who may not is not.

use crate::browser::{Browser, token_of};
use crate::members::{published, upload};
use crate::roles::ROLES;
use crate::seed::{Seeded, node as this_node, now};
use crate::staff::appointed;
use crate::{desk, elsewhere};
use domain::person::{Field, Position};
use domain::producer::own::{self, Told};
use domain::producer::picture;
use domain::{Language, Role};
use http::StatusCode;
use std::collections::BTreeSet;
use store::id::{OrganisationId, ProducerId};

/// Where files are handed in.
const IMPORT: &str = "/desk/import";
const PNG: &[u8] = include_bytes!("../../static/pictures/icon.png");

/// See the module.
pub struct Shown {
    organisation: OrganisationId,
    draft: String,
    /// Of the picture of a member's public profile.
    picture: String,
    /// Profiles that wait for the coordinator: one to look at, and one for each role that may publish one.
    waiting: Vec<ProducerId>,
    /// The files that roles have handed in; each sees only its own.
    files: Vec<(&'static str, String)>,
}

impl Shown {
    /// Fills the node. The browsers are those of the roles, in their order.
    pub async fn on(node: &Seeded, organisation: OrganisationId, browsers: &mut [Browser<'_>]) -> Shown {
        elsewhere::taken_in(node).await;
        let picture = with_picture(node, &mut browsers[1]).await;
        let mut files = Vec::new();
        for (role, browser) in ROLES.into_iter().zip(browsers) {
            if matches!(role, "deputy" | "coordinator") {
                files.push((role, handed_in(browser).await));
            }
        }
        let mails = ["aava@kulma.example", "beda@kulma.example", "cara@kulma.example", "dora@kulma.example"];
        let waiting = mails.map(|mail| waits(node, mail)).to_vec();
        Shown { organisation, draft: draft(node), picture, waiting, files }
    }

    /// An address with something in its parts.
    pub fn path(&self, method: &str, address: &str, role: &str) -> String {
        let id = if address.contains("/organisations/") {
            self.organisation.as_str()
        } else if address.contains("/profiles/") {
            self.profile(address, role).as_str()
        } else if address.contains("/import/") {
            self.file(role)
        } else {
            &self.draft
        };
        let slug = if address.contains("{host}") {
            elsewhere::SLUG
        } else if address.starts_with("/tehtavat") {
            "tuottaja-klubisarjaan"
        } else {
            "talvifestarit-2026"
        };
        // The draft is on no clock: taking it off is refused, and it is a draft for the next one as well.
        let step = if method == "get" { "publish" } else { "unschedule" };
        address
            .replace("{things}", "events")
            .replace("{step}", step)
            .replace("{id}", id)
            .replace("{link}", "x")
            .replace("{name}", &self.picture)
            .replace("{host}", elsewhere::HOST)
            .replace("{slug}", slug)
            .replace("{username}", "pirkanmaa")
            .replace("{*path}", "solmu.css")
    }

    /// What is published waits no more: each has another one to publish.
    fn profile(&self, address: &str, role: &str) -> &ProducerId {
        let turn = match (address.ends_with("/publish"), role) {
            (false, _) => 0,
            (true, "coordinator") => 2,
            (true, "national") => 3,
            (true, _) => 1,
        };
        &self.waiting[turn]
    }

    fn file(&self, role: &str) -> &str {
        let own = self.files.iter().find(|(owner, _)| *owner == role);
        &own.unwrap_or(&self.files[0]).1
    }
}

/// A draft of an event.
fn draft(node: &Seeded) -> String {
    let list = |conn: &mut store::Conn| domain::desk::all(conn, "event", true, 0, 1).map_err(store::Error::from);
    node.scratch.store.read_now(list).unwrap()[0].what.id().to_owned()
}

/// Publishes a member's profile with a picture; the picture's name.
async fn with_picture(node: &Seeded, member: &mut Browser<'_>) -> String {
    let page = member.get("/me/picture").await;
    let taken = upload(member, &page, "Aino lumihangella", "aino.png", PNG).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    published(node, member, &["name", "picture"]).await;
    let file = member.get("/me.json").await.json();
    file["producer"]["picture"]["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Hands in a file to be imported; its id.
async fn handed_in(staff: &mut Browser<'_>) -> String {
    let page = staff.get(IMPORT).await;
    let token = token_of(&page, IMPORT);
    let path = desk::saved(&desk::upload(staff, &token, "tasks-csv", desk::CSV).await);
    path.rsplit('/').next().unwrap().to_owned()
}

/// Somebody's profile with a picture, for which its person has asked to be published.
fn waits(node: &Seeded, mail: &str) -> ProducerId {
    let account = appointed(node, Position::HarassmentContact, mail).id;
    let (us, remade) = (this_node(Role::Region), picture::remade(PNG).unwrap());
    let told = Told { name: mail.split('@').next().unwrap().to_uppercase(), ..Told::default() };
    let fields = BTreeSet::from([Field::Name, Field::Picture]);
    let write = |conn: &mut store::Conn| {
        own::describe(conn, &us, &account, &told, now())?;
        own::set_picture(conn, &us, &account, Some((&remade, "Ihminen lumihangella")), now())?;
        own::consent(conn, &us, &account, &fields, Language::Fi, now())?;
        own::ask(conn, &account, now())?;
        Ok::<_, domain::Error>(own::find(conn, &account)?.expect("a profile").id)
    };
    node.scratch.store.write_now(write).unwrap()
}
