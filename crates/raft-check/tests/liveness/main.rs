//! Liveness under partial connectivity: every pattern of one-way and two-way cuts among three
//! and among five servers that leaves a majority fully connected is played with real nodes, and
//! a leader has to last wherever theory says that it must.
//!
//! `docs/liveness.md` says what is measured and has the table, which is compared here; to rewrite
//! it after a change: `UPDATE=1 cargo test -p raft-check --test liveness`.

mod cluster;
mod pattern;
mod played;
mod table;
mod theory;

use std::path::PathBuf;
use std::{env, fs};

use raft_core::{Rule, RuleSet};

use pattern::Pattern;
use played::{Played, Seen, play};
use theory::Demand;

const BEGIN: &str = "<!-- The test `liveness` of raft-check writes from here -->\n";
const END: &str = "<!-- to here. -->\n";

/// How many digraphs there are, up to renaming the servers (OEIS A000273).
#[test]
fn all_patterns_are_there() {
    assert_eq!(Pattern::all(3).len(), 16);
    assert_eq!(Pattern::all(5).len(), 9608);
    let leaving = |servers| {
        let all = Pattern::all(servers).into_iter();
        all.filter(|pattern| pattern.leaves_a_majority()).count()
    };
    assert_eq!((leaving(3), leaving(5)), (9, 1407));
}

/// No result is worse than theory predicts, and nothing that it excludes is seen. The
/// table in the document agrees with what was played.
#[test]
fn a_leader_lasts_wherever_it_must_and_the_table_says_so() {
    let mut played = play(3, RuleSet::EMPTY);
    played.extend(play(5, RuleSet::EMPTY));
    let wrong = played.iter().filter(|played| is_wrong(played));
    let wrong: Vec<String> = wrong.map(|played| format!("{played:?}")).collect();
    assert!(
        wrong.is_empty(),
        "{} cases are not as theory says, among them:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
    compare(&table::of(&played));
}

/// A candidate that receives no replies keeps asking. When a vote is granted again, the timer
/// must run on: otherwise no other server ever starts an election (§5.2).
#[test]
fn a_vote_given_again_that_resets_the_timer_is_noticed() {
    let ablated: RuleSet = [Rule::ResetOnce].into_iter().collect();
    let wrong: Vec<_> = play(3, ablated).into_iter().filter(is_wrong).collect();
    assert!(!wrong.is_empty(), "it makes no difference");
}

fn is_wrong(played: &Played) -> bool {
    match played.demand {
        Demand::Always => played.seen != Seen::Always,
        Demand::ByLuck | Demand::Deposed => false,
        Demand::Obeyed => played.seen != Seen::Never,
    }
}

fn compare(new: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/liveness.md");
    let page = fs::read_to_string(&path).expect("docs/liveness.md is there");
    let (before, rest) = page.split_once(BEGIN).expect("where the table begins");
    let (old, after) = rest.split_once(END).expect("where the table ends");
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        let page = [before, BEGIN, new, END, after].concat();
        fs::write(&path, page).expect("docs/liveness.md can be written");
        return;
    }
    let differing = new.lines().zip(old.lines()).find(|(new, old)| new != old);
    assert!(
        new == old,
        "docs/liveness.md is out of date, first in {differing:#?}\n\
         To rewrite it: UPDATE=1 cargo test -p raft-check --test liveness"
    );
}
