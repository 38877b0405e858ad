//! Chaos in swarms: each run draws which kinds of faults are in play, then which faults.
//!
//! Servers crash and lose what was not durable, even in the middle of a write; messages are lost,
//! duplicated, delayed and overtaken, of all kinds or of one; links are cut, clogged and narrow;
//! disks stall, keep no order and fail; clocks run as they like, unless reads rest on leases
//! ([`Kind`] has the whole list).
//!
//! A run under every fault at once never comes far: what one fault would need a calm hour for
//! is undone by another. Runs that each lack some kinds reach what none of them would reach
//! with all (Groce et al., “Swarm Testing”, ISSTA 2012). Nothing here breaks Raft's assumptions,
//! so no invariant may break; and once a quorum is mended and nothing else happens, the cluster
//! must take commands again (`mend.rs`).
//!
//! A run is played in a [`Trial`], which keeps only what was done: sweeps play millions of them.

use std::collections::BTreeSet;

use raft_core::{NodeId, RuleSet};
use raft_sim::action::{Action, LinkAction, ServerAction};
use raft_sim::invariant::Violation;
use raft_sim::random::Stream;
use raft_sim::run::{Run, RunError, Stage, Trial, replay};
use raft_sim::setup::{Feature, Features, Setup};
use raft_sim::time::Micros;
use raft_sim::world::World;

mod draw;
mod kind;
mod mend;

use draw::{cuts_around, drawn_actions};

pub use kind::Kind;
pub use mend::{PROGRESS_WITHIN, Progress, demand_progress, quorum};

/// Clients offer nothing to a leader whose disk is so far behind: what it has taken in would
/// keep it busy for longer than the recovery may last.
const WRITES_PENDING_MAX: usize = 32;

/// With so many messages under way a run is over: servers that keep to fewer rules may answer
/// each message with several, and nothing else happens then.
const STORM: usize = 1_000;

/// How a run of chaos ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every invariant held, and the cluster recovered.
    Sound,
    /// An invariant broke; the run was left there.
    Broken(Violation),
    /// A quorum was mended, and still no command was applied in time.
    Stuck(BTreeSet<NodeId>),
    /// There would have been too many events, or there were too many messages under way.
    TooLong,
}

/// A run of chaos, played.
#[derive(Debug, Clone)]
pub struct Chaos {
    /// The cluster.
    pub setup: Setup,
    /// Which kinds of faults were in play.
    pub kinds: Vec<Kind>,
    /// The world at the end, and what was done until then.
    pub trial: Trial,
    /// How many of the things done in `trial` were faults, and when they ended and a quorum was
    /// mended, if it came so far.
    pub mended: Option<(usize, Micros)>,
    /// How it ended.
    pub end: End,
}

/// Plays `length` of faults drawn from `seed`, and then the recovery, with servers that keep to
/// all rules but those of `ablated`.
#[must_use]
pub fn play(seed: u64, length: Micros, ablated: RuleSet) -> Chaos {
    let mut draw = Stream::new(seed, "swarm", 0, 0);
    let setup = drawn_setup(&mut draw, seed, ablated);
    let kinds = drawn_kinds(&mut draw, &setup);
    let mut chaos = Chaos {
        trial: Trial::new(&setup),
        setup,
        kinds,
        mended: None,
        end: End::Sound,
    };
    if chaos.faults(&mut draw, length).is_err() {
        chaos.end = End::TooLong;
    }
    if chaos.end == End::Sound && chaos.leave_partial(&mut draw).is_err() {
        chaos.end = End::TooLong;
    }
    if chaos.end == End::Sound {
        chaos.recover();
    }
    chaos
}

/// What was done in `trial`, as a run that can be looked at, saved and branched.
///
/// # Errors
/// There would be too many events, which a trial does not have either.
pub fn as_run(setup: &Setup, trial: &Trial) -> Result<Run, RunError> {
    let mut run = Run::new(setup.clone());
    let end = trial.world();
    replay(trial.done(), (end.event_count(), end.now()), &mut run)?;
    Ok(run)
}

impl Chaos {
    /// It as a run that can be looked at, saved and branched.
    ///
    /// # Errors
    /// There would be too many events, which the trial does not have either.
    pub fn run(&self) -> Result<Run, RunError> {
        as_run(&self.setup, &self.trial)
    }

    fn faults(&mut self, draw: &mut Stream, length: Micros) -> Result<(), RunError> {
        let pause_max = 1 << (13 + draw.below(5));
        let mut proposed = 0;
        while self.trial.world().now() < length {
            let to = self.trial.world().now() + Micros(draw.below(pause_max));
            self.trial.live_to(to)?;
            if self.trial.world().network().flights().len() > STORM {
                self.end = End::TooLong;
                return Ok(());
            }
            for action in drawn_actions(draw, self.trial.world(), &self.kinds, &mut proposed) {
                if is_too_early(&action, self.trial.world()) {
                    continue;
                }
                attempt(&mut self.trial, &action)?;
            }
            if let Some(found) = self.trial.world().checker().violations().first() {
                self.end = End::Broken(found.clone());
                return Ok(());
            }
        }
        Ok(())
    }

    /// Those who will not be mended hear and are heard by some, where that is in play: their
    /// links stay so if the settings promise progress all the same.
    fn leave_partial(&mut self, draw: &mut Stream) -> Result<(), RunError> {
        if !self.kinds.contains(&Kind::Partial) {
            return Ok(());
        }
        let core = quorum(self.trial.world());
        attempt(&mut self.trial, &Action::Link(LinkAction::Heal(None)))?;
        for action in cuts_around(draw, self.trial.world(), &core) {
            attempt(&mut self.trial, &action)?;
        }
        Ok(())
    }

    fn recover(&mut self) {
        self.mended = Some((self.trial.done().len(), self.trial.world().now()));
        let core = quorum(self.trial.world());
        self.end = match demand_progress(&mut self.trial, &core, PROGRESS_WITHIN) {
            Ok(Progress::Made) => End::Sound,
            Ok(Progress::Broken(found)) => End::Broken(found),
            Ok(Progress::None) => End::Stuck(core),
            Err(_) => End::TooLong,
        };
    }
}

fn drawn_setup(draw: &mut Stream, seed: u64, ablated: RuleSet) -> Setup {
    let servers = [3, 4, 5][usize::try_from(draw.below(3)).unwrap_or(0)];
    let mut features: Features = Feature::ALL.into();
    features.retain(|_| draw.below(2) == 1);
    let voters = u8::try_from(draw.below(u64::from(servers)) + 1).unwrap_or(servers);
    Setup {
        servers,
        voters: (draw.below(4) == 0).then_some(voters),
        seed,
        features,
        ablated,
        ..Setup::default()
    }
}

fn drawn_kinds(draw: &mut Stream, setup: &Setup) -> Vec<Kind> {
    let mut kinds = Kind::ALL.to_vec();
    kinds.retain(|_| draw.below(2) == 1);
    if setup.features.contains(&Feature::LeaseReads) {
        kinds.retain(|kind| *kind != Kind::Clock);
    }
    kinds
}

/// What cannot be done now, such as crashing a crashed server, is simply not done: the refusal
/// itself depends only on the seed.
fn attempt(trial: &mut Trial, action: &Action) -> Result<(), RunError> {
    match trial.act(action) {
        Ok(_) | Err(RunError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether a client would rather wait than offer this.
fn is_too_early(action: &Action, world: &World) -> bool {
    let Action::Server(ServerAction::Propose { server, .. }) = action else {
        return false;
    };
    let server = world.server(*server);
    server.is_some_and(|server| server.disk.writes_pending() >= WRITES_PENDING_MAX)
}

#[cfg(test)]
mod tests;
