//! The reference of the playbook language promises that its examples work, and its tables are
//! those that parse it.

use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use raft_play::Playbook;
use raft_play::playbook::HEADERS;
use raft_play::reference::{self, Table};
use raft_sim::setup::Setup;

#[test]
fn every_example_of_the_reference_plays() {
    let reference = include_str!("../../../../docs/playbooks.md");
    let mut played = 0;
    for block in reference.split("```raft\n").skip(1) {
        let text = block.split("```").next().unwrap_or_default();
        // Examples show single Actions; what they need to be possible, such
        // as entries to delete, stands before them here.
        let text = if text.starts_with("title") {
            text.to_owned()
        } else {
            format!("timeout S1\nrun 100ms\npropose S1 a b c\nrun 500ms\n{text}")
        };
        let text = match text.split_once("run 500ms\n") {
            // The numbers of messages are those of a block that plays by itself.
            Some((_, own)) if own.contains("drop M1") => own.to_owned(),
            _ => text,
        };
        let (_, failure) =
            raft_play::play(&text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
        let failure = failure.map(|failure| failure.error.to_string());
        assert_eq!(failure, None, "in\n{text}");
        played += 1;
    }
    assert!(played >= 7, "only {played} examples were found");
}

/// A table as it stands in the document.
fn shown(table: &Table) -> String {
    let columns = match table.columns {
        [] => &["", ""],
        columns => columns,
    };
    let head = columns.iter().map(|column| match *column {
        "" => " |".to_owned(),
        column => format!(" {column} |"),
    });
    let rows = table.rows.iter().map(|row| {
        let forms = row.forms.iter();
        let forms = forms.map(|form| format!("`{form}`").replace('|', "\\|"));
        let forms = forms.collect::<Vec<String>>().join(", ");
        format!("| {forms} | {} |\n", row.cells.join(" | "))
    });
    format!(
        "|{}\n|{}\n{}",
        head.collect::<String>(),
        "---|".repeat(columns.len()),
        rows.collect::<String>()
    )
}

/// Between `<!-- TITLE -->` and `<!-- end -->` stands the table of that title.
#[test]
fn the_tables_of_the_reference_are_those_of_the_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/playbooks.md");
    let mut reference = fs::read_to_string(&path).expect("it can be read");
    for table in reference::tables() {
        let mark = format!("<!-- {} -->\n", table.title);
        let begin = reference.find(&mark).map(|at| at + mark.len());
        let begin = begin.unwrap_or_else(|| panic!("no {mark}"));
        let end = reference[begin..].find("<!-- end -->").expect("its end") + begin;
        reference.replace_range(begin..end, &format!("\n{}\n", shown(&table)));
    }
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, &reference).expect("it can be written");
    }
    let written = fs::read_to_string(&path).expect("it can be read");
    assert!(
        written == reference,
        "docs/playbooks.md is not what the language says. \
         To rewrite it: UPDATE=1 cargo test -p raft-play --test suite docs"
    );
}

/// What the reference says of a header that is left out is what a playbook without it has.
#[test]
fn what_is_left_out_is_as_the_reference_says() {
    let setup = Setup::default();
    let lines = Arc::default();
    let printed = Playbook { setup, lines }.to_string();
    assert_eq!(printed.lines().count(), 4, "{printed}");
    for line in printed.lines() {
        let name = line.split(' ').next().expect("a word");
        let header = HEADERS.iter().find(|header| header.name == name);
        let header = header.expect("it is in the table");
        assert_eq!(header.left_out, format!("`{line}`"));
    }
}
