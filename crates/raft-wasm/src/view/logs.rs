//! What the page draws over and beside the entries of the logs.

use serde::Serialize;
use tsify::Tsify;

/// Entries of one term that follow each other in a log, up to the next such run.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
pub struct TermRunView {
    /// The index of the first one.
    pub first: u64,
    /// Their term.
    pub term: u64,
}

/// An index of a server's log that a message names, while that travels or is decided.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct BracketView {
    /// Whose log.
    pub server: u16,
    /// The field that names it: as Figure 2 calls it, or the lab.
    #[tsify(type = "\"prevLogIndex\" | \"XIndex\" | \"XLen\"")]
    pub field: &'static str,
    /// The index; 0 is before the first entry.
    pub index: u64,
    /// `prevLogTerm`, or `XTerm`.
    pub term: Option<u64>,
    /// The message that travels; none if the last event was about it.
    pub message: Option<u64>,
}

/// An entry that some server holds committed, or held.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CommittedView {
    /// Its index.
    pub index: u64,
    /// Its term.
    pub term: u64,
    /// What it carries.
    pub text: String,
    /// A configuration as short as a cell is wide.
    pub short: Option<String>,
    /// The server that was the first to hold it committed.
    pub by: u16,
    /// That server's term then.
    pub by_term: u64,
    /// The number of the event in which that was.
    pub event: u64,
    /// When that was.
    pub at: u64,
    /// Another one that was committed at the same index, with its term before it.
    pub against: Option<String>,
}
