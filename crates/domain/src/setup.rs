//! Setting a node up: the first coordinator, who answers for the node, and whom people turn to, in one step.
//!
//! Who does it has an address that is printed on the operator's terminal. Invariant: such an address is good for one
//! setting up, for a day, and only as long as the node lacks a coordinator or a controller; all of them end with it.

use crate::check::{Checks, shown};
use crate::person::{Account, Appointment, MailAddress, Position, Secret, position, session};
use crate::region::controller::{self, Controller, controller, is_business_id};
use crate::{Caller, Error, Key, Language, message};
use diesel::prelude::*;
use std::time::Duration;
use store::schema::{activities, setup_links as links};
use store::{Conn, Timestamp, each};

/// How long an address for setting up is good.
pub const LIFE: Duration = Duration::from_secs(24 * 3600);
/// Characters of an organisation's name at most.
const LONGEST_NAME: usize = 200;

/// What somebody tells to set a node up, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct SetUp {
    /// The coordinator's name.
    pub name: String,
    /// The coordinator's mail address; only the node knows it.
    pub mail: String,
    /// The language of the coordinator's mail.
    pub language: Language,
    /// The organisation that answers for the node.
    pub organisation: String,
    /// Its business id; may be empty.
    pub business_id: String,
    /// Where anybody reaches it.
    pub contact_mail: String,
    /// Who answers for personal data, if somebody else does: name.
    pub data_name: String,
    /// And mail address.
    pub data_mail: String,
    /// Whom people turn to who were treated badly: name.
    pub harassment_name: String,
    /// And mail address.
    pub harassment_mail: String,
    /// The texts that come with the program are agreed to.
    pub accepted: bool,
    /// Which ones these are: their version and hash.
    pub texts: String,
}

/// Whether anybody has to be asked to set the node up.
///
/// # Errors
/// Those of the database.
pub fn is_without_coordinator(conn: &mut Conn) -> QueryResult<bool> {
    Ok(!position::is_held(conn, Position::Coordinator)?)
}

fn is_due(conn: &mut Conn) -> QueryResult<bool> {
    Ok(is_without_coordinator(conn)? || controller(conn)?.is_none())
}

/// Whether the node's pages are for everybody: somebody answers for it or leads it, or whoever runs it has published or
/// followed something from the command line, which is as deliberate.
///
/// # Errors
/// Those of the database.
pub fn is_public(conn: &mut Conn) -> QueryResult<bool> {
    if controller(conn)?.is_some() || position::is_held(conn, Position::Coordinator)? {
        return Ok(true);
    }
    let Some(own) = crate::region::actors::region(conn)? else { return Ok(false) };
    let said = activities::table.filter(activities::actor.eq(own.url));
    let said = said.filter(activities::verb.eq_any(["Create", "Add", "Follow"]));
    diesel::select(diesel::dsl::exists(said)).get_result(conn)
}

/// Makes an address for setting up. `false` when there is nothing to set up. With `alone` the earlier ones end.
///
/// # Errors
/// Those of the database.
pub fn offer(conn: &mut Conn, link: &Secret, alone: bool, now: Timestamp) -> QueryResult<bool> {
    if !is_due(conn)? {
        return Ok(false);
    }
    let over = links::table.filter(links::expires_at.le(now));
    diesel::delete(over).execute(conn)?;
    if alone {
        diesel::delete(links::table).execute(conn)?;
    }
    let row = (links::hash.eq(link.hash()), links::expires_at.eq(now.plus(LIFE)));
    each!(conn, c => diesel::insert_into(links::table).values(row).execute(c)).map(|_| true)
}

/// Whether an address for setting up is good.
///
/// # Errors
/// Those of the database.
pub fn is_good(conn: &mut Conn, link: &Secret, now: Timestamp) -> QueryResult<bool> {
    let known = links::table.find(link.hash()).filter(links::expires_at.gt(now));
    let known: bool = diesel::select(diesel::dsl::exists(known)).get_result(conn)?;
    Ok(known && is_due(conn)?)
}

/// Sets the node up and begins a session of the new coordinator.
///
/// # Errors
/// [`Error::NotFound`] when the address is not good; [`Error::Invalid`] with everything that is wrong, field by field.
pub fn complete(
    conn: &mut Conn,
    link: &Secret,
    told: &SetUp,
    session: &Secret,
    now: Timestamp,
) -> Result<Account, Error> {
    if !is_good(conn, link, now)? {
        return Err(Error::NotFound);
    }
    let plan = read(told)?;
    diesel::delete(links::table).execute(conn)?;
    controller::name(conn, &plan.controller, now)?;
    for new in &plan.appointments {
        match position::appoint(conn, Caller::Coordinator, new, now) {
            Err(Error::Conflict(_)) | Ok(_) => {} // theirs already is as good
            Err(error) => return Err(error),
        }
    }
    let account = crate::person::account::find_by_mail(conn, &plan.coordinator)?.ok_or(Error::NotFound)?;
    session::begin(conn, &account.id, session, now)?;
    Ok(account)
}

struct Plan {
    coordinator: MailAddress,
    controller: Controller,
    appointments: Vec<Appointment>,
}

fn read(told: &SetUp) -> Result<Plan, Error> {
    let mut checks = Checks::default();
    let people = [
        (Position::Coordinator, ("name", &told.name), ("mail", &told.mail)),
        (Position::DataContact, ("data_name", &told.data_name), ("data_mail", &told.data_mail)),
        (
            Position::HarassmentContact,
            ("harassment_name", &told.harassment_name),
            ("harassment_mail", &told.harassment_mail),
        ),
    ];
    let mut appointments = Vec::new();
    for (position, (name_field, name), (mail_field, mail)) in people {
        let wanted = position == Position::Coordinator || !name.is_empty() || !mail.is_empty();
        if !wanted {
            continue;
        }
        crate::person::account::check_name(&mut checks, name_field, name);
        if let Some(mail) = address(&mut checks, mail_field, mail) {
            appointments.push(Appointment { position, mail, name: name.clone(), language: told.language });
        }
    }
    checks.text("organisation", &told.organisation, 2..=LONGEST_NAME);
    let business_id = Some(told.business_id.as_str()).filter(|id| !id.is_empty());
    if let Some(id) = business_id.filter(|id| !is_business_id(id)) {
        checks.fault("business_id", Key::new(message::NOT_A_BUSINESS_ID).with("value", shown(id)));
    }
    let contact = address(&mut checks, "contact_mail", &told.contact_mail);
    checks.fault_if(!told.accepted || told.texts.is_empty(), "accepted", message::NOT_ACCEPTED);
    Error::if_any(checks.found())?;
    // Nothing was found, so both are there.
    let (Some(coordinator), Some(contact)) = (appointments.first().map(|one| one.mail.clone()), contact) else {
        return Err(Error::NotFound);
    };
    let controller = Controller {
        name: vocab::text::line(&told.organisation, LONGEST_NAME),
        business_id: business_id.map(str::to_owned),
        mail: contact.as_str().to_owned(),
        texts: told.texts.clone(),
    };
    Ok(Plan { coordinator, controller, appointments })
}

fn address(checks: &mut Checks, field: &str, text: &str) -> Option<MailAddress> {
    let read = MailAddress::parse(text);
    match (text, &read) {
        ("", _) => checks.fault(field, message::MISSING),
        (text, None) => checks.fault(field, Key::new(message::NOT_A_MAIL_ADDRESS).with("value", shown(text))),
        _ => {}
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::account;
    use crate::testing::{later, now, on_both};

    fn told() -> SetUp {
        SetUp {
            name: "Kaisa Koordinaattori".into(),
            mail: "kaisa@kulma.example".into(),
            language: Language::Sv,
            organisation: "Kulman korkeakoulu".into(),
            business_id: "0112038-9".into(),
            contact_mail: "solmu@kulma.example".into(),
            harassment_name: "Heikki Häirintä".into(),
            harassment_mail: "heikki@kulma.example".into(),
            accepted: true,
            texts: "2026-11 abc".into(),
            ..SetUp::default()
        }
    }

    fn offered(conn: &mut Conn) -> Secret {
        let link = Secret::fresh();
        assert!(offer(conn, &link, false, now()).unwrap());
        link
    }

    #[test]
    fn a_node_is_public_when_somebody_stands_for_it_or_something_was_said() {
        on_both(|conn, _| {
            assert!(!is_public(conn).unwrap(), "as `solmu init` leaves it");
            let link = offered(conn);
            assert!(!is_public(conn).unwrap(), "an address was printed");
            complete(conn, &link, &told(), &Secret::fresh(), now()).unwrap();
            assert!(is_public(conn).unwrap(), "set up");
        });
        on_both(|conn, _| {
            let mail = MailAddress::parse("kaisa@kulma.example").unwrap();
            let (position, name) = (Position::Coordinator, "Kaisa".to_owned());
            let new = Appointment { position, mail, name, language: Language::Fi };
            position::appoint(conn, Caller::Coordinator, &new, now()).unwrap();
            assert!(is_public(conn).unwrap(), "led from the command line");
        });
        on_both(|conn, node| {
            let new = crate::tests::event_called("Klubi");
            let id = crate::event::add(conn, node, Caller::Coordinator, &new, now()).unwrap();
            assert!(!is_public(conn).unwrap(), "a draft");
            crate::event::publish(conn, node, Caller::Coordinator, &id, now()).unwrap();
            assert!(is_public(conn).unwrap(), "published from the command line");
        });
    }

    #[test]
    fn a_node_is_set_up_once() {
        on_both(|conn, _| {
            let (link, other, session) = (offered(conn), offered(conn), Secret::fresh());
            assert!(is_without_coordinator(conn).unwrap());
            let kaisa = complete(conn, &link, &told(), &session, later(60)).unwrap();
            let visitor = session::find(conn, &session, later(60)).unwrap().unwrap();
            assert_eq!((&visitor.account.id, visitor.positions), (&kaisa.id, vec![Position::Coordinator]));
            assert_eq!((kaisa.name.as_str(), kaisa.language), ("Kaisa Koordinaattori", Language::Sv));
            let named = controller(conn).unwrap().unwrap();
            assert_eq!((named.name.as_str(), named.mail.as_str()), ("Kulman korkeakoulu", "solmu@kulma.example"));
            assert_eq!(named.texts, "2026-11 abc");
            let heikki = MailAddress::parse("heikki@kulma.example").unwrap();
            let heikki = account::find_by_mail(conn, &heikki).unwrap().unwrap();
            assert_eq!(position::of(conn, &heikki.id).unwrap(), [Position::HarassmentContact]);
            assert!(!position::is_held(conn, Position::DataContact).unwrap(), "nobody was named");

            for dead in [&link, &other] {
                assert!(!is_good(conn, dead, later(61)).unwrap());
                let again = complete(conn, dead, &told(), &Secret::fresh(), later(61));
                assert!(matches!(again, Err(Error::NotFound)));
            }
            assert!(!offer(conn, &Secret::fresh(), true, later(61)).unwrap(), "there is nothing to set up");

            position::dismiss(conn, Caller::Coordinator, Position::Coordinator, &kaisa.mail, later(62)).unwrap();
            assert!(!is_good(conn, &link, later(63)).unwrap(), "what is dead stays dead");
            let anew = Secret::fresh();
            assert!(offer(conn, &anew, false, later(63)).unwrap());
            let next = SetUp { mail: "uusi@kulma.example".into(), organisation: "Toinen".into(), ..told() };
            complete(conn, &anew, &next, &Secret::fresh(), later(64)).unwrap();
            assert_eq!(controller(conn).unwrap().unwrap().name, "Toinen");
        });
    }

    #[test]
    fn c22_an_address_for_setting_up_is_good_for_a_day() {
        on_both(|conn, _| {
            let link = offered(conn);
            assert!(is_good(conn, &link, later(LIFE.as_secs() - 1)).unwrap());
            assert!(!is_good(conn, &link, later(LIFE.as_secs())).unwrap());
            assert!(!is_good(conn, &Secret::fresh(), now()).unwrap(), "guessed");
            let newest = Secret::fresh();
            assert!(offer(conn, &newest, true, now()).unwrap());
            assert!(!is_good(conn, &link, now()).unwrap(), "the operator has asked for another");
            assert!(is_good(conn, &newest, now()).unwrap());
        });
    }

    #[test]
    fn what_is_wrong_is_told_all_at_once_and_nothing_is_written() {
        on_both(|conn, _| {
            let link = offered(conn);
            let wrong = SetUp { data_name: "Dora".into(), business_id: "123".into(), ..SetUp::default() };
            let Err(Error::Invalid(faults)) = complete(conn, &link, &wrong, &Secret::fresh(), now()) else {
                panic!("it is refused")
            };
            let found: Vec<(&str, &str)> =
                faults.iter().map(|fault| (fault.field.as_str(), fault.reason.id())).collect();
            let expected = [
                ("name", "missing"),
                ("mail", "missing"),
                ("data_mail", "missing"),
                ("organisation", "missing"),
                ("business_id", "not-a-business-id"),
                ("contact_mail", "missing"),
                ("accepted", "not-accepted"),
            ];
            assert_eq!(found, expected);
            assert!(is_without_coordinator(conn).unwrap() && controller(conn).unwrap().is_none());
            assert!(is_good(conn, &link, now()).unwrap(), "it may be tried again");
            let odd = SetUp { mail: "kaisa".into(), ..told() };
            let Err(Error::Invalid(faults)) = complete(conn, &link, &odd, &Secret::fresh(), now()) else { panic!() };
            assert_eq!(faults[0].to_string(), "mail: \"kaisa\" is not a mail address");
        });
    }
}
