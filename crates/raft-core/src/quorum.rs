//! Leaders that nobody hears, and candidates that nobody wants.
//!
//! A leader that is cut off from the majority can do nothing, yet its clients
//! wait for it: with CheckQuorum it steps down once no majority has answered
//! for an election timeout (§6.2 of the dissertation). The other side of the
//! same coin: a server that hears its leader ignores candidates, so that one
//! that was removed or cut off cannot disturb the rest (§4.2.3). Both are one
//! setting, because leases need the two together (§6.4.1).

use crate::message::Message;
use crate::node::Node;
use crate::role::{Follower, Role};
use crate::rule::{Conduct, Rule};
use crate::types::Ticks;

/// The greatest value that at least `quorum` of `values` reach: what a
/// majority has stored, or has heard. Clusters are small, so that counting
/// anew for each value costs less than a sorted copy.
pub(crate) fn quorum_th<T: Copy + Ord>(
    values: &(impl Iterator<Item = T> + Clone),
    quorum: usize,
) -> Option<T> {
    let reached = |value: &T| values.clone().filter(|other| other >= value).count() >= quorum;
    values.clone().filter(reached).max()
}

impl<C: Clone, K: Conduct> Node<C, K> {
    /// Looks whether a majority has answered since the last look.
    pub(crate) fn quorum_deadline(&mut self) {
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        if leader.quorum_remaining != Some(Ticks(0)) {
            return;
        }
        leader.quorum_remaining = Some(*self.config.settings().election_timeout.end());
        let mut active = 1;
        for progress in leader.progress.values_mut() {
            active += usize::from(core::mem::replace(&mut progress.is_active, false));
        }
        if active < self.config.quorum() && self.obey(Rule::CheckQuorum) {
            self.become_follower(None);
        }
    }

    /// Whether a candidate is ignored for the sake of a leader that is heard.
    pub(crate) fn sticks_to_leader(&mut self, message: &Message<C>) -> bool {
        let unwanted = match message {
            Message::RequestVote(m) => !m.by_transfer && m.term > self.hard_state.current_term,
            Message::PreVote(m) => m.term > self.hard_state.current_term,
            _ => false,
        };
        unwanted
            && self.config.settings().check_quorum
            && self.hears_leader()
            && self.obey(Rule::StickToLeader)
    }

    /// Whether a leader was heard from within the shortest election timeout,
    /// or may have been before a restart, or is this server itself.
    pub(crate) fn hears_leader(&self) -> bool {
        if self.config.settings().check_quorum && self.wary > Ticks(0) {
            return true;
        }
        match &self.role {
            Role::Leader(_) => true,
            Role::Follower(Follower {
                leader: Some(_),
                election,
            }) => {
                let silence = election.timeout.minus(election.remaining);
                silence < *self.config.settings().election_timeout.start()
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;
    use std::vec::Vec;

    use super::quorum_th;

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 50_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// What a majority has reached is the middle of a sorted list (§5.3).
        #[test]
        fn a_quorum_agrees_with_a_sorted_list(values in prop::collection::vec(0_u64..9, 1..10)) {
            let quorum = values.len() / 2 + 1;
            let mut sorted: Vec<u64> = values.clone();
            sorted.sort_unstable();
            let middle = sorted[values.len() - quorum];
            prop_assert_eq!(quorum_th(&values.iter().copied(), quorum), Some(middle));
        }
    }

    #[test]
    fn nobody_reaches_what_too_few_have() {
        assert_eq!(quorum_th(&[3, 5].into_iter(), 3), None);
    }
}
