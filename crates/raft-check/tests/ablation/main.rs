//! Every rule is there for a reason, which shows when the rule is ablated.
//!
//! A rule of kind Safety is shown by a run in which an invariant breaks
//! without it and holds with it: a written playbook (`bugs.rs`), a run of chaos
//! (`chaos.rs`), or, where no simulated server or host would break it, nodes
//! driven by hand (`by_hand.rs`). A rule for liveness or efficiency is shown by a number (`harm.rs`).
//! `docs/ablation.md` has the table of all this. It ends with bugs of real
//! implementations (`zoo.rs`).

mod bugs;
mod by_hand;
mod chaos;
mod harm;
mod page;
mod tried;
mod zoo;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use raft_core::{Rule, RuleKind};

use page::Shown;

/// Rules that nothing shows yet, by their ids.
const NOT_YET: &[&str] = &[];

pub(crate) fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The table agrees with the runs. It also records which random runs to
/// look at, so that they are searched for only when it is rewritten.
#[test]
fn the_page_is_up_to_date() {
    let path = project().join("docs/ablation.md");
    let update = env::var_os("UPDATE").is_some_and(|value| value == "1");
    let old = fs::read_to_string(&path).unwrap_or_default();
    let seed = |rule| {
        if update {
            chaos::search(rule)
        } else {
            page::seed_of(&old, rule)
        }
    };
    let new = page::write(seed, &old);
    if update {
        fs::write(&path, new).expect("docs/ablation.md can be written");
        return;
    }
    let differing = new.lines().zip(old.lines()).find(|(new, old)| new != old);
    assert!(
        new == old,
        "docs/ablation.md is out of date, first in {differing:#?}\n\
         To rewrite it: UPDATE=1 cargo test -p raft-check --test ablation"
    );
}

#[test]
fn every_rule_is_shown() {
    let measures = harm::measures();
    for rule in Rule::ALL {
        let shown = match rule.kind() {
            RuleKind::Safety => {
                let written = bugs::of(*rule).is_some() || by_hand::of(*rule).is_some();
                written || chaos::search(*rule).is_some()
            }
            RuleKind::Liveness | RuleKind::Efficiency => {
                measures.iter().any(|measure| measure.rule == *rule)
            }
        };
        assert!(
            shown != NOT_YET.contains(&rule.id()),
            "{} is shown: {shown}. Add a playbook to bugs.rs or a measure to harm.rs, or correct \
             NOT_YET",
            rule.id()
        );
    }
}

#[test]
fn every_written_bug_needs_its_rule_ablated() {
    for bug in bugs::BUGS {
        for seed in 1..=5 {
            bug.check(seed);
        }
    }
}

#[test]
fn every_playbook_that_ablates_rules_is_in_the_table() {
    let known: BTreeSet<String> = bugs::BUGS.iter().map(|bug| bug.file.to_owned()).collect();
    let ablating: BTreeSet<String> = bugs::files_that_ablate().into_iter().collect();
    assert_eq!(known, ablating);
}

#[test]
fn every_measure_is_worse_without_its_rule() {
    for (measure, harm) in page::taken() {
        let [with, without] = [harm.with, harm.without].map(|n| measure.written(n));
        let id = measure.rule.id();
        assert!(
            measure.shows(harm),
            "{id}: {} {with} / {without}",
            measure.what
        );
    }
}

#[test]
fn what_is_done_by_hand_needs_its_rule_ablated() {
    for shown in by_hand::BY_HAND {
        assert!(!(shown.breaks)(None), "{}", shown.rule.id());
        assert!((shown.breaks)(Some(shown.rule)), "{}", shown.rule.id());
    }
}

/// Each rule that the zoo names is shown in the table.
#[test]
fn the_zoo_names_what_there_is() {
    for specimen in zoo::all() {
        for rule in specimen.rules {
            let shown = page::shown(*rule);
            assert!(
                !matches!(shown, Shown::NotYet),
                "{}: {}",
                specimen.bug,
                rule.id()
            );
        }
    }
}
