//! Chaos in swarms: each run draws which kinds of faults it has, then the faults.
//!
//! Servers crash and lose what was not durable, even in the middle of a write; messages are lost,
//! duplicated, delayed and overtaken, of all kinds or of one; links are cut, clogged and slow;
//! disks stall, reorder writes and fail; timers fire early, processors are slow, and clocks run at
//! any rate, unless reads rely on leases ([`Kind`] has the whole list).
//!
//! A run under every fault at once never gets far: what one fault would need a calm hour for
//! is undone by another. Runs that each lack some kinds reach states that no run with all of them
//! would (Groce et al., “Swarm Testing”, ISSTA 2012). Nothing here breaks Raft's assumptions,
//! so no invariant may break; and once a quorum is repaired and nothing else happens, the cluster
//! must accept commands again (`mend.rs`).
//!
//! A run is played in a [`Trial`], which keeps only the Actions: sweeps play millions of them.

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

/// Clients propose nothing to a leader whose disk is this far behind: what it has accepted would
/// keep it busy for longer than the recovery may last.
const WRITES_PENDING_MAX: usize = 32;

/// With this many messages in flight a run is over: servers without some rules may answer
/// each message with several, and nothing else happens then.
const STORM: usize = 1_000;

/// How a run of chaos ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every invariant held, and the cluster recovered.
    Sound,
    /// An invariant broke; the run ends there.
    Broken(Violation),
    /// A quorum was repaired, and still no command was applied in time.
    Stuck(BTreeSet<NodeId>),
    /// There would have been too many events, or there were too many messages in flight.
    TooLong,
}

/// A run of chaos, played.
#[derive(Debug, Clone)]
pub struct Chaos {
    /// The cluster.
    pub setup: Setup,
    /// Which kinds of faults it had.
    pub kinds: Vec<Kind>,
    /// The world at the end, and the Actions until then.
    pub trial: Trial,
    /// How many of the Actions in `trial` were faults, and when they ended and a quorum was
    /// repaired, if it got that far.
    pub mended: Option<(usize, Micros)>,
    /// How it ended.
    pub end: End,
}

/// Plays `length` of faults drawn from `seed`, and then the recovery, with servers that follow
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

/// The Actions of `trial`, as a run that can be viewed, saved and branched.
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
    /// This as a run that can be viewed, saved and branched.
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

    /// Servers that will not be repaired keep some of their links, if the run has such faults: the
    /// links stay as they are if the settings promise progress nevertheless.
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

/// An Action that is not possible now, such as crashing a crashed server, is simply skipped: the
/// refusal itself depends only on the seed.
fn attempt(trial: &mut Trial, action: &Action) -> Result<(), RunError> {
    match trial.act(action) {
        Ok(_) | Err(RunError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether a client should wait rather than propose this.
fn is_too_early(action: &Action, world: &World) -> bool {
    let Action::Server(ServerAction::Propose { server, .. }) = action else {
        return false;
    };
    let server = world.server(*server);
    server.is_some_and(|server| server.disk.writes_pending() >= WRITES_PENDING_MAX)
}

#[cfg(test)]
mod tests;
