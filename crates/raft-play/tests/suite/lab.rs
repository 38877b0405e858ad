//! The lab's whole suite, as playbooks: every test of its four parts, with its schedule, its
//! numbers and its limits.

use std::fs;
use std::path::PathBuf;

use raft_play::Playbook;
use raft_play::script::play;
use raft_sim::run::{Stage, Trial};

/// The playbooks of the lab, by name.
fn lab() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/lab");
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("it is there")
        .map(|entry| entry.expect("it can be read").path())
        .map(|path| {
            let text = fs::read_to_string(&path).expect("it can be read");
            (path.display().to_string(), text)
        })
        .collect();
    found.sort_unstable();
    found
}

/// Plays one with a seed; answers how many events there were.
fn pass(name: &str, text: &str, seed: u64) -> u64 {
    let mut playbook: Playbook = text
        .parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    playbook.setup.seed = seed;
    let mut trial = Trial::new(&playbook.setup);
    if let Err(failure) = play(&playbook, text, &mut trial) {
        panic!(
            "{name}, seed {seed}, event {}: {}",
            failure.position, failure.error
        );
    }
    if let Some(violation) = playbook.unexpected(trial.world()) {
        panic!("{name}, seed {seed}: {violation:?}");
    }
    trial.world().event_count()
}

/// The lab has 28 tests; there is the other edition of three of them besides.
#[test]
fn the_whole_lab_passes() {
    let lab = lab();
    assert_eq!(lab.len(), 31);
    for (name, text) in &lab {
        for seed in 1..=2 {
            pass(name, text, seed);
        }
    }
}
