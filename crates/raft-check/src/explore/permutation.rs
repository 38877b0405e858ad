//! The ways to give the servers of a cluster each other's numbers.
//!
//! Servers differ in nothing but their numbers, so of all the states that differ in nothing but
//! numbers it is enough to look at one.

use raft_core::NodeId;

use super::bounds::Bounds;

/// The most servers whose numbers are exchanged.
pub(super) const SERVERS_MAX: usize = Bounds::SERVERS_MAX as usize;

/// Says which place each server moves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permutation {
    to: [u8; SERVERS_MAX],
}

impl Permutation {
    const IDENTITY: Self = Self {
        to: [0, 1, 2, 3, 4],
    };

    /// All permutations of so many servers, of which the first `alike` are alike and so are the
    /// others; that which moves nobody first.
    pub(super) fn all(servers: usize, alike: usize) -> Vec<Self> {
        let mut found = Vec::new();
        let mut to = Self::IDENTITY.to;
        arrange(&mut to, 0, servers, &mut found);
        found.retain(|one| (0..alike).all(|place| one.place(place) < alike));
        found
    }

    /// The one that moves nobody, alone.
    pub(super) fn none() -> Vec<Self> {
        Vec::from([Self::IDENTITY])
    }

    /// The place that the server at `place` moves to.
    pub(super) fn place(self, place: usize) -> usize {
        usize::from(self.to[place])
    }

    /// The number that a server gets.
    pub(super) fn name(self, id: NodeId) -> NodeId {
        let place = usize::from(id.0).saturating_sub(1);
        self.to
            .get(place)
            .map_or(id, |to| NodeId(u16::from(*to) + 1))
    }

    /// This one, and after it `next`.
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            to: self.to.map(|place| next.to[usize::from(place)]),
        }
    }

    /// For each of `all` and each that follows it, which of them both are together.
    pub(super) fn composed(all: &[Self]) -> Vec<usize> {
        let pairs = all
            .iter()
            .flat_map(|one| all.iter().map(|next| one.then(*next)));
        let place = |whole| all.iter().position(|other| *other == whole).unwrap_or(0);
        pairs.map(place).collect()
    }

    /// The one that moves everybody back.
    pub(super) fn inverse(self) -> Self {
        let mut back = Self::IDENTITY;
        for (from, to) in (0..).zip(self.to) {
            back.to[usize::from(to)] = from;
        }
        back
    }
}

fn arrange(to: &mut [u8; SERVERS_MAX], place: usize, servers: usize, found: &mut Vec<Permutation>) {
    if place == servers {
        return found.push(Permutation { to: *to });
    }
    for other in place..servers {
        to.swap(place, other);
        arrange(to, place + 1, servers, found);
        to.swap(place, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_all_of_them_and_each_can_be_undone() {
        for (servers, alike, count) in [
            (1, 1, 1),
            (2, 2, 2),
            (3, 3, 6),
            (3, 2, 2),
            (4, 4, 24),
            (5, 5, 120),
            (5, 3, 12),
        ] {
            let all = Permutation::all(servers, alike);
            assert_eq!(all.len(), count);
            assert_eq!(all[0], Permutation::IDENTITY);
            for (place, one) in all.iter().enumerate() {
                assert!(!all[..place].contains(one), "{one:?} is there twice");
                assert_eq!(one.then(one.inverse()), Permutation::IDENTITY);
                for other in &all {
                    assert!(all.contains(&one.then(*other)), "a group");
                }
            }
        }
    }
}
