//! The nineteen regions drawn: our own picture in the page, so that no tile server sees who looks at it.
//!
//! The outlines are in `data/outlines.json` (see `data/README.md`). Invariant: a map is never the only way to something;
//! what it shows stands beside it in words.

use domain::Language;
use domain::region::{self, RegionCode};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct Outlines {
    width: i32,
    height: i32,
    regions: Vec<Outline>,
}

#[derive(Deserialize)]
struct Outline {
    code: String,
    x: i32,
    y: i32,
    path: String,
}

#[allow(clippy::expect_used)] // compiled in, and read by a test
static OUTLINES: LazyLock<Outlines> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/outlines.json")).expect("outlines.json is readable"));

/// What a map shows of one region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// For the style sheet.
    pub class: &'static str,
    /// A number on it.
    pub count: Option<i64>,
    /// Where it leads whoever points at it.
    pub link: Option<String>,
}

/// One region.
pub struct Area {
    /// Its name.
    pub name: &'static str,
    /// Its outline, as SVG writes paths.
    pub path: &'static str,
    /// Where its number stands, from the left.
    pub x: i32,
    /// And from above.
    pub y: i32,
    /// What is shown of it.
    pub look: Look,
}

/// The country.
pub struct Map {
    /// Width in the drawing's own units.
    pub width: i32,
    /// Height likewise.
    pub height: i32,
    /// All regions.
    pub areas: Vec<Area>,
    /// The same in words; empty when a table beside it tells it.
    pub label: String,
}

impl Map {
    /// Draws the regions, each as `look` says.
    pub fn drawn(language: Language, label: String, look: impl Fn(&'static region::Region) -> Look) -> Map {
        let area = |outline: &'static Outline| {
            let region = RegionCode::parse(&outline.code)?.region();
            let (path, x, y) = (outline.path.as_str(), outline.x, outline.y);
            Some(Area { name: region.name(language), path, x, y, look: look(region) })
        };
        let areas = OUTLINES.regions.iter().filter_map(area).collect();
        Map { width: OUTLINES.width, height: OUTLINES.height, areas, label }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_drawn_once_and_its_number_stands_on_the_paper() {
        let map = Map::drawn(Language::Fi, String::new(), |_| Look::default());
        let mut codes: Vec<&str> = OUTLINES.regions.iter().map(|outline| outline.code.as_str()).collect();
        codes.sort_unstable();
        let mut known: Vec<&str> = region::all().iter().map(|region| region.code.as_str()).collect();
        known.sort_unstable();
        assert_eq!(codes, known);
        assert_eq!(map.areas.len(), known.len());
        for area in &map.areas {
            assert!((0..=map.width).contains(&area.x) && (0..=map.height).contains(&area.y), "{}", area.name);
            let drawn = area.path.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, 'M' | 'z' | ' '));
            assert!(area.path.starts_with('M') && drawn, "{}", area.name);
        }
    }
}
