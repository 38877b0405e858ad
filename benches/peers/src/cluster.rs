//! A cluster in one thread, whoever made its servers.
//!
//! [`Server`] is what a contestant has to be able to do, and [`Host`] is what
//! surrounds it: the network, an inbox a server, and a state machine a server
//! that remembers how many commands it was given and a digest of them.
//!
//! A server is handed everything in its inbox before it is asked what it has
//! to write, send and apply. All contestants' documentation asks for such a
//! loop or is indifferent to it, and whoever can gather may do so.

use std::cell::Cell;
use std::{iter, mem};

/// What is proposed: 16 bytes.
pub(crate) type Command = [u8; 16];

/// After how many applied commands a server's log is compacted.
const COMPACTED_EVERY: u64 = 4096;

/// One server of a contestant's making. Servers are numbered from 0.
pub(crate) trait Server: Sized {
    /// What the tables call it.
    const NAME: &'static str;

    /// What its servers send each other.
    type Message;

    /// A server that beats every tick and stands for election after 10 to 20.
    fn new(me: usize, servers: usize, applied_by: AppliedBy) -> Self;

    fn is_leader(&self) -> bool;

    fn tick(&mut self, host: &mut Host<Self::Message>);

    fn propose(&mut self, commands: &[Command], host: &mut Host<Self::Message>);

    fn receive(&mut self, from: usize, message: Self::Message, host: &mut Host<Self::Message>);

    /// Writes, sends and applies whatever there is to write, send and apply.
    fn ready(&mut self, host: &mut Host<Self::Message>);

    /// Drops from the log what the state machine has been given.
    fn compact(&mut self);
}

/// By when each server has to have applied a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppliedBy {
    /// Before the next is proposed.
    NextBatch,
    /// When the round is over.
    EndOfRound,
}

/// What surrounds the servers.
pub(crate) struct Host<M> {
    me: usize,
    inboxes: Vec<Vec<Sent<M>>>,
    machines: Vec<Machine>,
    messages: u64,
    /// Whether a server has applied so much that its log is to be compacted.
    compaction_due: bool,
}

/// What has been sent to a server, and by whom. A `Cell` leaves an `Option` no
/// bits of its own to be told by, so that whoever looks whether there is a
/// message does not take it apart.
struct Sent<M> {
    message: Cell<M>,
    from: usize,
}

/// A state machine: what was applied, and how much since the last compaction.
#[derive(Clone, Copy, Default)]
struct Machine {
    applied: u64,
    digest: u64,
    since_compaction: u64,
}

/// Servers and their host.
pub(crate) struct Cluster<S: Server> {
    servers: Vec<S>,
    host: Host<S::Message>,
    /// The inboxes that are being emptied, while the host fills others.
    full: Vec<Vec<Sent<S::Message>>>,
    /// How many messages have been carried, of those that were sent.
    carried: u64,
    leader: usize,
    proposed: u64,
    batch: Vec<Command>,
    applied_by: AppliedBy,
    compacts: bool,
}

impl<M> Host<M> {
    /// Puts `message` into the inbox of server `to`.
    pub(crate) fn send(&mut self, to: usize, message: M) {
        self.messages += 1;
        self.inboxes[to].push(Sent {
            message: Cell::new(message),
            from: self.me,
        });
    }

    /// Applies `command` at the server whose turn it is.
    pub(crate) fn apply(&mut self, command: &Command) {
        let machine = &mut self.machines[self.me];
        let value = u64::from_le_bytes(*command.first_chunk().expect("it has 16 bytes"));
        machine.applied += 1;
        machine.since_compaction += 1;
        self.compaction_due |= machine.since_compaction >= COMPACTED_EVERY;
        machine.digest = machine.digest.rotate_left(5) ^ value;
    }
}

impl<S: Server> Cluster<S> {
    /// A cluster whose server 0 leads.
    pub(crate) fn new(servers: usize, batch: usize, applied_by: AppliedBy) -> Self {
        let mut cluster = Self {
            servers: (0..servers)
                .map(|me| S::new(me, servers, applied_by))
                .collect(),
            host: Host {
                me: 0,
                inboxes: iter::repeat_with(Vec::new).take(servers).collect(),
                machines: vec![Machine::default(); servers],
                messages: 0,
                compaction_due: false,
            },
            carried: 0,
            full: iter::repeat_with(Vec::new).take(servers).collect(),
            leader: 0,
            proposed: 0,
            batch: vec![[0; 16]; batch],
            applied_by,
            compacts: true,
        };
        while !cluster.servers[cluster.leader].is_leader() {
            cluster.tick(cluster.leader);
            cluster.settle();
        }
        cluster
    }

    /// The same cluster, but its logs keep everything.
    pub(crate) fn without_compaction(mut self) -> Self {
        self.compacts = false;
        self
    }

    /// Proposes so many batches; when it returns, all are applied everywhere.
    pub(crate) fn run(&mut self, batches: u64) {
        for _ in 0..batches {
            for command in &mut self.batch {
                self.proposed += 1;
                *command = u128::from(self.proposed).to_le_bytes();
            }
            self.host.me = self.leader;
            let leader = &mut self.servers[self.leader];
            leader.propose(&self.batch, &mut self.host);
            leader.ready(&mut self.host);
            self.settle();
            if self.applied_by == AppliedBy::NextBatch {
                self.finish();
            }
            if self.host.compaction_due && self.compacts {
                self.compact();
            }
        }
        self.finish();
    }

    /// How many commands every server has applied.
    pub(crate) fn applied(&self) -> u64 {
        let applied = self.host.machines.iter().map(|machine| machine.applied);
        applied.min().unwrap_or(0)
    }

    /// What the servers have applied, which has to be the same.
    pub(crate) fn digest(&self) -> u64 {
        let digest = self.host.machines[0].digest;
        assert!(
            self.host
                .machines
                .iter()
                .all(|machine| machine.digest == digest),
            "the servers of {} have applied different commands",
            S::NAME
        );
        digest
    }

    /// How many messages have been carried.
    pub(crate) const fn messages(&self) -> u64 {
        self.host.messages
    }

    /// A server that follows.
    pub(crate) fn follower(&self) -> &S {
        &self.servers[self.servers.len() - 1]
    }

    /// Lets ticks pass until heartbeats have told everybody what is committed.
    fn finish(&mut self) {
        while self.applied() < self.proposed {
            for server in 0..self.servers.len() {
                self.tick(server);
            }
            self.settle();
        }
    }

    fn tick(&mut self, server: usize) {
        self.host.me = server;
        self.servers[server].tick(&mut self.host);
        self.servers[server].ready(&mut self.host);
    }

    /// Carries messages until there are none.
    fn settle(&mut self) {
        while self.carried < self.host.messages {
            self.carried = self.host.messages;
            mem::swap(&mut self.full, &mut self.host.inboxes);
            let turns = self.servers.iter_mut().zip(&mut self.full);
            for (me, (server, inbox)) in turns.enumerate() {
                if inbox.is_empty() {
                    continue;
                }
                self.host.me = me;
                for Sent { message, from } in inbox.drain(..) {
                    server.receive(from, message.into_inner(), &mut self.host);
                }
                server.ready(&mut self.host);
            }
        }
    }

    fn compact(&mut self) {
        self.host.compaction_due = false;
        for (me, server) in self.servers.iter_mut().enumerate() {
            let machine = &mut self.host.machines[me];
            if machine.since_compaction >= COMPACTED_EVERY {
                machine.since_compaction = 0;
                self.host.me = me;
                server.compact();
                server.ready(&mut self.host);
            }
        }
    }
}
