//! What is changed behind a server's back.

use std::sync::Arc;

use raft_core::{Configuration, Index, NodeId, Payload, Term};

use super::renaming::{Nameless, Renaming};
use crate::command::Command;

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

impl Edit {
    pub(super) fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        let all = |entries: &[(Term, Payload<Command>)]| {
            let entries = entries.iter();
            entries
                .map(|(term, held)| Ok((*term, payload(held, names)?)))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Self::Log(entries) => Self::Log(all(entries)?),
            Self::Snapshot(entries) => Self::Snapshot(all(entries)?),
            Self::Entry {
                index,
                term,
                payload: held,
            } => Self::Entry {
                index: *index,
                term: *term,
                payload: payload(held, names)?,
            },
            Self::VotedFor(Some(id)) => Self::VotedFor(Some(names.one(*id)?)),
            Self::Configuration { voters, learners } => Self::Configuration {
                voters: names.some(voters)?,
                learners: names.list(learners),
            },
            Self::VotedFor(None)
            | Self::Delete(_)
            | Self::Truncate(_)
            | Self::Term(_)
            | Self::Commit(_) => self.clone(),
        })
    }

    /// The commands that this brings into the World.
    pub(super) fn commands(&self) -> impl Iterator<Item = &Command> {
        let (listed, single) = match self {
            Self::Log(entries) | Self::Snapshot(entries) => (entries.as_slice(), None),
            Self::Entry { payload, .. } => ([].as_slice(), Some(payload)),
            Self::Delete(_)
            | Self::Truncate(_)
            | Self::Term(_)
            | Self::VotedFor(_)
            | Self::Commit(_)
            | Self::Configuration { .. } => ([].as_slice(), None),
        };
        let payloads = listed.iter().map(|(_, payload)| payload).chain(single);
        payloads.filter_map(|payload| match payload {
            Payload::Command(command) => Some(command),
            Payload::NoOp | Payload::Configuration(_) => None,
        })
    }
}

fn payload(held: &Payload<Command>, names: Renaming<'_>) -> Result<Payload<Command>, Nameless> {
    Ok(match held {
        Payload::Configuration(members) => {
            let lists = [members.voters(), members.outgoing(), members.learners()];
            let [voters, outgoing, learners] = lists.map(|ids| names.list(ids));
            let members = Configuration::joint(voters, outgoing, learners).map_err(|_| Nameless)?;
            Payload::Configuration(Arc::new(members))
        }
        Payload::Command(_) | Payload::NoOp => held.clone(),
    })
}
