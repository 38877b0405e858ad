//! What is printed of a clause is what was decided: the names and the values of every comparison,
//! read again as a reader would, give the answer that the server acted on; over every playbook and
//! a thousand runs of chaos.

use std::cell::Cell;
use std::cmp::Ordering;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use raft_check::swarm;
use raft_core::{Rule, RuleSet};
use raft_play::Playbook;
use raft_play::script::play;
use raft_play::words::{Answer, Clause, Language, clauses};
use raft_sim::outcome::Declined;
use raft_sim::run::{Done, EVENTS_MAX, RunError, Stage, Trial, replay};
use raft_sim::{Action, Event, Micros, Observed, Setup};

const SEEDS: u64 = 1000;

/// Replays a run and looks at each event of it.
struct Looking<'a> {
    world: Observed,
    ablated: RuleSet,
    /// How many comparisons were read.
    compared: &'a Cell<u64>,
}

impl Looking<'_> {
    fn look(&mut self, event: &Event) {
        let Some(server) = event.server else { return };
        let weighed = self.world.take_weighed(server);
        let followed = weighed.iter().filter(|one| one.followed);
        let followed: Vec<Rule> = followed.map(|one| one.rule).collect();
        for rule in &event.rules {
            assert!(followed.contains(rule), "{event:?}: {rule:?} is told");
        }
        assert!(
            followed.iter().all(|rule| event.rules.contains(rule)),
            "{event:?}: and no other"
        );
        let is_ablated = |rule| self.ablated.contains(rule);
        let told = clauses(event, &weighed, is_ablated, Language::English);
        let chinese = clauses(event, &weighed, is_ablated, Language::Chinese);
        assert_eq!(told.len(), chinese.len());
        for clause in told {
            read_again(event, &clause);
            self.compared.set(
                self.compared.get()
                    + u64::from(clause.compared.is_some_and(|c| c.values.is_some())),
            );
        }
    }
}

/// What the values say has to be what was answered.
fn read_again(event: &Event, clause: &Clause) {
    let Some(compared) = &clause.compared else {
        return;
    };
    // Where there are none, the answer is the value.
    let Some(values) = &compared.values else {
        return;
    };
    let holds = relation(values);
    let expected = match clause.answer {
        Answer::No => false,
        Answer::Yes | Answer::Acted | Answer::Ablated => true,
        Answer::NotReached => panic!("{event:?}: {clause:?} was compared"),
    };
    assert_eq!(holds, expected, "{event:?}: {clause:?}");
}

fn relation(values: &str) -> bool {
    // Asked over and over, it is told by the first values and the last, and how often it was asked.
    if let Some((values, _)) = values.split_once(" (×") {
        let part = |last: bool| {
            let words = values.split(' ').map(|word| match word.split_once('…') {
                Some((_, end)) if last => end,
                Some((first, _)) => first,
                None => word,
            });
            words.collect::<Vec<&str>>().join(" ")
        };
        return relation(&part(false)) && relation(&part(true));
    }
    if let Some((left, right)) = values.split_once(" ∉ ") {
        return left != "null" && right != format!("{{null, {left}}}");
    }
    for (sign, holds) in [
        (" < ", [true, false, false]),
        (" ≤ ", [true, true, false]),
        (" = ", [false, true, false]),
        (" ≠ ", [true, false, true]),
        (" ≥ ", [false, true, true]),
        (" > ", [false, false, true]),
    ] {
        if let Some((left, right)) = values.split_once(sign) {
            let place = match number(left).cmp(&number(right)) {
                Ordering::Less => 0,
                Ordering::Equal => 1,
                Ordering::Greater => 2,
            };
            return holds[place];
        }
    }
    panic!("{values:?} compares nothing");
}

/// What orders a value as it is written: its numbers, from left to right.
fn number(value: &str) -> Vec<u128> {
    if let Ok(is) = value.parse::<bool>() {
        return vec![u128::from(is)];
    }
    if let Ok(span) = value.parse::<Micros>() {
        return vec![u128::from(span.0)];
    }
    let digits = value.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}

impl Stage for Looking<'_> {
    fn world(&self) -> &Observed {
        &self.world
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        self.world.listen();
        let event = self.world.act(action).map_err(RunError::Refused)?;
        self.look(&event);
        Ok(event.declined())
    }

    fn step(&mut self) -> Result<bool, RunError> {
        if self.world.event_count() >= EVENTS_MAX {
            return Err(RunError::TooManyEvents);
        }
        self.world.listen();
        let Some(event) = self.world.step() else {
            return Ok(false);
        };
        self.look(&event);
        Ok(true)
    }

    fn next_at(&self) -> Option<Micros> {
        self.world.next_event_at()
    }

    fn pass_to(&mut self, to: Micros) {
        self.world.pass_to(to);
    }

    fn begin_phase(&mut self, _: &str, _: &str) {}
}

fn look_at(setup: &Setup, trial: &Trial) -> u64 {
    let compared = Cell::new(0);
    let mut looking = Looking {
        world: Observed::new(setup),
        ablated: setup.ablated,
        compared: &compared,
    };
    let end = trial.world();
    let done: &[Done] = trial.done();
    replay(done, (end.event_count(), end.now()), &mut looking).expect("it was played before");
    compared.get()
}

fn playbooks(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            playbooks(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_clause_of_every_playbook_says_what_was_decided() {
    let mut found = Vec::new();
    playbooks(
        &PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks"),
        &mut found,
    );
    let compared: u64 = found
        .par_iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("it can be read");
            let playbook: Playbook = text.parse().expect("it is a playbook");
            let mut trial = Trial::new(&playbook.setup);
            play(&playbook, &text, &mut trial).expect("it plays as it says");
            look_at(&playbook.setup, &trial)
        })
        .sum();
    assert!(compared > 100_000, "only {compared} comparisons");
}

#[test]
fn every_clause_of_a_thousand_runs_of_chaos_says_what_was_decided() {
    let compared: u64 = (0..SEEDS)
        .into_par_iter()
        .map(|seed| {
            let chaos = swarm::play(seed, Micros::from_secs(2), RuleSet::EMPTY);
            look_at(&chaos.setup, &chaos.trial)
        })
        .sum();
    assert!(compared > 900_000, "only {compared} comparisons");
}
