//! The clusters that are searched, as whole values: without tables, symmetry or fingerprints.
//!
//! Another checker can look at the same clusters so, and has to find as many. What can happen in a
//! cluster is said here once more, and by itself, so that this is also a second opinion on it.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use raft_core::{Message, NodeId, Rule, Timer};
use raft_sim::checker::Checker;
use raft_sim::digest::Digest;
use raft_sim::{Command, Invariant, Violation};

use super::bounds::{Bounds, Unbounded};
use super::input::{self, Bounded};
use super::sent::Sent;
use super::server::{Input, Making, Part, Server};
use super::together::Together;

/// A cluster and its bounds. It begins anew, and not at an instant of a run.
pub struct System {
    bounds: Bounds,
    making: Making,
    /// Whom a leader can be asked to let vote, and whom to let learn.
    changes: Vec<[Vec<NodeId>; 2]>,
}

/// A cluster at one instant.
#[derive(Clone)]
pub struct Cluster {
    /// How much of each bound is used up.
    spent: [u8; Bounded::ALL.len()],
    promised: Arc<Checker>,
    servers: Vec<Arc<Server>>,
    /// The messages on their way, by their digests.
    sent: BTreeMap<u64, Arc<Sent>>,
    broken: Option<Invariant>,
}

/// Something that may happen to a server.
#[derive(Clone)]
pub struct Given {
    place: usize,
    input: Input,
    /// If it is a message: its digest, and whether it stays on its way.
    message: Option<(u64, bool)>,
}

impl System {
    /// What is to be searched.
    ///
    /// # Errors
    /// Says which of the bounds cannot be searched.
    pub fn new(bounds: &Bounds) -> Result<Self, Unbounded> {
        bounds.check()?;
        let changes = input::changes(bounds.servers);
        Ok(Self {
            making: Making {
                configs: bounds.configs(),
                ablated: bounds.ablated,
                sessions: bounds.setup().sessions,
                first_disks: bounds.first_disks(),
            },
            changes: changes.into_iter().map(input::members).collect(),
            bounds: bounds.clone(),
        })
    }

    /// The cluster in the beginning.
    #[must_use]
    pub fn first(&self) -> Cluster {
        let servers = self.bounds.ids();
        Cluster {
            spent: [0; Bounded::ALL.len()],
            promised: Arc::new(Checker::default().of_all()),
            servers: servers
                .map(|id| Arc::new(Server::new(&self.making, id)))
                .collect(),
            sent: BTreeMap::new(),
            broken: None,
        }
    }

    /// All that may be given to a server next, whether or not that changes anything.
    pub fn inputs(&self, cluster: &Cluster, all: &mut Vec<Given>) {
        if cluster.broken.is_some() {
            return;
        }
        let stays: &[bool] = match self.bounds.copies {
            None => &[true],
            Some(_) if self.may(cluster, Bounded::Copies) => &[false, true],
            Some(_) => &[false],
        };
        for (digest, sent) in &cluster.sent {
            let place = place_of(sent.to);
            if cluster.servers[place].part() == Part::Crashed {
                continue;
            }
            all.extend(stays.iter().map(|stays| Given {
                place,
                input: Input::Receive(sent.from, sent.message.clone()),
                message: Some((*digest, *stays)),
            }));
        }
        for (place, server) in cluster.servers.iter().enumerate() {
            let inputs = self.asked_of(cluster, server);
            all.extend(inputs.into_iter().map(|input| Given {
                place,
                input,
                message: None,
            }));
        }
    }

    fn may(&self, cluster: &Cluster, what: Bounded) -> bool {
        cluster.spent[what as usize] < self.bounds.most(what)
    }

    /// All besides messages that a server may be given.
    fn asked_of(&self, cluster: &Cluster, server: &Server) -> Vec<Input> {
        let may = |what| self.may(cluster, what);
        let part = server.part();
        if part == Part::Crashed {
            return vec![Input::Restart];
        }
        let mut all = Vec::new();
        if part == Part::Leader {
            all.push(Input::Fire(Timer::Heartbeat));
            if may(Bounded::Commands) {
                let number = cluster.spent[Bounded::Commands as usize] + 1;
                all.push(Input::Propose(Command::from(format!("x{number}"))));
            }
            if may(Bounded::Reads) {
                all.push(Input::Read);
            }
            if self.bounds.transfers > 0 {
                all.push(Input::Fire(Timer::Transfer));
            }
            if may(Bounded::Transfers) {
                all.extend(self.bounds.ids().map(Input::Transfer));
            }
            if may(Bounded::Changes) {
                all.extend(self.changes.iter().cloned().map(Input::Reconfigure));
            }
        } else if server.term().0 < u64::from(self.bounds.terms) {
            all.push(Input::Fire(Timer::Election));
        }
        if may(Bounded::Snapshots) && server.can_compact() {
            all.push(Input::Snapshot);
        }
        if may(Bounded::Crashes) {
            all.push(Input::Crash);
        }
        all
    }

    /// What comes of it; nothing if the cluster can do no more than before, or leaves its bounds.
    #[must_use]
    pub fn next(&self, cluster: &Cluster, given: &Given) -> Option<Cluster> {
        let before = &cluster.servers[given.place];
        let stepped = before.step(&given.input, &self.making);
        let id = before.id();
        let sent: Vec<(u64, Arc<Sent>)> = letters(id, stepped.sent).collect();
        let sends =
            !self.saturates() && sent.iter().any(|(one, _)| !cluster.sent.contains_key(one));
        let changes = stepped.server.digest() != before.digest();
        if !(changes || sends) || stepped.server.term().0 > u64::from(self.bounds.terms) {
            return None;
        }
        let mut next = cluster.clone();
        next.servers[given.place] = Arc::new(stepped.server);
        if let Some(what) = uses_up(given, self.saturates()) {
            next.spent[what as usize] += 1;
        }
        next.broken = stepped.broken;
        let mut promised = Checker::clone(&cluster.promised);
        if stepped.concerns_all && next.broken.is_none() {
            let nodes = next.servers.iter().filter_map(|server| server.node());
            promised.see(0, &stepped.facts, &Together(nodes.collect()));
            let mut found = promised.violations().iter().map(Violation::invariant);
            next.broken = found.find(|found| !found.is_of_one_server());
            promised = promised.of_all();
        }
        let oldest = next.servers.iter().map(|server| server.term()).min()?;
        if promised.first_led().is_some_and(|first| first < oldest) {
            promised.forget_leaders_before(oldest);
            promised = promised.of_all();
        }
        next.promised = Arc::new(promised);
        if let Some((digest, false)) = given.message {
            next.sent.remove(&digest);
        }
        next.sent.extend(sent);
        let servers = &next.servers;
        next.sent.retain(|_, sent| !self.is_over(servers, sent));
        if self.saturates() {
            self.saturate(&mut next);
        }
        Some(next)
    }

    /// Whether what can be sent without a change counts as sent.
    fn saturates(&self) -> bool {
        self.bounds.copies.is_none()
    }

    fn saturate(&self, next: &mut Cluster) {
        let heartbeat = Input::Fire(Timer::Heartbeat);
        let leaders =
            (0..next.servers.len()).filter(|place| next.servers[*place].part() == Part::Leader);
        let mut to_give: Vec<(usize, Input)> =
            leaders.map(|place| (place, heartbeat.clone())).collect();
        to_give.extend(next.sent.values().map(|sent| arrival(sent)));
        while let Some((place, input)) = to_give.pop() {
            let server = &next.servers[place];
            if server.part() == Part::Crashed {
                continue;
            }
            let stepped = server.step(&input, &self.making);
            if stepped.server.digest() != server.digest() {
                continue;
            }
            for (digest, sent) in letters(server.id(), stepped.sent) {
                if !next.sent.contains_key(&digest) && !self.is_over(&next.servers, &sent) {
                    to_give.push(arrival(&sent));
                    next.sent.insert(digest, sent);
                }
            }
        }
    }

    /// Whether a message is ignored by its receiver, now and ever after: an answer in a term that is
    /// over, or to who does not wait for it any more.
    fn is_over(&self, servers: &[Arc<Server>], sent: &Sent) -> bool {
        let away = &self.bounds.ablated;
        if away.contains(Rule::OldReply) || away.contains(Rule::StartElection) {
            return false;
        }
        let receiver = &servers[place_of(sent.to)];
        let waits = match &sent.message {
            Message::RequestVoteReply(_) => receiver.part() == Part::Candidate,
            Message::AppendEntriesReply(_) | Message::InstallSnapshotReply(_) => {
                matches!(receiver.part(), Part::Candidate | Part::Leader)
            }
            Message::PreVoteReply(_) => true,
            Message::RequestVote(_)
            | Message::AppendEntries(_)
            | Message::InstallSnapshot(_)
            | Message::PreVote(_)
            | Message::TimeoutNow(_) => return false,
        };
        let (term, now) = (sent.message.term(), receiver.term());
        term < now || (term == now && !waits)
    }
}

impl Cluster {
    /// What is broken.
    #[must_use]
    pub const fn broken(&self) -> Option<Invariant> {
        self.broken
    }
}

impl Hash for Cluster {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            spent,
            promised,
            servers,
            sent,
            broken,
        } = self;
        (spent, promised, servers, broken).hash(state);
        for digest in sent.keys() {
            digest.hash(state);
        }
    }
}

impl PartialEq for Cluster {
    fn eq(&self, other: &Self) -> bool {
        Digest::of(self) == Digest::of(other)
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (&self.servers, self.sent.values(), self.broken).fmt(out)
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        let of = |given: &Self| (given.place, given.message, format!("{:?}", given.input));
        of(self) == of(other)
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.place, &self.input).fmt(out)
    }
}

/// Of which bound it uses something up.
fn uses_up(given: &Given, saturates: bool) -> Option<Bounded> {
    match given.input {
        Input::Receive(..) => {
            let stays = given.message.is_some_and(|(_, stays)| stays);
            (stays && !saturates).then_some(Bounded::Copies)
        }
        Input::Fire(_) | Input::Restart => None,
        Input::Propose(_) => Some(Bounded::Commands),
        Input::Snapshot => Some(Bounded::Snapshots),
        Input::Read => Some(Bounded::Reads),
        Input::Transfer(_) => Some(Bounded::Transfers),
        Input::Reconfigure(_) => Some(Bounded::Changes),
        Input::Crash => Some(Bounded::Crashes),
    }
}

fn place_of(id: NodeId) -> usize {
    usize::from(id.0).saturating_sub(1)
}

fn arrival(sent: &Sent) -> (usize, Input) {
    let input = Input::Receive(sent.from, sent.message.clone());
    (place_of(sent.to), input)
}

fn letters(
    from: NodeId,
    sent: Vec<raft_core::Envelope<Command>>,
) -> impl Iterator<Item = (u64, Arc<Sent>)> {
    sent.into_iter().map(move |envelope| {
        let sent = Sent {
            from,
            to: envelope.to,
            message: envelope.message,
        };
        (Digest::of(&sent), Arc::new(sent))
    })
}
