//! Leaders that nobody hears, and candidates that nobody wants.
//!
//! A leader that is cut off from the majority can do nothing, yet its clients
//! wait for it: with CheckQuorum it steps down once no majority has answered
//! for an election timeout (§6.2 of the dissertation). The other side of the
//! same coin: a server that hears its leader ignores candidates, so that one
//! that was removed or cut off cannot disturb the rest (§4.2.3 of the dissertation). Both are one
//! setting, because leases need the two together (§6.4.1 of the dissertation).

use crate::condition::{Field, is_true};
use crate::entry::Command;
use crate::message::Message;
use crate::node::Node;
use crate::role::{Follower, Role};
use crate::rule::{Conduct, Rule};
use crate::types::Ticks;

impl<C: Command, K: Conduct> Node<C, K> {
    /// Looks whether a majority has answered since the last look.
    pub(crate) fn check_quorum(&mut self) {
        let timeout = *self.config.settings().election_timeout.end();
        let Role::Leader(leader) = &self.role else {
            return;
        };
        let is_heard = self.reached(leader, false, true, |progress| progress.is_active);
        if let Role::Leader(leader) = &mut self.role {
            leader.quorum_remaining = Some(timeout);
            for progress in leader.progress.values_mut() {
                progress.is_active = false;
            }
        }
        let is_alone = is_true(Field::NoMajorityAnswered, !is_heard);
        if self.rules.follows_if(Rule::CheckQuorum, is_alone) {
            self.become_follower(None);
        }
    }

    /// Whether a candidate is ignored for the sake of a leader that is heard.
    pub(crate) fn sticks_to_leader(&mut self, message: &Message<C>) -> bool {
        let unwanted = match message {
            // Not even in a term that it has entered since: it answered the
            // leader, and the time for which it is bound by that is not over.
            Message::RequestVote(m) => !m.by_transfer && m.term >= self.stable.current_term(),
            Message::PreVote(m) => m.term > self.stable.current_term(),
            _ => false,
        };
        unwanted && self.config.settings().check_quorum && {
            let hears = is_true(Field::HearsLeader, self.hears_leader());
            self.rules.follows_if(Rule::StickToLeader, hears)
        }
    }

    /// Whether a leader was heard from within the shortest election timeout,
    /// whatever term it has entered since, or may have been before a restart,
    /// or is this server itself.
    pub(crate) fn hears_leader(&self) -> bool {
        if self.config.settings().check_quorum && self.promise_remaining > Ticks(0) {
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
