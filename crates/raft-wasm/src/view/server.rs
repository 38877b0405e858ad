//! One server as the page draws it: its state, its log, its view of the others.

use serde::Serialize;
use tsify::Tsify;

use super::{TermRunView, ValueView};

/// A server.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark that is drawn by itself"
)]
pub struct ServerView {
    /// Its number: 1 for S1.
    pub id: u16,
    /// What it is called besides; mostly nothing.
    pub label: String,
    /// Whether it runs.
    pub state: State,
    /// Whether it is connected.
    pub connected: bool,
    /// The role it plays.
    pub role: RoleName,
    /// Whether it leads while another server leads in a later term.
    pub is_deposed: bool,
    /// Whether it does what is asked of a leader: reads, transfers, changes of the configuration.
    pub takes_requests: bool,
    /// `currentTerm`.
    pub current_term: u64,
    /// `votedFor`.
    pub voted_for: Option<u16>,
    /// Who leads, as far as it knows.
    pub leader: Option<u16>,
    /// Who takes part, as far as it knows: `S1 S2 → S2 S3 + S4`.
    pub configuration: String,
    /// The same as an Action asks for it: `voters S2 S3 learners S4`.
    pub configuration_written: String,
    /// What it is itself by that.
    pub standing: Standing,
    /// A candidate's votes, its own first.
    pub votes: Vec<VoteView>,
    /// How many of them it has, of each majority that it needs.
    pub tally: Vec<TallyView>,
    /// What is left of the election timeout.
    pub election_remaining: Option<u64>,
    /// The election timeout as it was drawn.
    pub election_timeout: Option<u64>,
    /// What is left of a leader's heartbeat interval.
    pub heartbeat_remaining: Option<u64>,
    /// A leader's heartbeat interval.
    pub heartbeat: Option<u64>,
    /// What is left of a leader's lease, where reads rest on one.
    pub lease_remaining: Option<u64>,
    /// A lease at its longest.
    pub lease: Option<u64>,
    /// How many reads wait to be answered.
    pub reads_waiting: usize,
    /// The server to which it is transferring its leadership.
    pub transfer: Option<u16>,
    /// The servers to which it could.
    pub successors: Vec<u16>,
    /// `commitIndex`.
    pub commit_index: u64,
    /// `lastApplied`.
    pub last_applied: u64,
    /// The last entry that a majority stores and that is not committed all the same, being of a term
    /// before the leader's (§5.4.2).
    pub held_back: Option<u64>,
    /// The index of the last entry.
    pub last_index: u64,
    /// The last entry that would survive a crash.
    pub durable_index: u64,
    /// The last entry in the snapshot; 0 without one.
    pub snapshot_index: u64,
    /// Its term.
    pub snapshot_term: u64,
    /// The entries inside the window that was asked for.
    pub log: Vec<EntryView>,
    /// The terms of the whole log.
    pub runs: Vec<TermRunView>,
    /// A leader's view of the others.
    pub progress: Vec<ProgressView>,
    /// Of a leader under `C_old,new`: both halves, that of `C_old` first.
    pub halves: Vec<HalfView>,
    /// How many writes are on their way to the disk.
    pub writes_pending: usize,
    /// Whether its disk finishes none of them.
    pub is_stalled: bool,
    /// Whether each of them fails.
    pub is_failing: bool,
    /// Whether a crash takes back what it reported written.
    pub is_unsynced: bool,
    /// The rate of its clock, in thousandths of the correct rate.
    pub clock_rate_permille: u16,
    /// How long it takes for each event, in microseconds; 0 for no time.
    pub cpu_us: u64,
    /// The first keys of its state machine, by name.
    pub store: Vec<ValueView>,
    /// Changes whenever anything above does, but for what is left of a timer that runs.
    pub revision: u64,
}

/// Whether a server runs.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It runs.
    Up,
    /// It is paused.
    Paused,
    /// It has crashed.
    Crashed,
}

/// The role a server plays.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum RoleName {
    /// A follower.
    Follower,
    /// A server that asks for pre-votes before it starts an election.
    #[serde(rename = "preCandidate")]
    PreCandidate,
    /// A candidate.
    Candidate,
    /// A leader.
    Leader,
}

/// A vote that a candidate asked for.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
pub struct VoteView {
    /// From whom.
    pub peer: u16,
    /// With what answer.
    pub answer: Answer,
}

/// The answer to a RequestVote.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Granted,
    /// No.
    Refused,
    /// None yet.
    Waiting,
}

/// An entry of a log.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
#[allow(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
pub struct EntryView {
    /// Where.
    pub index: u64,
    /// Of which term.
    pub term: u64,
    /// What it holds: a command, `no-op`, or a configuration in brackets.
    pub text: String,
    /// A configuration as short as a cell is wide: `C3→3+1` for three voters of each, and a
    /// learner.
    pub short: Option<String>,
    /// Whose operation it is, if it is a client's: `C1.4`.
    #[serde(rename = "askedBy")]
    pub asked_by: Option<String>,
    /// The kind of the entry.
    pub kind: EntryKind,
    /// Term and command as an Action writes them, `3:x`; none for what no
    /// Action writes.
    pub written: Option<String>,
    /// Whether this server knows that it is committed.
    pub committed: bool,
    /// Whether its state machine applied it.
    pub applied: bool,
    /// Whether it would survive a crash.
    pub durable: bool,
    /// Whether the leader has something else there.
    pub differs: bool,
}

/// What an entry holds.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A command for the state machine.
    Command,
    /// Nothing.
    NoOp,
    /// A configuration.
    Configuration,
}

/// What a server is by its own configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It has a vote.
    Voter,
    /// It has a vote only in the outgoing configuration.
    Leaving,
    /// It is sent the log and has no vote.
    Learner,
    /// It is not a member, or does not know that it is.
    Outside,
}

/// How many votes a candidate has of one majority.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
pub struct TallyView {
    /// How many voters have granted theirs.
    pub have: usize,
    /// How many have to.
    pub need: usize,
}

/// A half of a joint configuration.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
pub struct HalfView {
    /// The entry that it is asked about: the one that made the configuration joint.
    pub index: u64,
    /// Its voters.
    pub voters: Vec<HolderView>,
    /// How many of them store the entry, and how many have to.
    pub tally: TallyView,
}

/// A voter of a half.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
pub struct HolderView {
    /// Which server.
    pub id: u16,
    /// Whether it stores the entry, as far as the leader knows.
    pub stores: bool,
}

/// How a leader sends a follower what it lacks.
#[derive(Debug, Clone, Copy, Hash, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum ModeName {
    /// It looks for where the logs agree.
    Probe,
    /// The logs agree.
    Replicate,
    /// It sends a snapshot.
    Snapshot,
}

/// A leader's view of one follower.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ProgressView {
    /// Which follower.
    pub peer: u16,
    /// `nextIndex`.
    pub next_index: u64,
    /// `matchIndex`.
    pub match_index: u64,
    /// How it is sent what it lacks.
    pub mode: ModeName,
    /// How many bytes of a snapshot that it is being sent have arrived.
    pub snapshot_bytes: Option<u64>,
}
