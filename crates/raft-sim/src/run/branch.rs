//! One line of history, and the worlds kept along it.
//!
//! Everything that a run knows of the past is the list of what came from
//! outside; worlds are kept here and there only so that no replay is long.
//! They thin out as the run grows, and are dense around the place last gone
//! to.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Phase;
use crate::action::Action;
use crate::event::Event;
use crate::time::Micros;
use crate::world::World;

/// The most events between two checkpoints at the start of a run; the
/// distance doubles as the run grows.
const CHECKPOINT_EVERY: u64 = 128;
/// The most checkpoints that a branch keeps.
const CHECKPOINTS_MAX: usize = 96;
/// The distance between the worlds kept around the place last gone to, so
/// that going back from there event by event replays only a few each time.
const TRAIL_EVERY: u64 = 16;
/// The most worlds kept around that place.
const TRAIL_MAX: usize = 80;
/// The most log entries that all checkpoints of a branch hold, and so many
/// again those around the place last gone to: what bounds their memory.
const ENTRIES_KEPT_MAX: usize = 2_000_000;

/// One line of history.
#[derive(Debug, Clone)]
pub struct Branch {
    pub(super) parent: Option<(usize, u64)>,
    pub(super) phases: Vec<Phase>,
    pub(super) externals: Vec<External>,
    pub(super) events: Vec<Event>,
    pub(super) end_at: Micros,
    pub(super) checkpoints: BTreeMap<u64, Rc<World>>,
    pub(super) checkpoint_every: u64,
    pub(super) trail: BTreeMap<u64, Rc<World>>,
}

/// Something done from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct External {
    pub(super) position: u64,
    pub(super) at: Micros,
    pub(super) action: Action,
}

impl Branch {
    /// The first branch of a run, which begins as `world`.
    pub(super) fn first(world: World) -> Self {
        Self {
            parent: None,
            phases: Vec::new(),
            externals: Vec::new(),
            events: Vec::new(),
            end_at: Micros::ZERO,
            checkpoints: BTreeMap::from([(0, Rc::new(world))]),
            checkpoint_every: CHECKPOINT_EVERY,
            trail: BTreeMap::new(),
        }
    }

    /// What this branch was up to the instant `now`, at which `parent` names
    /// it and the number of events before it.
    pub(super) fn fork(&self, parent: (usize, u64), now: Micros) -> Self {
        let position = parent.1;
        let kept = usize::try_from(position).unwrap_or(usize::MAX);
        let before = |external: &&External| external.position < position;
        let begun = |phase: &&Phase| (phase.position, phase.at) <= (position, now);
        let checkpoints = self.checkpoints.range(..=position);
        Self {
            parent: Some(parent),
            phases: self.phases.iter().filter(begun).cloned().collect(),
            externals: self.externals.iter().filter(before).cloned().collect(),
            events: self.events[..kept].to_vec(),
            end_at: now,
            checkpoints: checkpoints
                .map(|(at, world)| (*at, Rc::clone(world)))
                .collect(),
            checkpoint_every: self.checkpoint_every,
            trail: BTreeMap::new(),
        }
    }

    /// The branch that this one left, and after how many events.
    #[must_use]
    pub const fn parent(&self) -> Option<(usize, u64)> {
        self.parent
    }

    /// How many events it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether nothing has happened on it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The last world kept that is not after `position`. There is one, as
    /// every branch has a checkpoint at its beginning.
    pub(super) fn nearest(&self, position: u64) -> World {
        let last = |kept: &BTreeMap<u64, Rc<World>>| {
            let found = kept.range(..=position).next_back();
            found.map(|(at, world)| (*at, Rc::clone(world)))
        };
        let (checkpoint, trail) = (last(&self.checkpoints), last(&self.trail));
        let nearest = checkpoint
            .into_iter()
            .chain(trail)
            .max_by_key(|kept| kept.0);
        nearest
            .map(|(_, world)| World::clone(&world))
            .expect("every branch has a checkpoint at its beginning")
    }

    /// Keeps `world` on the way to `target` if it is one of those nearest to it.
    pub(super) fn keep_trail(&mut self, world: &World, target: u64) {
        let position = world.event_count();
        let near = TRAIL_EVERY * (TRAIL_MAX as u64 / 2);
        if !position.is_multiple_of(TRAIL_EVERY) || position + near < target {
            return;
        }
        self.trail.insert(position, Rc::new(world.clone()));
        if self.trail.len() > TRAIL_MAX {
            self.trail.retain(|at, _| at.abs_diff(target) <= near);
        }
        if entries_kept(&self.trail) > ENTRIES_KEPT_MAX {
            self.trail
                .retain(|at, _| at.abs_diff(target) <= TRAIL_EVERY);
        }
    }

    /// Lets a known event happen again.
    pub(super) fn replay_one(&self, world: &mut World) {
        let position = world.event_count();
        let place = self
            .externals
            .binary_search_by_key(&position, |external| external.position);
        match place {
            Ok(place) => {
                let external = &self.externals[place];
                world.pass_to(external.at);
                // It was done before, in this very world, so it can be done.
                let _ = world.act(&external.action);
            }
            Err(_) => {
                let _ = world.step();
            }
        }
    }

    pub(super) fn forget_after(&mut self, length: usize, end_at: Micros) {
        self.events.truncate(length);
        self.end_at = end_at;
        let after = length as u64 + 1;
        self.checkpoints.split_off(&after);
        self.trail.split_off(&after);
    }

    pub(super) fn keep_checkpoint(&mut self, world: &World) {
        let position = world.event_count();
        if !position.is_multiple_of(self.checkpoint_every) {
            return;
        }
        self.checkpoints.insert(position, Rc::new(world.clone()));
        while self.checkpoints.len() > 2
            && (self.checkpoints.len() > CHECKPOINTS_MAX
                || entries_kept(&self.checkpoints) > ENTRIES_KEPT_MAX)
        {
            self.checkpoint_every *= 2;
            let every = self.checkpoint_every;
            self.checkpoints.retain(|at, _| at.is_multiple_of(every));
        }
    }
}

fn entries_kept(worlds: &BTreeMap<u64, Rc<World>>) -> usize {
    worlds.values().map(|world| world.entry_count()).sum()
}
