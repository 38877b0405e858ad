//! One server: a node, its disk and its state machine, in one thread.
//!
//! The thread sleeps until something comes in or the node's next deadline is
//! reached. Then it lets the time pass that has passed, takes in all that
//! waits, and settles: it writes, sends, applies and answers. Whatever came in
//! together shares one sync of the disk.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use raft_core::{
    Apply, CompactError, Config, Configuration, Index, Message, Node, NodeId, Payload, ReadId,
    Settings, Term, Ticks,
};

use super::cluster::Network;
use super::machine::{Append, Machine};
use super::store::Store;

/// How long a tick is.
const TICK: Duration = Duration::from_millis(1);

/// After how many applied entries a snapshot takes the place of the log.
pub(crate) const COMPACT_AFTER: u64 = 32;

/// What comes in to a server.
pub(crate) enum Input {
    /// Another server says something.
    Message {
        from: NodeId,
        message: Message<Append>,
    },
    /// A client wants a command applied.
    Append {
        append: Append,
        answer: Sender<Answer>,
    },
    /// A client wants to know what is stored under a key.
    Read { key: String, answer: Sender<Answer> },
    /// Somebody looks at this server's own state, however old it is.
    Look(Sender<Look>),
    /// The machine breaks down: the thread ends, and its memory is lost.
    Crash,
}

/// What a client is told. A client whose channel is dropped knows nothing: its
/// command may be applied or not, and it asks again.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// The command is applied.
    Applied,
    /// What is stored under the key.
    Value(String),
    /// Ask this server, or another one where none is named.
    Elsewhere(Option<NodeId>),
}

/// A server's own state, as of now.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) last_applied: Index,
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) entries_kept: usize,
    /// How many snapshots of other servers it took over in this life.
    pub(crate) snapshots_loaded: usize,
}

pub(crate) struct Server {
    node: Node<Append>,
    store: Store,
    machine: Machine,
    network: Arc<Network>,
    /// The clients that wait for an entry: in which term it was proposed, as
    /// another leader's entry may come to stand there instead.
    proposed: BTreeMap<Index, (Term, Sender<Answer>)>,
    reads: BTreeMap<ReadId, (String, Sender<Answer>)>,
    snapshots_loaded: usize,
    started: Instant,
    ticks_passed: u64,
}

/// Pre-Vote and CheckQuorum, so that a server that comes back disturbs nobody
/// and a leader that is cut off says so.
fn settings() -> Settings {
    Settings {
        heartbeat: Ticks(15),
        election_timeout: Ticks(75)..=Ticks(150),
        entries_max: 256,
        // A new leader may read, and has committed what its predecessors
        // left, without waiting for a client.
        no_op: true,
        pre_vote: true,
        check_quorum: true,
        ..Settings::default()
    }
}

impl Server {
    /// Starts a server, for the first time or again, from what is in `folder`.
    pub(crate) fn start(
        id: NodeId,
        voters: Vec<NodeId>,
        folder: &Path,
        seed: u64,
        network: Arc<Network>,
    ) -> io::Result<Self> {
        let first = Configuration::new(voters, []).map_err(io::Error::other)?;
        let (store, persistent) = Store::open(folder, first)?;
        // The node begins after the snapshot, and so does the state machine.
        // Entries that follow come by `poll_apply` once they are committed.
        let machine = load(&persistent.snapshot.data)?;
        let config = Config::new(id, settings()).map_err(io::Error::other)?;
        Ok(Self {
            node: Node::restart(config, persistent, seed),
            store,
            machine,
            network,
            proposed: BTreeMap::new(),
            reads: BTreeMap::new(),
            snapshots_loaded: 0,
            started: Instant::now(),
            ticks_passed: 0,
        })
    }

    /// Serves until it crashes.
    pub(crate) fn run(mut self, inbox: &Receiver<Input>) -> io::Result<()> {
        loop {
            let mut next = match inbox.recv_timeout(self.until_deadline()) {
                Ok(input) => Some(input),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            // Time first: a message resets timers, and what passed before it
            // came must not count against them.
            self.pass_time();
            while let Some(input) = next {
                if matches!(input, Input::Crash) {
                    // Whatever came in since the last write is forgotten.
                    return Ok(());
                }
                self.take_in(input);
                next = inbox.try_recv().ok();
            }
            self.settle()?;
        }
    }

    fn until_deadline(&self) -> Duration {
        let ticks = self.ticks_passed + self.node.ticks_to_deadline().0;
        let deadline = TICK * u32::try_from(ticks).unwrap_or(u32::MAX);
        deadline.saturating_sub(self.started.elapsed())
    }

    /// Gives the node all ticks that have passed, also when that is late.
    fn pass_time(&mut self) {
        let ticks = self.started.elapsed().as_millis() / TICK.as_millis();
        let ticks = u64::try_from(ticks).unwrap_or(u64::MAX);
        self.node.advance(Ticks(ticks - self.ticks_passed));
        self.ticks_passed = ticks;
    }

    // An answer that nobody waits for any more is no error, here and below.
    fn take_in(&mut self, input: Input) {
        match input {
            Input::Message { from, message } => self.node.receive(from, message),
            Input::Append { append, answer } => match self.node.propose(append) {
                Ok((index, term)) => {
                    self.proposed.insert(index, (term, answer));
                }
                Err(_) => {
                    let _ = answer.send(self.elsewhere());
                }
            },
            Input::Read { key, answer } => match self.node.read() {
                Ok(id) => {
                    self.reads.insert(id, (key, answer));
                }
                Err(_) => {
                    let _ = answer.send(self.elsewhere());
                }
            },
            Input::Look(answer) => {
                let _ = answer.send(Look {
                    last_applied: self.node.last_applied(),
                    map: self.machine.map().clone(),
                    entries_kept: self.node.log().entries().len(),
                    snapshots_loaded: self.snapshots_loaded,
                });
            }
            Input::Crash => {}
        }
    }

    fn elsewhere(&self) -> Answer {
        Answer::Elsewhere(self.node.leader())
    }

    /// Does all that the node asks for. The order is free; this one spares
    /// waiting: a leader's entries leave while it writes them itself.
    fn settle(&mut self) -> io::Result<()> {
        self.compact()?;
        loop {
            self.send();
            let Some(write) = self.node.take_write() else {
                break;
            };
            if write.snapshot.is_some() {
                // No other write is under way, so that this is what the disk
                // would hold after `write`.
                self.store.replace(self.node.persistent())?;
            } else {
                self.store.append(&write)?;
            }
            self.node.durable(write.id);
        }
        self.apply()?;
        self.answer_reads();
        if !self.node.role().is_leader() {
            // Another leader decides now what becomes of these.
            self.proposed.clear();
        }
        Ok(())
    }

    fn send(&mut self) {
        let from = self.node.config().id();
        while let Some(envelope) = self.node.poll_message() {
            let message = envelope.message;
            self.network
                .send(envelope.to, Input::Message { from, message });
        }
    }

    fn apply(&mut self) -> io::Result<()> {
        while let Some(apply) = self.node.poll_apply() {
            match apply {
                Apply::Entry {
                    index,
                    term,
                    payload,
                } => {
                    if let Payload::Command(command) = payload {
                        self.machine.apply(command);
                    }
                    if let Some((proposed_in, answer)) = self.proposed.remove(&index)
                        && proposed_in == term
                    {
                        let _ = answer.send(Answer::Applied);
                    }
                }
                Apply::Snapshot(snapshot) => {
                    self.machine = load(&snapshot.data)?;
                    self.snapshots_loaded += 1;
                    // It does not say which entries it is made of.
                    self.proposed.clear();
                }
            }
        }
        Ok(())
    }

    fn answer_reads(&mut self) {
        while let Some(read) = self.node.poll_read() {
            let Some((key, answer)) = self.reads.remove(&read.id) else {
                continue;
            };
            let _ = answer.send(match read.outcome {
                Ok(_) => Answer::Value(self.machine.get(&key)),
                Err(not_leader) => Answer::Elsewhere(not_leader.leader),
            });
        }
    }

    /// Puts a snapshot in the place of the log once that has grown long.
    fn compact(&mut self) -> io::Result<()> {
        let applied = self.node.last_applied();
        let first = self.node.log().first_index();
        if applied.0 + 1 < first.0 + COMPACT_AFTER {
            return Ok(());
        }
        let data = Arc::from(self.machine.to_bytes());
        let compacted: Result<(), CompactError> = self.node.compact(applied, data);
        compacted.map_err(io::Error::other)
    }
}

fn load(data: &[u8]) -> io::Result<Machine> {
    Machine::from_bytes(data).ok_or_else(|| io::Error::other("the snapshot cannot be read"))
}
