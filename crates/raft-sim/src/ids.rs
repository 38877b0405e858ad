//! Names of what is between servers: a message, a link.

use std::fmt;

use raft_core::NodeId;

/// Two different servers, which a link joins: no server has a link to itself. Where a direction is
/// meant, it is from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    from: NodeId,
    to: NodeId,
}

impl Pair {
    /// These two; nothing if they are the same.
    #[must_use]
    pub const fn new(from: NodeId, to: NodeId) -> Option<Self> {
        if from.0 == to.0 {
            return None;
        }
        Some(Self { from, to })
    }

    /// The first and the second.
    #[must_use]
    pub const fn ends(self) -> (NodeId, NodeId) {
        (self.from, self.to)
    }
}

/// The links between two servers that a cut or a heal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Between {
    /// Both directions.
    Both(Pair),
    /// One direction only.
    OneWay(Pair),
}

impl Between {
    /// The two servers.
    #[must_use]
    pub const fn ends(self) -> (NodeId, NodeId) {
        let (Self::Both(pair) | Self::OneWay(pair)) = self;
        pair.ends()
    }

    /// The directions that are meant.
    pub fn ways(self) -> impl Iterator<Item = (NodeId, NodeId)> {
        let (from, to) = self.ends();
        let (there, back) = match self {
            Self::Both(_) => ((from, to), Some((to, from))),
            Self::OneWay(_) => ((from, to), None),
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
