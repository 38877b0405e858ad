//! Alarms ring: each safety rule is ablated, and chaos has to notice; so are the two rules on
//! which a recovery under partial connectivity depends.
//!
//! A sweep that finds nothing means something only if it would have found something. The table
//! in `docs/ablation.md` says after how many seeds it does, and what is left of the run once it
//! is shrunk; if chaos does not find it, the table names the run that the file shows for the rule.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

use raft_check::swarm::{self, Chaos, End};
use raft_check::{Case, Goal, Until, shrink};
use raft_core::{Rule, RuleKind, RuleSet};
use raft_sim::Micros;
use rayon::prelude::*;

/// How many seeds are tried when the table is written.
const SEEDS: u64 = 2000;
/// How many are tried each time that the table is compared.
const SEEDS_AGAIN: u64 = 25;
/// Liveness rules without which there may never be a leader again, although a majority is
/// fully connected.
const IN_RECOVERY: [Rule; 2] = [Rule::ResetOnce, Rule::CheckQuorum];
/// How long faults last by default in `raftlab`.
const LENGTH: Micros = Micros::from_secs(20);

const BEGIN: &str = "<!-- The test `canaries` of raft-check writes from here -->\n";
const END: &str = "<!-- to here. -->\n";

const OPENING: &str = "
| rule | first seed | seconds | what breaks | Actions left | servers left |
|---|---|---|---|---|---|
";

/// What the absence of a rule led to.
struct Row {
    rule: Rule,
    seconds: String,
    caught: Option<Caught>,
}

struct Caught {
    seed: u64,
    breaks: &'static str,
    actions: usize,
    servers: u8,
}

fn is_update() -> bool {
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// The rows of these rules are what the code produces, except for the
/// seconds, which are those of the machine that wrote the table.
#[test]
fn every_absence_is_caught_as_the_table_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/ablation.md");
    let page = fs::read_to_string(&path).expect("docs/ablation.md is there");
    let (before, rest) = page.split_once(BEGIN).expect("where the table begins");
    let (old, after) = rest.split_once(END).expect("where the table ends");
    let mut new = String::from(OPENING);
    let asked = Rule::ALL.iter().copied();
    let rules: Vec<Rule> = asked
        .filter(|rule| rule.kind() == RuleKind::Safety || IN_RECOVERY.contains(rule))
        .collect();
    let rows: Vec<Row> = if is_update() {
        // One after the other: the table has their times.
        rules.into_iter().map(measured).collect()
    } else {
        let all = rules.into_par_iter();
        all.map(|rule| again(rule, old)).collect()
    };
    for row in rows {
        row.write(before, &mut new);
    }
    new.push('\n');
    if is_update() {
        let page = [before, BEGIN, &new, END, after].concat();
        fs::write(&path, page).expect("docs/ablation.md can be written");
        return;
    }
    let differing = new.lines().zip(old.lines()).find(|(new, old)| new != old);
    assert!(
        new == old,
        "docs/ablation.md is out of date, first in {differing:#?}\n\
         To rewrite it: UPDATE=1 cargo test --release -p raft-check --test canaries"
    );
}

/// The row of a rule with its time.
fn measured(rule: Rule) -> Row {
    let begin = Instant::now();
    let found = (1..=SEEDS).find_map(|seed| failing(rule, seed));
    let seconds = format!("{:.1}", begin.elapsed().as_secs_f64());
    Row {
        rule,
        seconds,
        caught: found.map(|chaos| shrunk(&chaos)),
    }
}

/// The row of a rule, with the time of the old table. Of the seeds before the one that it names,
/// the first few are tried.
fn again(rule: Rule, old: &str) -> Row {
    let cells = cells(old, rule).unwrap_or_default();
    let cell = |place: usize| cells.get(place).map_or("", String::as_str);
    let named: Option<u64> = cell(1).parse().ok();
    let first = (1..=SEEDS_AGAIN).find_map(|seed| failing(rule, seed));
    let found = first.or_else(|| failing(rule, named?));
    Row {
        rule,
        seconds: cell(2).to_owned(),
        caught: found.map(|chaos| shrunk(&chaos)),
    }
}

/// The run of `seed` without `rule`, if it fails.
fn failing(rule: Rule, seed: u64) -> Option<Chaos> {
    let ablated: RuleSet = [rule].into_iter().collect();
    let chaos = swarm::play(seed, LENGTH, ablated);
    (chaos.end != End::Sound).then_some(chaos)
}

fn shrunk(chaos: &Chaos) -> Caught {
    let (goal, breaks, mended) = match &chaos.end {
        End::Broken(found) => {
            let invariant = found.invariant();
            // A recovery that is interrupted by a violation is part of the run.
            (Goal::Breaks(invariant), invariant.id(), None)
        }
        End::Stuck(_) => (Goal::Stuck, "no-progress", chaos.mended),
        End::Sound | End::TooLong => panic!("seed {}: {:?}", chaos.setup.seed, chaos.end),
    };
    let until = Until::of(&chaos.trial, mended);
    let case = Case::of(&chaos.setup, &chaos.trial, until).expect("few events");
    let smallest = shrink(&case, goal, &mut |_| true)
        .expect("it fails again")
        .case;
    Caught {
        seed: chaos.setup.seed,
        breaks,
        actions: smallest.moves.len(),
        servers: smallest.setup.servers,
    }
}

impl Row {
    fn write(&self, page: &str, text: &mut String) {
        let (id, seconds) = (self.rule.id(), &self.seconds);
        let found = if let Some(caught) = &self.caught {
            let Caught {
                seed,
                breaks,
                actions,
                servers,
            } = caught;
            format!("{seed} | {seconds} | {breaks} | {actions} | {servers}")
        } else {
            let shown = shown(page, self.rule);
            format!("– | {seconds} | {shown} |  | ")
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{id}` | {found} |");
    }
}

/// What the table of all rules names for a rule whose absence chaos does not find: a playbook or a scene.
fn shown(page: &str, rule: Rule) -> String {
    let cells = cells(page, rule).expect("every rule has a row");
    let run = cells.last().expect("its run");
    assert!(
        !run.is_empty() && !run.starts_with("chaos"),
        "{} is caught by nothing: {run}",
        rule.id()
    );
    let run = run.split("; chaos").next().unwrap_or_default();
    format!("nothing by chance; {run}")
}

/// The cells of the first row of `rule` in a page.
fn cells(page: &str, rule: Rule) -> Option<Vec<String>> {
    let beginning = format!("| `{}` |", rule.id());
    let row = page.lines().find(|line| line.starts_with(&beginning))?;
    let row = row.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(
        row.split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect(),
    )
}
