//! How much a playbook asks for.
//!
//! A short text can ask for a lot: loops in loops, thousands of lines that wait at once, sums of
//! thousands of numbers. Each thing that a player does costs some steps of work, and all of them
//! together are bounded, so that whoever opens a text is told so within a second or two. Steps
//! are counted and no time is measured, so that a playbook comes to the same end everywhere.
//! Events have a bound of their own ([`raft_sim::run::EVENTS_MAX`]).

use raft_core::NodeId;
use raft_sim::action::{Action, TimeAction};
use raft_sim::run::WORK_MAX;
use raft_sim::world::World;

/// A step takes ten to twenty nanoseconds. What else there is, in steps:
const LINE: u64 = 12;
/// Of what lets time pass; it counts only for how long a player goes on at a time.
const EVENT: u64 = 200;
/// A line begins that goes on by itself, and takes some memory to be remembered.
const TASK: u64 = 100;
/// An entry of a log is gone through.
const ENTRY: u64 = 3;
/// A server is asked to accept a command, or whether it has applied one.
const AGREEMENT: u64 = 8;
/// Whom a word means has to be looked up among the servers.
const SERVER: u64 = 2;
/// So many bytes of text are written, read or compared in one step.
const BYTES_A_STEP: usize = 2;

/// What has been spent.
#[derive(Debug, Clone)]
pub(super) struct Work {
    spent: u64,
    max: u64,
    /// How much more may be spent before whoever plays wants to be asked again.
    slice: u64,
}

impl Work {
    pub(super) const fn new() -> Self {
        Self {
            spent: 0,
            max: WORK_MAX,
            slice: 0,
        }
    }

    pub(super) const fn spent(&self) -> u64 {
        self.spent
    }

    /// So much may be spent now, and no more than `max` in all.
    pub(super) const fn begin_slice(&mut self, slice: u64, max: u64) {
        (self.slice, self.max) = (slice, max);
    }

    pub(super) const fn is_slice_over(&self) -> bool {
        self.slice == 0
    }

    /// The bound, where more than that has been spent.
    pub(super) fn too_much(&self) -> Option<u64> {
        (self.spent > self.max).then_some(self.max)
    }

    /// An event happened.
    pub(super) const fn event(&mut self) {
        self.slice = self.slice.saturating_sub(EVENT);
    }

    /// A line is done.
    pub(super) const fn line(&mut self) {
        self.pay(LINE);
    }

    /// A line begins that goes on by itself.
    pub(super) const fn task(&mut self) {
        self.pay(TASK);
    }

    /// So many servers are asked for an agreement.
    pub(super) const fn agreement(&mut self, servers: u64) {
        self.pay(servers * AGREEMENT);
    }

    /// So many servers are looked at.
    pub(super) const fn servers(&mut self, servers: u64) {
        self.pay(servers * SERVER);
    }

    /// An entry of a log is gone through.
    pub(super) const fn entry(&mut self) {
        self.pay(ENTRY);
    }

    /// So much text is read, written or compared.
    pub(super) const fn bytes(&mut self, bytes: usize) {
        self.pay((bytes / BYTES_A_STEP) as u64);
    }

    /// Something is done in this world.
    pub(super) fn action(&mut self, action: &Action, world: &World) {
        let commands: usize = action
            .commands()
            .map(|command| 16 + command.as_str().len())
            .sum();
        self.bytes(commands);
        // Whoever begins anew or is told another past goes through its log.
        if let Some(id) = goes_through(action) {
            let held = world.server(id).map_or(0, |server| {
                let running = server.node().map_or(0, |node| node.log().entries().len());
                running.max(server.disk.image.entries.len())
            });
            // It is compared with the log of every server, too.
            let servers = world.servers().len() as u64;
            self.pay(held as u64 * (ENTRY + servers));
        }
        // A message is looked for among all that are under way.
        if let Action::Message(action) = action
            && action.message().is_some()
        {
            let under_way = world.network().flights().len();
            self.pay(under_way as u64);
        }
        if let Action::Time(TimeAction::Step(events)) = action {
            self.slice = self
                .slice
                .saturating_sub(events.get().saturating_mul(EVENT));
        }
    }

    /// Something else is done that takes so many steps.
    pub(super) const fn pay(&mut self, steps: u64) {
        self.spent = self.spent.saturating_add(steps);
        self.slice = self.slice.saturating_sub(steps);
    }
}

/// The server whose log this goes through.
const fn goes_through(action: &Action) -> Option<NodeId> {
    match action {
        Action::Server(action) => action.goes_through(),
        Action::Machine(action) => action.goes_through(),
        Action::Rewrite(action) => Some(action.server),
        Action::Time(_) | Action::Link(_) | Action::Message(_) | Action::Client(_) => None,
    }
}
