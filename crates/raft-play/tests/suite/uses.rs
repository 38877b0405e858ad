//! How often each rule has acted, against a count of all events one by one.

use std::fs;
use std::path::PathBuf;

use raft_core::Rule;
use raft_play::{act_line, words};
use raft_sim::run::Aim;
use raft_sim::{Micros, Run};

/// Every text of the library, by its folder and its name.
fn library() -> Vec<(PathBuf, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks");
    let folders = fs::read_dir(root).expect("the library").flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten());
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a text");
            (path, text)
        })
        .collect()
}

/// Holds what the current branch of `run` says against a count that goes through all events.
fn counts_agree(run: &Run, of: &str) {
    let branch = &run.branches()[run.current_branch()];
    let mut acted: Vec<Vec<u64>> = vec![Vec::new(); Rule::ALL.len()];
    let counted = |acted: &[Vec<u64>]| -> Vec<u32> {
        let lengths = acted.iter().map(Vec::len);
        lengths
            .map(|length| u32::try_from(length).expect("few events"))
            .collect()
    };
    for event in run.events() {
        // Around each count that is written down, and here and there.
        if event.number % 509 == 0 || (event.number + 2) % 1024 < 4 {
            let told = branch.uses_until(event.number);
            assert_eq!(told.all(), counted(&acted), "{of}, at {}", event.number);
        }
        for rule in &event.rules {
            acted[*rule as usize].push(event.number);
        }
    }
    assert_eq!(branch.uses().all(), counted(&acted), "{of}, at its end");
    for (rule, numbers) in Rule::ALL.iter().zip(&acted) {
        let found = |place: usize| {
            let event = branch.use_of(*rule, u32::try_from(place).expect("few events"));
            event.map(|event| event.number)
        };
        for place in [0, numbers.len() / 2, numbers.len().saturating_sub(1)] {
            let told = found(place);
            assert_eq!(told, numbers.get(place).copied(), "{of}, {rule:?}, {place}");
        }
        assert_eq!(found(numbers.len()), None, "{of}, {rule:?}");
    }
}

#[test]
fn uses_are_counted_in_every_playbook() {
    let all = library();
    assert!(all.len() > 100, "{} playbooks", all.len());
    for (path, text) in all {
        let of = path.display().to_string();
        let (run, _) = raft_play::play(&text).unwrap_or_else(|error| panic!("{of}: {error}"));
        counts_agree(&run, &of);
    }
}

#[test]
fn uses_are_counted_in_branches_after_going_back_and_under_other_rules() {
    let text = include_str!("../../../../playbooks/lab/c4-figure8.raft");
    let (mut run, _) = raft_play::play(text).expect("it plays");
    act_line(&mut run, "run 60s").expect("it can be done");
    let length = run.position();
    assert!(length > 2_100, "counts are written down in it: {length}");
    // What was lived through in search of what does not come is forgotten.
    assert!(!run.to_next(Aim::Note, Micros::from_secs(30)));
    assert_eq!(run.events().len() as u64, length);
    counts_agree(&run, "the run");
    run.go_to(length - 1_030);
    act_line(&mut run, "crash leader").expect("it can be done");
    counts_agree(&run, "the branch");
    act_line(&mut run, "run 20s").expect("it can be done");
    counts_agree(&run, "the branch as it goes on");
    let end = run.position();
    let mut replay = run
        .begin_replay([Rule::CommitOwnTermOnly].into_iter().collect())
        .expect("there is none yet");
    while !replay.go_on(&run, 100_000) {}
    run.end_replay(replay);
    counts_agree(&run, "without L4-term");
    run.switch_branch(0);
    run.go_to(end);
    counts_agree(&run, "what was left");
}

/// What the figure says of each rule fits into its line, and its playbooks are about it.
#[test]
fn the_figure_names_playbooks_in_which_a_rule_is_seen_or_missed() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks");
    let mut wrong = Vec::new();
    for rule in Rule::ALL {
        let entry = words::figure(*rule);
        let [line, line_zh] = entry.line.map(|line| line.chars().count());
        if line > 54 || line_zh > 44 {
            wrong.push(format!("{rule:?}: {line} and {line_zh} letters"));
        }
        for path in entry.playbooks {
            let text = fs::read_to_string(format!("{root}/{path}.raft"))
                .unwrap_or_else(|error| panic!("{rule:?}, {path}: {error}"));
            let (run, _) = raft_play::play(&text).expect("it plays");
            let acted = run.branches()[0].uses().of(*rule) > 0;
            let is_missed = run.setup().ablated.contains(*rule);
            if !acted && !is_missed {
                wrong.push(format!("{rule:?} has no part in {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
