//! Timers: what a server does by itself once enough ticks have passed.
//!
//! Each runs in some roles only, and lies with what that role knows. This is the table of all
//! of them: how much is left of each, and what happens when it runs out.

use crate::condition::{Field, is_true};
use crate::entry::Command;
use crate::node::Node;
use crate::role::{Leader, Role};
use crate::rule::{Conduct, Rule};
use crate::types::Ticks;

/// One of a server's timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Timer {
    /// The election timeout (§5.2), which all but leaders have.
    Election,
    /// A candidate asks again those who have not answered (§5.5).
    Retry,
    /// A leader sends to everybody (§5.2).
    Heartbeat,
    /// A leader gives up handing its leadership over (§3.10 of the dissertation).
    Transfer,
    /// A leader looks whether a majority still answers (§6.2 of the dissertation).
    Quorum,
}

impl Timer {
    /// All of them. Where several run out at once, the first of these is the one to name.
    pub const ALL: [Self; 5] = [
        Self::Election,
        Self::Retry,
        Self::Heartbeat,
        Self::Transfer,
        Self::Quorum,
    ];
}

impl Role {
    /// The ticks that remain of `timer`, if it runs in this role.
    pub(crate) fn remaining(&self, timer: Timer) -> Option<Ticks> {
        match timer {
            Timer::Election => self.election().map(|election| election.remaining),
            Timer::Retry => match self {
                Self::PreCandidate(candidate) => Some(candidate.retry_remaining),
                Self::Candidate(candidate) => Some(candidate.retry_remaining),
                Self::Follower(_) | Self::Leader(_) => None,
            },
            Timer::Heartbeat => self.leader().map(|leader| leader.heartbeat_remaining),
            Timer::Transfer => self.leader()?.transfer.map(|transfer| transfer.remaining),
            Timer::Quorum => self.leader()?.quorum_remaining,
        }
    }

    const fn leader(&self) -> Option<&Leader> {
        match self {
            Self::Leader(leader) => Some(leader),
            Self::Follower(_) | Self::PreCandidate(_) | Self::Candidate(_) => None,
        }
    }

    /// Lets `ticks` pass on every timer.
    pub(crate) fn pass(&mut self, ticks: Ticks) {
        let pass = |remaining: &mut Ticks| *remaining = remaining.minus(ticks);
        match self {
            Self::Follower(follower) => pass(&mut follower.election.remaining),
            Self::PreCandidate(candidate) => {
                pass(&mut candidate.election.remaining);
                pass(&mut candidate.retry_remaining);
            }
            Self::Candidate(candidate) => {
                pass(&mut candidate.election.remaining);
                pass(&mut candidate.retry_remaining);
            }
            Self::Leader(leader) => {
                pass(&mut leader.heartbeat_remaining);
                pass(&mut leader.lease_remaining);
                leader.quorum_remaining.iter_mut().for_each(pass);
                if let Some(transfer) = &mut leader.transfer {
                    pass(&mut transfer.remaining);
                }
                if let Some(age) = &mut leader.round_age {
                    *age = age.plus(ticks);
                }
            }
        }
    }
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// Acts on what has run out.
    pub(crate) fn act_on_timers(&mut self) {
        if self.role.is_leader() {
            // The heartbeat comes last: a leader that steps down sends none any more.
            for timer in [Timer::Transfer, Timer::Quorum, Timer::Heartbeat] {
                if self.has_run_out(timer) {
                    self.run_out(timer);
                }
            }
        } else if self.has_run_out(Timer::Election) {
            // One act is enough for a candidate; the other timer waits for the next tick.
            self.time_out();
        } else if self.has_run_out(Timer::Retry) {
            self.retry_votes();
        }
    }

    fn has_run_out(&self, timer: Timer) -> bool {
        self.role.remaining(timer) == Some(Ticks(0))
    }

    /// What a timer that runs is there for.
    pub(crate) fn run_out(&mut self, timer: Timer) {
        match timer {
            Timer::Election => self.force_election(),
            Timer::Retry => self.retry_votes(),
            Timer::Heartbeat => self.heartbeat_due(),
            Timer::Transfer => self.abort_transfer(),
            Timer::Quorum => self.check_quorum(),
        }
    }

    /// Somebody insists on an election, though the time for it has not come.
    fn force_election(&mut self) {
        // A lease rests on nobody starting an election before the time is over.
        let leases = self.config.settings().lease_reads;
        let hears = is_true(Field::HearsLeader, self.hears_leader());
        if leases && self.rules.follows_if(Rule::StickToLeader, hears) {
            return;
        }
        if self.may_start_election() {
            let rule = self.timeout_rule();
            self.rules.follows(rule);
            self.start_election();
        } else {
            self.wait_again();
        }
    }
}
