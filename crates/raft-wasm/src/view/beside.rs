//! Two branches side by side.

use serde::Serialize;
use tsify::Tsify;

use super::{ChangeView, Explanation, FailureView, View};

/// Another branch at the instant of the one on show.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BesideView {
    /// As it is drawn.
    pub view: View,
    /// Its last event.
    pub explanation: Option<Explanation>,
    /// Whether it has not come as far in time.
    pub is_behind: bool,
    /// What is alike in both.
    pub same: SameView,
    /// Its failed expectations.
    pub failures: Vec<FailureView>,
}

/// What is alike in two branches.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct SameView {
    /// How many events they have in common at their beginning, of those that have happened.
    pub events: u64,
    /// The servers that are in the same term in both.
    pub terms: Vec<u16>,
    /// The servers that have the same log in both.
    pub logs: Vec<u16>,
}

/// Something in which two branches begin to differ.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// When.
    pub at: f64,
    /// How many events of the branch on show happened before that instant, as in the other.
    pub before: f64,
    /// After how many events of the branch on show.
    pub position: f64,
    /// After how many of the other.
    pub position_beside: f64,
    /// The fields: `before` is the value in the branch on show, `after` that in the other.
    pub values: Vec<ChangeView>,
    /// The invariants that each of them breaks now, and the other does not.
    pub broken: Vec<Vec<String>>,
    /// The same in Chinese.
    pub broken_zh: Vec<Vec<String>>,
}
