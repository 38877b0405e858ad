//! What a playbook may ask for: short texts that ask for a lot come to an end with a word, and
//! it does not matter how little is done at a time.

use raft_play::playbook::{LINES_MAX, Playbook};
use raft_play::script::{Player, play};
use raft_sim::run::{Failure, Stage, Trial, WORK_MAX};

use crate::anything::library;

/// Plays it to its end, and answers how much work that was.
fn played(text: &str) -> (Trial, u64, Result<(), Failure>) {
    let playbook: Playbook = text.parse().unwrap_or_else(|error| panic!("{error}"));
    let mut trial = Trial::new(&playbook.setup);
    let mut player = Player::new(&playbook, text);
    let outcome = player.go_on(&mut trial, u64::MAX).map(|is_done| {
        assert!(is_done, "nothing keeps it from going on to its end");
    });
    (trial, player.work(), outcome)
}

/// Each of these would take from minutes to years.
#[test]
fn a_short_text_cannot_ask_for_more_than_so_much_work() {
    let sum = vec!["applied index 1"; 3500].join(" + ");
    let terms = vec!["terms = 1"; 4500].join(" and ");
    let drawn = vec!["any 2 of any 5 of any 7 of running"; 1500].join(" ");
    let entries = "timeout S1\nrun 100ms\nrepeat 9\npropose leader *10000\nrun 2s\nend\n";
    let nested = "repeat 1000000\n".repeat(8);
    let ends = "end\n".repeat(8);
    let waiting = "run 86400s until term S1 > 99999\n".repeat(30_000);
    let agreeing = "agree * on 3\n".repeat(900);
    for text in [
        format!("{nested}{ends}"),
        format!("{nested}chance 50%\nend\n{ends}"),
        format!("{nested}if terms = 9\nend\n{ends}"),
        format!("repeat 1000000\nrepeat 3\nif {sum} < 0\nend\nend\nend"),
        format!("repeat 1000000\nif {terms}\nend\nend"),
        format!("repeat 1000000\nlet x = {drawn}\nend"),
        format!("{entries}repeat 1000000\ncrash S1\nrestart S1\nend"),
        format!("{entries}repeat 1000000\nrewrite S1 entry 5 1:x\nend"),
        format!("concurrently\n{waiting}end"),
        format!(
            "crash all\nrepeat 1000000\nconcurrently\nrun 1s\nmeanwhile\nrun 1us\nend\n{agreeing}end\nend"
        ),
    ] {
        let (_, work, outcome) = played(&format!("servers 9\n{text}"));
        let failure = outcome.expect_err(&text[..60.min(text.len())]);
        let found = &failure.error;
        assert!(found.message.contains("exceeds the limit"), "{found}");
        assert!(!found.remedy.is_empty() && !found.chinese.remedy.is_empty());
        assert!(found.line > 1, "{found}");
        // What one line asks for comes on top.
        assert!(work < WORK_MAX + WORK_MAX / 50, "{work}: {found}");
    }
}

/// What a log is compared with decides what that costs, and not how long the log is.
#[test]
fn looking_at_a_long_log_is_cheap() {
    let entries =
        "servers 3\ntimeout S1\nrun 100ms\nrepeat 10\npropose leader *10000\nrun 2s\nend\n";
    let (_, before, _) = played(entries);
    let (trial, after, outcome) =
        played(&format!("{entries}repeat 1000\nif log all = 1:x\nend\nend"));
    outcome.expect("it comes to its end");
    assert_eq!(trial.world().servers()[0].disk.image.entries.len(), 100_000);
    assert!(after - before < 100_000, "{before} {after}");
    let (_, _, outcome) = played(&format!("{entries}expect log S1 = 1:x"));
    let words = outcome.expect_err("it is longer").error.message;
    assert!(words.ends_with("…."), "{words}");
    assert!(words.len() < 600, "{} bytes", words.len());
}

/// All that comes with the laboratory asks for little.
#[test]
fn playbooks_stay_far_below_the_bound() {
    for (path, text) in library() {
        let (_, work, _) = played(&text);
        assert!(work < WORK_MAX / 20, "{path}: {work} steps");
    }
}

/// Where a player is made to wait changes nothing.
#[test]
fn a_player_may_be_let_go_on_for_a_while_at_a_time() {
    for (path, text) in library() {
        let playbook: Playbook = text.parse().expect("it reads");
        let mut whole = Trial::new(&playbook.setup);
        let outcome = play(&playbook, &text, &mut whole);
        let mut parts = Trial::new(&playbook.setup);
        let mut player = Player::new(&playbook, &text);
        let again = loop {
            match player.go_on(&mut parts, 20) {
                Ok(false) => {}
                Ok(true) => break Ok(()),
                Err(failure) => break Err(failure),
            }
        };
        assert_eq!(again, outcome, "{path}");
        assert_eq!(parts.world(), whole.world(), "{path}");
    }
}

#[test]
fn names_and_lines_are_bounded() {
    let refused = |text: String| {
        let read: Result<Playbook, _> = text.parse();
        let error = read.expect_err("it is too much");
        (error.line, error.message)
    };
    let names = |names: usize| {
        let lines: Vec<String> = (0..names).map(|n| format!("let a{n} = S1\n")).collect();
        lines.concat()
    };
    assert!(names(100).parse::<Playbook>().is_ok());
    let anew = format!("{}let a7 = term S2\nrepeat 3 as a8\nend", names(100));
    assert!(anew.parse::<Playbook>().is_ok());
    let (line, message) = refused(names(101));
    assert_eq!(line, 101);
    assert_eq!(message, "The playbook defines more than 100 names.");
    let (_, message) = refused(format!("let {} = S1", "a".repeat(101)));
    assert_eq!(message, "This name is longer than 100 bytes.");
    let captions = |captions: usize| "caption x\n".repeat(captions);
    assert!(captions(1000).parse::<Playbook>().is_ok());
    let (line, message) = refused(captions(1001));
    assert_eq!(line, 1001);
    assert_eq!(message, "The playbook has more than 1000 captions.");
    let (line, message) = refused("\n".repeat(LINES_MAX as usize + 1));
    assert_eq!(line, LINES_MAX + 1);
    assert!(message.contains("lines"), "{message}");
}
