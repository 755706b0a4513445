//! The nineteen regions (*maakunta*) as Statistics Finland codes them.

use crate::Language;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::sync::LazyLock;

/// The code list that the codes are from; an entry's address is this plus the code.
pub(crate) const CODE_LIST: &str = "http://uri.suomi.fi/codelist/jhs/maakunta_1_20240101/code/";

/// A region.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Region {
    /// Statistics Finland's code, two digits.
    pub code: String,
    /// Its Finnish name.
    pub fi: String,
    /// Its Swedish name.
    pub sv: String,
    /// Its English name.
    pub en: String,
    /// The username of its actor.
    pub username: String,
    /// The codes of the regions that it shares a border with.
    pub neighbours: Vec<String>,
}

impl Region {
    /// Its name in a language.
    pub fn name(&self, language: Language) -> &str {
        language.pick(&self.fi, &self.sv, &self.en)
    }
}

#[derive(Deserialize)]
struct File {
    regions: Vec<Region>,
}

#[allow(clippy::expect_used)] // compiled in, and read by a test
static ALL: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let file: File =
        serde_json::from_str(include_str!("../../data/regions.json")).expect("data/regions.json is readable");
    file.regions
});

static COUNTRY: LazyLock<Region> = LazyLock::new(|| Region {
    code: RegionCode::NATIONAL.code().to_owned(),
    fi: "Koko maa".to_owned(),
    sv: "Hela landet".to_owned(),
    en: "Whole country".to_owned(),
    username: "kansallinen".to_owned(),
    neighbours: Vec::new(),
});

/// All regions, by their code. The whole country is not one of them.
pub fn all() -> &'static [Region] {
    &ALL
}

/// The code of a region that exists, or of the whole country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(&'static str);

impl RegionCode {
    /// The whole country: the region of the national node.
    pub const NATIONAL: RegionCode = RegionCode("00");

    /// Reads a code, a name in Finnish, Swedish or English, or a username; case and blanks at the ends do not matter.
    pub fn parse(text: &str) -> Option<RegionCode> {
        let text = text.trim().to_lowercase();
        let is = |region: &Region| {
            [&region.code, &region.fi, &region.sv, &region.en, &region.username]
                .into_iter()
                .any(|word| word.to_lowercase() == text)
        };
        if is(&COUNTRY) {
            return Some(RegionCode::NATIONAL);
        }
        ALL.iter().find(|region| is(region)).map(|region| RegionCode(&region.code))
    }

    /// What a column holds. Only known codes are ever written.
    pub(crate) fn of_column(code: &str) -> RegionCode {
        ALL.iter().find(|region| region.code == code).map_or(RegionCode::NATIONAL, |region| RegionCode(&region.code))
    }

    /// The two digits.
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// The region itself.
    pub fn region(self) -> &'static Region {
        ALL.iter().find(|region| region.code == self.0).unwrap_or(&COUNTRY)
    }

    /// Its name.
    pub fn name(self, language: Language) -> &'static str {
        self.region().name(language)
    }

    /// The username of its actor.
    pub fn username(self) -> &'static str {
        &self.region().username
    }

    /// Its address in the code list; nothing for the whole country.
    pub fn uri(self) -> Option<String> {
        (self != RegionCode::NATIONAL).then(|| format!("{CODE_LIST}{}", self.0))
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({})", self.0)
    }
}

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}
