//! A run: a seed and a list of Actions, and the freedom to go anywhere in it.
//!
//! Only what was done from outside is stored, with the number of events
//! before it and the time; everything else follows from the seed. Any instant
//! is reached by replay from the nearest checkpoint. Acting in the past
//! starts a branch, and the branch it left stays as it was.

mod ablate;
mod aim;
mod asked;
mod branch;
mod build;
mod checkpoint;
mod compare;
mod contrast;
mod events;
mod history;
mod lanes;
mod question;
mod recording;
mod restore;
mod stage;
mod struck;
mod told;
mod undo;
mod uses;

use core::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::act::Refusal;
use crate::action::{Action, TimeAction};
use crate::change::{Change, Fields};
use crate::digest::Digest;
use crate::event::Event;
use crate::observed::Observed;
use crate::outcome::Declined;
use crate::rules::Weighed;
use crate::setup::Setup;
use crate::time::Micros;

pub use ablate::{Ablated, Ablating};
pub use aim::Aim;
pub use asked::Asked;
pub use branch::Branch;
pub use build::{Begun, Build, Goal};
pub use compare::{Comparing, Difference, Same};
pub use contrast::{Beginning, Contrast, Contrasted};
pub use events::{EventIter, Events};
pub use lanes::{Lanes, RoleKind, Span, Standing};
pub use question::{Answer, Posed, Question};
pub use recording::{Done, replay};
pub use stage::{Stage, Trial, WORK_MAX};
pub use struck::Struck;
pub use told::{FAILURES_MAX, Failure, Held, Place, Teller, Unmet};
use undo::Acts;
pub use undo::UNDO_MAX;
pub use uses::Counts;

/// The most events that a run may have: what keeps a playbook from hanging
/// whoever opens it.
pub const EVENTS_MAX: u64 = 1_000_000;

/// The most events that are gone through in search of one of note.
pub const SEARCHED_MAX: u64 = 100_000;

/// A run with all its branches, looked at from one instant of one of them.
#[derive(Debug, Clone)]
pub struct Run {
    branches: Vec<Rc<Branch>>,
    current: usize,
    world: Observed,
    held: Vec<Held>,
    acts: Acts,
}

/// The most expectations that held of which a run keeps the words.
pub const HELD_MAX: usize = 1_000;

/// Part of a playbook under one caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// In English.
    pub caption: String,
    /// In Chinese.
    pub caption_zh: String,
    /// How many events come before it.
    pub position: u64,
    /// When it begins.
    pub at: Micros,
}

/// Why a run could not go on as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// The Action cannot be done now.
    Refused(Refusal),
    /// The run would have more than [`EVENTS_MAX`] events.
    TooManyEvents,
}

impl Run {
    /// A run of a fresh cluster.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let world = Observed::new(&setup);
        Self {
            branches: vec![Rc::new(Branch::first(setup, &world))],
            current: 0,
            world,
            held: Vec::new(),
            acts: Acts::default(),
        }
    }

    /// How the cluster was set up.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.branch().setup
    }

    /// The phases of the playbook, as far as this branch follows it.
    #[must_use]
    pub fn phases(&self) -> &[Phase] {
        &self.branch().phases
    }

    /// The expectations of its playbook that held, in the order in which they were looked at: the
    /// first [`HELD_MAX`].
    #[must_use]
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// The world at the present instant.
    #[must_use]
    pub const fn world(&self) -> &Observed {
        &self.world
    }

    /// How many events come before the present instant.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.world.event_count()
    }

    /// The events of the current branch, those after the present among them.
    #[must_use]
    pub fn events(&self) -> Events<'_> {
        Events(self.branch())
    }

    /// The last instant of the current branch that has been seen.
    #[must_use]
    pub fn end_at(&self) -> Micros {
        self.branch().end_at.max(self.world.now())
    }

    /// All branches, the first one first.
    #[must_use]
    pub fn branches(&self) -> &[Rc<Branch>] {
        &self.branches
    }

    /// Which branch this is.
    #[must_use]
    pub const fn current_branch(&self) -> usize {
        self.current
    }

    /// A fingerprint of all events of the current branch.
    #[must_use]
    pub fn digest(&self) -> u64 {
        let mut digest = Digest::default();
        // As the list of them would be, which says first how long it is.
        self.events().len().hash(&mut digest);
        for event in self.events() {
            event.hash(&mut digest);
        }
        digest.finish()
    }

    /// Does `action` at the present instant; answers why the server that is asked
    /// declines, if it does. In the past it starts a branch, unless it only lets time pass.
    ///
    /// # Errors
    /// Says why it cannot be done; the run is as it was.
    pub fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        match action {
            Action::Time(TimeAction::Step(count)) => {
                self.check_room(count.get())?;
                for _ in 0..count.get() {
                    if !self.step_on() {
                        break;
                    }
                }
                Ok(None)
            }
            Action::Time(TimeAction::Run(by)) => self.advance(by.get()).map(|_| None),
            Action::Server(_)
            | Action::Machine(_)
            | Action::Link(_)
            | Action::Message(_)
            | Action::Client(_)
            | Action::Rewrite(_) => self.act_from_outside(action),
        }
    }

    /// Lets the next event happen; `false` if none ever will.
    ///
    /// # Errors
    /// Stays where it is if the run would have too many events.
    pub fn step(&mut self) -> Result<bool, RunError> {
        self.check_room(1)?;
        Ok(self.step_on())
    }

    /// Goes back to before the last event; `false` at the beginning.
    pub fn step_back(&mut self) -> bool {
        let position = self.position();
        if position == 0 {
            return false;
        }
        self.go_to(position - 1);
        true
    }

    /// Lets time pass; answers how many events happened meanwhile.
    ///
    /// # Errors
    /// Goes back to where it was if the run would have too many events.
    pub fn advance(&mut self, by: Micros) -> Result<u64, RunError> {
        let (before, now) = (self.position(), self.world.now());
        let (length, end_at) = (self.length(), self.end_at());
        let target = now.saturating_add(by);
        while self.next_at().is_some_and(|at| at <= target) {
            if let Err(error) = self.check_room(1) {
                self.return_to(before, now, length, end_at);
                return Err(error);
            }
            if !self.step_on() {
                break;
            }
        }
        Stage::pass_to(self, target);
        Ok(self.position() - before)
    }

    /// Goes to just after the first `position` events of this branch; where the building of a run
    /// begins, to the instant at which it does, so that what is done there is a part of it.
    pub fn go_to(&mut self, position: u64) {
        let target = position.min(self.length());
        self.world = self.branch().world_at(target);
        if let Some((_, at)) = self.building_begins(target) {
            self.world.pass_to(at);
        }
    }

    /// Goes to the instant `at` of this branch, at most to its end.
    pub fn go_to_time(&mut self, at: Micros) {
        let at = at.min(self.end_at());
        self.go_to(self.events().count_until(at));
        self.world.pass_to(at);
    }

    /// Goes to the instant `at` among those that have just `position` events before them, or to
    /// the one of them that is nearest to it.
    pub fn go_to_instant(&mut self, position: u64, at: Micros) {
        self.go_to(position);
        let next = match self.event(self.position()) {
            Some(event) => event.at,
            None => self.end_at(),
        };
        let now = self.world.now();
        self.world.pass_to(at.clamp(now, next.max(now)));
    }

    /// Goes back to an instant, and forgets what has been lived through
    /// since: nothing was done from outside meanwhile, so it will happen
    /// again in the same way.
    fn return_to(&mut self, position: u64, now: Micros, length: u64, end_at: Micros) {
        self.branch_mut().forget_after(length, end_at);
        self.go_to(position);
        self.world.pass_to(now);
    }

    /// The event `number` of this branch.
    #[must_use]
    pub fn event(&self, number: u64) -> Option<Event> {
        self.events().get(number)
    }

    /// What each server was over the time of the branch.
    #[must_use]
    pub fn lanes(&self) -> &Lanes {
        self.branch().lanes()
    }

    /// The messages of the branch that were lost in the course of something else.
    #[must_use]
    pub fn struck(&self) -> &[Struck] {
        self.branch().struck.all()
    }

    /// The fields that the last event before the present changed.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let last = self.position().checked_sub(1);
        last.map_or_else(Vec::new, |last| self.changes_of(last))
    }

    /// The fields that the event `number` changed.
    #[must_use]
    pub fn changes_of(&self, number: u64) -> Vec<Change> {
        let Some(server) = self.event(number).and_then(|event| event.server) else {
            return Vec::new();
        };
        let mut world = self.branch().world_at(number);
        let before = world.server(server).map(Fields::of);
        self.branch().replay_one(&mut world);
        let after = world.server(server).map(Fields::of);
        before
            .zip(after)
            .map(|(before, after)| before.changes_to(&after))
            .unwrap_or_default()
    }

    /// The rules that the server of the event `number` came to, in the order in which it did, with
    /// what it compared.
    #[must_use]
    pub fn weighed(&self, number: u64) -> Vec<Weighed> {
        let Some(server) = self.event(number).and_then(|event| event.server) else {
            return Vec::new();
        };
        let mut world = self.branch().world_at(number);
        world.listen();
        self.branch().replay_one(&mut world);
        world.take_weighed(server)
    }

    /// Goes to another branch, to where it left its parent, or to its end.
    pub fn switch_branch(&mut self, id: usize) {
        if id < self.branches.len() && id != self.current {
            self.current = id;
            let fork = self.branches[id].parent.map(|(_, position)| position);
            let end = self.branches[id].history.len();
            self.go_to(fork.map_or(end, |position| position + 1));
        }
    }

    fn act_from_outside(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        self.check_room(1)?;
        let external = Done {
            position: self.position(),
            at: self.world.now(),
            action: action.clone(),
        };
        // If it is refused, the world is as it was.
        let event = self.world.act(action).map_err(RunError::Refused)?;
        self.note_act();
        let place = external.place();
        if self.goes_on_after(place) {
            self.fork(&external);
        }
        let branch = self.branch_mut();
        // What was seen of a quiet time after this instant is no longer so.
        branch.end_at = external.at;
        branch.asked.retain(|asked| asked.place() <= place);
        if branch.told.until.is_some_and(|until| place < until) {
            branch.leave_text(place);
        }
        branch.externals.push(external);
        let declined = event.declined();
        self.record(event);
        Ok(declined)
    }

    /// Whether anything is known of this branch after `place`: an event, lines of its playbook, or an
    /// expectation that was typed.
    fn goes_on_after(&self, place: Place) -> bool {
        let branch = self.branch();
        place.0 < self.length()
            || branch.told.until.is_some_and(|until| place < until)
            || branch.asked.iter().any(|asked| place < asked.place())
    }

    /// Starts a branch where `external` was done.
    fn fork(&mut self, external: &Done) {
        let parent = (self.current, external.position);
        let branch = self.branch().fork(parent, external.at);
        self.current = self.branches.len();
        self.branches.push(Rc::new(branch));
    }

    /// One event on, known or new.
    fn step_on(&mut self) -> bool {
        if self.position() < self.length() {
            self.branches[self.current].replay_one(&mut self.world);
            return true;
        }
        match self.world.step() {
            Some(event) => {
                self.record(event);
                true
            }
            None => false,
        }
    }

    fn record(&mut self, event: Event) {
        let (now, world) = (self.world.now(), &self.world);
        let branch = Rc::make_mut(&mut self.branches[self.current]);
        branch.end_at = branch.end_at.max(now);
        branch.struck.note(&event, world);
        branch.push(event);
        branch.note_broken(world);
        branch.lanes.note(world);
        branch.keep_checkpoint(world);
    }

    /// When the next event, known or new, happens.
    fn next_at(&self) -> Option<Micros> {
        let done = self.branch().external_at(self.position());
        done.map(|done| done.at)
            .or_else(|| self.world.next_event_at())
    }

    /// How many events this branch has.
    fn length(&self) -> u64 {
        self.branch().history.len()
    }

    fn check_room(&self, events: u64) -> Result<(), RunError> {
        if self.position().saturating_add(events) > EVENTS_MAX {
            Err(RunError::TooManyEvents)
        } else {
            Ok(())
        }
    }

    fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn branch_mut(&mut self) -> &mut Branch {
        Rc::make_mut(&mut self.branches[self.current])
    }
}
