//! Lists of servers in which nobody is twice.

use std::collections::BTreeSet;

use raft_core::NodeId;

/// The groups into which the servers of a partition fall: two or more, none of them empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Groups(Vec<Vec<NodeId>>);

impl Groups {
    /// These groups; nothing if there are fewer than two, if one is empty, or if a server is named
    /// twice.
    #[must_use]
    pub fn new(groups: Vec<Vec<NodeId>>) -> Option<Self> {
        let part = groups.len() >= 2 && groups.iter().all(|group| !group.is_empty());
        (part && each_once(groups.iter().flatten())).then_some(Self(groups))
    }

    /// The groups.
    #[must_use]
    pub fn get(&self) -> &[Vec<NodeId>] {
        &self.0
    }

    /// Every server that is in one.
    pub fn servers(&self) -> impl Iterator<Item = &NodeId> {
        self.0.iter().flatten()
    }
}

/// Who shall take part: at least one voter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Members {
    voters: Vec<NodeId>,
    learners: Vec<NodeId>,
}

impl Members {
    /// These members; nothing if nobody votes, or if a server is named twice.
    #[must_use]
    pub fn new(voters: Vec<NodeId>, learners: Vec<NodeId>) -> Option<Self> {
        let can_be = !voters.is_empty() && each_once(voters.iter().chain(&learners));
        can_be.then_some(Self { voters, learners })
    }

    /// Who shall vote.
    #[must_use]
    pub fn voters(&self) -> &[NodeId] {
        &self.voters
    }

    /// Who shall be sent the log without a vote.
    #[must_use]
    pub fn learners(&self) -> &[NodeId] {
        &self.learners
    }

    /// Every one of them.
    pub fn all(&self) -> impl Iterator<Item = &NodeId> {
        self.voters.iter().chain(&self.learners)
    }
}

fn each_once<'a>(mut servers: impl Iterator<Item = &'a NodeId>) -> bool {
    let mut seen = BTreeSet::new();
    servers.all(|id| seen.insert(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: NodeId = NodeId(1);
    const TWO: NodeId = NodeId(2);

    #[test]
    fn a_partition_has_two_groups_in_which_nobody_is_twice() {
        assert!(Groups::new(vec![vec![ONE], vec![TWO]]).is_some());
        for groups in [
            vec![],
            vec![vec![ONE, TWO]],
            vec![vec![ONE], vec![]],
            vec![vec![ONE], vec![TWO, ONE]],
        ] {
            assert_eq!(Groups::new(groups.clone()), None, "{groups:?}");
        }
    }

    #[test]
    fn somebody_votes_and_nobody_is_named_twice() {
        assert!(Members::new(vec![ONE], vec![TWO]).is_some());
        for (voters, learners) in [
            (vec![], vec![ONE]),
            (vec![ONE, ONE], vec![]),
            (vec![ONE], vec![ONE]),
        ] {
            assert_eq!(Members::new(voters, learners), None);
        }
    }
}
