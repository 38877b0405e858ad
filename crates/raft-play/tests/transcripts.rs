//! What happens in each short playbook, event by event, in files to read.
//!
//! A change of behaviour shows as a change of these files, where a reviewer
//! sees which events it touches. `UPDATE=1 cargo test -p raft-play --test
//! transcripts` writes them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

use raft_play::open;
use raft_play::transcript::transcript;

const FOLDERS: [&str; 2] = ["paper", "bugs"];

fn playbooks(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).expect("a folder of playbooks");
    let mut paths: Vec<PathBuf> = listed.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths
}

#[test]
fn the_transcripts_are_what_happens() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let update = env::var_os("UPDATE").is_some_and(|value| value == "1");
    let mut compared = 0;
    for folder in FOLDERS {
        let golden = crate_root.join("tests/transcripts").join(folder);
        fs::create_dir_all(&golden).expect("the folder can be made");
        for path in playbooks(&crate_root.join("../../playbooks").join(folder)) {
            let text = fs::read_to_string(&path).expect("a playbook");
            let run = open(&text).unwrap_or_else(|error| panic!("{}:{error}", path.display()));
            let name = path.file_stem().expect("a name").to_string_lossy();
            let file = golden.join(format!("{name}.txt"));
            let now = transcript(&run);
            if update {
                fs::write(&file, &now).expect("the transcript can be written");
            }
            let kept = fs::read_to_string(&file).unwrap_or_default();
            let differing = now
                .lines()
                .zip(kept.lines())
                .find(|(now, kept)| now != kept);
            assert!(
                now == kept,
                "{} is not what happens, first in {differing:#?}",
                file.display()
            );
            compared += 1;
        }
    }
    assert!(compared >= 25, "only {compared} playbooks were found");
}
