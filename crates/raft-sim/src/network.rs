//! Links between servers and the messages on them.
//!
//! A link has a delay range, a chance of loss, and may be cut; each direction
//! is a link of its own. A message is lost where its link is cut when it is
//! sent or when it would arrive. Whether it is lost by chance or by a cut at
//! its sending is settled then, so that its fate can be shown.

use std::collections::BTreeMap;

use raft_core::{Message, NodeId};

use crate::action::{Between, MessageId};
use crate::command::Command;
use crate::event::LossReason;
use crate::playbook::{LATENCY, LOSS_PERMILLE};
use crate::random::Stream;
use crate::time::{Micros, MicrosRange};

/// One direction between two servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    /// Whether nothing passes.
    pub cut: bool,
    /// How long a message takes.
    pub latency: MicrosRange,
    /// How many of a thousand messages are lost.
    pub loss_permille: u16,
    delays: Stream,
    losses: Stream,
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
    links: Vec<Link>,
    disconnected: Vec<bool>,
    flights: BTreeMap<MessageId, Flight>,
    next_id: u64,
    requests_sent: u64,
    bytes_sent: u64,
}

impl Network {
    pub(crate) fn new(servers: u16, seed: u64) -> Self {
        let pairs = (1..=servers).flat_map(|from| (1..=servers).map(move |to| (from, to)));
        Self {
            servers,
            links: pairs
                .map(|(from, to)| Link {
                    cut: false,
                    latency: LATENCY,
                    loss_permille: LOSS_PERMILLE,
                    delays: Stream::new(seed, "delay", from, to),
                    losses: Stream::new(seed, "loss", from, to),
                })
                .collect(),
            disconnected: vec![false; usize::from(servers)],
            flights: BTreeMap::new(),
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

    /// The messages under way, by their ids.
    #[must_use]
    pub const fn flights(&self) -> &BTreeMap<MessageId, Flight> {
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

    /// Puts a message on its way; answers its id and when it is due.
    pub(crate) fn send(
        &mut self,
        now: Micros,
        from: NodeId,
        to: NodeId,
        message: Message<Command>,
        cause: u64,
    ) -> (MessageId, Micros) {
        let passes = self.passes(from, to);
        let place = self.place(from, to);
        let link = &mut self.links[place];
        let due_at = now.saturating_add(link.delays.micros(link.latency));
        let lost = link.losses.chance(link.loss_permille);
        let doomed = if !passes {
            Some(LossReason::Cut)
        } else if lost {
            Some(LossReason::Chance)
        } else {
            None
        };
        let id = MessageId(self.next_id);
        self.next_id += 1;
        self.requests_sent += u64::from(!is_reply(&message));
        self.bytes_sent += bytes_of(&message);
        let flight = Flight {
            from,
            to,
            message,
            sent_at: now,
            due_at,
            doomed,
            cause,
        };
        self.flights.insert(id, flight);
        (id, due_at)
    }

    pub(crate) fn take(&mut self, id: MessageId) -> Option<Flight> {
        self.flights.remove(&id)
    }

    pub(crate) fn flight_mut(&mut self, id: MessageId) -> Option<&mut Flight> {
        self.flights.get_mut(&id)
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

    /// Changes one link, or all of them.
    pub(crate) fn change(&mut self, link: Option<(NodeId, NodeId)>, change: impl Fn(&mut Link)) {
        match link {
            Some((from, to)) => {
                let place = self.place(from, to);
                change(&mut self.links[place]);
            }
            None => self.links.iter_mut().for_each(change),
        }
    }

    fn place(&self, from: NodeId, to: NodeId) -> usize {
        (usize::from(from.0) - 1) * usize::from(self.servers) + usize::from(to.0) - 1
    }
}

const fn is_reply(message: &Message<Command>) -> bool {
    match message {
        Message::RequestVote(_)
        | Message::AppendEntries(_)
        | Message::InstallSnapshot(_)
        | Message::PreVote(_)
        | Message::TimeoutNow(_) => false,
        Message::RequestVoteReply(_)
        | Message::AppendEntriesReply(_)
        | Message::InstallSnapshotReply(_)
        | Message::PreVoteReply(_) => true,
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
