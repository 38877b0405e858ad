//! Expectations that somebody typed, and that failed.
//!
//! No Action tells of them. A branch remembers them beside those of its playbook: where in the run
//! they failed is what a reader wants to find again.

use super::Run;
use super::told::{FAILURES_MAX, Failure, Place};

/// A typed expectation, and how it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// How it failed.
    pub failure: Failure,
    /// The line that fails in the same way, if there is one.
    pub line: Option<String>,
    /// Where that line begins: it does again what was done from there on.
    pub began: Place,
}

impl Asked {
    /// Where it failed.
    #[must_use]
    pub const fn place(&self) -> Place {
        (self.failure.position, self.failure.at)
    }
}

impl Run {
    /// What was not as expected: by the playbook, as far as this branch follows it, and by
    /// whoever typed.
    #[must_use]
    pub fn failures(&self) -> Vec<&Failure> {
        let told = self.branch().told.failures.iter();
        let asked = self.branch().asked.iter().map(|asked| &asked.failure);
        told.chain(asked).collect()
    }

    /// Keeps what a typed line found.
    pub fn note_asked(&mut self, mut asked: Asked) {
        // It is of no line of the playbook.
        asked.failure.error.line = 0;
        self.note_act();
        let kept = &mut self.branch_mut().asked;
        if kept.len() < FAILURES_MAX && !kept.contains(&asked) {
            kept.push(asked);
            kept.sort_by_key(Asked::place);
        }
    }
}
