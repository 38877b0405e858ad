//! What keeps a line from being done.

use raft_sim::run::{Failure, RunError, Stage};

use super::Player;
use crate::refusal;
use crate::text::names::Nobody;
use crate::text::{Fault, Wrong};

/// What is wrong with a line when its turn has come.
pub(in crate::script) enum Trouble {
    Wrong(Wrong),
    Run(RunError),
    Unexpected(Fault),
}

impl From<Wrong> for Trouble {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<RunError> for Trouble {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl From<Nobody> for Trouble {
    fn from(nobody: Nobody) -> Self {
        let fault = Fault::nobody(&nobody);
        Self::Wrong(Wrong { at: 0, fault })
    }
}

impl Player {
    /// Goes on after what is only not as expected, where the stage keeps that.
    pub(super) fn go_on_after(
        &self,
        stage: &mut dyn Stage,
        line: u32,
        trouble: Trouble,
    ) -> Result<bool, Failure> {
        let failure = self.failure(stage, line, trouble);
        if failure.is_unexpected && stage.keep_failure(&failure) {
            Ok(true)
        } else {
            Err(failure)
        }
    }

    /// The trouble with a line, at its place.
    pub(super) fn failure(&self, stage: &dyn Stage, line: u32, trouble: Trouble) -> Failure {
        let place = usize::try_from(line).unwrap_or(usize::MAX);
        let nth = self.source.lines().nth(place.saturating_sub(1));
        let shown = nth.unwrap_or_default();
        let is_unexpected = matches!(trouble, Trouble::Unexpected(_));
        let begin = shown.len() - shown.trim_start().len();
        let error = match trouble {
            Trouble::Run(error) => refusal::at_line(&error, line, shown, self.kind),
            Trouble::Wrong(wrong) if wrong.at == 0 => {
                let fault = wrong.fault;
                Wrong { at: begin, fault }.of_line(line, shown)
            }
            // The line was kept without the white space before it.
            Trouble::Wrong(Wrong { at, fault }) => {
                let at = at.saturating_add(begin).min(shown.len());
                Wrong { at, fault }.of_line(line, shown)
            }
            Trouble::Unexpected(fault) => Wrong { at: begin, fault }.of_line(line, shown),
        };
        let unmet = if is_unexpected {
            self.unmet(stage, line, shown)
        } else {
            None
        };
        Failure {
            error,
            unmet,
            position: stage.world().event_count(),
            at: stage.world().now(),
            is_unexpected,
        }
    }
}
