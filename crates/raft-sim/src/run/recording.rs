//! What was done to a cluster from outside. With its setup that is the whole of a run: everything
//! else follows, and happens again when it is replayed.

use super::{Place, RunError, Stage};
use crate::action::Action;
use crate::time::Micros;

/// Something done from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// After how many events.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// What.
    pub action: Action,
}

impl Done {
    /// After how many events, and when.
    #[must_use]
    pub const fn place(&self) -> Place {
        (self.position, self.at)
    }
}

/// Does all of it again, each thing in its place, and goes on to `end`.
///
/// # Errors
/// Something cannot be done here, or there would be too many events.
pub fn replay(done: &[Done], end: Place, stage: &mut impl Stage) -> Result<(), RunError> {
    for done in done {
        go_on_to(done.place(), stage)?;
        stage.act(&done.action)?;
    }
    go_on_to(end, stage)
}

/// Lets everything happen that comes before an instant of another run. What falls on that very
/// instant happens as far as it did there, so that under the same rules the two runs are one.
///
/// # Errors
/// There would be too many events; all that may be have happened.
fn go_on_to((position, at): Place, stage: &mut impl Stage) -> Result<(), RunError> {
    while let Some(next) = stage.next_at()
        && (next < at || (next == at && stage.world().event_count() < position))
    {
        if !stage.step()? {
            break;
        }
    }
    stage.pass_to(at);
    Ok(())
}
