//! What fails in each lab test when one rule is ablated: tried, not guessed.
//!
//! Whoever's `TestBackup3B` fails is shown these rules, each with the event that gives it away. The
//! table is `docs/tried.tsv`, which the page carries. It takes 2,500 runs: a release build
//! plays them all again, any other a part of them.

use std::collections::BTreeMap;
use std::{env, fs};

use raft_core::Rule;
use raft_play::words::Language;

use super::project;

const HEAD: &str = "playbook\trule\tevent\tline\tinvariant\tinvariant.zh";
/// Of so many runs a build with debug assertions plays one.
const SLICE: usize = 11;

#[test]
fn the_lab_tests_were_tried_without_each_rule() {
    let path = project().join("docs/tried.tsv");
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        let rows: Vec<String> = pairs()
            .filter_map(|(file, rule)| row(&file, rule))
            .collect();
        fs::write(&path, format!("{HEAD}\n{}\n", rows.join("\n"))).expect("it can be written");
        return;
    }
    let table = fs::read_to_string(&path).expect("the table");
    let known: BTreeMap<(&str, &str), &str> = table.lines().skip(1).map(named).collect();
    let step = if cfg!(debug_assertions) { SLICE } else { 1 };
    for (file, rule) in pairs().step_by(step) {
        let known = known.get(&(file.as_str(), rule.id())).copied();
        assert_eq!(
            row(&file, rule).as_deref(),
            known,
            "docs/tried.tsv is out of date. To rewrite it: \
             UPDATE=1 cargo test --release -p raft-check --test ablation tried"
        );
    }
}

#[test]
fn the_lab_tests_hold_with_all_rules() {
    for file in lab_tests() {
        assert_eq!(first_fault(&text_of(&file), ""), None, "{file}");
    }
}

/// Each lab test without each rule.
fn pairs() -> impl Iterator<Item = (String, Rule)> {
    let files = lab_tests().into_iter();
    files.flat_map(|file| Rule::ALL.iter().map(move |rule| (file.clone(), *rule)))
}

/// What fails in a lab test without a rule, as a row of the table; events are counted from 1.
fn row(file: &str, rule: Rule) -> Option<String> {
    let id = rule.id();
    let (event, what) = first_fault(&text_of(file), &format!("ablate {id}\n"))?;
    Some(format!("{file}\t{id}\t{event}\t{what}"))
}

/// A row of the table by its lab test and its rule.
fn named(row: &str) -> ((&str, &str), &str) {
    let mut columns = row.split('\t');
    let [file, rule] = [(); 2].map(|()| columns.next().unwrap_or_default());
    ((file, rule), row)
}

fn text_of(file: &str) -> String {
    let path = project().join("playbooks/lab").join(file);
    fs::read_to_string(path).expect("a lab test")
}

fn lab_tests() -> Vec<String> {
    let files = fs::read_dir(project().join("playbooks/lab")).expect("the lab tests");
    let paths = files.map(|file| file.expect("a file").path());
    let tests = paths.filter(|path| path.extension().is_some_and(|ending| ending == "raft"));
    let names = tests.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The first thing that is not as it should be under this line of the header: after how many events,
/// and the line of the file that fails, or the invariant that does not hold, in both languages.
fn first_fault(text: &str, header: &str) -> Option<(u64, String)> {
    let (run, failure) = raft_play::play(&format!("{header}{text}")).expect("it can be read");
    let broken = run.world().checker().violations().first();
    let broken = broken.map(|found| {
        let [english, chinese] = [Language::English, Language::Chinese]
            .map(|language| language.invariant(found.invariant()));
        (found.event + 1, format!("\t{english}\t{chinese}"))
    });
    let above = u32::try_from(header.lines().count()).expect("a line or none");
    let failed = failure.map(|failure| {
        let line = failure.error.line - above;
        (failure.position, format!("{line}\t\t"))
    });
    // Which invariant does not hold says more than the expectation that fails with it.
    match (broken, failed) {
        (Some(broken), Some(failed)) if failed.0 < broken.0 => Some(failed),
        (Some(broken), _) => Some(broken),
        (None, failed) => failed,
    }
}
