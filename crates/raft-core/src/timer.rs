//! Timers: what a server does by itself once enough ticks have passed.
//!
//! Each runs in some roles only, and lies with what that role knows. This is the table of all
//! of them: how much is left of each, and what happens when it runs out. The election timer is
//! the one that begins anew with a length drawn at random (§5.2).

use core::ops::RangeInclusive;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::config::{Config, ConfigError, Settings};
use crate::entry::Command;
use crate::node::Node;
use crate::role::{ElectionTimer, Leader, Role};
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

/// The source of election timeouts: a seed that each draw replaces, so that
/// equal states draw equal timeouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Timeouts {
    seed: u64,
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
    /// Gives the server other settings, with which all of its timers begin anew and nothing that
    /// it has heard counts as recent: for laboratories that go on with a cluster without its clock.
    ///
    /// # Errors
    /// Says which of the settings no server can have; nothing has happened.
    pub fn retime(&mut self, settings: Settings) -> Result<(), ConfigError> {
        let shortest = *settings.election_timeout.start();
        let heartbeat = settings.heartbeat;
        self.config = Config::new(self.config.id(), settings)?;
        self.promise_remaining = Ticks(0);
        self.reset_election_timer();
        match &mut self.role {
            Role::Follower(_) => {}
            Role::PreCandidate(candidate) => candidate.retry_remaining = heartbeat,
            Role::Candidate(candidate) => candidate.retry_remaining = heartbeat,
            Role::Leader(leader) => {
                leader.heartbeat_remaining = heartbeat;
                leader.lease_remaining = Ticks(0);
                leader.quorum_remaining = leader.quorum_remaining.map(|_| shortest);
                leader.round_age = leader.round_age.map(|_| Ticks(0));
                if let Some(transfer) = &mut leader.transfer {
                    transfer.remaining = shortest;
                }
            }
        }
        self.debug_check();
        Ok(())
    }

    /// Acts on what has run out.
    pub(crate) fn act_on_timers(&mut self) {
        if self.role.is_leader() {
            // The heartbeat comes last: a leader that steps down sends none any more.
            for timer in [Timer::Transfer, Timer::Quorum, Timer::Heartbeat] {
                if self.has_run_out(timer) {
                    self.run_out(timer, false);
                }
            }
        } else if self.has_run_out(Timer::Election) {
            // One act is enough for a candidate; the other timer waits for the next tick.
            self.run_out(Timer::Election, false);
        } else if self.has_run_out(Timer::Retry) {
            self.run_out(Timer::Retry, false);
        }
    }

    fn has_run_out(&self, timer: Timer) -> bool {
        self.role.remaining(timer) == Some(Ticks(0))
    }

    /// What a timer that runs is there for; it may be fired before its time is over.
    pub(crate) fn run_out(&mut self, timer: Timer, is_fired: bool) {
        match timer {
            Timer::Election => self.time_out(is_fired),
            Timer::Retry => self.retry_votes(),
            Timer::Heartbeat => self.heartbeat_due(),
            Timer::Transfer => self.abort_transfer(),
            Timer::Quorum => self.check_quorum(),
        }
    }

    /// The election timer begins anew.
    pub(crate) fn reset_election_timer(&mut self) {
        let timer = self.draw_election_timer();
        match &mut self.role {
            Role::Follower(follower) => follower.election = timer,
            Role::PreCandidate(candidate) => candidate.election = timer,
            Role::Candidate(candidate) => candidate.election = timer,
            Role::Leader(_) => {}
        }
    }

    /// A new election timer for those who have just begun to ask for votes.
    pub(crate) fn election_timer_for_election(&mut self) -> ElectionTimer {
        if self.rules.follows(Rule::ResetOnElection) {
            return self.draw_election_timer();
        }
        let before = self.election_timer();
        ElectionTimer {
            remaining: before.timeout,
            ..before
        }
    }

    /// The election timer as it runs; a leader, which has none, gets a new one.
    pub(crate) fn election_timer(&mut self) -> ElectionTimer {
        match self.role.election() {
            Some(election) => election,
            None => self.draw_election_timer(),
        }
    }

    fn draw_election_timer(&mut self) -> ElectionTimer {
        let is_random = self.rules.follows(Rule::RandomTimeout);
        let range = &self.config.settings().election_timeout;
        self.timeouts.draw(range, is_random)
    }
}

/// Which of the generator's sequences is used; it makes no difference.
const STREAM: u64 = 1;

impl Timeouts {
    pub(crate) fn new(seed: u64) -> Self {
        // Seeds are often small numbers in a row, which must not make the
        // timeouts of different servers alike.
        let seed = Pcg32::seed_from_u64(seed).random();
        Self { seed }
    }

    /// An election timer that has just begun; with the shortest timeout unless `is_random`.
    pub(crate) fn draw(&mut self, range: &RangeInclusive<Ticks>, is_random: bool) -> ElectionTimer {
        let mut generator = Pcg32::new(self.seed, STREAM);
        self.seed = generator.random();
        let drawn = Ticks(generator.random_range(range.start().0..=range.end().0));
        let timeout = if is_random { drawn } else { *range.start() };
        ElectionTimer {
            remaining: timeout,
            timeout,
        }
    }
}
