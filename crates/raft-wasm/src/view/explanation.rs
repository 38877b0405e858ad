//! Why an event came out as it did.

use serde::Serialize;
use tsify::Tsify;

use super::{ChangeView, EventView, ViolationView};

/// All details of one event.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct Explanation {
    /// The event.
    pub event: EventView,
    /// What its server did, in a few words, and by which rule.
    pub deed: Option<DeedView>,
    /// The clauses that its server came to, in that order, and then those that it did not reach.
    pub clauses: Vec<ClauseView>,
    /// The fields that it changed.
    pub changes: Vec<ChangeView>,
    /// What caused it.
    pub cause: Option<EventView>,
    /// What it led to: the first of those that followed from it at once.
    #[serde(rename = "ledTo")]
    pub led_to: Vec<EventView>,
    /// What it broke.
    pub violations: Vec<ViolationView>,
}

/// What a server did.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct DeedView {
    /// The id of the rule.
    pub rule: String,
    /// In a few words.
    pub text: String,
}

/// A clause as one event came to it.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct ClauseView {
    /// Which.
    pub rule: RuleView,
    /// What it compared, by names: `term < currentTerm`.
    pub names: Option<String>,
    /// The same by values: `4 < 5`.
    pub values: Option<String>,
    /// What came of it.
    #[tsify(type = "\"no\" | \"yes\" | \"acted\" | \"ablated\" | \"unreached\"")]
    pub answer: &'static str,
    /// Whether it is about timers and disks only.
    pub quiet: bool,
}

/// A clause of the algorithm.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct RuleView {
    /// Its stable name.
    pub id: String,
    /// Where the paper or the dissertation states it.
    pub section: String,
    /// What it says.
    pub text: String,
    /// What it is for.
    #[tsify(type = "\"safety\" | \"liveness\" | \"efficiency\"")]
    pub kind: &'static str,
}

/// A clause as Figure 2 lists it.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FigureView {
    /// Which.
    pub rule: RuleView,
    /// In which box of the figure, or beyond it, it stands.
    #[tsify(
        type = "\"requestVote\" | \"appendEntries\" | \"allServers\" | \"followers\" | \"candidates\" | \"leaders\" | \"installSnapshot\" | \"snapshots\" | \"preVote\" | \"transfer\" | \"reads\" | \"membership\""
    )]
    pub part: &'static str,
    /// What it says, in one line.
    pub line: &'static str,
    /// Why it is there.
    pub reason: &'static str,
    /// The paths of playbooks that are about it.
    pub playbooks: Vec<String>,
}
