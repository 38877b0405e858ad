//! Which fields of a server an event changed, with the values before and
//! after, under the names of the paper's Figure 2.

use raft_core::{Index, NodeId, Role, Term};

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
}

/// The fields of one server at one instant, as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Fields {
    server: NodeId,
    values: Vec<(String, String)>,
    log: Vec<(Index, Term, String)>,
}

/// No more changed log entries than this are listed one by one.
const ENTRIES_LISTED_MAX: usize = 8;

impl Fields {
    /// Reads the fields of `server`.
    pub(crate) fn of(server: &Server) -> Self {
        let mut fields = Vec::new();
        let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
        let Some(running) = server.running() else {
            put("state", "crashed".to_owned());
            return Self {
                server: server.id,
                values: fields,
                log: Vec::new(),
            };
        };
        let node = &running.node;
        let state = if running.paused { "paused" } else { "up" };
        put("state", state.to_owned());
        put("role", role_name(node.role()).to_owned());
        put("currentTerm", node.hard_state().current_term.to_string());
        put("votedFor", name_or_none(node.hard_state().voted_for));
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
            Role::Candidate(candidate) => {
                for (voter, granted) in &candidate.votes {
                    let answer = if *granted { "granted" } else { "refused" };
                    put(&format!("vote[{voter}]"), answer.to_owned());
                }
            }
            Role::Leader(leader) => {
                for (peer, progress) in &leader.progress {
                    put(
                        &format!("nextIndex[{peer}]"),
                        progress.next_index.to_string(),
                    );
                    put(
                        &format!("matchIndex[{peer}]"),
                        progress.match_index.to_string(),
                    );
                }
            }
        }
        let first = node.log().first_index();
        let log = node
            .log()
            .entries()
            .iter()
            .enumerate()
            .map(|(offset, entry)| {
                let text = entry.command.as_str().to_owned();
                (first.plus(offset), entry.term, text)
            })
            .collect();
        Self {
            server: server.id,
            values: fields,
            log,
        }
    }

    /// What differs in `after`.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut compare = |field: &str, before: &str, after: &str| {
            if before != after {
                changes.push(Change {
                    server: self.server,
                    field: field.to_owned(),
                    before: before.to_owned(),
                    after: after.to_owned(),
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
        for (index, before, now) in self.log_changes(after) {
            compare(&format!("log[{index}]"), &before, &now);
        }
        changes
    }

    fn log_changes(&self, after: &Self) -> Vec<(Index, String, String)> {
        if self.log == after.log || after.values.len() <= 1 || self.values.len() <= 1 {
            return Vec::new();
        }
        let at = |log: &[(Index, Term, String)], index: Index| {
            log.binary_search_by_key(&index, |entry| entry.0)
                .ok()
                .map(|place| format!("{}:{}", log[place].1, log[place].2))
        };
        let begin = |log: &[(Index, Term, String)]| log.first().map(|entry| entry.0);
        let end = |log: &[(Index, Term, String)]| log.last().map_or(Index(0), |entry| entry.0);
        let (Some(from), to) = (
            begin(&after.log).max(begin(&self.log)),
            end(&self.log).max(end(&after.log)),
        ) else {
            return Vec::new();
        };
        (from.0..=to.0)
            .map(Index)
            .filter_map(|index| {
                let (before, now) = (at(&self.log, index), at(&after.log, index));
                let text = |entry: Option<String>| entry.unwrap_or_else(|| "–".to_owned());
                (before != now).then(|| (index, text(before), text(now)))
            })
            .take(ENTRIES_LISTED_MAX)
            .collect()
    }
}

/// The role's name in English, as the paper writes it.
#[must_use]
pub const fn role_name(role: &Role) -> &'static str {
    match role {
        Role::Follower(_) => "follower",
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
