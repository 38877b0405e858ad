//! The course covers the notes, and each lesson and each run to build has its parts, in both languages.

use std::collections::BTreeSet;
use std::path::Path;

use crate::library::{texts, told};

/// The playbooks of a folder: their path below the folder of playbooks, and their text.
fn of(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, text) in texts() {
        let path = Path::new(&name);
        let parent = path.parent().and_then(Path::file_name);
        if parent.is_some_and(|parent| parent == folder) {
            let file = path.file_name().expect("a name").to_string_lossy();
            found.push((format!("{folder}/{file}"), text));
        }
    }
    found
}

/// What the lines that begin with `word` say.
fn said<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    text.lines()
        .filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '))
        .collect()
}

#[test]
fn every_playbook_of_the_notes_belongs_to_a_lesson() {
    let lessons = of("course");
    assert!((12..=16).contains(&lessons.len()), "{}", lessons.len());
    let told: BTreeSet<&str> = lessons
        .iter()
        .flat_map(|(_, text)| said(text, "see"))
        .flat_map(str::split_whitespace)
        .collect();
    let notes = of("seeds");
    let missing: Vec<&str> = notes
        .iter()
        .map(|(path, _)| path.as_str())
        .filter(|path| !told.contains(path))
        .collect();
    assert!(missing.is_empty(), "in no lesson: {missing:?}");
}

#[test]
fn a_lesson_asks_before_it_tells_compares_and_ends_with_a_run_to_build() {
    let builds: BTreeSet<String> = of("build").into_iter().map(|(path, _)| path).collect();
    let mut ends = BTreeSet::new();
    for (path, text) in of("course") {
        let first = text
            .lines()
            .find(|line| line.starts_with("ask ") || line.starts_with("caption "));
        assert!(
            first.is_some_and(|line| line.starts_with("ask ")),
            "{path}: {first:?}"
        );
        assert_eq!(said(&text, "contrast").len(), 1, "{path}: the contrast");
        let minutes: u32 = said(&text, "minutes")[0].parse().expect("a number");
        assert!((3..=20).contains(&minutes), "{path}: {minutes} minutes");
        let end = said(&text, "then")[0];
        assert!(builds.contains(end), "{path}: there is no {end}");
        assert!(
            ends.insert(end.to_owned()),
            "{path}: {end} ends another one"
        );
    }
}

#[test]
fn what_a_reader_is_told_is_told_in_both_languages() {
    let told = told();
    assert!(told.contains(&"caption") && told.len() > 10, "{told:?}");
    let mut wrong = Vec::new();
    for folder in ["course", "build", "seeds", "paper", "lab", "bugs"] {
        for (path, text) in of(folder) {
            let lines: Vec<&str> = text.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                let word = line.split(' ').next().unwrap_or_default();
                let chinese = format!("{word}.zh ");
                let next = lines.get(at + 1).copied().unwrap_or_default();
                if line.contains(' ') && told.contains(&word) && !next.starts_with(&chinese) {
                    wrong.push(format!("{path}, line {}: {word}", at + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
