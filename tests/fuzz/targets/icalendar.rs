//! An iCalendar file of a calendar somewhere: read row by row, and every row is taken, refused with a reason, or passed
//! over.
#![no_main]

use domain::import::{self, Format};
use domain::region::RegionCode;
use domain::{Node, Role};
use federation::Origin;
use libfuzzer_sys::fuzz_target;
use store::Timestamp;

fuzz_target!(|bytes: &[u8]| {
    let node = Node { origin: Origin::new("pirkanmaa.example"), role: Role::Region, region: RegionCode::parse("06").expect("Pirkanmaa") };
    let now = Timestamp::from_millis(1_795_514_400_000);
    let Ok(reading) = import::read(Format::Ics, bytes, &node, &federation::Limits::default(), now) else { return };
    for row in &reading.rows {
        assert!(!row.id.is_empty() && !row.hash.is_empty());
    }
    for bad in &reading.bad {
        assert!(!bad.place.is_empty(), "{bad:?}");
    }
});
