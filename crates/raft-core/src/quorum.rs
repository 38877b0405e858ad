//! How many have to agree (§5.2, §5.3, §6).
//!
//! Votes, commitment, leases and reads all ask the same question: has a
//! majority come so far? While a configuration is joint that is a majority of
//! `C_old` and one of `C_new` (§6), and it is nowhere asked otherwise.

use alloc::vec::Vec;

use crate::condition::{Compared, Field, at_least};
use crate::configuration::Seat;
use crate::entry::Command;
use crate::node::Node;
use crate::peer_map::PeerMap;
use crate::progress::Progress;
use crate::role::{Candidate, Leader, PreCandidate, Role};
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId};

/// How many have to agree, in each of the two majorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quorums {
    pub(crate) incoming: usize,
    /// Of `C_old`; none unless the configuration is joint (§6).
    pub(crate) outgoing: Option<usize>,
}

impl Quorums {
    /// The greatest value that is reached by both majorities: what they have
    /// stored, or have heard. One that is `known` to be reached need not be
    /// counted again, nor any that is not greater.
    pub(crate) fn reached<T: Copy + Ord>(
        self,
        known: T,
        values: &(impl Iterator<Item = (Seat, T)> + Clone),
    ) -> T {
        let incoming = values.clone().filter(|(seat, _)| seat.incoming);
        let incoming = quorum_th(known, &incoming.map(|(_, value)| value), self.incoming);
        match self.outgoing {
            None => incoming,
            Some(quorum) => {
                let outgoing = values.clone().filter(|(seat, _)| seat.outgoing);
                incoming.min(quorum_th(known, &outgoing.map(|(_, value)| value), quorum))
            }
        }
    }

    /// How many of each agree, of how many that have to.
    pub(crate) fn tallies(
        self,
        agreeing: &(impl Iterator<Item = Seat> + Clone),
    ) -> (Tally, Option<Tally>) {
        let tally = |counts: fn(&Seat) -> bool, need| Tally {
            have: agreeing.clone().filter(counts).count(),
            need,
        };
        (
            tally(|seat| seat.incoming, self.incoming),
            self.outgoing.map(|need| tally(|seat| seat.outgoing, need)),
        )
    }
}

/// The greatest value that at least `quorum` of `values` reach, or what is `known`
/// if that is more. While enough of them lie beyond what is known, the least of
/// those is reached too, and known from then on. Most often one value at most is
/// new, so that this costs less than a sorted copy.
fn quorum_th<T: Copy + Ord>(
    mut known: T,
    values: &(impl Iterator<Item = T> + Clone),
    quorum: usize,
) -> T {
    loop {
        let beyond = values.clone().filter(|value| known < *value);
        let (count, least) = beyond.fold((0, known), |(count, least), value| {
            let is_less = count == 0 || value < least;
            (count + 1, if is_less { value } else { least })
        });
        if count < quorum {
            return known;
        }
        known = least;
        // Too few lie beyond the least of just enough (`peers`, batch 1: most often so many).
        if count == quorum {
            return known;
        }
    }
}

const fn majority(voters: usize) -> usize {
    voters / 2 + 1
}

/// How many votes one majority has given, of how many that are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// So many voters have granted theirs.
    pub have: usize,
    /// So many have to.
    pub need: usize,
}

impl Tally {
    pub(crate) const fn is_enough(self) -> Compared<usize> {
        at_least((Field::Votes, self.have), (Field::Majority, self.need))
    }
}

/// One of the two halves of a joint configuration, and who of it stores an entry (§6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half {
    /// Its voters in ascending order, each with whether it stores the entry.
    pub voters: Vec<(NodeId, bool)>,
    /// How many of them do, and how many have to.
    pub tally: Tally,
}

impl<C: Command, K> Node<C, K> {
    /// While it leads under `C_old,new`: both halves, that of `C_old` first, and who of each stores
    /// the log up to `index` as far as this leader knows (§6). Nothing otherwise.
    pub fn halves(&self, index: Index) -> Vec<Half> {
        let (Role::Leader(leader), true) = (&self.role, self.configuration.is_joint()) else {
            return Vec::new();
        };
        let stores = |id: NodeId| {
            let peer = leader.progress.get(id);
            peer.map_or_else(
                || id == self.config.id() && self.durable_index() >= index,
                |progress| progress.match_index >= index,
            )
        };
        let half = |ids: &[NodeId]| {
            let voters: Vec<_> = ids.iter().map(|id| (*id, stores(*id))).collect();
            let have = voters.iter().filter(|(_, stores)| *stores).count();
            let need = majority(ids.len());
            let tally = Tally { have, need };
            Half { voters, tally }
        };
        [self.configuration.outgoing(), self.configuration.voters()]
            .map(half)
            .into()
    }

    /// How far its election is: the votes of each majority that has to agree, that of `C_old`
    /// first while the configuration is joint (§6). Nothing unless it asks for votes.
    pub fn tally(&self) -> impl Iterator<Item = Tally> + '_ {
        let votes = match &self.role {
            Role::PreCandidate(PreCandidate { votes, .. })
            | Role::Candidate(Candidate { votes, .. }) => Some(votes),
            Role::Follower(_) | Role::Leader(_) => None,
        };
        let majorities = [self.configuration.outgoing(), self.configuration.voters()];
        votes.into_iter().flat_map(move |votes| {
            let majorities = majorities.into_iter().filter(|voters| !voters.is_empty());
            majorities.map(|voters| Tally {
                have: voters
                    .iter()
                    .filter(|id| votes.get(**id) == Some(&true))
                    .count(),
                need: majority(voters.len()),
            })
        })
    }
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// How many have to agree on anything.
    pub(crate) fn quorums(&self) -> Quorums {
        let configuration = &self.configuration;
        let incoming = majority(configuration.voters().len());
        if !configuration.is_joint() {
            return Quorums {
                incoming,
                outgoing: None,
            };
        }
        if self.rules.keeps(Rule::BothMajorities) {
            let outgoing = Some(majority(configuration.outgoing().len()));
            return Quorums { incoming, outgoing };
        }
        let all = configuration.members();
        let voters = all.filter(|id| configuration.is_voter(*id)).count();
        Quorums {
            incoming: majority(voters),
            outgoing: None,
        }
    }

    /// Where the word of `id` counts.
    pub(crate) fn seat(&self, id: NodeId) -> Seat {
        let mut seat = self.configuration.seat(id);
        if self.configuration.is_joint() && !self.rules.keeps(Rule::BothMajorities) {
            seat.incoming |= seat.outgoing;
        }
        if !self.rules.keeps(Rule::VotersOnly) {
            seat.incoming = true;
        }
        seat
    }

    /// Notes that two majorities have agreed, where two have to.
    pub(crate) fn note_majorities(&mut self) {
        if self.configuration.is_joint() {
            self.rules.follows(Rule::BothMajorities);
        }
    }

    /// How many of those who have to agree have said yes, in each of the two majorities.
    pub(crate) fn tallies(&self, votes: &PeerMap<bool>) -> (Tally, Option<Tally>) {
        let granted = votes.iter().filter(|(_, granted)| **granted);
        let agreeing = granted.map(|(id, _)| self.seat(*id));
        self.quorums().tallies(&agreeing)
    }

    /// Whether that is enough by `rule`: a majority, and while joint one of each (§5.2, §6).
    pub(crate) fn wins(
        &mut self,
        rule: Rule,
        (incoming, outgoing): (Tally, Option<Tally>),
    ) -> bool {
        self.rules.weighs(rule, incoming.is_enough())
            && outgoing.is_none_or(|outgoing| {
                self.rules
                    .weighs(Rule::BothMajorities, outgoing.is_enough())
            })
    }

    /// The greatest value that a majority of this leader's cluster reaches,
    /// where one is `known` that it does.
    pub(crate) fn reached<T: Copy + Ord>(
        &self,
        leader: &Leader,
        known: T,
        own: T,
        value: impl Fn(&Progress) -> T + Copy,
    ) -> T {
        let own = (leader.seat, own);
        let others = leader.progress.values();
        let others = others.map(move |progress| (progress.seat, value(progress)));
        self.quorums().reached(known, &others.chain([own]))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;
    use std::vec::Vec;

    use super::{Quorums, Seat, majority, quorum_th};

    /// Members of a joint configuration: where each counts, what it has
    /// reached, and whether it agrees.
    type Members = Vec<((bool, bool), u64, bool)>;

    /// One number a member is much faster to draw than a tree of choices.
    fn members() -> impl Strategy<Value = Members> {
        let member = |bits: u64| {
            let bit = |place: u64| bits >> place & 1 == 1;
            ((bit(0), bit(1)), (bits >> 3) % 9, bit(2))
        };
        let members = prop::collection::vec(any::<u64>(), 1..12);
        members.prop_map(move |bits| bits.into_iter().map(member).collect())
    }

    /// What a majority of one half has reached: the middle of a sorted list.
    fn middle(mut half: Vec<u64>) -> Option<u64> {
        half.sort_unstable();
        half.reverse();
        half.get(half.len() / 2).copied()
    }

    fn seat(of: (bool, bool)) -> Seat {
        Seat {
            incoming: of.0,
            outgoing: of.1,
        }
    }

    proptest! {
        #![proptest_config(crate::cases::cases(50_000))]

        /// What a majority has reached is the middle of a sorted list (§5.3).
        #[test]
        fn a_quorum_agrees_with_a_sorted_list(
            values in prop::collection::vec(0_u64..9, 1..10),
            known in 0_u64..9,
        ) {
            let quorum = values.len() / 2 + 1;
            let mut sorted: Vec<u64> = values.clone();
            sorted.sort_unstable();
            let middle = sorted[values.len() - quorum];
            let reached = quorum_th(known, &values.iter().copied(), quorum);
            prop_assert_eq!(reached, known.max(middle), "what is known is not forgotten");
        }

        /// While joint, what both halves have reached is the lesser of their
        /// middles, and what only learners have reached counts for nothing (§6).
        #[test]
        fn both_majorities_agree_with_two_sorted_lists(members in members(), is_joint: bool) {
            let half = |counts: fn((bool, bool)) -> bool| -> Vec<u64> {
                let half = members.iter().filter(|(seat, ..)| counts(*seat));
                half.map(|(_, value, _)| *value).collect()
            };
            let (incoming, outgoing) = (half(|seat| seat.0), half(|seat| seat.1));
            let quorums = Quorums {
                incoming: majority(incoming.len()),
                outgoing: is_joint.then(|| majority(outgoing.len())),
            };
            let values = members.iter().map(|(of, value, _)| (seat(*of), *value));
            let expected = match (middle(incoming), middle(outgoing)) {
                (Some(new), Some(old)) if is_joint => new.min(old),
                (_, None) if is_joint => 0,
                (new, _) => new.unwrap_or(0),
            };
            prop_assert_eq!(quorums.reached(0, &values), expected);
            prop_assert_eq!(quorums.reached(4, &values), expected.max(4));
        }

        /// A question is agreed on if more than half of each half say yes (§6).
        #[test]
        fn an_agreement_agrees_with_two_counts(members in members(), is_joint: bool) {
            let count = |counts: fn((bool, bool)) -> bool| {
                let half = members.iter().filter(|(seat, ..)| counts(*seat));
                (half.clone().count(), half.filter(|(.., yes)| *yes).count())
            };
            let ((new, new_yes), (old, old_yes)) = (count(|seat| seat.0), count(|seat| seat.1));
            let quorums = Quorums {
                incoming: majority(new),
                outgoing: is_joint.then(|| majority(old)),
            };
            let agreeing = members.iter().filter(|(.., yes)| *yes);
            let agreeing = agreeing.map(|(of, ..)| seat(*of));
            let expected = 2 * new_yes > new && (2 * old_yes > old || !is_joint);
            let (incoming, outgoing) = quorums.tallies(&agreeing);
            let agreed = incoming.is_enough().holds()
                && outgoing.is_none_or(|outgoing| outgoing.is_enough().holds());
            prop_assert_eq!(agreed, expected);
        }
    }

    #[test]
    fn nobody_reaches_what_too_few_have() {
        assert_eq!(quorum_th(0, &[3, 5].into_iter(), 3), 0);
    }
}
