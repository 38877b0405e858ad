//! The whole simulated system at one instant.
//!
//! Two things move a [`World`]: [`World::step`] lets the next thing happen
//! that was going to, and [`World::act`] does something to it from outside.
//! Each makes exactly one [`Event`]. Time is counted in microseconds, which
//! is also the tick of every node; on one instant timers go before clients and those before
//! deliveries, lower servers before higher, and what was put in the queue
//! earlier before what was put there later, so that a world has only one future.

mod check;
pub(crate) mod clients;
mod host;
mod queue;
mod sameness;

use std::sync::Arc;

use queue::{Due, Queue};
use raft_core::{Config, Configuration, Index, Node, NodeId, Persistent, RuleSet, Settings, Timer};

use crate::client::{Client, ClientId};
use crate::clock::{Clock, RATE_RIGHT};
use crate::event::{Event, EventKind};
use crate::fact::{Fact, Loss};
use crate::ids::MessageId;
use crate::letter::{Letter, Party};
use crate::network::{Flight, Network};
use crate::outcome::LossReason;
use crate::random::Stream;
use crate::rules::{Rules, Watched, Weighed};
use crate::server::{Disk, Life, Running, Server, StateMachine};
use crate::setup::Setup;
use crate::time::Micros;

/// Servers, disks, links, messages, clients, clock and random state.
///
/// Two worlds are equal, and have one hash, if they will behave alike from now on.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) now: Micros,
    pub(crate) servers: Vec<Server>,
    pub(crate) network: Network,
    pub(crate) clients: Vec<Client>,
    /// Of each server, the first one first.
    settings: Arc<[Settings]>,
    ablated: RuleSet,
    snapshot_every: Option<u64>,
    /// Whether the machines know what they have done already.
    pub(crate) sessions: bool,
    queue: Queue<Due>,
    events: u64,
    pub(crate) facts: Vec<Fact>,
}

/// Whether a server has something to do for this: it takes a message in, acts on a timer, or
/// hears of a write.
const fn is_work(kind: &EventKind) -> bool {
    match kind {
        EventKind::Delivered(..) | EventKind::Timer(_) | EventKind::Written => true,
        EventKind::Acted(_)
        | EventKind::Declined(..)
        | EventKind::Parked(..)
        | EventKind::Clogged(..)
        | EventKind::Lost(..)
        | EventKind::ClientTimer(_)
        | EventKind::WriteFailed => false,
    }
}

/// What happens next.
enum Next {
    Timer(Micros, NodeId),
    Client(Micros, ClientId),
    /// What is at this place of the queue.
    Queued(Micros, usize),
}

impl Next {
    const fn at(&self) -> Micros {
        match self {
            Self::Timer(at, _) | Self::Client(at, _) | Self::Queued(at, _) => *at,
        }
    }
}

impl World {
    /// A cluster that has never run, as `setup` describes it.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let servers = u16::from(setup.servers);
        let mut world = Self {
            now: Micros::ZERO,
            servers: Vec::new(),
            network: Network::new(servers, setup.clients, setup.seed),
            clients: (1..=setup.clients)
                .map(|id| Client::new(setup.seed, ClientId(id)))
                .collect(),
            settings: (1..=servers).map(|id| setup.settings(NodeId(id))).collect(),
            ablated: setup.ablated,
            snapshot_every: setup.snapshot_every,
            sessions: setup.sessions,
            queue: Queue::default(),
            events: 0,
            facts: Vec::new(),
        };
        let voters = setup
            .voters
            .map_or(servers, u16::from)
            .clamp(1, servers.max(1));
        let first = Configuration::new((1..=voters).map(NodeId), []).unwrap_or_default();
        for id in (1..=servers).map(NodeId) {
            let image = if first.is_voter(id) {
                Persistent::bootstrap(first.clone())
            } else {
                Persistent::default()
            };
            world.servers.push(Server {
                id,
                life: Life::Crashed,
                disk: Disk::new(setup.seed, id.0, image),
                clock_rate_permille: RATE_RIGHT,
                cpu: Micros::ZERO,
                seeds: Stream::new(setup.seed, "node", id.0, 0),
            });
        }
        for id in (1..=servers).map(NodeId) {
            world.boot(id);
        }
        world
    }

    /// The present time.
    #[must_use]
    pub const fn now(&self) -> Micros {
        self.now
    }

    /// How many events have happened.
    #[must_use]
    pub const fn event_count(&self) -> u64 {
        self.events
    }

    /// The servers, `S1` first.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// The server `id`, if there is one.
    #[must_use]
    pub fn server(&self, id: NodeId) -> Option<&Server> {
        self.servers.get(usize::from(id.0).checked_sub(1)?)
    }

    /// Links and messages.
    #[must_use]
    pub const fn network(&self) -> &Network {
        &self.network
    }

    /// What its last event showed that cannot be seen of it any more.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// What each server is set to.
    #[must_use]
    pub fn settings(&self) -> &[Settings] {
        &self.settings
    }

    /// The running leader of the highest term, with which logs are compared.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        self.servers
            .iter()
            .filter_map(|server| server.node().map(|node| (server.id, node)))
            .filter(|(_, node)| node.role().is_leader())
            .max_by_key(|(_, node)| node.hard_state().current_term)
            .map(|(id, _)| id)
    }

    /// Whether `id` still leads while another server leads in a later term, of which it has not
    /// heard (§5.1).
    #[must_use]
    pub fn is_deposed(&self, id: NodeId) -> bool {
        let leads_in = |server: &Server| {
            let node = server.node().filter(|node| node.role().is_leader())?;
            Some(node.hard_state().current_term)
        };
        let own = self.server(id).and_then(leads_in);
        let later = |term| own.is_some_and(|own| term > own);
        self.servers.iter().filter_map(leads_in).any(later)
    }

    /// When the next thing happens by itself.
    #[must_use]
    pub fn next_event_at(&self) -> Option<Micros> {
        self.next().map(|next| next.at().max(self.now))
    }

    /// Lets time pass up to `to`, which must not be after the next event.
    pub(crate) fn pass_to(&mut self, to: Micros) {
        let limit = self.next_event_at().unwrap_or(to);
        self.now = self.now.max(to.min(limit));
    }

    /// Lets the next thing happen. `None` when nothing ever will.
    pub fn step(&mut self) -> Option<Event> {
        let event = self.go_on();
        self.debug_check();
        event
    }

    fn go_on(&mut self) -> Option<Event> {
        let next = self.next()?;
        self.facts.clear();
        match next {
            Next::Timer(at, server) => {
                self.now = self.now.max(at);
                Some(self.timer(server))
            }
            Next::Client(at, client) => {
                self.now = self.now.max(at);
                Some(self.client_timer(client))
            }
            Next::Queued(at, place) => {
                self.now = self.now.max(at);
                match self.queue.take(place)? {
                    Due::Arrival(id) => self.arrival(id, false),
                    Due::TakeIn(id, _) => self.arrival(id, true),
                    Due::Written(server) => Some(self.written(server)),
                }
            }
        }
    }

    fn next(&self) -> Option<Next> {
        let timer = self
            .servers
            .iter()
            .filter_map(|server| Some((server.timer_due_at(self.now)?, server.id)))
            .min();
        let clients = self.clients.iter();
        let client = clients
            .filter_map(|client| Some((client.due_at()?, client.id)))
            .min();
        let timer = timer.map(|(at, server)| Next::Timer(at, server));
        let client = client.map(|(at, client)| Next::Client(at, client));
        let queued = self.next_queued();
        let queued = queued.map(|(at, place)| Next::Queued(at, place));
        // Of those at one instant the first is taken.
        let all = [timer, client, queued].into_iter().flatten();
        all.min_by_key(Next::at)
    }

    fn timer(&mut self, id: NodeId) -> Event {
        let now = self.now;
        let mut timer = Timer::Heartbeat;
        if let Some(running) = self.running_mut(id) {
            timer = running.act_on_timer(now);
        }
        self.finish(Some(id), None, EventKind::Timer(timer))
    }

    /// Why a message is lost that comes to its end now, if it is.
    fn loss_of(&self, flight: &Flight) -> Option<LossReason> {
        let letter = &flight.letter;
        flight.doomed.or_else(|| {
            if !self.network.lets_in(letter) {
                Some(LossReason::Cut)
            } else if self.network.is_held_back(letter) {
                None
            } else if let Party::Server(to) = letter.to() {
                let running = self.server(to).and_then(Server::running);
                running.is_none().then_some(LossReason::Crashed)
            } else {
                None
            }
        })
    }

    /// The server that takes in a message which comes to its end now, as soon as it is free.
    fn receiver(&self, id: MessageId) -> Option<NodeId> {
        let flight = self.network.flights().get(&id)?;
        let Party::Server(to) = flight.letter.to() else {
            return None;
        };
        let is_stopped =
            self.network.is_held_back(&flight.letter) || self.loss_of(flight).is_some();
        (!is_stopped).then_some(to)
    }

    /// A message is at its end; it may have been there for a while, where the receiver was busy.
    fn arrival(&mut self, id: MessageId, was_there: bool) -> Option<Event> {
        let flight = self.network.flights().get(&id)?;
        let (letter, cause) = (flight.letter.told(), Some(flight.cause));
        if let Some(reason) = self.loss_of(flight).filter(|_| !was_there) {
            self.lose(id, reason);
            return Some(self.finish(None, cause, EventKind::Lost(id, letter, reason)));
        }
        if !was_there && self.network.holds_back(&letter, id) {
            return Some(self.finish(None, cause, EventKind::Clogged(id, letter)));
        }
        let to = match letter.to() {
            Party::Server(to) => Some(to),
            Party::Client(_) => None,
        };
        if let Some(running) = to.and_then(|to| self.running_mut(to))
            && running.paused
        {
            running.parked.push(id);
            return Some(self.finish(to, cause, EventKind::Parked(id, letter)));
        }
        match self.network.take(id)?.letter {
            Letter::Rpc(rpc) => {
                let now = self.now;
                let running = self.running_mut(rpc.to)?;
                running.sync(now);
                running.node.receive(rpc.from, rpc.said);
            }
            Letter::Call(call) => self.take_call(&call),
        }
        Some(self.finish(to, cause, EventKind::Delivered(id, letter)))
    }

    fn written(&mut self, id: NodeId) -> Event {
        let now = self.now;
        let mut cause = None;
        if let Some(server) = self.server_mut(id) {
            cause = server.disk.next_cause();
            if server.disk.is_failing {
                self.crash(id, false);
                return self.finish(Some(id), cause, EventKind::WriteFailed);
            }
            if let Some(write) = server.disk.finish_next()
                && let Some(running) = server.running_mut()
            {
                if running.paused {
                    running.unreported.push(write);
                } else {
                    running.sync(now);
                    running.node.durable(write);
                }
            }
        }
        self.finish(Some(id), cause, EventKind::Written)
    }

    /// Starts a server from its disk.
    pub(crate) fn boot(&mut self, id: NodeId) {
        let place = usize::from(id.0).saturating_sub(1);
        let Some(settings) = self.settings.get(place) else {
            return;
        };
        let config = Config::new(id, settings.clone());
        let (now, ablated) = (self.now, self.ablated);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let Ok(config) = config else { return };
        let image = server.disk.image.clone();
        let clock = Clock::new(server.clock_rate_permille);
        let machine = StateMachine::load(&image.snapshot.data);
        let mark = machine.mark();
        let base = image.snapshot.last_included_index;
        let hard_state = image.hard_state;
        let seed = server.seeds.seed();
        server.life = Life::Running(Box::new(Running {
            node: Node::restart_with(config, image, seed, Watched::ablated(ablated)),
            machine,
            paused: false,
            clock,
            synced_at: now,
            busy_until: Micros::ZERO,
            parked: Vec::new(),
            unreported: Vec::new(),
            waiting: Vec::new(),
        }));
        self.facts.push(Fact::Restarted {
            server: id,
            disk: hard_state,
            snapshot: base,
        });
        // What was loaded from a disk may be what nobody ever applied.
        if base > Index::ZERO {
            let (server, machine) = (id, mark);
            self.facts.push(Fact::Restored { server, machine });
        }
    }

    /// Ends an event: carries out what the server gave.
    pub(crate) fn finish(
        &mut self,
        server: Option<NodeId>,
        cause: Option<u64>,
        kind: EventKind,
    ) -> Event {
        // What the server says now, to others and to clients, is said by this event.
        let number = self.events;
        let mut rules = Rules::NONE;
        if let Some(id) = server {
            let changed_from = self.drain(id, number);
            if let Some(running) = self.running_mut(id) {
                rules = running.node.conduct_mut().take();
            }
            self.facts.push(Fact::Acted {
                server: id,
                changed_from,
            });
            if is_work(&kind) {
                self.occupy(id);
            }
        }
        self.events += 1;
        Event {
            number,
            at: self.now,
            server,
            cause,
            kind,
            rules,
        }
    }

    /// Removes a message that is lost.
    pub(crate) fn lose(&mut self, id: MessageId, reason: LossReason) {
        if let Some(flight) = self.network.take(id) {
            self.facts.push(Fact::Lost(Loss {
                id,
                letter: flight.letter.told(),
                sent_at: flight.sent_at,
                due_at: flight.due_at,
                cause: flight.cause,
                at: self.now,
                reason,
            }));
        }
    }

    /// Lets every server that runs remember what it weighs from here on.
    pub fn listen(&mut self) {
        for server in &mut self.servers {
            if let Some(running) = server.running_mut() {
                running.node.conduct_mut().listen();
            }
        }
    }

    /// What server `id` has weighed since it listens, or since the last call.
    pub fn take_weighed(&mut self, id: NodeId) -> Vec<Weighed> {
        let running = self.running_mut(id);
        running.map_or_else(Vec::new, |running| {
            running.node.conduct_mut().take_weighed()
        })
    }

    pub(crate) fn server_mut(&mut self, id: NodeId) -> Option<&mut Server> {
        self.servers.get_mut(usize::from(id.0).checked_sub(1)?)
    }

    pub(crate) fn running_mut(&mut self, id: NodeId) -> Option<&mut Running> {
        self.server_mut(id).and_then(Server::running_mut)
    }
}
