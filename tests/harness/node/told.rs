//! What a node tells its operator on standard output.

use super::Node;
use crate::harness::until;

impl Node {
    /// The address for setting up that `solmu init` has told its operator.
    pub fn address_by_init(&self) -> String {
        set_up_address(&self.said).unwrap_or_else(|| panic!("no address: {}", self.said))
    }

    /// The one that `solmu serve` has told, after it began to answer.
    pub async fn address_by_serve(&self) -> String {
        until("it says an address for setting up", || {
            let found = std::fs::read_to_string(self.path("said")).ok().and_then(|said| set_up_address(&said));
            async move { found }
        })
        .await
    }
}

/// The address in what is said, in a line of its own.
fn set_up_address(said: &str) -> Option<String> {
    let mut whole = said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    whole.rfind(|line| line.contains("/setup/")).map(str::to_owned)
}
