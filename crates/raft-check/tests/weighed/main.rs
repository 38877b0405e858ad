//! How much each clause of the algorithm weighs: each safety rule is taken away, and every run of a
//! small cluster is looked at until something breaks.
//!
//! `docs/ablation.md` has the table, and `docs/checks/shortest` a shortest run of each rule, as a
//! playbook. Rewriting them searches all of `settings.rs`. Each time that they are compared, the
//! small searches are done again, and all runs are played.

mod settings;

use std::path::PathBuf;
use std::{env, fs};

use raft_check::explore::{Bounds, Counterexample, Limits, Report, Verdict, explore};
use raft_core::{Rule, RuleKind};
use raft_play::playbook::Playbook;
use raft_play::script;
use raft_play::words::Language;
use raft_sim::run::{Stage, Trial};

use settings::{SETTINGS, bounds};

/// Searches of more states are not done again each time.
const STATES_AGAIN: u64 = 3000;

/// The largest search of the table takes a tenth of it.
const LIMITS: Limits = Limits {
    workers: 2,
    bytes_max: 4 << 30,
};

const BEGIN: &str = "<!-- The test `weighed` of raft-check writes from here -->\n";
const END: &str = "<!-- to here: what is searched. -->\n";

const OPENING: &str = "
| rule | what breaks first | steps | states looked at | `raftlab check` |
|---|---|---|---|---|
";

pub(crate) fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shortest(rule: Rule) -> PathBuf {
    let file = format!("docs/checks/shortest/{}.raft", rule.id());
    project().join(file)
}

fn is_update() -> bool {
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

#[test]
fn every_safety_rule_is_searched() {
    let safety = Rule::ALL.iter().copied();
    let safety: Vec<Rule> = safety
        .filter(|rule| rule.kind() == RuleKind::Safety)
        .collect();
    let searched: Vec<Rule> = SETTINGS.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(searched, safety);
}

/// The rows are what the search finds: all when they are rewritten, the small ones each time.
#[test]
fn the_table_is_what_the_search_finds() {
    let path = project().join("docs/ablation.md");
    let page = fs::read_to_string(&path).expect("docs/ablation.md is there");
    let (before, rest) = page.split_once(BEGIN).expect("where the table begins");
    let (old, after) = rest.split_once(END).expect("where the table ends");
    let mut new = String::from(OPENING);
    for (rule, all) in SETTINGS {
        for words in *all {
            new.push_str(&row(*rule, words, old));
        }
    }
    new.push('\n');
    if is_update() {
        fs::write(&path, [before, BEGIN, &new, END, after].concat()).expect("it can be written");
        return;
    }
    let differing = new.lines().zip(old.lines()).find(|(new, old)| new != old);
    assert!(
        new == old,
        "docs/ablation.md is out of date, first in {differing:#?}\n\
         To rewrite it: UPDATE=1 cargo test --release -p raft-check --test weighed"
    );
}

/// The row of a rule in these bounds: the old one, where it took long to find.
fn row(rule: Rule, words: &str, old: &str) -> String {
    let command = format!("`{words} --ablate {}`", rule.id());
    let known = old.lines().find(|line| line.contains(&command));
    let cell = |row: &str| row.split('|').nth(4)?.trim().parse::<u64>().ok();
    let is_again = known
        .and_then(cell)
        .is_none_or(|states| states <= STATES_AGAIN);
    if let Some(known) = known
        && !is_again
        && !is_update()
    {
        return format!("{known}\n");
    }
    let bounds = bounds(words, Some(rule));
    let report = explore(&bounds, LIMITS, |_| true).expect("it can be searched");
    let (what, steps) = found(rule, words, &bounds, &report);
    let states = report.progress.states;
    let id = rule.id();
    format!("| `{id}` | {what} | {steps} | {states} | {command} |\n")
}

/// What breaks, and after how many steps; the run is kept, or compared with the one that is.
fn found(rule: Rule, words: &str, bounds: &Bounds, report: &Report) -> (String, String) {
    match &report.verdict {
        Verdict::Exhausted => ("nothing".to_owned(), "–".to_owned()),
        Verdict::OutOfMemory | Verdict::Stopped => panic!("{words}: {report:?}"),
        Verdict::Broken(found) => {
            let text = told(rule, words, bounds, found);
            if is_update() {
                fs::write(shortest(rule), text).expect("docs/checks/shortest can be written");
            } else {
                let kept = fs::read_to_string(shortest(rule)).unwrap_or_default();
                assert_eq!(text, kept, "{}", rule.id());
            }
            let named = Language::English.invariant(found.broken);
            (named.to_owned(), found.depth.to_string())
        }
    }
}

/// A shortest run as a playbook.
fn told(rule: Rule, words: &str, bounds: &Bounds, found: &Counterexample) -> String {
    let mut playbook = found.playbook(bounds).expect("the same system");
    let [id, steps] = [rule.id(), &found.depth.to_string()];
    let setup = &mut playbook.setup;
    let [english, chinese] =
        [Language::English, Language::Chinese].map(|language| language.invariant(found.broken));
    setup.title = format!("{id} · {english} breaks after {steps} steps");
    setup.title_zh = format!("{id} · {steps} 步后{chinese}被破坏");
    setup.source = format!("raftlab check {words} --ablate {id}");
    playbook.to_string()
}

/// Each kept run is played as any playbook is, and breaks what it says; with the rule it does not.
#[test]
fn shortest_runs_need_their_rule_taken_away() {
    for (rule, _) in SETTINGS {
        let Ok(text) = fs::read_to_string(shortest(*rule)) else {
            continue;
        };
        let playbook: Playbook = text.parse().expect("a playbook");
        let mut trial = Trial::new(&playbook.setup);
        let played = script::play(&playbook, &text, &mut trial);
        assert!(played.is_ok(), "{}: {played:?}", rule.id());
        assert!(!trial.world().checker().violations().is_empty());
        let mut kept = playbook.clone();
        kept.setup.ablated = kept.setup.ablated.difference([*rule].into_iter().collect());
        let mut trial = Trial::new(&kept.setup);
        // A message that was sent without the rule may not be there to be delivered.
        let _ = script::play(&kept, &text, &mut trial);
        assert!(
            trial.world().checker().violations().is_empty(),
            "{} breaks with the rule too",
            rule.id()
        );
    }
}

/// Whatever is kept has its row.
#[test]
fn no_run_is_left_over() {
    let folder = fs::read_dir(project().join("docs/checks/shortest")).expect("the folder");
    let page = fs::read_to_string(project().join("docs/ablation.md")).expect("the page");
    for file in folder {
        let name = file.expect("a file").file_name();
        let name = name.to_str().expect("a plain name");
        let id = name.strip_suffix(".raft").expect("a playbook");
        let broken = page.lines().any(|line| {
            line.ends_with(&format!(" --ablate {id}` |")) && !line.contains("| nothing |")
        });
        assert!(broken, "{name} is of no row");
    }
}

/// What nothing breaks in, as it was counted once: a change of any number is one of Raft, or of the
/// search. The small ones are searched again.
#[test]
fn results_are_what_the_search_counts() {
    let mut again = 0;
    for file in fs::read_dir(project().join("docs/checks")).expect("the folder") {
        let path = file.expect("a file").path();
        if path.extension().is_none_or(|kind| kind != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a result");
        let value = |key: &str| {
            let beginning = format!("{key} = ");
            let value = text.lines().find_map(|line| line.strip_prefix(&beginning));
            value.unwrap_or_else(|| panic!("{}: no {key}", path.display()))
        };
        let number = |key: &str| value(key).parse::<u64>().expect("a number");
        let command = value("command").trim_matches('"');
        let words = command.strip_prefix("raftlab check ").expect("a search");
        let bounds = bounds(words, None);
        if number("states") > 30_000 {
            continue;
        }
        again += 1;
        let report = explore(&bounds, LIMITS, |_| true).expect("it can be searched");
        assert_eq!(report.verdict, Verdict::Exhausted, "{command}");
        let now = report.progress;
        let counted = [now.states, now.transitions, u64::from(now.depth)];
        let kept = ["states", "transitions", "depth"].map(number);
        assert_eq!(counted, kept, "{command}");
    }
    assert!(again > 0, "one is small");
}
