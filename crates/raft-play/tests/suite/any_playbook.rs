//! Whoever wrote it, a playbook is answered: it plays, or it is refused at its place. It never
//! panics, never hangs, and what it leaves can be saved and played again. The fuzz target asks the
//! same of texts that it makes itself.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use raft_play::playbook::HEADERS;

use crate::anything::words::{LINES, beginnings, begins_block, words};
use crate::anything::{Bounds, answered, library};

fn line() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(words()), 0..6);
    prop_oneof![
        3 => prop::sample::select(LINES).prop_map(str::to_owned),
        2 => (prop::sample::select(beginnings()), words)
            .prop_map(|(verb, words)| format!("{verb} {}", words.join(" "))),
    ]
}

/// Lines, with an `end` for each block that some of them leave open.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..14).prop_map(|lines| {
        let open = lines.iter().filter(|line| begins_block(line)).count();
        let closed = lines.iter().filter(|line| *line == "end").count();
        let ends = "end\n".repeat(open.saturating_sub(closed));
        format!(
            "servers 3\nclients 2\nelection 5ms..9ms\nheartbeat 2ms\n{}\n{ends}",
            lines.join("\n")
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_playbook_is_answered(text in text()) {
        let _ = answered(&text, Bounds::WIDE, true);
    }

    /// A playbook of the library with lines deleted, doubled and swapped.
    #[test]
    fn a_damaged_playbook_is_answered(file: prop::sample::Index, damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3), 1..4)) {
        let files = library();
        let (_, text) = file.get(&files);
        let mut lines: Vec<&str> = text.lines().collect();
        for (one, other, kind) in damage {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            match kind {
                0 => { lines.remove(one); }
                1 => lines.insert(one, lines[other]),
                _ => lines.swap(one, other),
            }
        }
        let _ = answered(&lines.join("\n"), Bounds::WIDE, true);
    }
}

/// Found by the fuzzer: a block without lines has a line all the same, the one that it begins with.
#[test]
fn an_empty_block_has_a_place() {
    for block in [
        "if running < 0\n  end",
        "chance 0%\n    step 1\n  end",
        "repeat 2\n  end",
        "concurrently\n    meanwhile\n    end\n  end",
    ] {
        let text = format!("servers 1\nrepeat 1000\n  {block}\nend\n");
        assert_eq!(answered(&text, Bounds::NARROW, true), Some(false), "{text}");
    }
}

/// So long are the texts that the fuzzer begins with, and those that it makes.
const FUZZED_BYTES: usize = 300;

/// Writes what the fuzzer begins with: pieces of all playbooks, and the words of the language.
#[test]
#[ignore = "it writes files; docs/testing.md says when"]
fn write_what_the_fuzzer_begins_with() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let (words, beginnings) = (words(), beginnings());
    let words = words.iter().chain(&beginnings).chain(LINES);
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | 0x80.. => format!("\\x{byte:02x}"),
        _ => char::from(byte).to_string(),
    };
    let lines: Vec<String> = words
        .map(|word| {
            let word: String = word.bytes().map(escaped).collect();
            format!("\"{word}\"")
        })
        .collect();
    fs::write(folder.join("playbook.dict"), lines.join("\n")).expect("it can be written");
    let corpus = folder.join("corpus/playbook");
    fs::create_dir_all(&corpus).expect("a folder can be made");
    for (file, (_, text)) in library().iter().enumerate() {
        for (place, piece) in pieces(text).iter().enumerate() {
            let path = corpus.join(format!("{file:03}-{place:03}"));
            fs::write(path, piece).expect("it can be written");
        }
    }
}

/// A playbook in pieces of a few lines, each below the header, with blocks closed.
fn pieces(text: &str) -> Vec<String> {
    let is_said = |line: &&str| {
        let word = line.split([' ', '.']).next().unwrap_or_default();
        !["", "title", "caption", "source", "branch"].contains(&word) && !word.starts_with('#')
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(is_said).collect();
    let is_header = |line: &&&str| {
        let word = line.split(' ').next().unwrap_or_default();
        HEADERS.iter().any(|header| header.name == word)
    };
    let header = lines.iter().take_while(is_header).count();
    let (header, body) = lines.split_at(header);
    let mut pieces = Vec::new();
    for begin in (0..body.len()).step_by(4) {
        let mut piece = header.join("\n");
        let mut open = 0;
        for line in &body[begin..] {
            let word = line.split(' ').next().unwrap_or_default();
            if word == "end" && open == 0 {
                continue;
            }
            if piece.len() + line.len() + 4 * (open + 1) >= FUZZED_BYTES {
                break;
            }
            open += usize::from(begins_block(line));
            open -= usize::from(word == "end");
            piece.push('\n');
            piece.push_str(line);
        }
        piece.push_str(&"\nend".repeat(open));
        pieces.push(piece);
    }
    pieces
}
