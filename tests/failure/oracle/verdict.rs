//! The comparison of what was acknowledged with what arrived.

use super::ledger::{End, Inside};
use crate::harness::{Arrival, mark};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};
use store::schema::{events, follows, inbox_items};
use store::{Conn, Error, Store};

/// What the oracle says. The lists name what is wrong.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Acknowledged changes that had no effect where they had to.
    pub lost: Vec<String>,
    /// Effects that happened twice, or that nobody caused.
    pub doubled: Vec<String>,
    /// Versions that came after a newer one, or something after its deletion.
    pub disordered: Vec<String>,
    /// Deliveries whose signature is not their actor's.
    pub unproven: Vec<String>,
    /// Deliveries that arrived.
    pub arrived: usize,
    /// Deliveries of an activity that had arrived there before: the other side knows them by their id.
    pub repeated: usize,
}

impl Verdict {
    /// Of a run.
    pub fn of(inside: &Inside, arrivals: &[Arrival], store: &Store) -> Verdict {
        let mut verdict = Verdict { arrived: arrivals.len(), ..Verdict::default() };
        let unproven = arrivals.iter().filter(|one| !one.rightly_signed);
        verdict.unproven = unproven.map(|one| format!("{} {}", one.verb, one.activity)).collect();
        let stories = verdict.stories(arrivals);
        verdict.outward(inside, &stories);
        verdict.answers(inside, &stories);
        store.read_now(|conn| verdict.inward(conn, inside)).unwrap();
        verdict
    }

    /// What each server heard about each thing, each activity once, in order of its first arrival.
    fn stories<'a>(&mut self, arrivals: &'a [Arrival]) -> HashMap<(usize, &'a str), Vec<&'a Arrival>> {
        let (mut stories, mut seen) = (HashMap::new(), HashSet::new());
        for one in arrivals {
            if !seen.insert((one.host, one.activity.as_str())) {
                self.repeated += 1;
                continue;
            }
            stories.entry((one.host, one.object.as_str())).or_insert_with(Vec::new).push(one);
        }
        stories
    }

    fn outward(&mut self, inside: &Inside, stories: &HashMap<(usize, &str), Vec<&Arrival>>) {
        for (object, thing) in &inside.things {
            for host in &thing.hosts {
                let story = stories.get(&(*host, object.as_str())).map_or(&[][..], Vec::as_slice);
                let changes = story.iter().filter(|one| matches!(one.verb.as_str(), "Create" | "Update" | "Delete"));
                let end = self.told(inside, object, changes.copied());
                // What never came need not be deleted.
                let right = end == Some(thing.end) || (thing.end == End::Gone && end.is_none());
                if !right {
                    self.lost.push(format!("{object} at server {host}: {end:?} instead of {:?}", thing.end));
                }
            }
        }
    }

    /// Where a story ends, and whether it was told in order.
    fn told<'a>(&mut self, inside: &Inside, object: &str, story: impl Iterator<Item = &'a Arrival>) -> Option<End> {
        let (mut end, mut creates) = (None, 0);
        for one in story {
            if !inside.published.contains(&one.activity) {
                self.doubled.push(format!("{} of {object} was never published: {}", one.verb, one.activity));
            }
            creates += usize::from(one.verb == "Create");
            let next = match (one.verb.as_str(), one.mark) {
                ("Delete", _) => End::Gone,
                // A version that was outdated while it was under way carries the id alone: it says "look anew".
                ("Update", None) => continue,
                (_, mark) => End::Marked(mark.unwrap_or(0)),
            };
            let older = matches!((end, next), (Some(End::Marked(before)), End::Marked(now)) if now <= before);
            let unborn = end.is_none() && one.verb == "Update" && object.contains("/events/");
            if older || unborn || end == Some(End::Gone) {
                self.disordered.push(format!("{} of {object}: {next:?} after {end:?}", one.verb));
            }
            end = Some(next);
        }
        if creates > 1 {
            self.doubled.push(format!("{creates} different Creates of {object}"));
        }
        end
    }

    /// Each follow is answered by one `Accept`.
    fn answers(&mut self, inside: &Inside, stories: &HashMap<(usize, &str), Vec<&Arrival>>) {
        for follow in inside.follows.values() {
            let story = stories.get(&(follow.host, follow.activity.as_str())).map_or(&[][..], Vec::as_slice);
            match story.iter().filter(|one| one.verb == "Accept").count() {
                1 => {}
                0 => self.lost.push(format!("the answer to {}", follow.activity)),
                many => self.doubled.push(format!("{many} answers to {}", follow.activity)),
            }
        }
    }

    fn inward(&mut self, conn: &mut Conn, inside: &Inside) -> Result<(), Error> {
        let rows: Vec<(String, String)> =
            events::table.filter(events::local.eq(false)).select((events::url, events::name)).load(conn)?;
        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
        rows.iter().for_each(|(url, name)| names.entry(url).or_default().push(name));
        for (url, end) in &inside.events {
            match (end, names.remove(url.as_str()).unwrap_or_default().as_slice()) {
                (End::Gone, []) => {}
                (End::Marked(number), [name]) if name.contains(&mark(*number)) => {}
                (_, [_, _, ..]) => self.doubled.push(format!("rows of {url}")),
                (_, found) => self.lost.push(format!("{url}: {found:?} instead of {end:?}")),
            }
        }
        self.doubled.extend(names.keys().map(|url| format!("{url} was never sent")));
        let pairs: Vec<(String, String)> = follows::table.select((follows::follower, follows::followed)).load(conn)?;
        let pairs: HashSet<(&str, &str)> = pairs.iter().map(|(one, other)| (one.as_str(), other.as_str())).collect();
        for follow in inside.follows.values() {
            let there = pairs.contains(&(follow.follower.as_str(), follow.followed.as_str()));
            match (there, follow.undone) {
                (false, false) => self.lost.push(follow.activity.to_string()),
                (true, true) => self.lost.push(format!("the Undo of {}", follow.activity)),
                _ => {}
            }
        }
        self.kept(conn, inside)
    }

    /// Each acknowledged activity has one row, which is finished.
    fn kept(&mut self, conn: &mut Conn, inside: &Inside) -> Result<(), Error> {
        let rows: Vec<(String, String)> =
            inbox_items::table.select((inbox_items::activity, inbox_items::state)).load(conn)?;
        let mut states: HashMap<&str, Vec<&str>> = HashMap::new();
        rows.iter().for_each(|(activity, state)| states.entry(activity).or_default().push(state));
        for activity in &inside.taken {
            match states.get(activity.as_str()).map_or(&[][..], Vec::as_slice) {
                ["done" | "ignored"] => {}
                [_, _, ..] => self.doubled.push(format!("rows of {activity}")),
                found => self.lost.push(format!("{activity}: {found:?}")),
            }
        }
        Ok(())
    }
}
