//! Whose node this is, and who asks.

use crate::region::RegionCode;
use federation::Origin;

/// The node that an action runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its addresses.
    pub origin: Origin,
    /// What it is in the network.
    pub role: Role,
    /// Its region; [`RegionCode::NATIONAL`] for the national node.
    pub region: RegionCode,
}

/// What a node is in the network. Read once, by the program that starts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It publishes a region's own things.
    Region,
    /// It follows the regions and shows what they publish.
    National,
}

/// Who asks for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The region's coordinator, at the node's own command line.
    Coordinator,
    /// Anybody else.
    Anyone,
}

impl Caller {
    /// Lets the coordinator pass.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] for everybody else.
    pub fn must_be_coordinator(self) -> Result<(), crate::Error> {
        match self {
            Caller::Coordinator => Ok(()),
            Caller::Anyone => Err(crate::Error::Forbidden(crate::message::COORDINATOR_ONLY.into())),
        }
    }
}
