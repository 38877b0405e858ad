//! Everything that anyone can do to a World.
//!
//! A click on the page, a line of a playbook, a fuzzer's input and a saved run are all lists of
//! these. An Action says only *what* is wanted; whether the World can do it at that instant
//! (say, whether that message is still in flight) is for the World to answer. Each Action has
//! one text form, which [`raft_play::text`] parses and prints.

use raft_core::{Index, NodeId, Payload, Term};

use crate::client::{ClientId, Operation, ReadBy};
use crate::command::Command;
use crate::delay::Delay;
use crate::ids::{Between, MessageId};
use crate::network::Model;
use crate::said::MessageKind;
use crate::time::{Micros, MicrosRange};
use crate::which::{Handling, Mishap, Which};

/// One thing done to a World from outside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// Let this many events happen.
    Step(u64),
    /// Let this much time pass, with all that happens in it.
    Run(Micros),
    /// One server is offered commands, in this order.
    Propose {
        /// The server that is asked; only a leader accepts.
        server: NodeId,
        /// At least one command.
        commands: Vec<Command>,
    },
    /// One server is asked for a linearizable read.
    Read(NodeId),
    /// A client wants something of the key-value store, and asks until it is answered.
    Ask {
        /// Who.
        client: ClientId,
        /// What.
        operation: Operation,
    },
    /// Clients make up operations of their own from now on.
    Work {
        /// `None` means every client.
        client: Option<ClientId>,
        /// How many keys they use, from 1 to [`crate::client::work::WORK_KEYS_MAX`].
        keys: u8,
        /// How long they wait after an answer, 1 ms or more.
        every: MicrosRange,
        /// Whether all that they do is read.
        reads_only: bool,
        /// How they read.
        by: ReadBy,
    },
    /// Clients make up no more operations; `None` means every client.
    Rest(Option<ClientId>),
    /// How long requests and answers of clients sent from now on are under way.
    ClientLatency(Delay),
    /// How many of a thousand requests and answers of clients sent from now on are lost.
    ClientLoss(u16),
    /// Somebody asks a leader to hand its leadership over.
    Transfer {
        /// The leader.
        from: NodeId,
        /// Its successor.
        to: NodeId,
    },
    /// Somebody asks a leader to change who takes part.
    Reconfigure {
        /// The leader.
        server: NodeId,
        /// Who shall vote, at least one.
        voters: Vec<NodeId>,
        /// Who shall be sent the log without a vote.
        learners: Vec<NodeId>,
    },
    /// The server stops and forgets all that was not durable.
    Crash(NodeId),
    /// The same in the middle of a write, of which only a part is kept.
    CrashTorn(NodeId),
    /// A crashed server starts again from what was durable.
    Restart(NodeId),
    /// A crashed server starts again with the disk that it had when the cluster began: what it
    /// kept is lost, which Raft does not survive.
    RestartEmpty(NodeId),
    /// The server freezes, and keeps all it knows.
    Pause(NodeId),
    /// A paused server goes on.
    Resume(NodeId),
    /// The server's network cable is pulled; it keeps running.
    Disconnect(NodeId),
    /// The cable is plugged in again.
    Connect(NodeId),
    /// No message passes here any more.
    Cut(Between),
    /// Messages pass here again; `None` heals and unclogs every link and connects every server.
    Heal(Option<Between>),
    /// Messages wait here.
    Clog(Between),
    /// Messages that wait here arrive, and no more wait; `None` means every link.
    Unclog(Option<Between>),
    /// Cuts every link between these groups and heals those inside each.
    Partition(Vec<Vec<NodeId>>),
    /// A message in flight is lost.
    Drop(MessageId),
    /// A message in flight will arrive twice.
    Duplicate(MessageId),
    /// A message in flight arrives now.
    Deliver(MessageId),
    /// A message in flight arrives later than it would have.
    Delay {
        /// The message.
        message: MessageId,
        /// How much later.
        by: Micros,
    },
    /// The server's election timer fires now.
    Timeout(NodeId),
    /// The server's persistent state is changed behind its back.
    Rewrite {
        /// The server.
        server: NodeId,
        /// What is changed.
        edit: Edit,
    },
    /// The server compacts its log up to its last applied entry.
    Snapshot(NodeId),
    /// How long messages sent from now on are under way.
    Latency {
        /// From the first to the second server; `None` means every link.
        link: Option<(NodeId, NodeId)>,
        /// What each delay is drawn from.
        delay: Delay,
    },
    /// How many of the messages sent from now on are lost.
    Loss {
        /// From the first to the second server; `None` means every link.
        link: Option<(NodeId, NodeId)>,
        /// Of a thousand messages; at most 1000.
        permille: u16,
    },
    /// How many of the messages sent from now on arrive twice.
    Duplication {
        /// From the first to the second server; `None` means every link.
        link: Option<(NodeId, NodeId)>,
        /// Of a thousand messages; at most 1000.
        permille: u16,
    },
    /// How many of the messages sent from now on take longer, so that others overtake them.
    Reordering {
        /// From the first to the second server; `None` means every link.
        link: Option<(NodeId, NodeId)>,
        /// Of a thousand messages; at most 1000.
        permille: u16,
        /// What is added to their delay is drawn from this.
        by: MicrosRange,
    },
    /// What decides over delays and losses from now on.
    Network(Model),
    /// How long a write takes to become durable.
    Disk {
        /// `None` means every server.
        server: Option<NodeId>,
        /// What each delay is drawn from.
        range: MicrosRange,
    },
    /// Whether writes become durable one after the other, or each as soon as it can.
    DiskOrder {
        /// `None` means every server.
        server: Option<NodeId>,
        /// Whether one write waits for the other.
        in_order: bool,
    },
    /// The server's disk finishes no write any more.
    Stall(NodeId),
    /// The server's disk works again.
    Unstall(NodeId),
    /// How fast the server's clock runs.
    ClockRate {
        /// The server.
        server: NodeId,
        /// In thousandths of the right rate, from 1 to [`crate::clock::RATE_MAX`].
        permille: u16,
    },
    /// The server's clock is set.
    ClockJump {
        /// The server.
        server: NodeId,
        /// To where, seen from what it shows.
        jump: Jump,
    },
    /// This is done to the next of such messages, as soon as it is sent.
    Next {
        /// Of which.
        which: Which,
        /// What is done.
        handling: Handling,
    },
    /// What befalls the messages of one kind that are sent from now on, besides what befalls all.
    OfKind {
        /// Of which kind.
        kind: MessageKind,
        /// From the first to the second server; `None` means every link.
        link: Option<(NodeId, NodeId)>,
        /// What befalls them.
        mishap: Mishap,
    },
    /// Whether a disk keeps what it reports written, or a crash loses it.
    DiskSyncs {
        /// `None` means every server.
        server: Option<NodeId>,
        /// Whether it does.
        syncs: bool,
    },
    /// Whether a disk fails each write, at which the server stops.
    DiskFails {
        /// `None` means every server.
        server: Option<NodeId>,
        /// Whether it does.
        fails: bool,
    },
    /// What lies on the server's disk is copied and put aside.
    Backup(NodeId),
    /// A crashed server starts again with what was put aside: what it has kept since is lost,
    /// which Raft does not survive.
    RestartBackup(NodeId),
    /// How much passes at once of the messages sent from now on.
    Bandwidth {
        /// From the first to the second server; `None` means every link.
        link: Option<(NodeId, NodeId)>,
        /// How many bytes a second, from 1 to [`crate::network::BANDWIDTH_MAX`]; `None` means as
        /// many as are sent.
        bytes_per_second: Option<u32>,
    },
}

impl Action {
    /// The commands that this Action brings into the World.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        let (proposed, written, single) = match self {
            Action::Propose { commands, .. } => (commands.as_slice(), [].as_slice(), None),
            Action::Rewrite { edit, .. } => match edit {
                Edit::Log(entries) | Edit::Snapshot(entries) => {
                    ([].as_slice(), entries.as_slice(), None)
                }
                Edit::Entry { payload, .. } => ([].as_slice(), [].as_slice(), Some(payload)),
                _ => ([].as_slice(), [].as_slice(), None),
            },
            _ => ([].as_slice(), [].as_slice(), None),
        };
        let written = written.iter().map(|(_, payload)| payload).chain(single);
        let written = written.filter_map(|payload| match payload {
            Payload::Command(command) => Some(command),
            Payload::NoOp | Payload::Configuration(_) => None,
        });
        proposed.iter().chain(written)
    }
}

/// A change to a server's persistent state or commit index that no protocol step would make.
///
/// This is how a disagreement between logs is brought about on purpose, to see what Raft does
/// with it. Terms need not grow along a log, nor commands agree with anyone's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Replaces the whole log after the snapshot.
    Log(Vec<(Term, Payload<Command>)>),
    /// Overwrites one entry, or appends when the index is one past the last.
    Entry {
        /// Where.
        index: Index,
        /// The term that the entry will carry.
        term: Term,
        /// What the entry will hold: a command, or nothing (`no-op`).
        payload: Payload<Command>,
    },
    /// Deletes one entry; those after it move down by one.
    Delete(Index),
    /// Deletes this entry and all after it.
    Truncate(Index),
    /// Sets `currentTerm`.
    Term(Term),
    /// Sets `votedFor`.
    VotedFor(Option<NodeId>),
    /// Sets `commitIndex`.
    Commit(Index),
    /// Replaces the snapshot by one of these entries, the first of all logs and those after it;
    /// of the log, only what follows them directly stays.
    Snapshot(Vec<(Term, Payload<Command>)>),
    /// Replaces the members in the latest configuration of the log, or in the snapshot's where
    /// the log has none.
    Configuration {
        /// Who votes, at least one.
        voters: Vec<NodeId>,
        /// Who is sent the log without a vote.
        learners: Vec<NodeId>,
    },
}

/// A clock's being set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Jump {
    /// It shows a later time at once.
    Ahead(Micros),
    /// It shows an earlier time.
    Back(Micros),
}

impl Handling {
    /// This, done to one message that is under way.
    #[must_use]
    pub const fn of(self, message: MessageId) -> Action {
        match self {
            Self::Drop => Action::Drop(message),
            Self::Duplicate => Action::Duplicate(message),
            Self::Deliver => Action::Deliver(message),
            Self::Delay(by) => Action::Delay { message, by },
        }
    }
}
