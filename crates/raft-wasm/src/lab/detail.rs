//! What a message carries, field by field.

use raft_core::{AppendOutcome, InstallOutcome, Message};
use raft_sim::client::calls::{Call, Says};
use raft_sim::client::{Answer, Operation, ReadBy};
use raft_sim::outcome::Declined;
use raft_sim::{Command, entry_text};

use crate::view::DetailView;

/// No more entries of a message than this are listed one by one.
const ENTRIES_LISTED_MAX: usize = 8;

fn field(name: &'static str, value: &dyn ToString) -> DetailView {
    DetailView {
        name,
        value: value.to_string(),
    }
}

/// What a client asks or is answered, by the names of the dissertation's Figure 6.1.
pub(super) fn call(call: &Call) -> Vec<DetailView> {
    let mut fields = vec![
        field("clientId", &call.client.0),
        field("sequenceNum", &call.number),
    ];
    match &call.says {
        Says::Request(operation) => {
            let by = match operation {
                Operation::Get { by, .. } => *by,
                _ => ReadBy::Log,
            };
            let name = if by == ReadBy::Log {
                "command"
            } else {
                "query"
            };
            fields.push(field(name, operation));
        }
        Says::Answer(Answer::Done { value, position }) => {
            fields.push(field("status", &"OK"));
            fields.push(field("response", value));
            fields.push(field("index", position));
        }
        Says::Answer(Answer::Declined(why)) => {
            fields.push(field("status", &"NOT_LEADER"));
            if let Declined::NotLeader(Some(leader)) = why {
                fields.push(field("leaderHint", leader));
            }
        }
    }
    fields
}

/// What a message carries, by the paper's names.
pub(super) fn detail(message: &Message<Command>) -> Vec<DetailView> {
    let mut fields = vec![field("term", &message.term())];
    match message {
        Message::RequestVote(m) => {
            fields.push(field("lastLogIndex", &m.last_log_index));
            fields.push(field("lastLogTerm", &m.last_log_term));
        }
        Message::RequestVoteReply(m) => fields.push(field("voteGranted", &m.vote_granted)),
        Message::AppendEntries(m) => {
            let listed = m.entries.iter().take(ENTRIES_LISTED_MAX);
            let mut entries: Vec<String> = listed.map(entry_text).collect();
            if m.entries.len() > ENTRIES_LISTED_MAX {
                entries.push(format!("… {} in all", m.entries.len()));
            }
            fields.push(field("prevLogIndex", &m.prev_log_index));
            fields.push(field("prevLogTerm", &m.prev_log_term));
            fields.push(field("entries", &format!("[{}]", entries.join(" "))));
            fields.push(field("leaderCommit", &m.leader_commit));
        }
        Message::AppendEntriesReply(m) => {
            let is_success = matches!(m.outcome, AppendOutcome::Success | AppendOutcome::Writing);
            fields.push(field("success", &is_success));
            match m.outcome {
                AppendOutcome::Success | AppendOutcome::StaleTerm => {}
                AppendOutcome::Writing => fields.push(field("on disk", &"not yet")),
                AppendOutcome::TooShort { x_len } => fields.push(field("XLen", &x_len)),
                AppendOutcome::Conflict {
                    x_term,
                    x_index,
                    x_len,
                } => {
                    fields.push(field("XTerm", &x_term));
                    fields.push(field("XIndex", &x_index));
                    fields.push(field("XLen", &x_len));
                }
            }
            fields.push(field("answers entries up to", &m.request.last_index));
        }
        Message::InstallSnapshot(m) => {
            fields.push(field("lastIncludedIndex", &m.last_included_index));
            fields.push(field("lastIncludedTerm", &m.last_included_term));
            fields.push(field("configuration", &m.configuration));
            fields.push(field("offset", &m.offset));
            fields.push(field("bytes", &m.data.len()));
            fields.push(field("done", &m.done));
        }
        Message::PreVote(m) => {
            fields.push(field("lastLogIndex", &m.last_log_index));
            fields.push(field("lastLogTerm", &m.last_log_term));
        }
        Message::PreVoteReply(m) => fields.push(field("voteGranted", &m.vote_granted)),
        Message::TimeoutNow(_) => {}
        Message::InstallSnapshotReply(m) => {
            fields.push(field("answers lastIncludedIndex", &m.request.last_index));
            if let InstallOutcome::Stored { offset } = m.outcome {
                fields.push(field("bytes stored", &offset));
            }
        }
    }
    fields
}
