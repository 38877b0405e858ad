//! Which fields of a server an event changed, with the values before and
//! after, under the names of the paper's Figure 2.

use std::fmt::{self, Formatter};

use raft_core::{Candidate, Entry, Index, Log, NodeId, PreCandidate, Role};

use crate::command::{Command, entry_text};
use crate::server::Server;

/// A field that an event changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// On which server.
    pub server: NodeId,
    /// Which field.
    pub field: ServerField,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// How many entries the server's log had before the event, whatever the event changed.
    pub log_length_before: u64,
}

/// A field of a server, under its name in Figure 2 where it stands there: `currentTerm`,
/// `nextIndex[S2]`, `log[3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerField {
    /// Whether it runs, is paused or has crashed.
    State,
    /// Its role.
    Role,
    /// `currentTerm`.
    CurrentTerm,
    /// `votedFor`.
    VotedFor,
    /// The members in the latest configuration that it has.
    Configuration,
    /// The leader that it knows.
    Leader,
    /// `commitIndex`.
    CommitIndex,
    /// `lastApplied`.
    LastApplied,
    /// `lastIncludedIndex` of its snapshot.
    LastIncludedIndex,
    /// The index of its last entry.
    LastIndex,
    /// How a voter has answered a candidate.
    Vote(NodeId),
    /// `nextIndex` for a follower.
    NextIndex(NodeId),
    /// `matchIndex` for a follower.
    MatchIndex(NodeId),
    /// The server to which it transfers its leadership.
    Transfer,
    /// The entries of its log from the first index to the last.
    Entries(Index, Index),
}

impl ServerField {
    /// The first and the last index, where it is entries of the log.
    #[must_use]
    pub const fn entries(self) -> Option<(Index, Index)> {
        if let Self::Entries(first, last) = self {
            Some((first, last))
        } else {
            None
        }
    }
}

impl fmt::Display for ServerField {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::State => f.write_str("state"),
            Self::Role => f.write_str("role"),
            Self::CurrentTerm => f.write_str("currentTerm"),
            Self::VotedFor => f.write_str("votedFor"),
            Self::Configuration => f.write_str("configuration"),
            Self::Leader => f.write_str("leader"),
            Self::CommitIndex => f.write_str("commitIndex"),
            Self::LastApplied => f.write_str("lastApplied"),
            Self::LastIncludedIndex => f.write_str("lastIncludedIndex"),
            Self::LastIndex => f.write_str("lastIndex"),
            Self::Vote(voter) => write!(f, "vote[{voter}]"),
            Self::NextIndex(peer) => write!(f, "nextIndex[{peer}]"),
            Self::MatchIndex(peer) => write!(f, "matchIndex[{peer}]"),
            Self::Transfer => f.write_str("transfer"),
            Self::Entries(first, last) if first == last => write!(f, "log[{first}]"),
            Self::Entries(first, last) => write!(f, "log[{first}..{last}]"),
        }
    }
}

/// The fields of one server at one instant, as text.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    server: NodeId,
    values: Vec<(ServerField, String)>,
    log: Option<Log<Command>>,
}

/// So many changed entries in a row are told one by one.
const ROW_MIN: u64 = 4;

impl Fields {
    /// Reads the fields of `server`.
    pub(crate) fn of(server: &Server) -> Self {
        let mut fields = Vec::new();
        let mut put = |field: ServerField, value: String| fields.push((field, value));
        let Some(running) = server.running() else {
            return Self::of_crashed(server);
        };
        let node = &running.node;
        let state = if running.paused { "paused" } else { "up" };
        put(ServerField::State, state.to_owned());
        put(ServerField::Role, role_name(node.role()).to_owned());
        put(
            ServerField::CurrentTerm,
            node.hard_state().current_term.to_string(),
        );
        put(
            ServerField::VotedFor,
            name_or_none(node.hard_state().voted_for),
        );
        put(ServerField::Configuration, node.configuration().to_string());
        put(ServerField::Leader, name_or_none(node.leader()));
        put(ServerField::CommitIndex, node.commit_index().to_string());
        put(ServerField::LastApplied, node.last_applied().to_string());
        put(
            ServerField::LastIncludedIndex,
            node.log().snapshot().last_included_index.to_string(),
        );
        put(ServerField::LastIndex, node.log().last_index().to_string());
        match node.role() {
            Role::Follower(_) => {}
            Role::PreCandidate(PreCandidate { votes, .. })
            | Role::Candidate(Candidate { votes, .. }) => {
                for (voter, granted) in votes.iter() {
                    let answer = if *granted { "granted" } else { "refused" };
                    put(ServerField::Vote(*voter), answer.to_owned());
                }
            }
            Role::Leader(leader) => {
                for (peer, progress) in leader.progress.iter() {
                    put(
                        ServerField::NextIndex(*peer),
                        progress.next_index.to_string(),
                    );
                    put(
                        ServerField::MatchIndex(*peer),
                        progress.match_index.to_string(),
                    );
                }
                if let Some(transfer) = leader.transfer {
                    put(ServerField::Transfer, transfer.to.to_string());
                }
            }
        }
        Self {
            server: server.id,
            values: fields,
            log: Some(node.log().clone()),
        }
    }

    /// A crashed server's fields: what its disk keeps, and nothing else.
    fn of_crashed(server: &Server) -> Self {
        let image = &server.disk.image;
        let (snapshot, hard_state) = (&image.snapshot, image.hard_state);
        let values = [
            (ServerField::State, "crashed".to_owned()),
            (
                ServerField::CurrentTerm,
                hard_state.current_term.to_string(),
            ),
            (ServerField::VotedFor, name_or_none(hard_state.voted_for)),
            (
                ServerField::Configuration,
                image.configuration().to_string(),
            ),
            (
                ServerField::LastIncludedIndex,
                snapshot.last_included_index.to_string(),
            ),
            (ServerField::LastIndex, image.last_index().to_string()),
        ];
        Self {
            server: server.id,
            values: values.into(),
            log: Some(Log::new(snapshot.clone(), image.entries.clone())),
        }
    }

    /// What differs in `after`.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<Change> {
        let log_length_before = self.log_length();
        let mut changes = Vec::new();
        let mut compare = |field: ServerField, before: &str, after: &str| {
            if before != after {
                changes.push(Change {
                    server: self.server,
                    field,
                    before: before.to_owned(),
                    after: after.to_owned(),
                    log_length_before,
                });
            }
        };
        for (field, value) in &after.values {
            compare(*field, find(&self.values, *field).unwrap_or("–"), value);
        }
        for (field, value) in &self.values {
            if find(&after.values, *field).is_none() {
                compare(*field, value, "–");
            }
        }
        changes.extend(self.log_changes(after));
        changes
    }

    fn log_length(&self) -> u64 {
        self.log
            .as_ref()
            .map_or(0, |log| log.entries().len() as u64)
    }

    /// The entries that differ, many in a row as one: `log[2..51]`.
    fn log_changes(&self, after: &Self) -> Vec<Change> {
        let (Some(before), Some(after)) = (&self.log, &after.log) else {
            return Vec::new();
        };
        let from = before.first_index().max(after.first_index());
        let to = before.last_index().max(after.last_index());
        let text = |entry: Option<&Entry<Command>>| {
            let none = || "–".to_owned();
            entry.map_or_else(none, entry_text)
        };
        let row = |log: &Log<Command>, first: Index, last: Index| {
            let ends = [text(log.get(first)), text(log.get(last))];
            if ends[0] == ends[1] {
                ends[0].clone()
            } else {
                ends.join(" … ")
            }
        };
        let mut changes = Vec::new();
        let mut push = |field, (before, after)| {
            if before != after {
                changes.push(Change {
                    server: self.server,
                    field,
                    before,
                    after,
                    log_length_before: self.log_length(),
                });
            }
        };
        for (first, last) in rows(before, after, from, to) {
            if last.0 - first.0 < ROW_MIN {
                for index in (first.0..=last.0).map(Index) {
                    let texts = (text(before.get(index)), text(after.get(index)));
                    push(ServerField::Entries(index, index), texts);
                }
            } else {
                let texts = (row(before, first, last), row(after, first, last));
                push(ServerField::Entries(first, last), texts);
            }
        }
        changes
    }
}

/// The first and the last index of each row of entries that differ.
fn rows(
    before: &Log<Command>,
    after: &Log<Command>,
    from: Index,
    to: Index,
) -> impl Iterator<Item = (Index, Index)> {
    let mut index = from;
    let mut step = move || {
        let here = index;
        index = index.next();
        (here <= to).then(|| (here, before.get(here) != after.get(here)))
    };
    std::iter::from_fn(move || {
        let mut first = None;
        let mut last = Index::ZERO;
        while let Some((here, differs)) = step() {
            if differs {
                first.get_or_insert(here);
                last = here;
            } else if first.is_some() {
                break;
            }
        }
        first.map(|first| (first, last))
    })
}

/// The role's name in English, as the paper writes it.
#[must_use]
pub const fn role_name(role: &Role) -> &'static str {
    match role {
        Role::Follower(_) => "follower",
        Role::PreCandidate(_) => "pre-candidate",
        Role::Candidate(_) => "candidate",
        Role::Leader(_) => "leader",
    }
}

fn name_or_none(id: Option<NodeId>) -> String {
    id.map_or_else(|| "–".to_owned(), |id| id.to_string())
}

fn find(fields: &[(ServerField, String)], field: ServerField) -> Option<&str> {
    fields
        .iter()
        .find(|(known, _)| *known == field)
        .map(|(_, value)| value.as_str())
}
