//! The one place that reads the role: what a region's node and the national node do differently.

use domain::Role;

/// What a role switches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties {
    /// It has content of its own to import, publish and close.
    pub publishes: bool,
    /// It watches whether the nodes that it follows answer, and shows it.
    pub watches: bool,
    /// It announces what those publish whom it follows.
    pub passes_on: bool,
}

impl Duties {
    /// Those of a role.
    pub fn of(role: Role) -> Duties {
        match role {
            Role::Region => Duties { publishes: true, watches: false, passes_on: false },
            Role::National => Duties { publishes: false, watches: true, passes_on: true },
        }
    }
}
