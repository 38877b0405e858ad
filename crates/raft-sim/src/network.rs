//! Links between servers and the messages on them.
//!
//! A link delays, loses, doubles and reorders messages as it is told, and may be cut or clogged;
//! each direction is a link of its own. A message is lost where its link is cut when it is
//! sent or when it would arrive, and waits at the end of a link that is clogged. What else
//! becomes of it is settled at its sending, so that its fate can be shown.

mod flights;
mod history;
pub mod labrpc;
mod link;

use raft_core::{Message, NodeId};

use crate::client::ClientId;
use crate::client::calls::{CALLS_MAX, Call, CallFlight, Calls};
use crate::command::Command;
use crate::ids::{Between, MessageId};
use crate::outcome::LossReason;
use crate::said::MessageKind;
use crate::time::Micros;
use crate::which::{Handling, Mishap, Which};

use labrpc::Labrpc;
use link::{Ends, Fate};

pub use flights::{FlightIter, Flights};
pub use link::{LATENCY, LOSS_PERMILLE, Link};

/// The most messages that are under way at once; what is sent beyond that is lost at once, and
/// no event tells of it. Servers that keep to fewer rules may answer each message with several,
/// and must not fill the memory.
pub const FLIGHTS_MAX: usize = 10_000;

/// The most messages not sent yet that something is to be done to.
pub const ORDERS_MAX: usize = 100;

/// The most bytes a second that a link can be limited to.
pub const BANDWIDTH_MAX: u32 = 1_000_000_000;

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
    /// Who sent it.
    pub from: NodeId,
    /// Who it is for.
    pub to: NodeId,
    /// What it says.
    pub message: Message<Command>,
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
    /// What clients and servers are under way to say to each other.
    calls: Calls,
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
            calls: Calls::default(),
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

    /// What decides over delays and losses.
    #[must_use]
    pub const fn model(&self) -> Model {
        self.model
    }

    /// Whether a message that is due now is let through.
    pub(crate) fn lets_in(&self, from: NodeId, to: NodeId) -> bool {
        // The lab's network looks only when a message is sent.
        matches!(self.model, Model::Labrpc(_)) || self.passes(from, to)
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
        from: NodeId,
        to: NodeId,
        message: Message<Command>,
        cause: u64,
    ) -> Option<(MessageId, Micros)> {
        let place = self.place(from, to);
        // What cannot pass keeps nobody waiting.
        let bytes = if self.passes(from, to) {
            bytes_of(&message)
        } else {
            0
        };
        let link = &mut self.links[place];
        let fate = match self.model {
            Model::Plain => link.fate_of(&message, now, bytes),
            Model::Labrpc(labrpc) => link.labrpc_fate(labrpc, !message.is_request()),
        };
        self.requests_sent += u64::from(message.is_request());
        self.bytes_sent += bytes_of(&message);
        let flight = Flight {
            from,
            to,
            message,
            sent_at: now,
            due_at: now,
            doomed: None,
            cause,
        };
        self.launch(flight, &fate)
    }

    /// Requests and answers of clients under way.
    #[must_use]
    pub const fn calls(&self) -> &Calls {
        &self.calls
    }

    /// What the calls of a client meet.
    #[must_use]
    pub fn line(&self, client: ClientId) -> Option<&Link> {
        self.lines.get(usize::from(client.0).checked_sub(1)?)
    }

    /// Puts a call on its way; answers its id and when it is due, unless there is no room.
    pub(crate) fn call(
        &mut self,
        now: Micros,
        call: Call,
        cause: u64,
    ) -> Option<(MessageId, Micros)> {
        let line = usize::from(call.client.0).checked_sub(1)?;
        let fate = self.lines.get_mut(line)?.fate();
        if self.calls.len() >= CALLS_MAX {
            return None;
        }
        let due_at = now.saturating_add(fate.delay);
        let flight = CallFlight {
            sent_at: now,
            due_at,
            doomed: fate.doom(self.is_connected(call.server)),
            cause,
            call,
        };
        let id = self.new_id();
        self.calls.insert(id, flight);
        Some((id, due_at))
    }

    pub(crate) fn take_call(&mut self, id: MessageId) -> Option<CallFlight> {
        self.calls.remove(id)
    }

    pub(crate) fn call_mut(&mut self, id: MessageId) -> Option<&mut CallFlight> {
        self.calls.get_mut(id)
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
        let place = self.place(flight.from, flight.to);
        let fate = self.links[place].copy_fate(&flight.message)?;
        let flight = flight.clone();
        self.launch(flight, &fate)
    }

    fn launch(&mut self, mut flight: Flight, fate: &Fate) -> Option<(MessageId, Micros)> {
        if self.flights.len() >= FLIGHTS_MAX {
            return None;
        }
        flight.due_at = flight.sent_at.saturating_add(fate.delay);
        flight.doomed = fate.doom(self.passes(flight.from, flight.to));
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
    pub(crate) fn take_order(&mut self, is_it: impl Fn(&Which) -> bool) -> Option<Handling> {
        let place = self.orders.iter().position(|(which, _)| is_it(which))?;
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
        } else if let Some(flight) = self.calls.get_mut(id) {
            flight.doomed = flight.doomed.or(Some(reason));
        }
    }

    pub(crate) fn set_connected(&mut self, server: NodeId, connected: bool) {
        self.disconnected[usize::from(server.0) - 1] = !connected;
    }

    pub(crate) fn set_cut(&mut self, between: Between, cut: bool) {
        let (a, b) = match between {
            Between::Both(a, b) => {
                let back = self.place(b, a);
                self.links[back].cut = cut;
                (a, b)
            }
            Between::OneWay { from, to } => (from, to),
        };
        let there = self.place(a, b);
        self.links[there].cut = cut;
    }

    pub(crate) const fn set_model(&mut self, model: Model) {
        self.model = model;
    }

    /// Where the network does not look again, whatever is under way to a server that crashes is
    /// lost, since what starts again there is not whom it was sent to.
    pub(crate) fn crashed(&mut self, server: NodeId) {
        if matches!(self.model, Model::Labrpc(_)) {
            let coming = self.flights.values_mut();
            for flight in coming.filter(|flight| flight.to == server) {
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
    pub(crate) fn holds_back(&mut self, from: NodeId, to: NodeId, id: MessageId) -> bool {
        let mut clogs = self.clogs.iter_mut();
        let Some((_, waiting)) = clogs.find(|(ends, _)| *ends == (from, to)) else {
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
