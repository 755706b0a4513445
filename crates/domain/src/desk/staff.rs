//! Somebody who runs the node.

use crate::audit::By;
use crate::person::{Position, Visitor};
use crate::{Caller, Error, Node, Role};

/// Somebody who signed in and holds a position that runs the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    by: By,
    position: Position,
}

impl Staff {
    /// The visitor as that; nothing for everybody else.
    pub fn of(visitor: &Visitor) -> Option<Staff> {
        // They are in order, so the coordinator's comes first.
        let position = visitor.positions.iter().copied().find(|position| position.is_staff())?;
        Some(Staff { by: By::holder(&visitor.account.id, position.as_str()), position })
    }

    /// For the log.
    pub fn by(&self) -> &By {
        &self.by
    }

    /// The position under which they act.
    pub fn position(&self) -> Position {
        self.position
    }

    /// On whose behalf they act.
    pub(super) fn caller(&self) -> Caller {
        Caller::Coordinator
    }
}

/// The national node has no content of its own.
pub(super) fn must_have_content(node: &Node) -> Result<(), Error> {
    match node.role {
        Role::Region => Ok(()),
        Role::National => Err(Error::NotFound),
    }
}
