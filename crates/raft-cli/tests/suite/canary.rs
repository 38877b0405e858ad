//! An alarm rings in every kind of sweep: servers that count one vote as a majority are caught by
//! chaos, by a playbook, in shards and in their sum, whether failures are collected or not.

use std::fs;

use crate::{Done, scratch, typed};

/// The rule that is ablated: a candidate needs the votes of a majority.
const ABLATED: &str = "--ablate C2";
/// Neither fails with its first seed.
const SUBJECTS: [&str; 2] = [
    "chaos --length 5s --seeds 1..24",
    "playbooks/lab/b8-rejoin.raft --seeds 1..24",
];

fn first_failure(done: &Done) -> Option<&str> {
    done.out.lines().find(|line| line.starts_with("FAIL"))
}

/// The sum of three shards, each of which says by itself whether it failed.
fn merged(words: &str, folder: &str) -> Done {
    let folder = scratch(folder);
    let mut files = Vec::new();
    let mut is_failed = false;
    for part in 0..3 {
        let shard = typed(&format!("sweep {words} --shard {part}/3"));
        let is_named = shard.err.lines().any(|line| line.starts_with("FAIL"));
        assert_eq!(
            shard.code,
            Some(i32::from(is_named)),
            "{words}: {}",
            shard.err
        );
        is_failed |= is_named;
        let file = folder.join(format!("{part}.jsonl"));
        fs::write(&file, &shard.out).expect("a file can be written");
        files.push(file.display().to_string());
    }
    let merged = typed(&format!("merge {}", files.join(" ")));
    assert_eq!(merged.code, Some(i32::from(is_failed)), "{}", merged.out);
    merged
}

#[test]
fn every_kind_of_sweep_catches_it() {
    for (nth, subject) in SUBJECTS.iter().enumerate() {
        let mut found = Vec::new();
        for all in ["", " --all"] {
            let words = format!("{subject} {ABLATED}{all}");
            let whole = typed(&format!("sweep {words}"));
            assert_eq!(whole.code, Some(1), "{words}: {}", whole.out);
            let sum = merged(&words, &format!("canary{nth}{}", all.len()));
            assert_eq!(sum.code, Some(1), "{words}: {}", sum.out);
            for done in [&whole, &sum] {
                let failure = first_failure(done).expect("a failure is told");
                assert!(!failure.starts_with("FAIL seed 1:"), "{failure}");
                found.push(failure.to_owned());
            }
        }
        found.dedup();
        assert_eq!(found.len(), 1, "all find the same first: {found:?}");
    }
}

/// The missing rule is the cause, and nothing else.
#[test]
fn no_kind_of_sweep_raises_it_for_nothing() {
    for (nth, subject) in SUBJECTS.iter().enumerate() {
        for all in ["", " --all"] {
            let words = format!("{subject}{all}");
            let whole = typed(&format!("sweep {words}"));
            assert_eq!(whole.code, Some(0), "{words}: {}", whole.out);
            let sum = merged(&words, &format!("calm{nth}{}", all.len()));
            assert_eq!((sum.code, &sum.out), (Some(0), &whole.out), "{words}");
        }
    }
}
