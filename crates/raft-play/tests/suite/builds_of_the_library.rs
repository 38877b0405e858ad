//! The runs to build of the library: their ways build them with any seed, and what comes close does not.

use raft_play::building::{Marker, prove};
use raft_play::lesson::prove_contrasts;
use raft_play::variant::{Variant, variant};
use raft_play::{act_line, open};

use crate::library;

/// With how many seeds each is played.
const SEEDS: u64 = 20;

/// Every run to build of the library can be built as it says, or cannot, and every pair of runs can be told
/// apart, with any seed; all of it is said in both languages.
#[test]
fn every_promise_of_the_library_is_kept_with_any_seed() {
    let (mut builds, mut pairs) = (0, 0);
    for (path, text) in library::texts() {
        if !text.contains("\nbuild ") && !text.contains("\ncontrast ") {
            continue;
        }
        let run = open(&text).unwrap_or_else(|error| panic!("{error}"));
        for seed in (2..=SEEDS).chain([run.setup().seed]) {
            let text = variant(&text, run.setup(), Variant::Seed(seed));
            assert_eq!(prove(&text), Ok(()), "{path}, seed {seed}");
            assert_eq!(prove_contrasts(&text), Ok(()), "{path}, seed {seed}");
        }
        for contrasted in run.contrasts() {
            pairs += 1;
            let contrast = &contrasted.contrast;
            for [english, chinese] in [&contrast.same, &contrast.alike, &contrast.principle] {
                assert!(!english.is_empty() && !chinese.is_empty(), "{path}");
            }
        }
        let Some(begun) = run.build() else { continue };
        builds += 1;
        let build = &begun.build;
        let goals = build.goals.iter().chain(&build.always);
        let texts = goals.map(|goal| &goal.text).chain(&build.hints);
        for [english, chinese] in texts.chain([&build.text, &build.why]) {
            assert!(
                !english.is_empty() && !chinese.is_empty(),
                "{path}: {english}"
            );
        }
    }
    assert!(
        builds >= 21 && pairs >= 15,
        "{builds} builds, {pairs} pairs"
    );
}

/// What somebody tries who has not seen yet what it takes: nothing of it may be marked as done.
const ATTEMPTS: &[(&str, &[&str])] = &[
    ("01", &["propose S1 y", "timeout S2", "run 40ms"]),
    ("02", &["timeout S1", "timeout S2", "timeout S3", "run 1s"]),
    (
        "03",
        &["timeout S2", "run 30ms", "propose S2 b", "run 30ms"],
    ),
    (
        "04",
        &[
            "propose S1 x",
            "crash S1",
            "timeout S2",
            "run 40ms",
            "propose S2 y",
            "run 40ms",
        ],
    ),
    (
        "05",
        &[
            "rewrite S3 log 1:x 2:y 3:z",
            "run 150ms",
            "timeout S1",
            "run 40ms",
            "propose S1 w",
            "run 10ms",
        ],
    ),
    (
        "06",
        &[
            "propose S1 x",
            "run 200ms",
            "crash S1",
            "timeout S2",
            "run 40ms",
            "propose S2 y",
            "run 30ms",
        ],
    ),
    ("07", &["crash S1", "crash S2", "timeout S4", "run 60ms"]),
    (
        "08",
        &[
            "partition S5 | S1 S2 S3 S4",
            "propose S1 x",
            "run 100ms",
            "crash S1",
            "heal",
            "timeout S5",
            "run 100ms",
        ],
    ),
    (
        "09",
        &[
            "cut S1 S3",
            "timeout S1",
            "run 25ms",
            "crash S2",
            "restart S2",
            "timeout S3",
            "run 25ms",
        ],
    ),
    ("10", &["propose S1 x", "timeout S2", "run 100ms"]),
    ("11", &["latency 100ms", "run 8s"]),
    (
        "12",
        &["disconnect S3", "run 100ms", "connect S3", "run 300ms"],
    ),
    (
        "13",
        &["propose S1 x", "run 30ms", "snapshot S1", "run 200ms"],
    ),
    (
        "14",
        &[
            "partition S1 | S2 S3",
            "run 5s until leader = S2 or leader = S3",
            "put C2 x new",
            "wait 5s until answer C2 = new",
            "get C1 x by read-index",
            "run 30ms",
        ],
    ),
    (
        "15",
        &[
            "crash S4",
            "crash S5",
            "reconfigure S1 voters S4 S5 S6",
            "run 10s",
        ],
    ),
    (
        "16",
        &["timeout S1", "run 40ms", "propose S1 x", "run 40ms"],
    ),
    (
        "17",
        &[
            "disconnect S3",
            "propose S1 x",
            "run 30ms",
            "crash S2",
            "restart S2",
            "connect S3",
            "timeout S3",
            "run 25ms",
        ],
    ),
    (
        "18",
        &[
            "partition S1 | S2 S3",
            "timeout S1",
            "timeout S3",
            "run 60ms",
        ],
    ),
    ("19", &["propose S1 b", "run 200ms"]),
    (
        "20",
        &[
            "crash S3",
            "propose S1 b",
            "run 50ms",
            "restart S3",
            "run 200ms",
        ],
    ),
    (
        "21",
        &["crash S1", "heal", "run 300ms", "timeout S5", "run 60ms"],
    ),
];

#[test]
fn what_only_comes_close_is_refused() {
    let builds = library::texts().filter(|(path, _)| path.contains("/build/"));
    let mut tried = 0;
    for (path, text) in builds {
        let number = path
            .rsplit('/')
            .next()
            .and_then(|name| name.split('-').next());
        let attempts = ATTEMPTS.iter().filter(|(of, _)| Some(*of) == number);
        let before = tried;
        for (_, lines) in attempts {
            tried += 1;
            let mut run = open(&text).unwrap_or_else(|error| panic!("{error}"));
            for line in *lines {
                run.begin_act(line);
                act_line(&mut run, line).unwrap_or_else(|error| panic!("{path}: {error}"));
            }
            let mut marker = Marker::new(&run).expect("something is to be built");
            marker.go_on(&run);
            assert_eq!(marker.progress(&run).done, None, "{path}: {lines:?}");
        }
        assert!(tried > before, "{path}: nothing was tried");
    }
}
