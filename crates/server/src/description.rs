//! What a node says of itself in its NodeInfo.

use domain::Node;
use federation::Description;
use serde_json::json;

/// The file that describes our federation (FEP-67ff). What it lists is what NodeInfo tells: one list, in one place.
const FEDERATION: &str = include_str!("../../../FEDERATION.md");

/// The description of a node; `repository` is where its source is offered.
pub fn of(node: &Node, repository: Option<String>) -> Description {
    let software =
        vocab::nodeinfo::Software { name: "solmu".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    Description {
        software,
        repository,
        metadata: json!({
            "nodeName": domain::region::actors::region_name(node.region),
            "nodeDescription": domain::region::actors::region_description(node.region),
            "region": node.region.code(),
            "federation": {"enabled": true},
            "feps": feps(FEDERATION),
        }),
    }
}

/// The numbers of the proposals that are listed as links (`- [FEP-2677: …](…)`), in their order.
fn feps(markdown: &str) -> Vec<&str> {
    let items = markdown.lines().filter_map(|line| line.strip_prefix("- [FEP-"));
    items.filter_map(|item| item.split_once(':')).map(|(number, _)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proposals_are_those_of_the_file() {
        let text =
            "- [FEP-f1d5: NodeInfo](https://x.example)\n- [ActivityPub](x)\nFEP-9999: no\n- [FEP-2677: A: b](x)\n";
        assert_eq!(feps(text), ["f1d5", "2677"]);
        let ours = feps(FEDERATION);
        assert!(ours.contains(&"67ff") && ours.iter().all(|number| number.len() == 4), "{ours:?}");
    }
}
