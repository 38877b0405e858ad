//! Every complaint and every remedy is one or two whole sentences, in both languages, and what is to be
//! done can be done where it is read.
//!
//! The lines are made of the tables from which the language is read: each form of each of them, cut
//! short, with a word too many, and with each of its words replaced by another. `check_complaint`
//! looks at what is said of them, here and of any other text.

use std::collections::BTreeSet;

use raft_core::{Index, NodeId, Timer};
use raft_play::refusal;
use raft_play::text::Source;
use raft_play::{act_line, begin_line, open};
use raft_sim::act::{ClientRefusal, Refusal};
use raft_sim::client::ClientId;
use raft_sim::ids::MessageId;
use raft_sim::run::RunError;

use super::anything::words::forms;
use super::anything::{Bounds, answered, check_complaint, check_said, check_typed};

/// What stands there in place of a word of a form.
const OTHERS: &[&str] = &[
    "zzz",
    "-1",
    "99999999999",
    "S99",
    "S1",
    "leaders",
    "1ms",
    "99999h",
    "2%",
    "(",
    "\"open",
    "a\"b",
    "=",
    "next",
];

/// A form, spoilt in many ways.
fn spoilt(form: &str) -> BTreeSet<String> {
    let words: Vec<&str> = form.split(' ').collect();
    let mut all = BTreeSet::from([form.to_owned(), format!("{form} zzz"), format!("{form} S1")]);
    for place in 0..words.len() {
        all.insert(words[..place].join(" "));
        for other in OTHERS {
            let mut line = words.clone();
            line[place] = other;
            all.insert(line.join(" "));
        }
        let mut doubled = words.clone();
        doubled.insert(place, words[place]);
        all.insert(doubled.join(" "));
    }
    all
}

#[test]
fn every_form_of_a_line_spoilt_is_complained_about_in_sentences() {
    let typed_into = open("servers 3\nclients 1").expect("it plays");
    let mut refused = 0;
    for line in forms().flat_map(spoilt) {
        let text = format!("clients 1\n{line}");
        refused += u32::from(answered(&text, Bounds::NARROW, false) != Some(true));
        if let Err(error) = begin_line(&typed_into, &line) {
            check_typed(&error);
            refused += 1;
        }
    }
    assert!(refused > 10_000, "only {refused} were refused");
}

/// What is wrong only as a whole, or only when it is played.
const WHOLE: &[&str] = &[
    "repeat 2\ncaption a\nend",
    "propose S1 *20000\npropose S1 *20000",
    "servers 3\nservers 3",
    "step\nservers 3",
    "caption-zh a",
    "servers 3\nvoters 5",
    "use lease-reads",
    "end",
    "otherwise",
    "in turn",
    "repeat 2",
    "meanwhile\nend",
    "concurrently\nmeanwhile\npropose S1 x\nend\nrun 1s\nend",
    "crash \u{7}",
    "propose S1 \"\\q\"",
    "propose S1 a..b",
    "propose leader x",
    "crash any 9 of running",
    "crash S1\ncrash S1",
    "servers 3\nagree x on 4",
    "reconfigure S1 voters",
    "reconfigure S1 voters crashed",
    "expect leaders = 1",
    "propose S1 x\nwait 5ms until leaders = 1",
    "expect accepted propose S1 x",
    "expect refused crash S1",
    "expect refused crash crashed",
    "expect refused propose S1 x and leaders = 1",
    "drop AppendEntries",
    "check two leaders",
    "expect not refused propose S1 x",
    "rewrite S1 term 1000001",
    "<!doctype html>\n<title>Raft</title>\n",
    "Test (3A): initial election ...\n  ... Passed\n",
    "run 0.5us",
    "latency 5ms..1ms",
    "kill S1",
    "expect leaders == 1",
    "expect leaders = 1 && terms = 1",
    "expect 2 = (leaders + 1)",
    "loss C1 50%",
    "let leader = S1",
    "expect S1 = leader",
    "expect commitIndex >= 2",
    "expect S1 commitIndex >= 2",
    "expect S1 commit >= 2",
    "expect S1 role = leader",
];

#[test]
fn what_is_wrong_as_a_whole_is_complained_about_in_sentences() {
    let long = "x".repeat(70_000);
    let texts = [
        format!("propose S1 {long}"),
        format!("crash {long}"),
        "# x\n".repeat(3_000_000),
        "step\n".repeat(60_000),
        format!("{}{}", "repeat 2\n".repeat(40), "end\n".repeat(40)),
        format!("crash {}S1", "any of ".repeat(20)),
        format!("propose S1 {0}1..{0}10000", "x".repeat(30_000)),
        "abcdefghijklmnopqrstuvwxyz"
            .chars()
            .fold(String::new(), |text, c| {
                "bcdf"
                    .chars()
                    .fold(text, |text, d| text + &format!("let {c}{d} = S1\n"))
            }),
        "caption a\n".repeat(3000),
        format!("let {} = S1", "a".repeat(101)),
    ];
    let whole = WHOLE.iter().map(|text| (*text).to_owned());
    for text in texts.into_iter().chain(whole) {
        let shown = &text[..text.len().min(80)];
        assert_ne!(
            answered(&text, Bounds::NARROW, false),
            Some(true),
            "{shown}"
        );
    }
}

/// Each refusal; the match is there so that a new one is not forgotten.
fn after(refusal: Option<&Refusal>) -> Option<Refusal> {
    let (server, client) = (NodeId(1), ClientId(1));
    let at = |last| Refusal::NoEntry {
        server,
        index: Index(9),
        first: Index(1),
        last: Index(last),
    };
    Some(match refusal {
        None => Refusal::NoServer(server),
        Some(Refusal::NoServer(_)) => Refusal::NotRunning(server),
        Some(Refusal::NotRunning(_)) => Refusal::AlreadyRunning(server),
        Some(Refusal::AlreadyRunning(_)) => Refusal::AlreadyPaused(server),
        Some(Refusal::AlreadyPaused(_)) => Refusal::NotPaused(server),
        Some(Refusal::NotPaused(_)) => Refusal::Paused(server),
        Some(Refusal::Paused(_)) => Refusal::NoTimer {
            server,
            timer: Timer::Quorum,
            running: vec![Timer::Election, Timer::Heartbeat],
        },
        Some(Refusal::NoTimer { .. }) => Refusal::NoMessage(MessageId(1)),
        Some(Refusal::NoMessage(_)) => at(0),
        Some(Refusal::NoEntry { last: Index(0), .. }) => at(3),
        Some(Refusal::NoEntry { .. }) => Refusal::NothingToCompact(server),
        Some(Refusal::NothingToCompact(_)) => Refusal::Client(ClientRefusal::NoClients),
        Some(Refusal::Client(ClientRefusal::NoClients)) => {
            Refusal::Client(ClientRefusal::NoClient(client))
        }
        Some(Refusal::Client(ClientRefusal::NoClient(_))) => {
            Refusal::Client(ClientRefusal::HasSession(client))
        }
        Some(Refusal::Client(ClientRefusal::HasSession(_))) => {
            Refusal::Client(ClientRefusal::AsksTooMuch(client))
        }
        Some(Refusal::Client(ClientRefusal::AsksTooMuch(_))) => Refusal::Clogged(MessageId(1)),
        Some(Refusal::Clogged(_)) => Refusal::NoBackup(server),
        Some(Refusal::NoBackup(_)) => Refusal::WaitsForTooMany,
        Some(Refusal::WaitsForTooMany) => Refusal::OnlyTime,
        Some(Refusal::OnlyTime) => return None,
    })
}

#[test]
fn every_refusal_is_worded_in_sentences() {
    let mut refusal = after(None);
    let mut errors = vec![RunError::TooManyEvents];
    while let Some(next) = refusal {
        refusal = after(Some(&next));
        errors.push(RunError::Refused(next));
    }
    for error in errors {
        check_complaint(
            &refusal::at_line(&error, 1, "crash S1", Source::Playbook),
            "crash S1",
        );
        check_typed(&refusal::at_line(&error, 1, "crash S1", Source::Typed));
    }
}

/// The sentence about what was refused is a part of another where that was expected.
#[test]
fn a_refusal_that_was_expected_is_no_sentence_in_a_sentence() {
    let mut run = open("servers 3\nclients 1\ncrash S1").expect("it plays");
    for line in [
        "expect refused crash S1",
        "expect refused drop AppendEntries",
        "expect refused put C1 x 1 by S9",
    ] {
        let Ok(Some(held)) = act_line(&mut run, line) else {
            continue;
        };
        assert!(
            !held.found.ends_with('.') && !held.found_zh.ends_with('。'),
            "{held:?}"
        );
    }
}

#[test]
fn what_is_no_sentence_is_found_out() {
    let is_well = |en: &str, zh: &str| std::panic::catch_unwind(|| check_said(en, zh)).is_ok();
    assert!(is_well(
        "Restart it first: restart S1.",
        "请先重启：restart S1。"
    ));
    for (en, zh) in [
        ("restart it first.", "请先重启。"),
        ("Restart it first", "请先重启。"),
        ("Restart it first.", "请先重启"),
        ("Restart it. Crash it. Pause it.", "请先重启。"),
        ("Restart it with raftlab.", "请先重启。"),
    ] {
        assert!(!is_well(en, zh), "{en} {zh}");
    }
}
