//! A world and those who watch it.
//!
//! What is remembered of a world beside what it is goes along with it: the invariants that are
//! checked after each event, and the lost messages that a page still draws. They see what
//! happened and change nothing, so that a world alone has the same future.

use std::ops::Deref;

use raft_core::NodeId;

use crate::act::Refusal;
use crate::action::Action;
use crate::checker::Checker;
use crate::event::Event;
use crate::fact::{Fact, Loss};
use crate::rules::Weighed;
use crate::setup::Setup;
use crate::time::Micros;
use crate::world::World;

/// How long a lost message stays in [`Observed::losses`].
const LOSS_SHOWN_FOR: Micros = Micros::from_millis(300);

/// A world, of which everything can be read as it is, with its observers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    world: World,
    checker: Checker,
    losses: Vec<Loss>,
}

impl Observed {
    /// A cluster that has never run, as `setup` describes it.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let mut observed = Self {
            world: World::new(setup),
            checker: Checker::default(),
            losses: Vec::new(),
        };
        observed.see(0);
        observed
    }

    /// The invariants and what broke them.
    #[must_use]
    pub const fn checker(&self) -> &Checker {
        &self.checker
    }

    /// Messages lost within the last 300 ms.
    pub fn losses(&self) -> impl Iterator<Item = &Loss> {
        let since = self.world.now().saturating_sub(LOSS_SHOWN_FOR);
        self.losses.iter().filter(move |loss| loss.at >= since)
    }

    /// Lets the next thing happen, see [`World::step`].
    pub fn step(&mut self) -> Option<Event> {
        let event = self.world.step()?;
        self.see(event.number);
        Some(event)
    }

    /// Does `action`, see [`World::act`].
    ///
    /// # Errors
    /// Says why it cannot be done now; the world is as it was.
    pub fn act(&mut self, action: &Action) -> Result<Event, Refusal> {
        let event = self.world.act(action)?;
        self.see(event.number);
        Ok(event)
    }

    /// Lets time pass up to `to`, which must not be after the next event.
    pub fn pass_to(&mut self, to: Micros) {
        self.world.pass_to(to);
    }

    /// Lets every server that runs remember what it weighs from here on.
    pub fn listen(&mut self) {
        self.world.listen();
    }

    /// What server `id` has weighed since it listens, or since the last call.
    pub fn take_weighed(&mut self, id: NodeId) -> Vec<Weighed> {
        self.world.take_weighed(id)
    }

    fn see(&mut self, event: u64) {
        let facts = self.world.facts();
        self.checker.see(event, facts, &self.world);
        let now = self.world.now();
        for fact in facts {
            if let Fact::Lost(loss) = fact {
                let since = now.saturating_sub(LOSS_SHOWN_FOR);
                self.losses.retain(|loss| loss.at >= since);
                self.losses.push(loss.clone());
            }
        }
    }
}

impl Deref for Observed {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}
