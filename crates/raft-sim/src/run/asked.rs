//! Expectations that somebody typed, and that failed.
//!
//! They change nothing, so that no Action tells of them. A branch remembers them beside those of
//! its playbook: where in the run they failed is what a reader wants to find again.

use super::Run;
use super::told::{FAILURES_MAX, Place};
use crate::script::{Condition, Doing, Failure, GivenNames, Statement, simple};

/// A typed expectation, and how it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) failure: Failure,
    /// What does not hold at the instant of the failure, if that is all there is to it: an
    /// agreement has done something besides.
    condition: Option<Condition>,
}

impl Asked {
    pub(super) const fn place(&self) -> Place {
        (self.failure.position, self.failure.at)
    }

    /// The line that fails in the same way where a saved run has come to the same instant.
    pub(super) fn line(&self) -> Option<Statement> {
        let doing = Doing::Expect(self.condition.clone()?);
        Some(Statement { line: 0, doing })
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
    pub(super) fn note_asked(&mut self, failure: &Failure) {
        let servers = self.setup().servers;
        let line = failure.unmet.as_ref().map(|unmet| unmet.line.as_str());
        let doing = line.and_then(|line| simple(line, servers, &mut GivenNames::default()).ok());
        let condition = match doing {
            Some(
                Doing::Expect(condition)
                | Doing::Wait {
                    until: condition, ..
                },
            ) => Some(condition),
            _ => None,
        };
        let mut failure = failure.clone();
        // It is of no line of the playbook.
        failure.error.line = 0;
        let asked = Asked { failure, condition };
        let kept = &mut self.branch_mut().asked;
        if kept.len() < FAILURES_MAX && !kept.contains(&asked) {
            kept.push(asked);
            kept.sort_by_key(Asked::place);
        }
    }
}
