//! How far a search has come, and what came of it.

use raft_check::explore::{
    self, Bounds, Counterexample, Progress, Verdict, chance_of_a_missed_state,
};
use raft_play::words::{Language, violation_found};
use raft_sim::{Observed, Violation};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::JsError;

/// How far a search has come. Numbers of states stay below 2⁵³, which a number of the page holds
/// exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CheckProgress {
    /// How many different states were found.
    pub states: f64,
    /// How many things were done in them.
    pub steps: f64,
    /// How many steps lead to those that were found last.
    pub depth: u32,
    /// How many of them wait to be looked at.
    pub waiting: f64,
    /// About how many bytes they take.
    pub bytes: f64,
    /// How many different servers there were in all of them.
    pub servers: f64,
    /// How many states were found at each depth, from the beginning on.
    pub levels: Vec<f64>,
}

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// How far it came.
    pub progress: CheckProgress,
    /// Whether every state within the bounds was looked at, one was found in which something is broken,
    /// or there was no room for more.
    #[tsify(type = "\"exhausted\" | \"broken\" | \"outOfMemory\"")]
    pub verdict: &'static str,
    /// The chance that a state was missed: one in so many.
    pub one_in: f64,
    /// What breaks, and how.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<CheckBroken>,
}

/// A shortest run in which something breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CheckBroken {
    /// The id of the invariant.
    pub invariant: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The same in Chinese.
    pub name_zh: &'static str,
    /// What is wrong in the end, in a whole sentence.
    pub found: String,
    /// The same in Chinese.
    pub found_zh: String,
    /// In how many steps it breaks. What only sends again what counts as sent is none, though it is told.
    pub depth: u32,
    /// What happens, one thing after the other.
    pub steps: Vec<String>,
    /// The same in Chinese.
    pub steps_zh: Vec<String>,
    /// The run as a playbook.
    pub text: String,
}

#[expect(clippy::cast_precision_loss)]
impl CheckProgress {
    pub(crate) fn of(now: &Progress, levels: &[u64]) -> Self {
        Self {
            states: now.states as f64,
            steps: now.transitions as f64,
            depth: now.depth,
            waiting: now.waiting as f64,
            bytes: now.bytes as f64,
            servers: now.servers as f64,
            levels: levels.iter().map(|states| *states as f64).collect(),
        }
    }
}

impl CheckReport {
    #[expect(clippy::cast_precision_loss)]
    pub(crate) fn of(
        report: &explore::Report,
        progress: CheckProgress,
        bounds: &Bounds,
    ) -> Result<Self, JsError> {
        let (verdict, broken) = match &report.verdict {
            Verdict::Exhausted => ("exhausted", None),
            Verdict::Broken(found) => ("broken", Some(CheckBroken::of(found, bounds)?)),
            // Nobody stops it here but by asking no more.
            Verdict::OutOfMemory | Verdict::Stopped => ("outOfMemory", None),
        };
        Ok(Self {
            progress,
            verdict,
            one_in: chance_of_a_missed_state(report.progress.states) as f64,
            broken,
        })
    }
}

impl CheckBroken {
    fn of(found: &Counterexample, bounds: &Bounds) -> Result<Self, JsError> {
        let source = format!("raftlab check {}", bounds.flags());
        let playbook = found.told(bounds, source).map_err(|strayed| {
            JsError::new(&format!(
                "The laboratory parts from what was searched at step {}.",
                strayed.step
            ))
        })?;
        let text = playbook.to_string();
        let (run, _) = raft_play::play(&text).map_err(|error| JsError::new(&error.to_string()))?;
        let [english, chinese] = [Language::English, Language::Chinese];
        let steps = |language| {
            found
                .choices
                .iter()
                .map(|one| one.words(language))
                .collect()
        };
        Ok(Self {
            invariant: found.broken.id(),
            name: english.invariant(found.broken),
            name_zh: chinese.invariant(found.broken),
            found: wrong(run.world(), found, english),
            found_zh: wrong(run.world(), found, chinese),
            depth: u32::try_from(found.depth).unwrap_or(u32::MAX),
            steps: steps(english),
            steps_zh: steps(chinese),
            text,
        })
    }
}

/// What is wrong in the end.
fn wrong(world: &Observed, found: &Counterexample, language: Language) -> String {
    let mut violations = world.checker().violations().iter();
    let violation: Option<&Violation> =
        violations.find(|violation| violation.invariant() == found.broken);
    violation.map_or_else(String::new, |violation| {
        violation_found(violation, language)
    })
}
