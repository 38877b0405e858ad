//! Whoever wrote it, a playbook is answered: it plays, or it is refused at its place. It never
//! panics, never hangs, and what it leaves can be saved and played again.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use raft_sim::script::{Stage, Trial, play};
use raft_sim::{Playbook, Run};

/// Words that lines are made of: those of the language, and some that are none. Times are
/// short and numbers small, so that what plays is over soon.
const WORDS: [&str; 118] = [
    "S1",
    "S2",
    "S3",
    "S9",
    "leader",
    "leader+1",
    "leaders",
    "all",
    "followers",
    "running",
    "crashed",
    "connected",
    "disconnected",
    "reachable",
    "unreachable",
    "any",
    "the",
    "rest",
    "of",
    "a",
    "b",
    "round",
    "0",
    "1",
    "2",
    "3",
    "7",
    "18446744073709551615",
    "2..4",
    "9..1",
    "1ms",
    "5ms",
    "20ms",
    "1ms..9ms",
    "0us",
    "2%",
    "100%",
    "101%",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "->",
    "|",
    "mod",
    "and",
    "until",
    "as",
    "on",
    "without",
    "retry",
    "every",
    "index",
    "command",
    "term",
    "commit",
    "last",
    "applied",
    "snapshot",
    "state_bytes",
    "terms",
    "rpcs",
    "bytes",
    "violations",
    "broken",
    "log",
    "log-matching",
    "election-safety",
    "x1",
    "x1..x3",
    "*",
    "*2",
    "*2:9",
    "*:0",
    "1:x1",
    "2:y1",
    "\"two words\"",
    "\"open",
    "M1",
    "M2",
    "entry",
    "delete",
    "truncate",
    "votedFor",
    "none",
    "voters",
    "learners",
    "labrpc",
    "reliable",
    "unreliable",
    "long-reordering",
    "plain",
    "halves",
    "ring",
    "isolate",
    "bridge",
    "random",
    "normal",
    "exponential",
    "pareto",
    "torn",
    "empty",
    "领导者",
    "#",
    "otherwise",
    "end",
    "servers",
    "seed",
    "caption",
    "title",
    "pre-vote",
    "S1+1",
    "in",
    "turn",
];

/// Words that lines begin with.
const VERBS: [&str; 56] = [
    "step",
    "run",
    "propose",
    "crash",
    "restart",
    "pause",
    "resume",
    "disconnect",
    "connect",
    "cut",
    "heal",
    "partition",
    "drop",
    "duplicate",
    "deliver",
    "delay",
    "timeout",
    "read",
    "transfer",
    "reconfigure",
    "rewrite",
    "snapshot",
    "latency",
    "loss",
    "disk",
    "duplication",
    "reordering",
    "clog",
    "unclog",
    "stall",
    "unstall",
    "clock",
    "network",
    "wait",
    "expect",
    "let",
    "agree",
    "check",
    "repeat",
    "chance",
    "if",
    "concurrently",
    "in",
    "meanwhile",
    "otherwise",
    "end",
    "end",
    "end",
    "caption",
    "caption.zh",
    "title",
    "servers",
    "seed",
    "use",
    "snapshots",
    "ablate",
];

/// Beginnings of lines that are often right, so that much of what is made can be played.
const LINES: [&str; 26] = [
    "run 20ms",
    "timeout leader+1",
    "timeout any",
    "propose leaders *2",
    "propose any x1",
    "crash any of running",
    "restart crashed",
    "disconnect any",
    "connect disconnected",
    "let a = any 2",
    "let b = term S1",
    "expect leaders <= 3",
    "wait 40ms until leaders = 1",
    "run 30ms until applied index 1 >= 1",
    "agree * on 2",
    "check one leader",
    "repeat 3 as round",
    "repeat 2..4 until leaders > 0",
    "if running < 3",
    "chance 50%",
    "concurrently",
    "in turn",
    "meanwhile",
    "heal",
    "end",
    "end",
];

fn line() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(&WORDS[..]), 0..6);
    prop_oneof![
        3 => prop::sample::select(&LINES[..]).prop_map(str::to_owned),
        2 => (prop::sample::select(&VERBS[..]), words)
            .prop_map(|(verb, words)| format!("{verb} {}", words.join(" "))),
    ]
}

/// Lines, with an `end` for each block that some of them leave open.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..14).prop_map(|lines| {
        let begins = |line: &&String| {
            let word = line.split(' ').next().unwrap_or_default();
            let blocks = ["repeat", "chance", "if", "concurrently", "in", "meanwhile"];
            blocks.contains(&word)
        };
        let open = lines.iter().filter(begins).count();
        let closed = lines.iter().filter(|line| *line == "end").count();
        let ends = "end\n".repeat(open.saturating_sub(closed));
        format!(
            "servers 3\nelection 5ms..9ms\nheartbeat 2ms\n{}\n{ends}",
            lines.join("\n")
        )
    })
}

/// Plays a text if it can be read; answers whether it came to its end.
fn answered(text: &str) -> Option<bool> {
    let playbook: Playbook = text.parse().ok()?;
    let mut trial = Trial::new(&playbook.setup);
    let outcome = play(&playbook, text, &mut trial);
    if let Err(failure) = &outcome {
        assert!(failure.error.line > 0 && !failure.error.message.is_empty());
        assert!(!failure.error.chinese.message.is_empty());
    }
    let (run, failed) = Run::play(text).expect("it was read before");
    assert_eq!(failed, outcome.err(), "a run and a trial fail alike");
    assert_eq!(run.world(), trial.world());
    let again = Run::open(&run.save()).unwrap_or_else(|error| panic!("{error}\n{}", run.save()));
    assert_eq!(again.digest(), run.digest());
    Some(failed.is_none())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_playbook_is_answered(text in text()) {
        let _ = answered(&text);
    }

    /// A playbook of the library with lines deleted, doubled and swapped.
    #[test]
    fn a_damaged_playbook_is_answered(file: prop::sample::Index, damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3), 1..4)) {
        let files = library();
        let (name, text) = file.get(&files);
        let mut lines: Vec<&str> = text.lines().collect();
        for (one, other, kind) in damage {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            match kind {
                0 => { lines.remove(one); }
                1 => lines.insert(one, lines[other]),
                _ => lines.swap(one, other),
            }
        }
        if !name.contains("figure8") && !name.contains("churn") {
            let _ = answered(&lines.join("\n"));
        }
    }
}

fn library() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    let mut files = Vec::new();
    for folder in ["seeds", "lab", "paper", "bugs"] {
        for entry in fs::read_dir(root.join(folder)).expect("it is there") {
            let path = entry.expect("it can be read").path();
            let text = fs::read_to_string(&path).expect("it can be read");
            files.push((path.display().to_string(), text));
        }
    }
    files.sort_unstable();
    files
}
