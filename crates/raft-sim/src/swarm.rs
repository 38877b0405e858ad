//! Chaos in swarms: each run draws which kinds of faults are in play, then which faults.
//!
//! A run under every fault at once never comes far: what one fault would need a calm hour for
//! is undone by another. Runs that each lack some kinds reach what none of them would reach
//! with all (Groce et al., “Swarm Testing”, ISSTA 2012). Nothing here breaks Raft's assumptions,
//! so no invariant may break; and once a quorum is mended and nothing else happens, the cluster
//! must take commands again ([`mend`]).
//!
//! A run is played in a [`Trial`], which keeps only what was done: sweeps play millions of them.

use std::collections::BTreeSet;

use raft_core::{NodeId, RuleSet};

use crate::action::{Action, Between, Jump, MessageId};
use crate::command::Command;
use crate::invariant::Violation;
use crate::playbook::{Feature, Features, Setup};
use crate::random::Stream;
use crate::run::{Run, RunError};
use crate::script::{Stage, Trial};
use crate::time::{Micros, MicrosRange};
use crate::world::World;

mod mend;

pub use mend::{PROGRESS_WITHIN, Progress, demand_progress, quorum};

/// Clients offer nothing to a leader whose disk is so far behind: what it has taken in would
/// keep it busy for longer than the recovery may last.
const WRITES_PENDING_MAX: usize = 32;

/// A kind of trouble, or of work that makes trouble worth having.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Servers crash, some in the middle of a write, and restart.
    Crash,
    /// Servers stand still for a while.
    Pause,
    /// Servers lose their network.
    Disconnect,
    /// Links are cut in one direction.
    Cut,
    /// Messages wait on a link, and arrive all at once.
    Clog,
    /// The cluster falls into two groups.
    Partition,
    /// Some of all messages are lost.
    Loss,
    /// All messages become slower or faster.
    Latency,
    /// Some of all messages arrive twice, or are overtaken.
    Disorder,
    /// Disks become slower or faster, and keep the order of writes or not.
    Disk,
    /// Disks finish no write for a while.
    Stall,
    /// Clocks run fast or slow and jump; not where reads rest on leases, which are as good as
    /// the clocks.
    Clock,
    /// Single messages are lost.
    Drop,
    /// Single messages are doubled.
    Duplicate,
    /// Single messages are held up.
    Delay,
    /// Election timers run out early.
    Timeout,
    /// Servers compact their logs.
    Snapshot,
    /// Clients ask for reads.
    Read,
    /// Leaders are asked to hand over.
    Transfer,
    /// The members of the cluster change.
    Reconfigure,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::Crash,
        Self::Pause,
        Self::Disconnect,
        Self::Cut,
        Self::Clog,
        Self::Partition,
        Self::Loss,
        Self::Latency,
        Self::Disorder,
        Self::Disk,
        Self::Stall,
        Self::Clock,
        Self::Drop,
        Self::Duplicate,
        Self::Delay,
        Self::Timeout,
        Self::Snapshot,
        Self::Read,
        Self::Transfer,
        Self::Reconfigure,
    ];

    /// Its word in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Pause => "pause",
            Self::Disconnect => "disconnect",
            Self::Cut => "cut",
            Self::Clog => "clog",
            Self::Partition => "partition",
            Self::Loss => "loss",
            Self::Latency => "latency",
            Self::Disorder => "disorder",
            Self::Disk => "disk",
            Self::Stall => "stall",
            Self::Clock => "clock",
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Delay => "delay",
            Self::Timeout => "timeout",
            Self::Snapshot => "snapshot",
            Self::Read => "read",
            Self::Transfer => "transfer",
            Self::Reconfigure => "reconfigure",
        }
    }
}

/// How a run of chaos ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every invariant held, and the cluster recovered.
    Sound,
    /// An invariant broke; the run was left there.
    Broken(Violation),
    /// A quorum was mended, and still no command was applied in time.
    Stuck(BTreeSet<NodeId>),
    /// There would have been too many events.
    TooLong,
}

/// A run of chaos, played.
#[derive(Debug, Clone)]
pub struct Chaos {
    /// The cluster.
    pub setup: Setup,
    /// Which kinds of faults were in play.
    pub kinds: BTreeSet<Kind>,
    /// The world at the end, and what was done until then.
    pub trial: Trial,
    /// How many of the things done in `trial` were faults, and when they ended and a quorum was
    /// mended, if it came so far.
    pub mended: Option<(usize, Micros)>,
    /// How it ended.
    pub end: End,
}

/// Plays `length` of faults drawn from `seed`, and then the recovery, with servers that keep to
/// all rules but those of `without`.
#[must_use]
pub fn play(seed: u64, length: Micros, without: RuleSet) -> Chaos {
    let mut draw = Stream::new(seed, "swarm", 0, 0);
    let setup = drawn_setup(&mut draw, seed, without);
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
    for done in trial.done() {
        while run.position() < done.position && run.step()? {}
        let wait = done.at.saturating_sub(run.world().now());
        if wait > Micros::ZERO {
            run.advance(wait)?;
        }
        run.act(&done.action)?;
    }
    let end = trial.world();
    while run.position() < end.event_count() && run.step()? {}
    run.advance(end.now().saturating_sub(run.world().now()))?;
    Ok(run)
}

impl Chaos {
    fn faults(&mut self, draw: &mut Stream, length: Micros) -> Result<(), RunError> {
        let pause_max = 1 << (13 + draw.below(5));
        let kinds: Vec<Kind> = self.kinds.iter().copied().collect();
        let mut proposed = 0;
        while self.trial.world().now() < length {
            let to = self.trial.world().now() + Micros(draw.below(pause_max));
            self.trial.pass_to(to)?;
            let action = drawn_action(draw, self.trial.world(), &kinds, &mut proposed);
            if is_too_early(&action, self.trial.world()) {
                continue;
            }
            match self.trial.act(&action) {
                Err(RunError::TooManyEvents) => return Err(RunError::TooManyEvents),
                // What cannot be done now, such as crashing a crashed server, is simply not
                // done: the refusal itself depends only on the seed.
                Ok(()) | Err(RunError::Refused(_)) => {}
            }
            if let Some(found) = self.trial.world().checker().violations().first() {
                self.end = End::Broken(found.clone());
                return Ok(());
            }
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

fn drawn_setup(draw: &mut Stream, seed: u64, without: RuleSet) -> Setup {
    let servers = [3, 4, 5][usize::try_from(draw.below(3)).unwrap_or(0)];
    let mut features: Features = Feature::ALL.into();
    features.retain(|_| draw.below(2) == 1);
    if !features.contains(&Feature::CheckQuorum) {
        features.remove(&Feature::LeaseReads);
    }
    let voters = u8::try_from(draw.below(u64::from(servers)) + 1).unwrap_or(servers);
    Setup {
        servers,
        voters: (draw.below(4) == 0).then_some(voters),
        seed,
        features,
        without,
        ..Setup::default()
    }
}

fn drawn_kinds(draw: &mut Stream, setup: &Setup) -> BTreeSet<Kind> {
    let mut kinds: BTreeSet<Kind> = Kind::ALL.into();
    kinds.retain(|_| draw.below(2) == 1);
    if setup.features.contains(&Feature::LeaseReads) {
        kinds.remove(&Kind::Clock);
    }
    kinds
}

/// A command in two of five cases, otherwise something of one of the kinds in play.
fn drawn_action(draw: &mut Stream, world: &World, kinds: &[Kind], proposed: &mut u64) -> Action {
    let leader = world.leader().unwrap_or(NodeId(1));
    let nth = usize::try_from(draw.below(kinds.len() as u64)).unwrap_or(0);
    match kinds.get(nth) {
        Some(kind) if draw.below(5) >= 2 => of_kind(*kind, draw, world, leader),
        _ => {
            *proposed += 1;
            Action::Propose {
                server: leader,
                commands: vec![Command::new(format!("c{proposed}"))],
            }
        }
    }
}

/// Whether a client would rather wait than offer this.
fn is_too_early(action: &Action, world: &World) -> bool {
    let Action::Propose { server, .. } = action else {
        return false;
    };
    let server = world.server(*server);
    server.is_some_and(|server| server.disk.writes_pending() >= WRITES_PENDING_MAX)
}

/// Something of this kind, or what undoes it.
fn of_kind(kind: Kind, draw: &mut Stream, world: &World, leader: NodeId) -> Action {
    let one = any(draw, world);
    let begins = draw.below(5) < 2;
    match (kind, begins) {
        (Kind::Crash, true) if draw.below(2) == 0 => Action::CrashTorn(one),
        (Kind::Crash, true) => Action::Crash(one),
        (Kind::Crash, false) => Action::Restart(one),
        (Kind::Pause, true) => Action::Pause(one),
        (Kind::Pause, false) => Action::Resume(one),
        (Kind::Stall, true) => Action::Stall(one),
        (Kind::Stall, false) => Action::Unstall(one),
        (Kind::Disconnect, true) => Action::Disconnect(one),
        (Kind::Disconnect, false) => Action::Connect(one),
        (Kind::Cut, true) => Action::Cut(way(draw, world, one)),
        (Kind::Clog, true) => Action::Clog(way(draw, world, one)),
        (Kind::Clog, false) => Action::Unclog(None),
        (Kind::Partition, true) => partition(draw, world),
        (Kind::Cut | Kind::Partition, false) => Action::Heal(None),
        (Kind::Loss, is_lossy) => Action::Loss {
            link: None,
            permille: if is_lossy { below(draw, 300) } else { 0 },
        },
        (Kind::Latency, is_slow) => Action::Latency {
            link: None,
            delay: range(draw, if is_slow { 400_000 } else { 20_000 }).into(),
        },
        (Kind::Disorder, is_disordered) => disorder(draw, is_disordered),
        (Kind::Disk, is_slow) => disk(draw, is_slow.then_some(one)),
        (Kind::Clock, is_wrong) => clock(draw, one, is_wrong),
        (Kind::Drop, _) => Action::Drop(message(draw, world)),
        (Kind::Duplicate, _) => Action::Duplicate(message(draw, world)),
        (Kind::Delay, true) => Action::Delay {
            message: message(draw, world),
            by: Micros(draw.below(2_000_000)),
        },
        (Kind::Delay, false) => Action::Deliver(message(draw, world)),
        (Kind::Timeout, _) => Action::Timeout(one),
        (Kind::Snapshot, _) => Action::Snapshot(one),
        (Kind::Read, to_leader) => Action::Read(if to_leader { leader } else { one }),
        (Kind::Transfer, _) => Action::Transfer {
            from: leader,
            to: one,
        },
        (Kind::Reconfigure, _) => reconfigure(draw, world, leader),
    }
}

/// One number of few.
fn below(draw: &mut Stream, bound: u64) -> u16 {
    u16::try_from(draw.below(bound)).unwrap_or(0)
}

/// From `from` to another server.
fn way(draw: &mut Stream, world: &World, from: NodeId) -> Between {
    let servers = world.network().servers();
    let further = below(draw, u64::from(servers) - 1) + 1;
    let to = NodeId((from.0 - 1 + further) % servers + 1);
    Between::OneWay { from, to }
}

fn disorder(draw: &mut Stream, is_disordered: bool) -> Action {
    let permille = if is_disordered { below(draw, 300) } else { 0 };
    if draw.below(2) == 0 {
        return Action::Duplication {
            link: None,
            permille,
        };
    }
    Action::Reordering {
        link: None,
        permille,
        by: range(draw, 1_000_000),
    }
}

/// The disk of `slow` becomes slow, or all become fast; or the order of writes changes.
fn disk(draw: &mut Stream, slow: Option<NodeId>) -> Action {
    if draw.below(3) == 0 {
        return Action::DiskOrder {
            server: slow,
            in_order: slow.is_none(),
        };
    }
    let range = range(draw, if slow.is_some() { 100_000 } else { 5_000 });
    Action::Disk {
        server: slow,
        range,
    }
}

/// A clock runs at half to double its rate, or jumps; or it is right again.
fn clock(draw: &mut Stream, server: NodeId, is_wrong: bool) -> Action {
    let by = Micros(draw.below(2_000_000));
    match draw.below(4) {
        0 => Action::ClockJump {
            server,
            jump: Jump::Ahead(by),
        },
        1 => Action::ClockJump {
            server,
            jump: Jump::Back(by),
        },
        _ if is_wrong => Action::ClockRate {
            server,
            permille: 500 + below(draw, 1500),
        },
        _ => Action::ClockRate {
            server,
            permille: 1000,
        },
    }
}

fn any(draw: &mut Stream, world: &World) -> NodeId {
    let servers = u64::from(world.network().servers());
    NodeId(u16::try_from(draw.below(servers) + 1).unwrap_or(1))
}

/// Two groups, of which neither is empty.
fn partition(draw: &mut Stream, world: &World) -> Action {
    let alone = any(draw, world);
    let mut groups = vec![vec![alone], Vec::new()];
    for server in world.servers().iter().filter(|server| server.id != alone) {
        // Somebody has to be on the other side.
        let is_here = !groups[1].is_empty() && draw.below(2) == 0;
        groups[usize::from(!is_here)].push(server.id);
    }
    groups[0].sort_unstable();
    Action::Partition(groups)
}

/// Each server is a voter, a learner or nobody; the first that may be is a voter, as somebody
/// has to be.
fn reconfigure(draw: &mut Stream, world: &World, server: NodeId) -> Action {
    let (mut voters, mut learners) = (Vec::new(), Vec::new());
    for id in world.servers().iter().map(|server| server.id) {
        match draw.below(6) {
            0 => {}
            1 => learners.push(id),
            _ => voters.push(id),
        }
    }
    if voters.is_empty() {
        learners.retain(|id| *id != NodeId(1));
        voters.push(NodeId(1));
    }
    Action::Reconfigure {
        server,
        voters,
        learners,
    }
}

fn range(draw: &mut Stream, max: u64) -> MicrosRange {
    let min = draw.below(max);
    MicrosRange {
        min: Micros(min),
        max: Micros(min + draw.below(max)),
    }
}

/// A message that is under way, if any is.
fn message(draw: &mut Stream, world: &World) -> MessageId {
    let flights = world.network().flights();
    let nth = usize::try_from(draw.below(flights.len() as u64)).unwrap_or(0);
    flights.keys().nth(nth).copied().unwrap_or(MessageId(0))
}

#[cfg(test)]
mod tests;
