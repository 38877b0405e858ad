//! A cluster of real nodes on a network of which some links are cut.
//!
//! It is simpler than raft-sim and far faster: disks take no time, a message takes a time
//! drawn from the seed, and no history is kept.

use std::collections::BTreeMap;

use raft_core::{
    Conduct, Config, Configuration, Index, Message, Node, NodeId, Persistent, Rule, RuleSet,
    Settings, Term, Ticks,
};

use super::pattern::Pattern;

/// The longest election timeout of the default settings, the unit of everything else.
pub(crate) const TIMEOUT: u64 = 1000;
/// A leader has to last from this instant on at the latest.
pub(crate) const BOUND: u64 = 20 * TIMEOUT;
/// A leader lasts if it leads for this long: a term raised by a server that hears no leader, after
/// one timeout at the latest, reaches every server that it can, through up to three others,
/// within four.
pub(crate) const LASTING: u64 = 6 * TIMEOUT;

/// How often the leaders are determined.
const LOOK: u64 = 100;
/// How often a command is proposed to each leader, and how long it may take to commit it.
const OFFER: u64 = 500;
/// A message takes at least this long, and less than twice as long.
const LATENCY: u64 = 10;

/// The servers follow all rules but these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Ablated(pub(crate) RuleSet);

impl Conduct for Ablated {
    fn keeps(&self, rule: Rule) -> bool {
        !self.0.contains(rule)
    }
}

/// How the servers are set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Setting {
    pub(crate) pre_vote: bool,
    pub(crate) check_quorum: bool,
}

impl Setting {
    pub(crate) const fn new(pre_vote: bool, check_quorum: bool) -> Self {
        Self {
            pre_vote,
            check_quorum,
        }
    }
}

/// Running servers, and the messages in flight between them.
#[derive(Clone)]
pub(crate) struct Cluster {
    /// Those that are up.
    servers: Vec<Option<Server>>,
    links: Pattern,
    now: u64,
    /// Messages in flight, by when they arrive and in which order they were sent.
    flights: BTreeMap<(u64, u64), Flight>,
    sent: u64,
    seed: u64,
}

#[derive(Clone)]
struct Server {
    node: Node<u32, Ablated>,
    /// The time up to which it has been advanced.
    seen: u64,
    /// When it acts by itself.
    due: u64,
    tenure: Tenure,
}

/// How long a server has led one term and committed what was proposed to it.
#[derive(Clone, Copy, Default)]
struct Tenure {
    term: Term,
    since: u64,
    /// The last command proposed to it, and when.
    offered: Option<(Index, u64)>,
}

#[derive(Clone)]
struct Flight {
    from: usize,
    to: usize,
    message: Message<u32>,
}

impl Cluster {
    /// This many servers as they are when they first start.
    pub(crate) fn new(servers: usize, setting: Setting, seed: usize, ablated: RuleSet) -> Self {
        let seed = mixed(seed as u64);
        let id = |server: usize| NodeId(u16::try_from(server + 1).expect("few servers"));
        let settings = Settings {
            pre_vote: setting.pre_vote,
            check_quorum: setting.check_quorum,
            ..Settings::default()
        };
        let voters = Configuration::new((0..servers).map(id), []).expect("they differ");
        let start = |server: usize| {
            let config = Config::new(id(server), settings.clone()).expect("near the defaults");
            let disk = Persistent::bootstrap(voters.clone());
            let seed = mixed(seed ^ (server as u64) << 32);
            let node = Node::restart_with(config, disk, seed, Ablated(ablated));
            let due = node.ticks_to_deadline().0;
            Some(Server {
                node,
                seen: 0,
                due,
                tenure: Tenure::default(),
            })
        };
        Self {
            servers: (0..servers).map(start).collect(),
            links: Pattern::whole(servers),
            now: 0,
            flights: BTreeMap::new(),
            sent: 0,
            seed,
        }
    }

    /// The same after a while in which `leader` led and no link was cut.
    pub(crate) fn led_by(mut self, leader: usize) -> Self {
        if let Some(server) = &mut self.servers[leader] {
            server.node.fire(raft_core::Timer::Election);
        }
        self.serve(leader);
        let end = 2 * TIMEOUT + mixed(self.seed) % TIMEOUT;
        while self.now + LOOK < end {
            self.pass_to(self.now + LOOK);
            self.look();
        }
        self.pass_to(end);
        let node = self.servers[leader].as_ref().map(|server| &server.node);
        let is_well = |node: &Node<_, _>| node.role().is_leader() && node.commit_index().0 > 1;
        assert!(node.is_some_and(is_well), "nothing was in its way");
        self
    }

    /// Only these links work from now on; messages in flight on others are lost.
    pub(crate) fn cut(&mut self, links: Pattern) {
        self.links = links;
        self.flights
            .retain(|_, flight| links.has(flight.from, flight.to));
        for server in self.servers.iter_mut().flatten() {
            server.tenure = Tenure::default();
        }
    }

    /// A server crashes, and does not come back.
    pub(crate) fn crash(&mut self, server: usize) {
        self.servers[server] = None;
        self.flights.retain(|_, flight| flight.to != server);
    }

    /// How long it takes until there is a leader that lasts, if that is within [`BOUND`].
    pub(crate) fn settles(mut self) -> Option<u64> {
        let start = self.now;
        loop {
            self.pass_to(self.now + LOOK);
            self.look();
            let bound = start + BOUND;
            let leads = |server: &&Server| server.node.role().is_leader();
            let tenures = self.servers.iter().flatten().filter(leads);
            let since = tenures.map(|server| server.tenure.since).min();
            match since {
                Some(since) if since > bound => return None,
                None if self.now > bound => return None,
                Some(since) if self.now >= since + LASTING => return Some(since - start),
                _ => {}
            }
        }
    }

    /// Finds the leaders, and proposes a command to each once it has committed the last.
    fn look(&mut self) {
        for place in 0..self.servers.len() {
            let now = self.now;
            let Some(server) = &mut self.servers[place] else {
                continue;
            };
            let (term, tenure) = (server.node.hard_state().current_term, &mut server.tenure);
            if !server.node.role().is_leader() {
                continue;
            }
            if tenure.term != term {
                *tenure = Tenure {
                    term,
                    since: now,
                    offered: None,
                };
            }
            if let Some((index, at)) = tenure.offered {
                let is_late = now >= at + OFFER;
                if server.node.commit_index() < index {
                    if is_late {
                        tenure.since = now;
                    }
                    continue;
                }
                if !is_late {
                    continue;
                }
            }
            server.pass_to(now);
            let (index, _) = server.node.propose(0).expect("it leads, and holds little");
            server.tenure.offered = Some((index, now));
            self.serve(place);
        }
    }

    /// Lets everything happen until then.
    fn pass_to(&mut self, end: u64) {
        loop {
            let due = self.servers.iter().enumerate();
            let due = due.filter_map(|(place, server)| Some((server.as_ref()?.due, place)));
            let due = due.min().unwrap_or((u64::MAX, 0));
            let arrival = self.flights.keys().next().copied();
            match arrival {
                Some(key) if key.0 < due.0 && key.0 <= end => {
                    self.now = key.0;
                    self.arrive(key);
                }
                _ if due.0 <= end => {
                    self.now = due.0;
                    if let Some(server) = &mut self.servers[due.1] {
                        server.pass_to(due.0);
                    }
                    self.serve(due.1);
                }
                _ => break,
            }
        }
        self.now = end;
    }

    fn arrive(&mut self, key: (u64, u64)) {
        let Some(flight) = self.flights.remove(&key) else {
            return;
        };
        if let Some(server) = &mut self.servers[flight.to] {
            let from = NodeId(u16::try_from(flight.from + 1).expect("few servers"));
            server.pass_to(self.now);
            server.node.receive(from, flight.message);
            self.serve(flight.to);
        }
    }

    /// Does all that a server asks for, until it asks for nothing more.
    fn serve(&mut self, place: usize) {
        let Some(server) = &mut self.servers[place] else {
            return;
        };
        let node = &mut server.node;
        loop {
            if let Some(write) = node.take_write() {
                node.durable(write.id);
            } else if let Some(envelope) = node.poll_message() {
                let to = usize::from(envelope.to.0) - 1;
                if self.links.has(place, to) {
                    self.sent += 1;
                    let lot = mixed(self.seed ^ self.sent << 20);
                    let at = self.now + LATENCY + lot % LATENCY;
                    let flight = Flight {
                        from: place,
                        to,
                        message: envelope.message,
                    };
                    self.flights.insert((at, self.sent), flight);
                }
            } else if node.poll_apply().is_none() {
                break;
            }
        }
        server.due = self.now + node.ticks_to_deadline().0;
    }
}

impl Server {
    fn pass_to(&mut self, now: u64) {
        self.node.advance(Ticks(now - self.seen));
        self.seen = now;
    }
}

/// A number in which nothing of `value` is seen any more (SplitMix64).
pub(crate) const fn mixed(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
