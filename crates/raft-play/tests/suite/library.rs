//! Every playbook of the library plays as it says, and says so in both languages.

use std::fs;
use std::path::{Path, PathBuf};

use raft_play::Playbook;
use raft_play::script::{Doing, play};
use raft_sim::run::{Stage, Trial};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The words behind which stands a sentence for a reader: all that have their Chinese in a line of its own.
pub(crate) fn told() -> Vec<&'static str> {
    let words: Vec<&str> = raft_play::reference::tables()
        .into_iter()
        .flat_map(|table| table.rows)
        .flat_map(|row| row.forms)
        .filter_map(|form| form.split(' ').next())
        .collect();
    let has_chinese = |word: &&str| words.contains(&format!("{word}.zh").as_str());
    words.iter().copied().filter(has_chinese).collect()
}

/// Every playbook of the library: its name, and its text.
pub(crate) fn texts() -> impl Iterator<Item = (String, String)> {
    let mut found = Vec::new();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    files(&root, &mut found);
    found.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "raft")
    });
    found.sort();
    found.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("it can be read");
        (path.display().to_string(), text)
    })
}

#[test]
fn every_playbook_plays_as_it_says() {
    let found: Vec<(String, String)> = texts().collect();
    assert!(found.len() > 100, "{} playbooks", found.len());
    let mut wrong = Vec::new();
    for (name, text) in found {
        let playbook: Playbook = text
            .parse()
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let setup = &playbook.setup;
        assert!(
            !setup.title.is_empty() && !setup.title_zh.is_empty(),
            "{name}: the title"
        );
        assert!(!setup.source.is_empty(), "{name}: the source");
        for line in playbook.lines.iter() {
            if let Doing::Phase { caption_zh, .. } = &line.doing {
                assert!(
                    !caption_zh.is_empty(),
                    "{name}, line {}: Chinese",
                    line.line
                );
            }
        }
        let mut trial = Trial::new(setup);
        if let Err(failure) = play(&playbook, &text, &mut trial) {
            wrong.push(format!("{name}: {}", failure.error));
        }
        if let Some(violation) = playbook.unexpected(trial.world()) {
            wrong.push(format!("{name}: {violation:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
