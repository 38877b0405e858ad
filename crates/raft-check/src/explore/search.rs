//! The search: breadth first, level by level, by several workers.
//!
//! The states of a level are taken in portions. Workers find what can happen next in each state of
//! a portion, with tables that nobody changes meanwhile; where these miss something, the state is
//! put aside. Then one thread goes through the portion in its order: it learns what was missing,
//! and adds what is new. So the tables, the order of the states and the first violation are the same
//! whatever the number of workers.

use std::thread;

use raft_sim::Invariant;

use super::bounds::{Bounds, Unbounded};
use super::fingerprint::{Seen, fingerprint};
use super::path::{Counterexample, tell};
use super::permutation::Permutation;
use super::state::{Move, Scratch, Words};
use super::tables::Tables;

/// So many states are in a portion at most; in the beginning, when the tables have nearly nothing,
/// there are fewer.
const PORTION_MAX: usize = 8192;
const PORTION_MIN: usize = 64;

/// How much a search may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many threads find what can happen next. What is found does not depend on it.
    pub workers: usize,
    /// About how many bytes it may take, for all that it keeps.
    pub bytes_max: usize,
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many different states were found.
    pub states: u64,
    /// How many things were done in them.
    pub transitions: u64,
    /// How many steps lead to those that were found last.
    pub depth: u32,
    /// How many of them wait to be looked at.
    pub waiting: u64,
    /// About how many bytes they take.
    pub bytes: usize,
    /// How many different servers there were in all of them.
    pub servers: u64,
}

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How far it came. The depth is that of the deepest state.
    pub progress: Progress,
    /// What it found.
    pub verdict: Verdict,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every state within the bounds was looked at, and nothing is broken in any.
    Exhausted,
    /// Something breaks.
    Broken(Counterexample),
    /// It ended before: there was no more memory.
    OutOfMemory,
    /// It ended before: it was told to.
    Stopped,
}

/// Looks at all states within the bounds, until something breaks. `watch` is told of each portion,
/// and says whether to go on.
///
/// # Errors
/// Says which of the bounds cannot be searched.
pub fn explore(
    bounds: &Bounds,
    limits: Limits,
    mut watch: impl FnMut(&Progress) -> bool,
) -> Result<Report, Unbounded> {
    let mut exploration = Exploration::new(bounds)?;
    loop {
        if let Some(report) = exploration.advance(limits) {
            return Ok(report);
        }
        let progress = exploration.progress();
        if !watch(&progress) {
            let verdict = Verdict::Stopped;
            return Ok(Report { progress, verdict });
        }
    }
}

/// A search that goes on portion by portion, whenever it is told to.
pub struct Exploration {
    search: Search,
    /// How much of the present level has been looked at.
    done: usize,
}

impl Exploration {
    /// One that begins.
    ///
    /// # Errors
    /// Says which of the bounds cannot be searched.
    pub fn new(bounds: &Bounds) -> Result<Self, Unbounded> {
        bounds.check()?;
        let search = Search::new(bounds);
        Ok(Self { search, done: 0 })
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.search.progress(self.done)
    }

    /// Looks at the next portion; answers what came of the search, if it is at its end.
    pub fn advance(&mut self, limits: Limits) -> Option<Report> {
        let portion = (self.search.states() / 16).clamp(PORTION_MIN, PORTION_MAX);
        let end = (self.done + portion).min(self.search.level.len());
        let broken = self.search.portion(self.done..end, limits.workers);
        if broken.is_none() {
            self.done = end;
        }
        let progress = self.progress();
        let verdict = if let Some(broken) = broken {
            Verdict::Broken(self.search.path(&broken))
        } else if progress.waiting == 0 {
            Verdict::Exhausted
        } else if progress.bytes > limits.bytes_max || self.search.is_full() {
            Verdict::OutOfMemory
        } else {
            if self.done == self.search.level.len() {
                self.search.descend();
                self.done = 0;
            }
            return None;
        };
        Some(Report { progress, verdict })
    }
}

/// States one behind the other.
#[derive(Default)]
pub(super) struct Level {
    words: Vec<u32>,
    ends: Vec<usize>,
}

impl Level {
    fn push(&mut self, state: &[u32]) {
        self.words.extend(state);
        self.ends.push(self.words.len());
    }

    pub(super) fn get(&self, place: usize) -> &[u32] {
        let begin = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.words[begin..self.ends[place]]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn clear(&mut self) {
        self.words.clear();
        self.ends.clear();
    }

    /// How many bytes it takes, or takes while it grows for so many states.
    fn room(&self, states: usize, words: usize) -> usize {
        room(&self.words, words) + room(&self.ends, states)
    }
}

/// How many bytes a list takes, or takes while it grows by so many: it is then there twice, once
/// with twice the room.
const fn room<T>(list: &Vec<T>, more: usize) -> usize {
    let now = list.capacity() * size_of::<T>();
    if list.len() + more > list.capacity() {
        3 * now
    } else {
        now
    }
}

/// What can happen next in a state, as far as it may be new.
#[derive(Default)]
struct Found {
    next: Level,
    /// Of each: its fingerprint, and how many moves of the state came before it.
    marks: Vec<(u64, u16)>,
    moves: u16,
    /// The first move that breaks something.
    broken: Option<(u16, Invariant)>,
}

/// How much was found in a portion: no more than in the largest is expected of the next.
#[derive(Clone, Copy, Default)]
struct Portion {
    states: usize,
    words: usize,
    bytes: usize,
}

impl Portion {
    fn of(found: &[Option<Found>]) -> Self {
        let mut all = Self::default();
        for found in found.iter().flatten() {
            let marks = found.marks.capacity() * size_of::<(u64, u16)>();
            all.states += found.marks.len();
            all.words += found.next.words.len();
            all.bytes += size_of::<Found>() + marks + found.next.room(0, 0);
        }
        all
    }

    fn or(self, other: Self) -> Self {
        Self {
            states: self.states.max(other.states),
            words: self.words.max(other.words),
            bytes: self.bytes.max(other.bytes),
        }
    }
}

/// A move of a state of the present level that breaks something.
pub(super) struct Broken {
    state: usize,
    choice: u16,
    invariant: Invariant,
}

pub(super) struct Search {
    pub(super) tables: Tables,
    pub(super) first: Words,
    seen: Seen,
    /// Of each state that was found, in their order: the one before it and the move that led here.
    parents: Vec<u32>,
    choices: Vec<u16>,
    pub(super) level: Level,
    /// The number of the first state of the present level.
    level_from: usize,
    next: Level,
    pub(super) depth: u32,
    transitions: u64,
    largest: Portion,
}

impl Search {
    pub(super) fn new(bounds: &Bounds) -> Self {
        let (tables, first) = Tables::new(bounds);
        let mut search = Self {
            tables,
            first: first.clone(),
            seen: Seen::new(),
            parents: vec![0],
            choices: vec![0],
            level: Level::default(),
            level_from: 0,
            next: Level::default(),
            depth: 0,
            transitions: 0,
            largest: Portion::default(),
        };
        search.seen.insert(fingerprint(&first));
        search.level.push(&first);
        search
    }

    fn states(&self) -> usize {
        self.parents.len()
    }

    /// Whether states cannot be numbered any more.
    fn is_full(&self) -> bool {
        u32::try_from(self.states() + self.level.len()).is_err()
    }

    fn progress(&self, done: usize) -> Progress {
        let Portion {
            states,
            words,
            bytes,
        } = self.largest;
        let links = room(&self.parents, states) + room(&self.choices, states);
        let levels = self.level.room(0, 0) + self.next.room(states, words);
        let found = self.seen.room(states) + bytes;
        Progress {
            states: self.states() as u64,
            transitions: self.transitions,
            depth: self.depth,
            waiting: (self.level.len() - done + self.next.len()) as u64,
            bytes: found + links + levels + self.tables.bytes(),
            servers: self.tables.views.len() as u64,
        }
    }

    /// Goes on to what was found in the present level.
    pub(super) fn descend(&mut self) {
        self.level_from += self.level.len();
        std::mem::swap(&mut self.level, &mut self.next);
        self.next.clear();
        if !self.level.is_empty() {
            self.depth += 1;
        }
    }

    /// Looks at a part of the present level; answers the first move that breaks something.
    pub(super) fn portion(
        &mut self,
        places: std::ops::Range<usize>,
        workers: usize,
    ) -> Option<Broken> {
        let found = self.find(places.clone(), workers);
        self.largest = self.largest.or(Portion::of(&found));
        let mut scratch = Scratch::default();
        for (place, found) in places.zip(found) {
            let found = found.unwrap_or_else(|| self.learn(place, &mut scratch));
            self.transitions += u64::from(found.moves);
            for (number, (mark, choice)) in found.marks.iter().enumerate() {
                if self.seen.insert(*mark) {
                    let parent = u32::try_from(self.level_from + place).unwrap_or(u32::MAX);
                    self.parents.push(parent);
                    self.choices.push(*choice);
                    self.next.push(found.next.get(number));
                }
            }
            if let Some((choice, invariant)) = found.broken {
                return Some(Broken {
                    state: place,
                    choice,
                    invariant,
                });
            }
        }
        None
    }

    /// What can happen next in each state of a portion; nothing where something has to be learnt.
    fn find(&self, places: std::ops::Range<usize>, workers: usize) -> Vec<Option<Found>> {
        let all: Vec<usize> = places.collect();
        let look = |places: &[usize]| {
            let mut scratch = Scratch::default();
            let places = places.iter();
            let found = places.map(|place| self.look(*place, &mut scratch).ok());
            found.collect::<Vec<_>>()
        };
        if workers <= 1 || all.len() < 2 * PORTION_MIN {
            return look(&all);
        }
        thread::scope(|scope| {
            let parts = all.chunks(all.len().div_ceil(workers));
            let threads: Vec<_> = parts.map(|part| scope.spawn(move || look(part))).collect();
            let found = threads.into_iter().map(|thread| {
                // A worker that panicked has found a fault of this program, which is told as such.
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            found.flatten().collect()
        })
    }

    /// What can happen next in a state, with what is known.
    fn look(&self, place: usize, scratch: &mut Scratch) -> Result<Found, super::tables::Missing> {
        let mut found = Found::default();
        self.tables
            .expand(self.level.get(place), scratch, |outcome| {
                let number = found.moves;
                found.moves = found.moves.saturating_add(1);
                match outcome.next {
                    Ok((next, _)) => {
                        let mark = fingerprint(next);
                        if !self.seen.contains(mark) {
                            found.marks.push((mark, number));
                            found.next.push(next);
                        }
                    }
                    Err(broken) => {
                        found.broken = found.broken.or(Some((number, broken)));
                    }
                }
            })?;
        Ok(found)
    }

    /// The same, and learns what is missing.
    fn learn(&mut self, place: usize, scratch: &mut Scratch) -> Found {
        loop {
            match self.look(place, scratch) {
                Ok(found) => return found,
                Err(missing) => self.tables.learn(missing),
            }
        }
    }

    /// What happened up to a move of the present level, and what that breaks.
    fn path(&mut self, broken: &Broken) -> Counterexample {
        let mut numbers = vec![broken.choice];
        let mut state = self.level_from + broken.state;
        while state != 0 {
            numbers.push(self.choices[state]);
            state = self.parents[state] as usize;
        }
        numbers.reverse();
        let moves = self.moves(&numbers);
        Counterexample {
            broken: broken.invariant,
            depth: moves.len(),
            choices: tell(&mut self.tables, &self.first, &moves),
        }
    }

    /// The moves with these numbers from the beginning, each with the permutation of what it is
    /// made in. A state is the form that stands for others, so that its servers have other
    /// numbers than they had in the step before.
    fn moves(&self, numbers: &[u16]) -> Vec<(Move, Permutation)> {
        let (mut state, mut real) = (self.first.clone(), Permutation::none()[0]);
        let mut scratch = Scratch::default();
        let mut moves = Vec::new();
        for number in numbers {
            let (mut place, mut next) = (0, None);
            // All of it was learnt when it was found.
            let _ = self.tables.expand(&state, &mut scratch, |outcome| {
                if place == *number {
                    moves.push((outcome.choice, real));
                    let after = outcome.next.ok();
                    next = after.map(|(words, permutation)| (words.to_vec(), permutation));
                }
                place += 1;
            });
            if let Some((words, permutation)) = next {
                state = words;
                real = self.tables.permutations[permutation].inverse().then(real);
            }
        }
        moves
    }
}
