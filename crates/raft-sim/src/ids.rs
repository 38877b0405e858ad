//! Names of what is between servers: a message, a link.

use std::fmt;

use raft_core::NodeId;

/// The links between two servers that a cut or a heal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Between {
    /// Both directions.
    Both(NodeId, NodeId),
    /// One direction only.
    OneWay {
        /// The sender.
        from: NodeId,
        /// The receiver.
        to: NodeId,
    },
}

impl Between {
    /// The two servers.
    #[must_use]
    pub const fn ends(self) -> (NodeId, NodeId) {
        match self {
            Self::Both(one, other) => (one, other),
            Self::OneWay { from, to } => (from, to),
        }
    }

    /// The directions that are meant.
    pub fn ways(self) -> impl Iterator<Item = (NodeId, NodeId)> {
        let (there, back) = match self {
            Self::Both(a, b) => ((a, b), Some((b, a))),
            Self::OneWay { from, to } => ((from, to), None),
        };
        [there].into_iter().chain(back)
    }
}

/// The name of one message of a run, counted from 1 in the order of sending; prints as `M12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "M{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_print_with_their_letter() {
        assert_eq!(MessageId(12).to_string(), "M12");
    }
}
