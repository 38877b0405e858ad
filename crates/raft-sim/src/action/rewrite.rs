//! What is changed behind a server's back.

use raft_core::{Entry, Index, NodeId, Payload, Term};

use super::renaming::{Nameless, Renaming};
use super::servers::Members;
use crate::bounded::Bounded;
use crate::command::{COMMAND_BYTES_MAX, COMMANDS_MAX, Command};

/// The largest term that a rewriting can set. An event raises a term by one at most, and a run has
/// a million of them: so no term ever has more than seven digits, and the page has room for them.
pub const TERM_MAX: u64 = 1_000_000;

/// A `currentTerm` that a rewriting sets.
pub type WrittenTerm = Bounded<u64, 0, TERM_MAX>;

/// The term of an entry that a rewriting writes.
pub type EntryTerm = Bounded<u64, 1, TERM_MAX>;

/// Something that is changed of what a server keeps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RewriteAction {
    /// The server.
    pub server: NodeId,
    /// What is changed.
    pub edit: Edit,
}

/// A change to a server's persistent state or commit index that no protocol step would make.
///
/// This is how a disagreement between logs is brought about on purpose, to see what Raft does
/// with it. Terms need not grow along a log, nor commands agree with anyone's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Replaces the whole log after the snapshot.
    Log(Entries),
    /// Overwrites one entry, or appends when the index is one past the last.
    Entry {
        /// Where.
        index: Index,
        /// The term that the entry will carry.
        term: EntryTerm,
        /// What the entry will hold.
        held: Held,
    },
    /// Deletes one entry; those after it move down by one.
    Delete(Index),
    /// Deletes this entry and all after it.
    Truncate(Index),
    /// Sets `currentTerm`.
    Term(WrittenTerm),
    /// Sets `votedFor`.
    VotedFor(Option<NodeId>),
    /// Sets `commitIndex`.
    Commit(Index),
    /// Replaces the snapshot by one of these entries, the first of all logs and those after it;
    /// of the log, only what follows them directly stays.
    Snapshot(Entries),
    /// Replaces the members in the latest configuration of the log, or in the snapshot's where
    /// the log has none.
    Configuration(Members),
}

/// What a written entry holds. Unlike other entries it holds no configuration, which no line
/// can say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Held {
    /// A command.
    Command(Command),
    /// Nothing.
    NoOp,
}

/// Written entries: as many as one Action may write.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entries(Vec<(EntryTerm, Held)>);

impl Held {
    /// The same in any entry.
    #[must_use]
    pub fn payload(&self) -> Payload<Command> {
        match self {
            Self::Command(command) => Payload::Command(command.clone()),
            Self::NoOp => Payload::NoOp,
        }
    }

    /// The command, if it is one.
    #[must_use]
    pub const fn command(&self) -> Option<&Command> {
        match self {
            Self::Command(command) => Some(command),
            Self::NoOp => None,
        }
    }
}

impl Entries {
    /// These entries; nothing if they are more than [`COMMANDS_MAX`], or hold more than
    /// [`COMMAND_BYTES_MAX`].
    #[must_use]
    pub fn new(entries: Vec<(EntryTerm, Held)>) -> Option<Self> {
        let commands = entries.iter().filter_map(|(_, held)| held.command());
        let bytes: usize = commands.map(|command| command.as_str().len()).sum();
        let fits = entries.len() <= COMMANDS_MAX && bytes <= COMMAND_BYTES_MAX;
        fits.then_some(Self(entries))
    }

    /// The entries.
    #[must_use]
    pub fn get(&self) -> &[(EntryTerm, Held)] {
        &self.0
    }

    /// The same as a log has them.
    pub fn entries(&self) -> impl Iterator<Item = Entry<Command>> {
        let entries = self.0.iter();
        entries.map(|(term, held)| Entry {
            term: Term(term.get()),
            payload: held.payload(),
        })
    }
}

impl RewriteAction {
    pub(super) fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(Self {
            server: names.one(self.server)?,
            edit: self.edit.renamed(names)?,
        })
    }
}

impl Edit {
    fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(match self {
            Self::VotedFor(Some(id)) => Self::VotedFor(Some(names.one(*id)?)),
            Self::Configuration(members) => Self::Configuration(names.members(members)?),
            Self::VotedFor(None)
            | Self::Log(_)
            | Self::Snapshot(_)
            | Self::Entry { .. }
            | Self::Delete(_)
            | Self::Truncate(_)
            | Self::Term(_)
            | Self::Commit(_) => self.clone(),
        })
    }

    /// The commands that this brings into the World.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Command> {
        let (listed, single) = match self {
            Self::Log(entries) | Self::Snapshot(entries) => (entries.get(), None),
            Self::Entry { held, .. } => ([].as_slice(), Some(held)),
            Self::Delete(_)
            | Self::Truncate(_)
            | Self::Term(_)
            | Self::VotedFor(_)
            | Self::Commit(_)
            | Self::Configuration(_) => ([].as_slice(), None),
        };
        let held = listed.iter().map(|(_, held)| held).chain(single);
        held.filter_map(Held::command)
    }
}
