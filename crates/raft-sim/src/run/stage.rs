//! Where a playbook is played: in a Run, which keeps everything, or in a Trial, which keeps
//! only what was done.

use std::sync::Arc;

use super::{Build, Contrast, Done, EVENTS_MAX, Failure, Held, Question, RunError};
use crate::act::Refusal;
use crate::action::{Action, TimeAction};
use crate::observed::Observed;
use crate::outcome::Declined;
use crate::setup::Setup;
use crate::time::Micros;

/// The most steps of work that a playbook may ask for: a saved run has up to three lines for each
/// event.
pub const WORK_MAX: u64 = 50_000_000;

/// Something that a playbook can be played on.
pub trait Stage {
    /// The world at the present instant.
    fn world(&self) -> &Observed;

    /// Does this now, from outside; answers why the server that is asked declines, if it does.
    ///
    /// # Errors
    /// Says why it cannot be done; the world is as it was.
    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError>;

    /// Lets the next event happen; `false` if none ever will.
    ///
    /// # Errors
    /// Says so if there would be too many.
    fn step(&mut self) -> Result<bool, RunError>;

    /// When the next event, known or new, happens.
    fn next_at(&self) -> Option<Micros>;

    /// Lets time pass up to this instant, before which nothing happens any more.
    fn pass_to(&mut self, to: Micros);

    /// A phase of the playbook begins.
    fn begin_phase(&mut self, caption: &str, caption_zh: &str);

    /// The playbook asks something, at this line, about what comes next.
    fn ask(&mut self, _question: &Arc<Question>, _line: u32) {}

    /// What it asked about last has happened, and this answer is right, if it is exactly one.
    fn reveal(&mut self, _right: Option<usize>) {}

    /// The playbook says, at this line, what is to be built from here on.
    fn begin_build(&mut self, _build: &Arc<Build>, _line: u32) {}

    /// The playbook speaks, at this line, of another run beside this one.
    fn contrast(&mut self, _contrast: &Arc<Contrast>, _line: u32) {}

    /// The playbook has come to one of its lines that lie in no block.
    fn come_to_line(&mut self, _line: u32) {}

    /// Something is not as the playbook expects: whether that is kept, and the playbook goes on.
    fn keep_failure(&mut self, _failure: &Failure) -> bool {
        false
    }

    /// Whether it is to be told of expectations that hold.
    fn wants_held(&self) -> bool {
        false
    }

    /// This expectation holds.
    fn note_held(&mut self, _: Held) {}

    /// The most steps of work that may be asked for here.
    fn work_max(&self) -> u64 {
        WORK_MAX
    }
}

/// A world without a past: for playing thousands of seeds of which nobody looks at more than
/// the one that fails.
#[derive(Debug, Clone)]
pub struct Trial {
    world: Observed,
    done: Vec<Done>,
}

impl Trial {
    /// A fresh cluster.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self {
            world: Observed::new(setup),
            done: Vec::new(),
        }
    }

    /// All that was done from outside, in order.
    #[must_use]
    pub fn done(&self) -> &[Done] {
        &self.done
    }

    /// Lets time pass up to this instant, with all that happens at it.
    ///
    /// # Errors
    /// Says so if there would be too many events.
    pub fn live_to(&mut self, to: Micros) -> Result<(), RunError> {
        while self.world.next_event_at().is_some_and(|at| at <= to) {
            self.step()?;
        }
        self.world.pass_to(to);
        Ok(())
    }

    fn check_room(&self) -> Result<(), RunError> {
        if self.world.event_count() >= EVENTS_MAX {
            return Err(RunError::TooManyEvents);
        }
        Ok(())
    }
}

impl Stage for Trial {
    fn world(&self) -> &Observed {
        &self.world
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        match action {
            Action::Time(TimeAction::Step(count)) => {
                for _ in 0..count.get() {
                    if !self.step()? {
                        break;
                    }
                }
                return Ok(None);
            }
            Action::Time(TimeAction::Run(by)) => {
                self.live_to(self.world.now().saturating_add(by.get()))?;
                return Ok(None);
            }
            Action::Server(_)
            | Action::Machine(_)
            | Action::Link(_)
            | Action::Message(_)
            | Action::Client(_)
            | Action::Rewrite(_) => self.check_room()?,
        }
        let (position, at) = (self.world.event_count(), self.world.now());
        let event = self.world.act(action).map_err(RunError::Refused)?;
        let action = action.clone();
        self.done.push(Done {
            position,
            at,
            action,
        });
        Ok(event.declined())
    }

    fn step(&mut self) -> Result<bool, RunError> {
        self.check_room()?;
        Ok(self.world.step().is_some())
    }

    fn next_at(&self) -> Option<Micros> {
        self.world.next_event_at()
    }

    fn pass_to(&mut self, to: Micros) {
        self.world.pass_to(to);
    }

    fn begin_phase(&mut self, _: &str, _: &str) {}
}

impl From<Refusal> for RunError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
