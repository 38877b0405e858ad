//! One line of history, and the worlds kept along it.
//!
//! Everything that a run knows of the past is the list of what came from
//! outside; worlds are kept here and there only so that no replay is long.
//! They thin out as the run grows, and are dense around the place last gone
//! to.

use std::cell::RefCell;

use super::Phase;
use super::asked::Asked;
use super::checkpoint::Kept;
use super::events::Events;
use super::history::History;
use super::lanes::Lanes;
use super::recording::Done;
use super::struck::StruckList;
use super::told::{Place, Told};
use super::uses::Uses;
use crate::event::Event;
use crate::observed::Observed;
use crate::setup::Setup;
use crate::time::Micros;

/// The most events between two checkpoints at the start of a run; the
/// distance doubles as the run grows.
const CHECKPOINT_EVERY: u64 = 128;
/// The most checkpoints that a branch keeps: of the longest run, one each
/// 2048 events.
const CHECKPOINTS_MAX: usize = 512;
/// The distance between the worlds kept around the place last looked at, so
/// that going back from there event by event replays only a few each time.
const TRAIL_EVERY: u64 = 256;
/// So many of them are kept on the way to that place: a world takes as long
/// to copy as some hundred events to happen.
const TRAIL_BEFORE: u64 = 2;
/// The most worlds kept around it.
const TRAIL_MAX: usize = 16;
/// The most log entries that all checkpoints of a branch hold, each counted once where they share
/// it, and so many again those around the place last looked at: what bounds their memory.
const ENTRIES_KEPT_MAX: usize = 2_000_000;

/// One line of history.
#[derive(Debug, Clone)]
pub struct Branch {
    pub(super) setup: Setup,
    pub(super) parent: Option<(usize, u64)>,
    /// What it was played again from, if it was, under other rules.
    pub(super) replay: Option<Replay>,
    pub(super) told: Told,
    /// Typed expectations that failed, by their places.
    pub(super) asked: Vec<Asked>,
    pub(super) phases: Vec<Phase>,
    pub(super) externals: Vec<Done>,
    pub(super) history: History,
    pub(super) lanes: Lanes,
    pub(super) uses: Uses,
    pub(super) struck: StruckList,
    /// The events at which an invariant was first found broken.
    pub(super) broken: Vec<u64>,
    pub(super) end_at: Micros,
    pub(super) checkpoints: Kept,
    pub(super) checkpoint_every: u64,
    /// Filled by whoever looks, which changes nothing that can be seen.
    trail: RefCell<Kept>,
}

/// Which branch one was played again from, and how much was done in each of the two by then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replay {
    pub(super) of: usize,
    pub(super) done_there: usize,
    pub(super) done_here: usize,
}

impl Branch {
    /// The first branch of a run, which begins as `world`.
    pub(super) fn first(setup: Setup, world: &Observed) -> Self {
        Self {
            setup,
            parent: None,
            replay: None,
            told: Told::default(),
            asked: Vec::new(),
            phases: Vec::new(),
            externals: Vec::new(),
            history: History::default(),
            lanes: Lanes::beginning(world),
            uses: Uses::NONE,
            struck: StruckList::default(),
            broken: Vec::new(),
            end_at: Micros::ZERO,
            checkpoints: Kept::beginning(world),
            checkpoint_every: CHECKPOINT_EVERY,
            trail: RefCell::default(),
        }
    }

    /// What this branch was up to the instant `now`, at which `parent` names
    /// it and the number of events before it.
    pub(super) fn fork(&self, parent: (usize, u64), now: Micros) -> Self {
        let position = parent.1;
        let before = |external: &&Done| external.position < position;
        let mut checkpoints = self.checkpoints.clone();
        checkpoints.forget_after(position);
        let mut history = self.history.clone();
        history.truncate(position);
        let mut lanes = self.lanes.clone();
        lanes.forget_after(position);
        let mut struck = self.struck.clone();
        struck.forget_after(position);
        let mut fork = Self {
            setup: self.setup.of_another_branch(),
            parent: Some(parent),
            replay: None,
            told: self.told.clone(),
            asked: self.asked.clone(),
            phases: self.phases.clone(),
            externals: self.externals.iter().filter(before).cloned().collect(),
            history,
            lanes,
            uses: self.uses.until(self, position),
            struck,
            broken: self.broken_before(position).to_vec(),
            end_at: now,
            checkpoints,
            checkpoint_every: self.checkpoint_every,
            trail: RefCell::default(),
        };
        fork.asked.retain(|asked| asked.place() <= (position, now));
        // What the next caption tells of has not happened here, and will not.
        fork.leave_text((position, now));
        fork
    }

    /// Something else than what the playbook says is done at `place`.
    pub(super) fn leave_text(&mut self, place: Place) {
        self.told = self.told.left_at(place);
        self.phases
            .retain(|phase| (phase.position, phase.at) < place);
    }

    /// The branch that this one left, and after how many events.
    #[must_use]
    pub const fn parent(&self) -> Option<(usize, u64)> {
        self.parent
    }

    /// How its cluster was set up.
    #[must_use]
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The phases of its playbook, as far as it follows that.
    #[must_use]
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// What was done from outside, in order.
    #[must_use]
    pub fn externals(&self) -> &[Done] {
        &self.externals
    }

    /// Typed expectations that failed, by their places.
    #[must_use]
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Its events.
    #[must_use]
    pub const fn events(&self) -> Events<'_> {
        Events(self)
    }

    /// The last instant of it that has been seen.
    #[must_use]
    pub const fn end_at(&self) -> Micros {
        self.end_at
    }

    /// The lines of the text that it was played from that are still true, and the place up to
    /// which they lead; none if there is no text.
    #[must_use]
    pub fn lines_told(&self) -> Option<(String, Place)> {
        self.told.lines()
    }

    /// Where lines of that text began, by their numbers; one more than there are stands for its end.
    /// Of lines that began at one place the last one stands for all.
    pub fn lines_begun(&self) -> impl Iterator<Item = (u32, Place)> {
        self.told.begun()
    }

    /// Up to where the captions tell of it: where the playbook ends, or where it has left that.
    #[must_use]
    pub const fn told_until(&self) -> Option<Place> {
        self.told.until
    }

    /// Of which branch it is a replay under other rules, if nothing has been done in it since.
    #[must_use]
    pub fn replay_of(&self) -> Option<usize> {
        let replay = self.replay?;
        (replay.done_here == self.externals.len()).then_some(replay.of)
    }

    /// What it is called; empty where nobody has given it a name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.setup.branch
    }

    /// How many events it has.
    #[must_use]
    pub fn len(&self) -> usize {
        Events(self).len()
    }

    /// Whether nothing has happened on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Events(self).is_empty()
    }

    /// What was done from outside as event `number`.
    pub(super) fn external_at(&self, number: u64) -> Option<&Done> {
        let last = self.externals.last()?;
        if last.position < number {
            return None;
        }
        let externals = &self.externals;
        let place = externals.binary_search_by_key(&number, |external| external.position);
        place.ok().map(|place| &externals[place])
    }

    /// The last world kept that is not after `position`. There is one, as
    /// every branch has a checkpoint at its beginning.
    fn nearest(&self, position: u64) -> Observed {
        let trail = self.trail.borrow();
        let kept = [
            self.checkpoints.last_until(position),
            trail.last_until(position),
        ];
        let nearest = kept
            .into_iter()
            .flatten()
            .max_by_key(|world| world.event_count());
        nearest
            .cloned()
            .expect("every branch has a checkpoint at its beginning")
    }

    /// The world after `position` events, all of which are known.
    pub(super) fn world_at(&self, position: u64) -> Observed {
        let mut world = self.nearest(position);
        while world.event_count() < position {
            self.replay_one(&mut world);
            self.keep_trail(&world, position);
        }
        world
    }

    /// Keeps `world` on the way to `target` if it is one of those nearest to it.
    fn keep_trail(&self, world: &Observed, target: u64) {
        let position = world.event_count();
        let near = TRAIL_EVERY * TRAIL_BEFORE;
        if !position.is_multiple_of(TRAIL_EVERY) || position + near < target {
            return;
        }
        let mut trail = self.trail.borrow_mut();
        trail.keep(world);
        if trail.len() > TRAIL_MAX {
            trail.retain(|at| at.abs_diff(target) <= near);
        }
        if trail.entry_count() > ENTRIES_KEPT_MAX {
            trail.retain(|at| at.abs_diff(target) <= TRAIL_EVERY);
        }
    }

    /// Lets a known event happen again.
    pub(super) fn replay_one(&self, world: &mut Observed) {
        let position = world.event_count();
        match self.external_at(position) {
            Some(external) => {
                world.pass_to(external.at);
                // It was done before, in this very world, so it can be done.
                let _ = world.act(&external.action);
            }
            None => {
                let _ = world.step();
            }
        }
    }

    /// Adds the event that comes next; if it was done from outside, that is known.
    pub(super) fn push(&mut self, event: Event) {
        let done = self.externals.last().map(|external| &external.action);
        self.uses.note(&event);
        self.history.push(event, done);
    }

    /// What each server was over its time.
    #[must_use]
    pub const fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Notes whether the last event, after which the world is `world`, broke an invariant.
    pub(super) fn note_broken(&mut self, world: &Observed) {
        let last = world.event_count().saturating_sub(1);
        let violations = world.checker().violations();
        if violations.last().is_some_and(|found| found.event == last) {
            self.broken.push(last);
        }
    }

    fn broken_before(&self, length: u64) -> &[u64] {
        &self.broken[..self.broken.partition_point(|event| *event < length)]
    }

    pub(super) fn forget_after(&mut self, length: u64, end_at: Micros) {
        self.uses = self.uses.until(self, length);
        self.history.truncate(length);
        self.lanes.forget_after(length);
        self.struck.forget_after(length);
        self.broken.truncate(self.broken_before(length).len());
        self.end_at = end_at;
        self.checkpoints.forget_after(length);
        self.trail.get_mut().forget_after(length);
    }

    pub(super) fn keep_checkpoint(&mut self, world: &Observed) {
        let position = world.event_count();
        if !position.is_multiple_of(self.checkpoint_every) {
            return;
        }
        self.checkpoints.keep(world);
        while self.checkpoints.len() > 2
            && (self.checkpoints.len() > CHECKPOINTS_MAX
                || self.checkpoints.entry_count() > ENTRIES_KEPT_MAX)
        {
            self.checkpoint_every *= 2;
            let every = self.checkpoint_every;
            self.checkpoints.retain(|at| at.is_multiple_of(every));
        }
    }
}
