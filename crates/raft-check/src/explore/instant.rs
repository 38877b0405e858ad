//! An instant of a run, from which a search goes on: what can still happen from here?
//!
//! The servers are those of the run, with all that they have in memory, and the messages in flight
//! are those of the run. What time brings there is a choice here, so their timers begin anew; what
//! befalls the links there is one as well, since any message may come late or never.

use raft_core::{Message, NodeId};
use raft_sim::action::Action;
use raft_sim::letter::Rpc;
use raft_sim::run::{Done, Stage, Trial};
use raft_sim::server::{Life, Server};
use raft_sim::setup::Setup;
use raft_sim::{Command, Invariant, Micros, Observed, World};

use super::bounds::Bounds;
use crate::case::{Case, Goal, Until};

/// An instant of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instant {
    setup: Setup,
    /// What leads to it.
    lines: Vec<Action>,
    world: Observed,
}

/// Why no search goes on from an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsearchable {
    /// There are more servers than this.
    Servers(u8),
    /// It has clients, which act as time passes.
    Clients,
    /// Its servers take snapshots by themselves, and here that is a choice.
    Snapshots,
    /// This server stands still.
    Paused(NodeId),
    /// This server takes time for what it does, or its disk does.
    Slow(NodeId),
    /// The disk of this server does not keep what it reports written.
    BadDisk(NodeId),
    /// Messages that are yet to be sent are spoken for: the next one of a kind, or all of one.
    Orders,
    /// This is broken already.
    Broken(Invariant),
    /// What was done does not lead there again.
    Lost,
}

impl Instant {
    /// The instant of a trial at which so many events have happened.
    ///
    /// # Errors
    /// Says why no search can go on from it.
    pub fn of(setup: &Setup, trial: &Trial, events: u64) -> Result<Self, Unsearchable> {
        let trial = &up_to(setup, trial.done(), events).ok_or(Unsearchable::Lost)?;
        let world = trial.world();
        if setup.servers > Bounds::SERVERS_MAX {
            return Err(Unsearchable::Servers(Bounds::SERVERS_MAX));
        }
        if setup.clients > 0 {
            return Err(Unsearchable::Clients);
        }
        if setup.snapshot_every.is_some() {
            return Err(Unsearchable::Snapshots);
        }
        world
            .servers()
            .iter()
            .try_for_each(|server| fits(server, world.now()))?;
        if has_orders(world) {
            return Err(Unsearchable::Orders);
        }
        if let Some(violation) = world.checker().violations().first() {
            return Err(Unsearchable::Broken(violation.invariant()));
        }
        let instant = Self {
            setup: Setup {
                title: String::new(),
                title_zh: String::new(),
                minutes: None,
                see: Vec::new(),
                then: String::new(),
                branch: String::new(),
                ..setup.clone()
            },
            lines: lines(setup, trial).ok_or(Unsearchable::Lost)?,
            world: world.clone(),
        };
        let again = instant.replayed().ok_or(Unsearchable::Lost)?;
        if **again.world() == *instant.world {
            Ok(instant)
        } else {
            Err(Unsearchable::Lost)
        }
    }

    /// The cluster of the run.
    #[must_use]
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The world at it.
    #[must_use]
    pub const fn world(&self) -> &Observed {
        &self.world
    }

    /// What leads to it, line by line.
    #[must_use]
    pub fn lines(&self) -> &[Action] {
        &self.lines
    }

    /// The messages that servers have sent each other and that are in flight.
    pub(super) fn in_flight(&self) -> impl Iterator<Item = &Rpc<Message<Command>>> {
        let flights = self.world.network().flights().values();
        flights.filter_map(|flight| flight.letter.rpc())
    }

    /// A trial that stands at it.
    fn replayed(&self) -> Option<Trial> {
        let mut trial = Trial::new(&self.setup);
        for line in &self.lines {
            trial.act(line).ok()?;
        }
        Some(trial)
    }
}

/// A trial in which the same was done, until so many events have happened.
fn up_to(setup: &Setup, done: &[Done], events: u64) -> Option<Trial> {
    let mut trial = Trial::new(setup);
    let live_to = |trial: &mut Trial, events: u64| {
        while trial.world().event_count() < events {
            if !trial.step().ok()? {
                return None;
            }
        }
        Some(())
    };
    for done in done.iter().take_while(|done| done.position < events) {
        live_to(&mut trial, done.position)?;
        trial.pass_to(done.at);
        trial.act(&done.action).ok()?;
    }
    live_to(&mut trial, events)?;
    Some(trial)
}

/// Whether a server does at once what it is given, and keeps what it has written.
fn fits(server: &Server, now: Micros) -> Result<(), Unsearchable> {
    let (id, disk) = (server.id, &server.disk);
    if let Life::Running(running) = &server.life {
        if running.paused {
            return Err(Unsearchable::Paused(id));
        }
        if running.busy_until > now {
            return Err(Unsearchable::Slow(id));
        }
    }
    let is_quick = disk.writes_pending() == 0 && disk.latency.max() == Micros::ZERO;
    if !is_quick || disk.is_stalled || server.cpu > Micros::ZERO {
        return Err(Unsearchable::Slow(id));
    }
    if disk.is_failing || !disk.syncs() {
        return Err(Unsearchable::BadDisk(id));
    }
    Ok(())
}

/// Whether something is to befall messages that are yet to be sent.
fn has_orders(world: &World) -> bool {
    let network = world.network();
    let ids = || world.servers().iter().map(|server| server.id);
    let mut links = ids().flat_map(|from| ids().map(move |to| (from, to)));
    !network.orders().is_empty()
        || links.any(|(from, to)| from != to && network.link(from, to).mishaps().next().is_some())
}

/// What was done in a trial and what happened in it, as lines that lead to the same.
fn lines(setup: &Setup, trial: &Trial) -> Option<Vec<Action>> {
    let world = trial.world();
    let until = Until {
        actions: trial.done().len(),
        events: Some(world.event_count()),
        at: world.now(),
    };
    let case = Case::of(setup, trial, until).ok()?;
    // Nothing is broken in it, so that it is played to its end, whatever is looked for.
    let played = case.play(Goal::Breaks(Invariant::ElectionSafety));
    Some(played.lines)
}
