//! Which fields of a server an event changed, with the values before and
//! after, under the names of the paper's Figure 2.

use raft_core::{Candidate, Entry, Index, Log, NodeId, PreCandidate, Role};

use crate::command::{Command, entry_text};
use crate::server::Server;

/// A field that an event changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// On which server.
    pub server: NodeId,
    /// Which field: `currentTerm`, `nextIndex[S2]`, `log[3]`…
    pub field: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// Of entries of the log: the first and the last index.
    pub entries: Option<(Index, Index)>,
    /// How many entries the server's log had before the event, whatever the event changed.
    pub log_length_before: u64,
}

/// The fields of one server at one instant, as text.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    server: NodeId,
    values: Vec<(String, String)>,
    log: Option<Log<Command>>,
}

/// So many changed entries in a row are told one by one.
const ROW_MIN: u64 = 4;

impl Fields {
    /// Reads the fields of `server`.
    pub(crate) fn of(server: &Server) -> Self {
        let mut fields = Vec::new();
        let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
        let Some(running) = server.running() else {
            return Self::of_crashed(server);
        };
        let node = &running.node;
        let state = if running.paused { "paused" } else { "up" };
        put("state", state.to_owned());
        put("role", role_name(node.role()).to_owned());
        put("currentTerm", node.hard_state().current_term.to_string());
        put("votedFor", name_or_none(node.hard_state().voted_for));
        put("configuration", node.configuration().to_string());
        put("leader", name_or_none(node.leader()));
        put("commitIndex", node.commit_index().to_string());
        put("lastApplied", node.last_applied().to_string());
        put(
            "lastIncludedIndex",
            node.log().snapshot().last_included_index.to_string(),
        );
        put("lastIndex", node.log().last_index().to_string());
        match node.role() {
            Role::Follower(_) => {}
            Role::PreCandidate(PreCandidate { votes, .. })
            | Role::Candidate(Candidate { votes, .. }) => {
                for (voter, granted) in votes.iter() {
                    let answer = if *granted { "granted" } else { "refused" };
                    put(&format!("vote[{voter}]"), answer.to_owned());
                }
            }
            Role::Leader(leader) => {
                for (peer, progress) in leader.progress.iter() {
                    put(
                        &format!("nextIndex[{peer}]"),
                        progress.next_index.to_string(),
                    );
                    put(
                        &format!("matchIndex[{peer}]"),
                        progress.match_index.to_string(),
                    );
                }
                if let Some(transfer) = leader.transfer {
                    put("transfer", transfer.to.to_string());
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
            ("state", "crashed".to_owned()),
            ("currentTerm", hard_state.current_term.to_string()),
            ("votedFor", name_or_none(hard_state.voted_for)),
            ("configuration", image.configuration().to_string()),
            (
                "lastIncludedIndex",
                snapshot.last_included_index.to_string(),
            ),
            ("lastIndex", image.last_index().to_string()),
        ];
        Self {
            server: server.id,
            values: values.map(|(name, value)| (name.to_owned(), value)).into(),
            log: Some(Log::new(snapshot.clone(), image.entries.clone())),
        }
    }

    /// What differs in `after`.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<Change> {
        let log_length_before = self.log_length();
        let mut changes = Vec::new();
        let mut compare = |field: &str, before: &str, after: &str| {
            if before != after {
                changes.push(Change {
                    server: self.server,
                    field: field.to_owned(),
                    before: before.to_owned(),
                    after: after.to_owned(),
                    entries: None,
                    log_length_before,
                });
            }
        };
        for (name, value) in &after.values {
            compare(name, find(&self.values, name).unwrap_or("–"), value);
        }
        for (name, value) in &self.values {
            if find(&after.values, name).is_none() {
                compare(name, value, "–");
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
        let mut push = |field, (before, after), entries| {
            if before != after {
                changes.push(Change {
                    server: self.server,
                    field,
                    before,
                    after,
                    entries: Some(entries),
                    log_length_before: self.log_length(),
                });
            }
        };
        for (first, last) in rows(before, after, from, to) {
            if last.0 - first.0 < ROW_MIN {
                for index in (first.0..=last.0).map(Index) {
                    let texts = (text(before.get(index)), text(after.get(index)));
                    push(format!("log[{index}]"), texts, (index, index));
                }
            } else {
                let texts = (row(before, first, last), row(after, first, last));
                push(format!("log[{first}..{last}]"), texts, (first, last));
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

fn find<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_str())
}
