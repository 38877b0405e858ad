//! Links between servers, lines of clients, and the messages on them.
//!
//! A link delays, loses, doubles and reorders messages as it is told, and may be cut or clogged;
//! each direction is a link of its own. A message is lost where its link is cut when it is
//! sent or when it would arrive, and waits at the end of a link that is clogged. What else
//! becomes of it is settled at its sending, so that its fate can be shown. This is what links know; the
//! World asks it at both ends (`World::arrival`), and loses the message (`World::lose`).

mod flights;
mod history;
pub mod labrpc;
mod link;

use raft_core::{Message, NodeId};

use crate::bounded::Bounded;
use crate::client::ClientId;
use crate::command::Command;
use crate::ids::{Between, MessageId};
use crate::letter::{Letter, Rpc};
use crate::outcome::LossReason;
use crate::said::{MessageKind, Said};
use crate::time::Micros;
use crate::which::{Handling, Mishap, Which};

use labrpc::Labrpc;
use link::{Ends, Fate};

pub use flights::{FlightIter, Flights};
pub use link::{LATENCY, LOSS_PERMILLE, Link};

/// The most messages that are under way at once, those of clients included; what is sent beyond that is lost at once, and
/// no event tells of it. Servers that keep to fewer rules may answer each message with several,
/// and must not fill the memory.
pub const FLIGHTS_MAX: usize = 10_000;

/// The most messages not sent yet that something is to be done to.
pub const ORDERS_MAX: usize = 100;

/// The most bytes a second that a link can be limited to.
pub const BANDWIDTH_MAX: u32 = 1_000_000_000;

/// How many bytes a link passes a second.
pub type Bandwidth = Bounded<u32, 1, { BANDWIDTH_MAX as u64 }>;

/// The lines of clients draw from streams that no link between servers has.
const CLIENT_ENDS: u16 = 1000;

/// What decides over the delay and the loss of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    /// What each link is set to.
    Plain,
    /// The network of the MIT lab, the same on every link.
    Labrpc(Labrpc),
}

/// A message under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Flight {
    /// From whom, to whom, saying what.
    pub letter: Letter<Message<Command>>,
    /// When it was sent.
    pub sent_at: Micros,
    /// When it arrives.
    pub due_at: Micros,
    /// Why it will not arrive, if that is settled.
    pub doomed: Option<LossReason>,
    /// The event that sent it.
    pub cause: u64,
}

/// All links, and all messages under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Network {
    servers: u16,
    model: Model,
    links: Vec<Link>,
    disconnected: Vec<bool>,
    /// The clogged links, in the order in which they were, and what waits there.
    clogs: Vec<(Ends, Vec<MessageId>)>,
    flights: Flights,
    /// By client: what its calls meet.
    lines: Vec<Link>,
    /// What is to be done to messages that are not sent yet, in the order of the asking.
    orders: Vec<(Which, Handling)>,
    next_id: u64,
    requests_sent: u64,
    bytes_sent: u64,
}

impl Network {
    pub(crate) fn new(servers: u16, clients: u8, seed: u64) -> Self {
        let pairs = (1..=servers).flat_map(|from| (1..=servers).map(move |to| (from, to)));
        Self {
            servers,
            model: Model::Plain,
            links: pairs.map(|(from, to)| Link::new(seed, from, to)).collect(),
            disconnected: vec![false; usize::from(servers)],
            clogs: Vec::new(),
            flights: Flights::default(),
            lines: (1..=u16::from(clients))
                .map(|client| Link::new(seed, CLIENT_ENDS + client, 0))
                .collect(),
            orders: Vec::new(),
            next_id: 1,
            requests_sent: 0,
            bytes_sent: 0,
        }
    }

    /// How many servers there are.
    #[must_use]
    pub const fn servers(&self) -> u16 {
        self.servers
    }

    /// The link of one direction.
    #[must_use]
    pub fn link(&self, from: NodeId, to: NodeId) -> &Link {
        &self.links[self.place(from, to)]
    }

    /// Whether `server` is connected at all.
    #[must_use]
    pub fn is_connected(&self, server: NodeId) -> bool {
        !self.disconnected[usize::from(server.0) - 1]
    }

    /// Whether a message can pass from one server to another now.
    #[must_use]
    pub fn passes(&self, from: NodeId, to: NodeId) -> bool {
        !self.link(from, to).cut && self.is_connected(from) && self.is_connected(to)
    }

    /// Whether messages wait at the end of this link.
    #[must_use]
    pub fn is_clogged(&self, from: NodeId, to: NodeId) -> bool {
        self.clogs.iter().any(|(ends, _)| *ends == (from, to))
    }

    /// Whether this waits at the end of its way; the lines of clients are never clogged.
    pub(crate) fn is_held_back<M>(&self, letter: &Letter<M>) -> bool {
        letter
            .rpc()
            .is_some_and(|rpc| self.is_clogged(rpc.from, rpc.to))
    }

    /// What decides over delays and losses.
    #[must_use]
    pub const fn model(&self) -> Model {
        self.model
    }

    /// Whether this can pass now; a client reaches each server that is connected.
    fn lets_pass(&self, letter: &Letter<Message<Command>>) -> bool {
        match letter {
            Letter::Rpc(rpc) => self.passes(rpc.from, rpc.to),
            Letter::Call(call) => self.is_connected(call.server),
        }
    }

    /// Whether this is let through, which is due now.
    pub(crate) fn lets_in(&self, letter: &Letter<Message<Command>>) -> bool {
        // The lab's network looks only when a message is sent; clients are not on it.
        let is_settled = matches!(self.model, Model::Labrpc(_)) && letter.rpc().is_some();
        is_settled || self.lets_pass(letter)
    }

    /// The messages under way, by their ids.
    #[must_use]
    pub const fn flights(&self) -> &Flights {
        &self.flights
    }

    /// How many requests have been sent, what servers sent of their own accord.
    #[must_use]
    pub const fn requests_sent(&self) -> u64 {
        self.requests_sent
    }

    /// How many bytes of commands and snapshots all messages had.
    #[must_use]
    pub const fn bytes_sent(&self) -> u64 {
        self.bytes_sent
    }

    /// Puts a message on its way; answers its id and when it is due, unless there is no room.
    pub(crate) fn send(
        &mut self,
        now: Micros,
        letter: Letter<Message<Command>>,
        cause: u64,
    ) -> Option<(MessageId, Micros)> {
        let fate = match &letter {
            Letter::Rpc(rpc) => self.rpc_fate(now, rpc),
            Letter::Call(call) => {
                let line = usize::from(call.client.0).checked_sub(1)?;
                self.lines.get_mut(line)?.fate()
            }
        };
        let flight = Flight {
            letter,
            sent_at: now,
            due_at: now,
            doomed: None,
            cause,
        };
        self.launch(flight, &fate)
    }

    /// What becomes of a message between servers that is sent now.
    fn rpc_fate(&mut self, now: Micros, rpc: &Rpc<Message<Command>>) -> Fate {
        let (message, place) = (&rpc.said, self.place(rpc.from, rpc.to));
        // What cannot pass keeps nobody waiting.
        let bytes = if self.passes(rpc.from, rpc.to) {
            bytes_of(message)
        } else {
            0
        };
        self.requests_sent += u64::from(message.is_request());
        self.bytes_sent += bytes_of(message);
        let link = &mut self.links[place];
        match self.model {
            Model::Plain => link.fate_of(message, now, bytes),
            Model::Labrpc(labrpc) => link.labrpc_fate(labrpc, !message.is_request()),
        }
    }

    /// What the calls of a client meet.
    #[must_use]
    pub fn line(&self, client: ClientId) -> Option<&Link> {
        self.lines.get(usize::from(client.0).checked_sub(1)?)
    }

    /// Changes the lines of all clients.
    pub(crate) fn change_lines(&mut self, change: impl Fn(&mut Link)) {
        self.lines.iter_mut().for_each(change);
    }

    /// The copy that the network makes of a message just sent, if it makes one.
    pub(crate) fn copy(&mut self, id: MessageId) -> Option<(MessageId, Micros)> {
        if self.model != Model::Plain {
            return None;
        }
        let flight = self.flights.get(&id)?;
        let rpc = flight.letter.rpc()?;
        let place = self.place(rpc.from, rpc.to);
        let fate = self.links[place].copy_fate(&rpc.said)?;
        let flight = flight.clone();
        self.launch(flight, &fate)
    }

    fn launch(&mut self, mut flight: Flight, fate: &Fate) -> Option<(MessageId, Micros)> {
        if self.flights.len() >= FLIGHTS_MAX {
            return None;
        }
        flight.due_at = flight.sent_at.saturating_add(fate.delay);
        flight.doomed = fate.doom(self.lets_pass(&flight.letter));
        let due_at = flight.due_at;
        let id = self.new_id();
        self.flights.insert(id, flight);
        Some((id, due_at))
    }

    const fn new_id(&mut self) -> MessageId {
        let id = MessageId(self.next_id);
        self.next_id += 1;
        id
    }

    /// What is to be done to messages that are not sent yet, in the order of the asking.
    #[must_use]
    pub fn orders(&self) -> &[(Which, Handling)] {
        &self.orders
    }

    /// This is to be done to the next such message.
    pub(crate) fn order(&mut self, which: Which, handling: Handling) {
        self.orders.push((which, handling));
    }

    /// What is to be done to the message that is sent now, which is that no more for others.
    pub(crate) fn take_order(&mut self, letter: &Letter<Message<Command>>) -> Option<Handling> {
        if self.orders.is_empty() {
            return None;
        }
        let told = letter.told();
        let place = self
            .orders
            .iter()
            .position(|(which, _)| which.is_letter(&told))?;
        Some(self.orders.remove(place).1)
    }

    pub(crate) fn take(&mut self, id: MessageId) -> Option<Flight> {
        self.flights.remove(id)
    }

    pub(crate) fn flight_mut(&mut self, id: MessageId) -> Option<&mut Flight> {
        self.flights.get_mut(id)
    }

    /// A message that was just sent will not arrive; what dooms it already stays the reason.
    pub(crate) fn doom(&mut self, id: MessageId, reason: LossReason) {
        if let Some(flight) = self.flights.get_mut(id) {
            flight.doomed = flight.doomed.or(Some(reason));
        }
    }

    pub(crate) fn set_connected(&mut self, server: NodeId, connected: bool) {
        self.disconnected[usize::from(server.0) - 1] = !connected;
    }

    pub(crate) fn set_cut(&mut self, between: Between, cut: bool) {
        for (from, to) in between.ways() {
            let place = self.place(from, to);
            self.links[place].cut = cut;
        }
    }

    pub(crate) const fn set_model(&mut self, model: Model) {
        self.model = model;
    }

    /// Where the network does not look again, whatever is under way to a server that crashes is
    /// lost, since what starts again there is not whom it was sent to.
    pub(crate) fn crashed(&mut self, server: NodeId) {
        if matches!(self.model, Model::Labrpc(_)) {
            let coming = self.flights.values_mut();
            let is_coming = |rpc: &Rpc<_>| rpc.to == server;
            for flight in coming.filter(|flight| flight.letter.rpc().is_some_and(is_coming)) {
                flight.doomed = flight.doomed.or(Some(LossReason::Crashed));
            }
        }
    }

    pub(crate) fn clog(&mut self, between: Between) {
        for (from, to) in between.ways() {
            if !self.is_clogged(from, to) {
                self.clogs.push(((from, to), Vec::new()));
            }
        }
    }

    /// Opens a link, or all; answers the messages that waited there.
    pub(crate) fn unclog(&mut self, between: Option<Between>) -> Vec<MessageId> {
        let opens =
            |ends: Ends| between.is_none_or(|between| between.ways().any(|way| way == ends));
        let mut waiting = Vec::new();
        self.clogs.retain_mut(|(ends, held)| {
            if opens(*ends) {
                waiting.append(held);
            }
            !opens(*ends)
        });
        waiting.sort_unstable();
        waiting
    }

    /// Lets a message wait if its link is clogged; answers whether it does.
    pub(crate) fn holds_back(&mut self, letter: &Letter<Said>, id: MessageId) -> bool {
        let mut clogs = self.clogs.iter_mut();
        let Some(rpc) = letter.rpc() else {
            return false;
        };
        let Some((_, waiting)) = clogs.find(|(ends, _)| *ends == (rpc.from, rpc.to)) else {
            return false;
        };
        waiting.push(id);
        true
    }

    /// The messages that wait at the ends of clogged links.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = MessageId> {
        self.clogs
            .iter()
            .flat_map(|(_, waiting)| waiting.iter().copied())
    }

    /// Whether this message waits at the end of a clogged link.
    pub(crate) fn waits(&self, id: MessageId) -> bool {
        self.clogs.iter().any(|(_, waiting)| waiting.contains(&id))
    }

    /// A message does not wait any more.
    pub(crate) fn waits_no_more(&mut self, id: MessageId) {
        for (_, waiting) in &mut self.clogs {
            waiting.retain(|waiting| *waiting != id);
        }
    }

    pub(crate) fn heal_all(&mut self) {
        self.disconnected.fill(false);
        for link in &mut self.links {
            link.cut = false;
        }
    }

    /// Cuts what runs between groups and heals what runs within one.
    /// Servers that no group names form one more.
    pub(crate) fn partition(&mut self, groups: &[Vec<NodeId>]) {
        let group_of = |server| groups.iter().position(|group| group.contains(&server));
        for from in 1..=self.servers {
            for to in 1..=self.servers {
                let (from, to) = (NodeId(from), NodeId(to));
                let place = self.place(from, to);
                self.links[place].cut = group_of(from) != group_of(to);
            }
        }
    }

    /// The links that an Action is about which may be about one or all.
    fn links_mut(&mut self, link: Option<Ends>) -> &mut [Link] {
        match link {
            Some((from, to)) => {
                let place = self.place(from, to);
                &mut self.links[place..=place]
            }
            None => &mut self.links,
        }
    }

    /// So much passes on one link or on each.
    pub(crate) fn set_bandwidth(&mut self, link: Option<Ends>, bytes_per_second: Option<u32>) {
        for link in self.links_mut(link) {
            link.set_bandwidth(bytes_per_second);
        }
    }

    /// Something befalls the messages of one kind, on one link or on all.
    pub(crate) fn set_mishap(&mut self, kind: MessageKind, link: Option<Ends>, mishap: Mishap) {
        for link in self.links_mut(link) {
            link.set_mishap(kind, mishap);
        }
    }

    /// Changes one link, or all of them.
    pub(crate) fn change(&mut self, link: Option<(NodeId, NodeId)>, change: impl Fn(&mut Link)) {
        self.links_mut(link).iter_mut().for_each(change);
    }

    fn place(&self, from: NodeId, to: NodeId) -> usize {
        (usize::from(from.0) - 1) * usize::from(self.servers) + usize::from(to.0) - 1
    }
}

/// The bytes of what a message carries for others; its own fields are not counted.
fn bytes_of(message: &Message<Command>) -> u64 {
    let bytes = match message {
        Message::AppendEntries(m) => {
            let commands = m.entries.iter().filter_map(|entry| entry.command());
            commands.map(|command| command.as_str().len()).sum()
        }
        Message::InstallSnapshot(m) => m.data.len(),
        _ => 0,
    };
    bytes as u64
}
