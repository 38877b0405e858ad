//! A run to build, and a pair of runs, as the page shows them.

use serde::Serialize;
use tsify::Tsify;

/// A run to build, and how far it has come by the present instant.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BuildView {
    /// What is asked for.
    pub text: String,
    /// The most Actions that may be done.
    pub bound: u64,
    /// The verbs that may be used; if there is none, all but for what no Raft survives.
    pub verbs: Vec<String>,
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// After how many events the building begins.
    pub started_position: u64,
    /// When.
    pub started_at: u64,
    /// What is to come about, one after the other.
    pub goals: Vec<GoalView>,
    /// What must hold after every event.
    pub always: Vec<GoalView>,
    /// How many invariants have been found broken that must hold.
    pub violations: usize,
    /// What has been done since it began, up to the present instant.
    pub actions: Vec<BuildAction>,
    /// How many of these count: those up to where it was done.
    pub used: u64,
    /// The ids of the rules that are ablated in this branch and not in the playbook, or the other way
    /// round: as long as there is one, nothing is done.
    pub modified: Vec<String>,
    /// Whether there are too many events for all of them to be looked at.
    pub is_cut_short: bool,
    /// After how many events it was done, if it is.
    #[tsify(optional)]
    pub done_position: Option<u64>,
    /// When.
    #[tsify(optional)]
    pub done_at: Option<u64>,
    /// How many hints there are; the last one is the way, or that there is none.
    pub hints: usize,
    /// What it teaches; empty until it is done.
    pub why: String,
    /// The ids of the rules that allow it; none until it is done.
    pub rules: Vec<String>,
}

/// Something that is to be so.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct GoalView {
    /// What.
    pub text: String,
    /// The condition, as the playbook has it.
    pub when: String,
    /// After how many events it was met; of what must always hold, after how many it did not.
    #[tsify(optional)]
    pub position: Option<u64>,
    /// When.
    #[tsify(optional)]
    pub at: Option<u64>,
    /// What is so at the present instant, in the words of the condition.
    pub found: String,
}

/// Something that was done.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BuildAction {
    /// Its line.
    pub line: String,
    /// After how many events.
    pub position: u64,
    /// When.
    pub at: u64,
    /// The last thing of note that happened before the next one was done; may be empty.
    pub came: String,
    /// Whether it may be done here.
    pub is_allowed: bool,
}

/// A hint. The last one has the way, or says that there is none, and why.
#[derive(Debug, Clone, Default, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct HintView {
    /// What it says; empty of the last one.
    pub text: String,
    /// The lines that build the run.
    pub way: Vec<String>,
    /// Whether it cannot be built.
    pub is_impossible: bool,
    /// What there is to learn, with the last hint.
    pub why: String,
    /// The ids of the rules that allow it, or that forbid it, with the last hint.
    pub rules: Vec<String>,
}

/// What is answered to whoever says that it cannot be built.
#[derive(Debug, Clone, Default, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CannotView {
    /// Whether it cannot, and because of this rule.
    pub is_right: bool,
    /// Why it cannot; empty if that is not right.
    pub why: String,
    /// The ids of the rules that forbid it; none if that is not right.
    pub rules: Vec<String>,
}

/// Another run that the playbook compares with itself: it differs in one of four things.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ContrastView {
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// After how many events it is spoken of; what is done instead is done there.
    pub position: u64,
    /// When.
    pub at: u64,
    /// The ids of the rules that are ablated.
    pub without: Vec<String>,
    /// The feature that is used.
    #[tsify(optional)]
    pub feature: Option<&'static str>,
    /// The seed.
    #[tsify(optional)]
    pub seed: Option<u64>,
    /// What is done.
    #[tsify(optional)]
    pub action: Option<String>,
    /// What is asked first: what is the same.
    pub same: String,
    /// What is to be answered to that; empty where the playbook does not say.
    pub alike: String,
    /// What it teaches, said last.
    pub principle: String,
}

/// A list of contrasts.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct ContrastList(pub Vec<ContrastView>);
