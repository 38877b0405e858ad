//! Those who use the cluster: clients with sessions, and what they were answered.
//!
//! A client asks one operation after the other. It sends a request to the server that it believes
//! to lead, and asks again when no answer comes: the request or the answer may be lost, and the
//! server may lead no more. So the same request can be in the log twice. It carries the client's
//! name and a number, by which the state machine knows what it has done already and answers as
//! it did then (§8 of the paper, §6.3 of the dissertation).
//!
//! [`calls`] are the requests and answers under way, [`store`] is the state machine that they are
//! about, [`work`] draws operations where a client is to make up its own, and [`history`] is
//! what each was answered and when.

pub mod calls;
pub mod history;
pub mod store;
pub(crate) mod waiting;
pub mod work;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use raft_core::{Index, NodeId};

use crate::command::Command;
use crate::random::Stream;
use crate::time::Micros;

use work::Work;

/// The most clients that a cluster has.
pub const CLIENTS_MAX: u8 = 9;
/// So long a client waits for an answer before it asks the next server.
pub const ANSWER_WITHIN: Micros = Micros::from_millis(300);
/// So long a client waits when nobody seems to lead.
pub const ASK_AGAIN_AFTER: Micros = Micros::from_millis(50);
/// The most operations that wait at one client.
pub const QUEUE_MAX: usize = 10_000;

/// The name of a client, counted from 1; prints as `C1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u8);

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C{}", self.0)
    }
}

/// What a client wants of the key-value store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The key has this value from now on.
    Put {
        /// The key.
        key: Key,
        /// The value.
        value: Command,
    },
    /// This is added to the key's value.
    Append {
        /// The key.
        key: Key,
        /// What is added.
        value: Command,
    },
    /// What value has the key?
    Get {
        /// The key.
        key: Key,
        /// How the server makes sure of the answer.
        by: ReadBy,
    },
}

/// The name of a value: 1 to [`store::KEY_BYTES_MAX`] letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// The key of this name, if it is one.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let fits = (1..=store::KEY_BYTES_MAX).contains(&name.len());
        (fits && name.bytes().all(store::is_in_key)).then(|| Self(name.into()))
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a server makes sure that what it answers to a read is not out of date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ReadBy {
    /// The read is an entry of the log like any write.
    #[default]
    Log,
    /// The leader asks a majority whether it still leads, or rests on its lease where the
    /// cluster uses leases (§6.4 of the dissertation).
    ReadIndex,
    /// Not at all: whoever is asked answers from what it has applied, which may be out of date.
    Local,
}

impl ReadBy {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Log, Self::ReadIndex, Self::Local];

    /// Its word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::ReadIndex => "read-index",
            Self::Local => "local",
        }
    }
}

/// Somebody outside the cluster who uses it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Client {
    /// Who it is.
    pub id: ClientId,
    /// What it asks for now.
    pub asking: Option<Asking>,
    /// What it will ask for after that.
    pub queue: VecDeque<Operation>,
    /// What it was answered last; empty before that.
    pub last_answer: Arc<str>,
    /// Whom it will ask first.
    pub(crate) believes: NodeId,
    /// How many operations it has begun.
    pub(crate) begun: u64,
    /// What it does when nothing is in its queue.
    pub(crate) work: Option<Work>,
    pub(crate) draw: Stream,
}

/// An operation that is not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asking {
    /// Its number in the client's session.
    pub number: u64,
    /// What is asked for.
    pub operation: Operation,
    /// Whom the client has asked last.
    pub server: NodeId,
    /// Whom it has chosen last by itself, and not because it was sent there.
    pub(crate) chosen: NodeId,
    /// When it asks again.
    pub again_at: Micros,
    /// Whether an answer from the server is awaited, and not only the next attempt.
    pub is_sent: bool,
    /// How often it has been sent on to another server since it last waited: servers that send a
    /// client round in a circle must not keep it busy.
    pub(crate) redirects: u16,
}

impl Client {
    pub(crate) fn new(seed: u64, id: ClientId) -> Self {
        Self {
            id,
            asking: None,
            queue: VecDeque::new(),
            last_answer: "".into(),
            believes: NodeId(1),
            begun: 0,
            work: None,
            draw: Stream::new(seed, "client", u16::from(id.0), 0),
        }
    }

    /// When it does something by itself.
    pub(crate) fn due_at(&self) -> Option<Micros> {
        match (&self.asking, &self.work) {
            (Some(asking), _) => Some(asking.again_at),
            (None, Some(work)) => Some(work.next_at),
            (None, None) => None,
        }
    }

    /// When it was to begin its next operation is set anew once it has been answered.
    pub(crate) const fn forget_history(&mut self, now: Micros) {
        if let (Some(work), true) = (&mut self.work, self.asking.is_some()) {
            work.next_at = now;
        }
    }

    /// Changes all instants that it remembers.
    pub(crate) fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            id: _,
            asking,
            queue: _,
            last_answer: _,
            believes: _,
            begun: _,
            work,
            draw: _,
        } = self;
        if let Some(Asking {
            number: _,
            operation: _,
            server: _,
            chosen: _,
            again_at,
            is_sent: _,
            redirects: _,
        }) = asking
        {
            change(again_at);
        }
        if let Some(Work {
            keys: _,
            every: _,
            reads_only: _,
            by: _,
            next_at,
        }) = work
        {
            change(next_at);
        }
    }

    /// How many operations it has begun.
    #[must_use]
    pub const fn begun(&self) -> u64 {
        self.begun
    }

    /// Whether it makes up operations of its own.
    #[must_use]
    pub const fn works(&self) -> bool {
        self.work.is_some()
    }

    /// How many operations it waits for.
    #[must_use]
    pub fn pending(&self) -> usize {
        usize::from(self.asking.is_some()) + self.queue.len()
    }
}

/// What a server answers to a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is done.
    Done {
        /// The value that was read, or that a write has left.
        value: Arc<str>,
        /// Where in the order of all operations on this key it is: the index of the entry that
        /// wrote this value.
        position: Index,
    },
    /// It was not done here.
    Declined(crate::outcome::Declined),
}

impl Operation {
    /// Whether only a leader does it.
    pub(crate) const fn is_for_the_leader(&self) -> bool {
        !matches!(
            self,
            Self::Get {
                by: ReadBy::Local,
                ..
            }
        )
    }

    /// What it is about.
    #[must_use]
    pub const fn key(&self) -> &Key {
        match self {
            Self::Put { key, .. } | Self::Append { key, .. } | Self::Get { key, .. } => key,
        }
    }
}

/// Prints what it does, as it stands in a log: `x=3`, `x+=3` or `x?`.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { key, value } => write!(f, "{key}={value}"),
            Self::Append { key, value } => write!(f, "{key}+={value}"),
            Self::Get { key, .. } => write!(f, "{key}?"),
        }
    }
}
