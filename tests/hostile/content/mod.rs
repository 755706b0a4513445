//! What strangers write, and what of it people and programs get to see; and what is tried against the people of a node.
//!
//! Here `c01` is an attack by what is written (C01), not a check of the protocol.

mod accounts;
mod foe;
mod markup;
mod names;
mod pages;

use crate::cases;
use crate::harness::Database;
use crate::on_both_databases;
use crate::stage::Stage;
use foe::{Foe, assert_guarded, assert_harmless_json, assert_harmless_page};
use markup::{c01_c02_nothing_becomes_markup, c03_addresses_that_run, c05_links_that_lie};
use names::{
    o07_pages_of_other_hosts, o17_an_altered_copy_is_read_at_its_source, o20_o31_in_the_names_of_others,
    o29_names_that_look_alike, o34_who_says_to_be_a_region, o35_what_is_not_for_everybody,
};
use pages::{
    c07_line_ends_in_addresses, c10_c11_caches_and_browsers, c17_following_from_elsewhere, c18_pages_take_no_forms,
    nobody_learns_what_is_hidden,
};
use serde_json::Value;
use std::ops::Deref;

on_both_databases! {
    what_strangers_write;
}

/// A stage with the foe on it.
struct Scene {
    stage: Stage,
    foe: Foe,
}

impl Deref for Scene {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

/// The lists, asked for what came from the foe.
const LISTS: [&str; 4] = ["/tapahtumat", "/tehtavat", "/tuottajat", "/organisaatiot"];
const CHROME: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

async fn what_strangers_write(database: Database) {
    let stage = Stage::set(database).await;
    let foe = Foe::followed_by(&stage).await;
    let scene = Scene { stage, foe };
    cases! { scene;
        c01_c02_nothing_becomes_markup
        c03_addresses_that_run
        c05_links_that_lie
        o07_pages_of_other_hosts
        o17_an_altered_copy_is_read_at_its_source
        o20_o31_in_the_names_of_others
        o29_names_that_look_alike
        o34_who_says_to_be_a_region
        o35_what_is_not_for_everybody
        c07_line_ends_in_addresses
        c10_c11_caches_and_browsers
        c17_following_from_elsewhere
        c18_pages_take_no_forms
        nobody_learns_what_is_hidden
    }
}

impl Scene {
    fn id(&self, document: &Value, name: &str) -> String {
        let (place, _) = document["id"].as_str().unwrap().rsplit_once('/').unwrap();
        format!("{place}/{name}")
    }

    /// All that came from the foe, as programs get it.
    async fn learnt(&self, list: &str) -> Vec<Value> {
        let all = self.node.items(&format!("{list}?region=18&past=1")).await;
        all.into_iter().filter(|item| item["source"]["local"] == false).collect()
    }

    /// The page of a thing that came from the foe.
    fn page_of(&self, list: &str, item: &Value) -> String {
        let (slug, host) = (item["slug"].as_str().unwrap(), item["source"]["host"].as_str().unwrap());
        match list {
            "/tapahtumat" | "/tehtavat" => format!("{list}/{host}/{slug}"),
            _ => format!("/@{slug}@{host}"),
        }
    }

    /// Reads every page and every JSON that shows what strangers wrote.
    async fn nothing_harms(&self) {
        let mut paths = vec!["/".to_owned(), "/alueet".to_owned()];
        for list in LISTS {
            paths.push(format!("{list}?region=18&past=1"));
            paths.extend(self.learnt(list).await.iter().map(|item| self.page_of(list, item)));
        }
        for path in &paths {
            for language in ["fi", "sv", "en"] {
                let joint = if path.contains('?') { '&' } else { '?' };
                let answer = self.node.get(&format!("{path}{joint}lang={language}"), CHROME).await;
                assert_eq!(answer.status, 200, "{path}");
                assert_guarded(path, &answer);
                assert_harmless_page(path, &self.node.host(), &answer.body);
            }
            let answer = self.node.get(path, "application/json").await;
            assert_guarded(path, &answer);
            assert_harmless_json(path, &answer.json());
        }
        assert!(self.third.journal().is_empty(), "a third server was asked");
    }
}
