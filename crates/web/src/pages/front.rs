//! The front page: of a region with its own things, of the national node with everybody's.

use super::{event, organisation, producer, region, task};
use crate::answer;
use crate::card::FollowBox;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::layout::Sections;
use crate::map::Map;
use crate::negotiate::Form;
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use domain::Node;
use domain::event::EventView;
use domain::organisation::OrganisationView;
use domain::producer::ProducerView;
use domain::region::{FollowedRegion, Profile};
use domain::task::TaskView;
use domain::view::{Filter, Listing, Page};
use serde::Serialize;
use store::{Conn, Timestamp};

/// Everything on a front page.
#[derive(Serialize)]
struct Front {
    profile: Option<Profile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<FollowedRegion>>,
    events: Listing<EventView>,
    tasks: Listing<TaskView>,
    producers: Listing<ProducerView>,
    organisations: Listing<OrganisationView>,
}

fn front(conn: &mut Conn, node: &Node, now: Timestamp) -> Result<Front, store::Error> {
    let many = Sections::of(node.role).many_regions;
    let some = |limit: i64| Filter {
        region: (!many).then_some(node.region),
        page: Page { offset: 0, limit },
        ..Filter::default()
    };
    Ok(Front {
        profile: domain::region::profile(conn, node)?,
        regions: if many { Some(domain::region::followed(conn, node)?) } else { None },
        events: domain::event::list(conn, &some(6), now)?,
        tasks: domain::task::list(conn, &some(6), now)?,
        producers: domain::producer::list(conn, &some(6), now)?,
        organisations: domain::organisation::list(conn, &some(6), now)?,
    })
}

#[derive(Template)]
#[template(path = "front/region.html")]
struct RegionPage {
    l: Locale,
    frame: Frame,
    profile: Option<Profile>,
    follow: Option<FollowBox>,
    map: Map,
    events: Vec<event::Row>,
    tasks: Vec<task::Row>,
    producers: Vec<producer::Row>,
    organisations: Vec<organisation::Row>,
}

#[derive(Template)]
#[template(path = "front/national.html")]
struct NationalPage {
    l: Locale,
    frame: Frame,
    profile: Option<Profile>,
    follow: Option<FollowBox>,
    map: Map,
    regions: Vec<region::Row>,
    silent: i64,
    events: Vec<event::Row>,
    tasks: Vec<task::Row>,
}

/// `GET /`, and the page of the region's own actor.
pub async fn show(visit: Visit) -> Result<Response, Error> {
    let (node, now) = (visit.node().clone(), visit.now);
    let front = visit.read(move |conn| front(conn, &node, now)).await?;
    match (visit.form, &front.profile) {
        (Form::Activity, Some(profile)) => answer::see_id(&profile.id),
        (Form::Activity, None) => Err(Error::NotFound),
        (Form::Json, _) => Ok(answer::json(&front)),
        (Form::Html, _) => page(&visit, front),
    }
}

fn page(visit: &Visit, front: Front) -> Result<Response, Error> {
    let l = visit.l;
    let name = visit.node().region.name(l.language());
    let lead = if front.regions.is_some() { l.t("region-national-lead") } else { l.t("region-lead") };
    let mut frame = Frame::new(visit, name, &lead);
    if let Some(profile) = &front.profile {
        let home = visit.node().origin.profile(visit.node().region.username());
        frame = frame.of("website", &profile.id, Some(&profile.handle)).home_of(home);
    }
    let follow = front.profile.as_ref().map(|profile| FollowBox::new(l, name, &profile.handle));
    let events = front.events.items.iter().map(|event| event::Row::of(visit, event)).collect();
    let tasks = front.tasks.items.iter().map(|task| task::Row::of(visit, task)).collect();
    if let Some(followed) = front.regions {
        let regions: Vec<region::Row> = followed.iter().map(|region| region::Row::of(l, visit.now, region)).collect();
        let (map, silent) = (region::map(l, &regions), region::silent(&regions));
        let page = NationalPage { l, frame, profile: front.profile, follow, map, regions, silent, events, tasks };
        return answer::html(&page.frame, &page);
    }
    let producers = front.producers.items.iter().map(|one| producer::Row::of(visit, one)).collect();
    let organisations = front.organisations.items.iter().map(|one| organisation::Row::of(visit, one)).collect();
    let map = region::map_of(l, visit.node().region);
    let page = RegionPage { l, frame, profile: front.profile, follow, map, events, tasks, producers, organisations };
    answer::html(&page.frame, &page)
}
