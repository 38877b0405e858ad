//! The fewest Actions, servers and microseconds that still fail in the same way.
//!
//! Delta debugging (Zeller and Hildebrandt, 2002) removes ever smaller pieces from the list of
//! Actions and keeps the rest whenever it still fails; the result is then simplified
//! in every other way that a reader would want: fewer servers, no feature that is not needed,
//! shorter waits, rounder numbers. Each change may enable others, so all passes are repeated
//! until none helps. Nothing is random or depends on a clock: the same case always shrinks
//! to the same one.

use raft_core::{NodeId, RuleSet};
use raft_sim::Micros;
use raft_sim::action::{Action, ClientAction, ServerAction};
use raft_sim::setup::Setup;

use crate::case::{Case, Found, Goal, Played};
use crate::rewrite;

/// How often all passes are repeated at most.
const ROUNDS_MAX: u32 = 8;
/// How many other seeds a smaller cluster is tried with.
const SEEDS_TRIED: u64 = 24;

/// The progress of the search.
#[derive(Debug, Clone, Copy)]
pub struct Shrinking<'a> {
    /// The current pass, in a few words.
    pub pass: &'static str,
    /// How many cases have been played.
    pub played: u64,
    /// The best case so far.
    pub best: &'a Played,
}

/// Shrinks `case`, which fails as `goal` says; `None` if it does not.
///
/// `watch` is called at each step forward, and ends the search by returning `false`; the best
/// case so far is returned then.
pub fn shrink(
    case: &Case,
    goal: Goal,
    watch: &mut dyn FnMut(Shrinking<'_>) -> bool,
) -> Option<Played> {
    let mut best = case.play(goal);
    if let (Found::Unmet(unmet), Some(demand)) = (best.found.as_ref()?, &mut best.case.demand) {
        demand.like = Some(unmet.clone());
    }
    if !best.fails_as_text() {
        return None;
    }
    let case = &best.case.clone();
    let mut search = Search {
        best,
        goal,
        needs_ablation: !fails_with_all_rules(case, goal),
        needs_trouble: goal == Goal::Unmet && !fails_without_trouble(case),
        watch,
        played: 1,
        goes_on: true,
        pass: "what is done",
    };
    search.tell();
    for _ in 0..ROUNDS_MAX {
        let before = search.best.case.clone();
        search.simple_instants();
        search.fewer_actions();
        // The expectation may count the servers.
        if goal != Goal::Unmet {
            search.fewer_servers();
        }
        search.plainer_setup();
        search.shorter_waits();
        search.rounder_numbers();
        if !search.goes_on || search.best.case == before {
            break;
        }
    }
    Some(search.best)
}

/// Whether servers that follow all rules fail as well: a log may have been rewritten by hand.
fn fails_with_all_rules(case: &Case, goal: Goal) -> bool {
    let mut whole = case.clone();
    whole.setup.ablated = RuleSet::EMPTY;
    whole.play(goal).found.is_some()
}

/// Whether the expectation also fails, with any message, if the cluster only gets requests and no
/// faults.
fn fails_without_trouble(case: &Case) -> bool {
    let mut calm = case.clone();
    calm.moves.retain(|this| is_request(&this.action));
    if let Some(demand) = &mut calm.demand {
        demand.like = None;
    }
    calm.play(Goal::Unmet).found.is_some()
}

/// Whether this is a request to the cluster rather than a fault.
const fn is_request(action: &Action) -> bool {
    match action {
        Action::Server(action) => match action {
            ServerAction::Propose { .. }
            | ServerAction::Read(_)
            | ServerAction::Transfer { .. }
            | ServerAction::Reconfigure { .. }
            | ServerAction::Fire(..)
            | ServerAction::Snapshot(_) => true,
            ServerAction::Crash(_)
            | ServerAction::CrashTorn(_)
            | ServerAction::Restart(_)
            | ServerAction::RestartEmpty(_)
            | ServerAction::RestartBackup(_)
            | ServerAction::Pause(_)
            | ServerAction::Resume(_) => false,
        },
        Action::Client(action) => match action {
            ClientAction::Ask { .. } | ClientAction::Work { .. } | ClientAction::Rest(_) => true,
            ClientAction::Latency(_) | ClientAction::Loss(_) => false,
        },
        Action::Time(_)
        | Action::Machine(_)
        | Action::Link(_)
        | Action::Message(_)
        | Action::Rewrite(_) => false,
    }
}

struct Search<'w> {
    best: Played,
    goal: Goal,
    /// Whether it must pass with all rules: otherwise a different failure could be found, one that
    /// is only due to a rewritten log.
    needs_ablation: bool,
    /// Whether the expectation must hold if there are only requests: otherwise a run could
    /// be found in which nothing was requested.
    needs_trouble: bool,
    watch: &'w mut dyn FnMut(Shrinking<'_>) -> bool,
    played: u64,
    goes_on: bool,
    pass: &'static str,
}

impl Search<'_> {
    /// Replaces the best case by `case`, if that fails in the same way.
    fn attempt(&mut self, case: &Case) -> bool {
        if !self.goes_on || *case == self.best.case {
            return false;
        }
        self.played += 1;
        let played = case.play(self.goal);
        let is_better = played.found.is_some()
            && !(self.needs_ablation && fails_with_all_rules(case, self.goal))
            && !(self.needs_trouble && fails_without_trouble(case))
            && played.fails_as_text();
        if is_better {
            self.best = played;
            self.tell();
        } else if self.played.is_multiple_of(256) {
            self.tell();
        }
        is_better
    }

    fn tell(&mut self) {
        self.goes_on &= (self.watch)(Shrinking {
            pass: self.pass,
            played: self.played,
            best: &self.best,
        });
    }

    /// No Action, and not the end, comes in the middle of an instant.
    fn simple_instants(&mut self) {
        self.pass = "what is done";
        let mut simple = self.best.case.clone();
        for this in &mut simple.moves {
            this.events_first = None;
        }
        simple.end_events = None;
        if self.attempt(&simple) {
            return;
        }
        let mut simple = self.best.case.clone();
        simple.end_events = None;
        self.attempt(&simple);
        for place in (0..self.best.case.moves.len()).rev() {
            let this = self.best.case.moves.get(place);
            if this.is_none_or(|this| this.events_first.is_none()) {
                continue;
            }
            let mut simple = self.best.case.clone();
            simple.moves[place].events_first = None;
            self.attempt(&simple);
        }
    }

    /// Delta debugging: removes pieces of half the list, then of a quarter, down to single
    /// Actions. The later ones go first, since less depends on them.
    fn fewer_actions(&mut self) {
        self.pass = "fewer actions";
        let mut size = self.best.case.moves.len().div_ceil(2);
        while size > 0 && self.goes_on {
            let mut end = self.best.case.moves.len();
            let mut removed = false;
            while end > 0 && self.goes_on {
                let begin = end.saturating_sub(size);
                let mut fewer = self.best.case.clone();
                fewer.moves.drain(begin..end);
                removed |= self.attempt(&fewer);
                // Playing drops the Actions that were not possible, and ends at the failure.
                end = begin.min(self.best.case.moves.len());
            }
            if !(size == 1 && removed) {
                size /= 2;
            }
        }
    }

    fn fewer_servers(&mut self) {
        self.pass = "fewer servers";
        let mut id = u16::from(self.best.case.setup.servers);
        while id > 0 && self.best.case.setup.servers > 1 && self.goes_on {
            let fewer = rewrite::without_server(&self.best.case, NodeId(id));
            // Servers that move up draw other numbers, which another seed may compensate for.
            let own = self.best.case.setup.seed;
            for seed in [own].into_iter().chain(1..=SEEDS_TRIED) {
                let mut fewer = fewer.clone();
                fewer.setup.seed = seed;
                if self.attempt(&fewer) {
                    break;
                }
            }
            id -= 1;
        }
    }

    /// Removes features, sizes, ablated rules and a seed that are not needed.
    fn plainer_setup(&mut self) {
        self.pass = "a plainer cluster";
        let setup = self.best.case.setup.clone();
        self.with_setup(|setup| setup.voters = None);
        for feature in setup.features.iter() {
            self.with_setup(|setup| setup.features.remove(&feature));
        }
        for (size, _) in setup.sizes.iter() {
            self.with_setup(|setup| setup.sizes.set(size, None));
        }
        for (id, _) in &setup.own {
            self.with_setup(|setup| setup.own.retain(|(other, _)| other != id));
        }
        for rule in setup.ablated.iter() {
            let others = |set: RuleSet| set.iter().filter(|other| *other != rule).collect();
            self.with_setup(|setup| setup.ablated = others(setup.ablated));
        }
        let plain = Setup::default();
        self.with_setup(|setup| setup.election = plain.election);
        self.with_setup(|setup| setup.heartbeat = plain.heartbeat);
        for seed in 1..=self.best.case.setup.seed.saturating_sub(1).min(SEEDS_TRIED) {
            if self.with_setup(|setup| setup.seed = seed) {
                break;
            }
        }
    }

    fn with_setup(&mut self, change: impl FnOnce(&mut Setup)) -> bool {
        let mut plainer = self.best.case.clone();
        change(&mut plainer.setup);
        self.attempt(&plainer)
    }

    /// Makes waits between Actions shorter, or rounder if they cannot be shortened.
    fn shorter_waits(&mut self) {
        self.pass = "shorter waits";
        let mut place = 0;
        while place < self.best.case.moves.len() && self.goes_on {
            let wait = wait_before(&self.best.case, place);
            let mut shorter = vec![Micros::ZERO];
            shorter.extend((1..5).map(|power| Micros(wait.0 >> power)));
            shorter.extend(rewrite::rounder(wait));
            shorter.retain(|other| *other < wait);
            shorter.sort_unstable_by_key(|time| (!is_round(*time), *time));
            for other in shorter {
                if self.attempt(&with_wait(&self.best.case, place, other)) {
                    break;
                }
            }
            place += 1;
        }
        self.shorter_end();
    }

    /// Shortens the time after the last Action, unless the run ends as soon as an invariant breaks.
    fn shorter_end(&mut self) {
        let case = &self.best.case;
        let last = case.moves.last().map_or(Micros::ZERO, |this| this.at);
        let wait = case.end.saturating_sub(last);
        for shorter in [0, wait.0 >> 3, wait.0 >> 2, wait.0 >> 1].map(Micros) {
            let mut other = self.best.case.clone();
            other.end = last.saturating_add(shorter);
            if self.attempt(&other) {
                return;
            }
        }
    }

    fn rounder_numbers(&mut self) {
        self.pass = "rounder numbers";
        let mut place = 0;
        while place < self.best.case.moves.len() && self.goes_on {
            for action in rewrite::simpler(&self.best.case.moves[place].action) {
                let mut simpler = self.best.case.clone();
                simpler.moves[place].action = action;
                if self.attempt(&simpler) {
                    break;
                }
            }
            place += 1;
        }
        // An instant that is a little later may be a rounder one.
        for place in 0..self.best.case.moves.len() {
            let Some(this) = self.best.case.moves.get(place) else {
                break;
            };
            let wait = wait_before(&self.best.case, place);
            if this.events_first.is_some() || is_round(wait) {
                continue;
            }
            for unit in [100_000, 10_000, 1_000] {
                let later = Micros(wait.0.div_ceil(unit) * unit);
                if self.attempt(&with_wait(&self.best.case, place, later)) {
                    break;
                }
            }
        }
    }
}

const fn is_round(time: Micros) -> bool {
    time.0.is_multiple_of(1_000)
}

/// The time between the move at `place` and the one before.
fn wait_before(case: &Case, place: usize) -> Micros {
    let before = place.checked_sub(1).and_then(|place| case.moves.get(place));
    let before = before.map_or(Micros::ZERO, |this| this.at);
    case.moves[place].at.saturating_sub(before)
}

/// The case with another wait there; everything after it moves.
fn with_wait(case: &Case, place: usize, wait: Micros) -> Case {
    let old = wait_before(case, place);
    let mut other = case.clone();
    let shift = |at: Micros| at.saturating_add(wait).saturating_sub(old);
    for this in &mut other.moves[place..] {
        this.at = shift(this.at);
    }
    // It may take longer to fail than before; what is not needed is removed anyway.
    other.end = shift(other.end).max(case.end);
    other
}
