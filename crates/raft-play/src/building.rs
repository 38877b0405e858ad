//! How far a run to build has come: which goals have been met, at which event.
//!
//! A run carries what is to be built as text. Its goals are looked at here after every event of the
//! branch, in order: each at or after the event at which the one before it was met. What was done
//! counts up to the event at which the last one was met, so that nobody has to stop there.

mod proof;

use raft_core::RuleSet;
use raft_sim::Run;
use raft_sim::action::{Action, MachineAction, ServerAction};
use raft_sim::observed::Observed;
use raft_sim::run::{Begun, Build, Done, Goal, Place, WORK_MAX};

use crate::script::{Condition, Looking};
use crate::text::Line;

pub use proof::prove;

/// The most events after the beginning that are looked at.
pub const MARKED_MAX: u64 = 100_000;

/// Somebody who looks how far a run to build has come, and remembers what was seen.
#[derive(Debug)]
pub struct Marker {
    begun: Begun,
    /// The branch that was looked at, and how often branches had become others by then.
    branch: (usize, u64),
    world: Observed,
    goals: Vec<Condition>,
    always: Vec<Condition>,
    /// Where each goal was met, as far as they were.
    met: Vec<Place>,
    /// Where each of what must always hold did not hold first.
    broken: Vec<Option<Place>>,
    looking: Looking,
}

/// How far a run to build has come by some instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Where each goal was met, as far as they were.
    pub met: Vec<Place>,
    /// Where each of what must always hold did not hold first.
    pub broken: Vec<Option<Place>>,
    /// How many invariants have been found broken that the build does not ask for.
    pub violations: usize,
    /// How many Actions have been done.
    pub used: u64,
    /// How many of them may not be done here.
    pub forbidden: u64,
    /// The rules that are ablated here and not in the playbook, or the other way round: then
    /// nothing is done, since another Raft would do it.
    pub modified: RuleSet,
    /// Whether events up to the present instant have not been looked at: there are too many.
    pub is_cut_short: bool,
    /// Where all of it was done.
    pub done: Option<Place>,
}

impl Marker {
    /// Somebody who looks at the present branch of `run`; nobody if there is nothing to build.
    #[must_use]
    pub fn new(run: &Run) -> Option<Self> {
        let begun = run.build()?.clone();
        let servers = run.setup().servers;
        let read = |goals: &[Goal]| {
            let read = |goal: &Goal| Condition::of_goal(&goal.when, servers).ok();
            goals.iter().map(read).collect::<Option<Vec<_>>>()
        };
        let mut marker = Self {
            goals: read(&begun.build.goals)?,
            always: read(&begun.build.always)?,
            branch: (run.current_branch(), run.turns()),
            world: run.world_after(begun.place.0),
            met: Vec::new(),
            broken: vec![None; begun.build.always.len()],
            looking: Looking::since(begun.place.1),
            begun,
        };
        marker.world.pass_to(marker.begun.place.1);
        marker.look_always();
        Some(marker)
    }

    /// What is to be built.
    #[must_use]
    pub const fn begun(&self) -> &Begun {
        &self.begun
    }

    /// Whether what was seen is of this branch of `run`.
    #[must_use]
    pub fn is_of(&self, run: &Run) -> bool {
        self.branch == (run.current_branch(), run.turns())
            && run.build() == Some(&self.begun)
            && self.world.event_count() <= run.events().len() as u64
    }

    /// Looks at all events up to the present instant that have not been looked at.
    pub fn go_on(&mut self, run: &Run) {
        let last = self.begun.place.0.saturating_add(MARKED_MAX);
        let to = run.position().min(last);
        while self.world.event_count() < to
            && self.looking.spent() < WORK_MAX
            && run.relive(&mut self.world)
        {
            self.look();
        }
    }

    /// How far it has come at the present instant of `run`.
    #[must_use]
    pub fn progress(&self, run: &Run) -> Progress {
        let now = run.position();
        let by_now = |place: &Place| place.0 <= now;
        let met: Vec<Place> = self.met.iter().copied().filter(by_now).collect();
        let broken = self.broken.iter().map(|place| place.filter(by_now));
        let all = (met.len() == self.goals.len()).then(|| met.last().copied());
        let last = all.flatten();
        let upto = last.map_or(now, |(position, _)| position);
        let done = run.done_since(&self.begun).iter();
        let done: Vec<&Done> = done.filter(|done| done.position < upto).collect();
        let forbidden = done
            .iter()
            .filter(|done| !is_allowed(&self.begun.build, &done.action));
        let mut progress = Progress {
            broken: broken.collect(),
            violations: self.violations(run, upto),
            used: done.len() as u64,
            forbidden: forbidden.count() as u64,
            modified: run.setup().ablated.difference(self.begun.ablated),
            is_cut_short: last.is_none() && self.world.event_count() < now,
            met,
            done: None,
        };
        let is_kept = progress.broken.iter().flatten().all(|place| place.0 > upto);
        let is_done = is_kept
            && progress.violations == 0
            && progress.forbidden == 0
            && progress.modified.is_empty()
            && progress.used <= self.begun.build.actions_max;
        progress.done = last.filter(|_| is_done);
        progress
    }

    /// What is so of each goal, and of each thing that must always hold, at the present instant.
    pub fn found(&mut self, run: &Run) -> (Vec<String>, Vec<String>) {
        let world = run.world();
        let goals = self.goals.iter();
        let goals = goals.map(|goal| self.looking.found(goal, world)).collect();
        let always = self.always.iter();
        let always = always.map(|goal| self.looking.found(goal, world));
        (goals, always.collect())
    }

    fn look(&mut self) {
        let place = (self.world.event_count(), self.world.now());
        while let Some(next) = self.goals.get(self.met.len()) {
            if !self.looking.holds(next, &self.world) {
                break;
            }
            self.met.push(place);
        }
        self.look_always();
    }

    fn look_always(&mut self) {
        let place = (self.world.event_count(), self.world.now());
        for (condition, broken) in self.always.iter().zip(&mut self.broken) {
            if broken.is_none() && !self.looking.holds(condition, &self.world) {
                *broken = Some(place);
            }
        }
    }

    /// How many invariants are broken after `upto` events; none counts where a goal asks for one,
    /// or rules are ablated.
    fn violations(&self, run: &Run, upto: u64) -> usize {
        let asked = self.goals.iter().flat_map(Condition::broken);
        if !run.setup().ablated.is_empty() || asked.count() > 0 {
            return 0;
        }
        let violations = run.world().checker().violations().iter();
        violations.filter(|found| found.event < upto).count()
    }
}

/// Whether an Action may be done for a build: one with a verb that it names, or, where it names
/// none, anything but what no Raft survives.
#[must_use]
pub fn is_allowed(build: &Build, action: &Action) -> bool {
    if build.verbs.is_empty() {
        return !breaks_a_promise(action);
    }
    let line = Line(action).to_string();
    let verb = line.split_whitespace().next().unwrap_or_default();
    build.verbs.iter().any(|allowed| allowed == verb)
}

/// Whether it takes from a server what it has kept, or will.
const fn breaks_a_promise(action: &Action) -> bool {
    matches!(
        action,
        Action::Rewrite(_)
            | Action::Server(ServerAction::RestartEmpty(_) | ServerAction::RestartBackup(_))
            | Action::Machine(MachineAction::DiskSyncs { syncs: false, .. })
    )
}
