//! Every verb, every complaint, and the round trip between Actions and their lines.

mod any;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use raft_core::NodeId;
use raft_sim::action::ServerAction;
use raft_sim::command::{Batch, COMMANDS_MAX, Command};
use raft_sim::setup::SERVERS_MAX;

use super::*;

pub(crate) use any::any_action;

fn parsed(line: &str) -> Action {
    action(line).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(line: &str) -> TextError {
    action(line).expect_err(line)
}

/// Every form of the language, as it prints.
const LINES: &[&str] = &[
    "step",
    "step 10",
    "run 1.5s",
    "propose S1 x1 x2 y1..y50",
    "crash S1",
    "crash S1 torn",
    "restart S1",
    "restart S1 empty",
    "restart S1 backup",
    "backup S1",
    "pause S1",
    "resume S1",
    "disconnect S1",
    "connect S1",
    "cut S1 S2",
    "cut S1 -> S2",
    "heal",
    "heal S1 S2",
    "heal S1 -> S2",
    "partition S1 S2 | S3 S4 S5",
    "clog S1 S2",
    "clog S1 -> S2",
    "unclog",
    "unclog S1 S2",
    "unclog S1 -> S2",
    "drop M12",
    "duplicate M12",
    "deliver M12",
    "delay M12 5ms",
    "drop next AppendEntries S1 -> S3",
    "drop next RequestVote reply",
    "drop next S1 -> S3",
    "duplicate next TimeoutNow S1 -> S2",
    "deliver next InstallSnapshot reply S3 -> S1",
    "delay next answer C1 5ms",
    "drop next request",
    "timeout S1",
    "read S1",
    "transfer S1 S2",
    "reconfigure S1 voters S1 S2 S3",
    "reconfigure S1 voters S2 learners S3 S1",
    "rewrite S1 log",
    "rewrite S1 log 1:x1 1:x2 2:y1",
    "rewrite S1 log 1:x1..x50 2:x51",
    "rewrite S1 log 1:no-op 1:x1..x3 2:\"no-op\"",
    "rewrite S1 entry 3 2:y1",
    "rewrite S1 entry 3 2:no-op",
    "rewrite S1 delete 3",
    "rewrite S1 truncate 3",
    "rewrite S1 term 5",
    "rewrite S1 votedFor S2",
    "rewrite S1 votedFor none",
    "rewrite S1 commit 3",
    "rewrite S1 configuration voters S1 S2 learners S3",
    "rewrite S1 configuration voters S2",
    "rewrite S1 snapshot",
    "rewrite S1 snapshot 1:x1..x5 2:y=1",
    "snapshot S1",
    "put C1 x 3",
    "put C1 x \"two words\"",
    "append C2 k_1 y",
    "get C9 x",
    "get C1 x by read-index",
    "get C1 x by local",
    "work clients keys 3 every 10ms..50ms",
    "work C1 keys 3 every 10ms by read-index",
    "work C1 keys 3 every 10ms reads only",
    "work clients keys 3 every 10ms..50ms reads only by read-index",
    "rest C1",
    "rest clients",
    "latency clients normal 10ms 2ms",
    "loss clients 10%",
    "latency 1ms..5ms",
    "latency S1 -> S2 250us",
    "latency normal 10ms 2ms",
    "latency exponential 10ms",
    "latency S1 -> S2 pareto 5ms 1.5",
    "loss 10%",
    "loss S1 -> S2 2.5%",
    "duplication 2%",
    "duplication S1 -> S2 2%",
    "reordering 5% 200ms..2s",
    "reordering S1 -> S2 5% 200ms..2s",
    "reordering 0%",
    "loss AppendEntries 100%",
    "loss PreVote reply S1 -> S2 2.5%",
    "duplication InstallSnapshot S1 -> S2 2%",
    "reordering AppendEntries reply S1 -> S2 100% 200ms..2s",
    "reordering RequestVote 0%",
    "bandwidth 64KiB/s",
    "bandwidth S1 -> S2 3MiB/s",
    "bandwidth 1500B/s",
    "bandwidth unlimited",
    "network plain",
    "network labrpc reliable",
    "network labrpc unreliable long-reordering",
    "disk S1 0us..2ms",
    "disk 1ms",
    "disk unordered",
    "disk S1 ordered",
    "disk unsynced",
    "disk S1 synced",
    "disk S1 failing",
    "disk working",
    "stall S1",
    "unstall S1",
    "clock S1 110%",
    "clock S1 99.9%",
    "clock S1 +500ms",
    "clock S1 -500ms",
];

#[test]
fn every_form_of_the_language_prints_as_it_was_written() {
    for line in LINES {
        assert_eq!(Line(&parsed(line)).to_string(), *line);
    }
    for verb in verbs() {
        let plainest = verb.forms[0];
        assert_eq!(Line(&parsed(plainest)).to_string(), plainest);
    }
}

#[test]
fn spacing_comments_and_small_letters_do_not_matter() {
    let cases = [
        ("  step  1  # one event", "step"),
        ("cut s1->S2", "cut S1 -> S2"),
        ("partition S1 S2|S3#comment", "partition S1 S2 | S3"),
        ("loss 0.0%", "loss 0%"),
        ("latency 2ms..2ms", "latency 2ms"),
        ("run 90m", "run 1h30m"),
        ("run 24h", "run 24h"),
        (
            "rewrite S1 log 4 5 5",
            "rewrite S1 log 4:t4.1 5:t5.2 5:t5.3",
        ),
        ("rewrite S1 entry 3 2", "rewrite S1 entry 3 2:t2.3"),
        ("propose S1 x1..x2 #x", "propose S1 x1 x2"),
    ];
    for (line, canonical) in cases {
        assert_eq!(Line(&parsed(line)).to_string(), canonical);
    }
}

#[test]
fn any_text_can_be_a_command() {
    let texts = [
        "",
        "put x 1",
        "#1",
        "a..b",
        "say \"hi\"",
        "\\",
        "一\n二\t\u{1}",
        "x#1",
    ];
    let action = Action::Server(ServerAction::Propose {
        server: NodeId(1),
        commands: Batch::new(texts.map(Command::from).to_vec()).expect("they are few"),
    });
    assert_eq!(parsed(&Line(&action).to_string()), action);
    assert_eq!(
        Line(&action).to_string(),
        r##"propose S1 "" "put x 1" "#1" "a..b" "say \"hi\"" \ "一\n二\t\u{1}" x#1"##
    );
}

#[test]
fn ranges_expand_and_are_found_again() {
    let Action::Server(ServerAction::Propose { commands, .. }) = parsed("propose S1 y9..y11")
    else {
        panic!("not a proposal");
    };
    let texts: Vec<&str> = commands.get().iter().map(Command::as_str).collect();
    assert_eq!(texts, ["y9", "y10", "y11"]);
    // A leading zero would be lost in a range, so such commands stay a list.
    assert_eq!(
        Line(&parsed("propose S1 y01 y02 y03")).to_string(),
        "propose S1 y01 y02 y03"
    );
    assert_eq!(
        Line(&parsed("propose S1 1 2 3")).to_string(),
        "propose S1 1..3"
    );
    let last = u64::MAX;
    let line = format!("propose S1 x{last} x0 x1");
    assert_eq!(Line(&parsed(&line)).to_string(), line);
}

#[test]
fn a_complaint_shows_the_place_and_the_remedy() {
    let error = refused("propse S1 x");
    assert_eq!((error.line, error.column), (1, 1));
    assert_eq!(error.remedy, "Did you mean “propose”?");
    assert_eq!(error.chinese.remedy, "是不是“propose”？");
    let error = refused("cut S1 -> S12");
    assert_eq!(error.column, 11);
    assert_eq!(&*error.excerpt, "cut S1 -> S12\n          ^");
    assert_eq!(error.remedy, "The servers are S1 to S9.");
    let error = refused("propose S1 一二 a..b");
    assert_eq!(error.column, 15);
    assert_eq!(
        &*error.excerpt,
        "propose S1 一二 a..b\n           \u{3000}\u{3000} ^"
    );
}

#[test]
fn long_lines_are_shown_in_part() {
    let line = format!("propose S1 {}\"{}", "x".repeat(200), "y".repeat(200));
    let error = refused(&line);
    let (text, caret) = error.excerpt.split_once('\n').expect("two lines");
    assert!(text.starts_with('…') && text.ends_with('…'));
    assert_eq!(text.chars().nth(caret.chars().count() - 1), Some('"'));
    assert!(text.chars().count() < 80);
}

/// Lines that are wrong, each with what is said of it.
const MISTAKES: &[(&str, &str)] = &[
    ("", "no action"),
    ("# only a comment", "no action"),
    ("step\u{0}", "control character"),
    ("jump", "not allowed here"),
    ("step 0", "outside 1 to 1000000"),
    ("step 1000001", "outside"),
    ("step many", "not a whole number"),
    ("step 1 2", "complete before"),
    ("run", "ends where a time"),
    ("run 5", "no unit"),
    ("run 5min", "unknown unit"),
    ("run 1.5us", "finer"),
    ("run 25000000000000000000s", "longer than 24 hours"),
    ("run 86401s", "longer than 24 hours"),
    ("propose S1", "ends where a command"),
    ("propose x1", "not a server"),
    ("propose -> x1", "not a server"),
    ("propose S0 x", "no server S0"),
    ("propose S1 y5..y1", "not a range"),
    ("propose S1 y1..z5", "not a range"),
    ("propose S1 ...", "not a range"),
    ("propose S1 y1..y10001", "more than 10000"),
    ("propose S1 \"x", "no closing quote"),
    ("propose S1 x\"y", "middle of a word"),
    ("propose S1 \"x\"y", "middle of a word"),
    ("propose S1 \"\\x\"", "not an escape"),
    ("propose S1 a\u{202e}b", "invisible"),
    ("propose S1 a\u{200b}b", "invisible"),
    ("propose S1 \"\\u{110000}\"", "not an escape"),
    ("cut S1", "ends where a server"),
    ("cut S1 S1", "to itself"),
    ("heal S1 ->", "ends where a server"),
    ("partition S1 S2", "at least two"),
    ("partition S1 | | S2", "no servers"),
    ("partition", "no servers"),
    ("partition S1 | S2 S1", "S1 is named twice"),
    ("drop 12", "not a message"),
    ("drop M0", "outside"),
    ("drop", "ends where a message"),
    ("drop next", "ends where a message"),
    ("drop next M12", "not allowed here"),
    ("drop next appendentries S1 -> S3", "not allowed here"),
    ("drop next AppendEntries S1 S3", "not a link"),
    ("drop next AppendEntries S1 -> S1", "to itself"),
    ("drop next TimeoutNow reply", "complete before"),
    ("drop next answer S1", "complete before"),
    ("drop AppendEntries S1 -> S3", "must be given by number"),
    ("delay next AppendEntries S1 -> S3", "ends where a time"),
    ("loss AppendEntries", "ends where a percentage"),
    ("loss AppendEntry 10%", "not allowed here"),
    ("latency S1 S2 5ms", "not a link"),
    ("latency 5ms..1ms", "must come first"),
    ("partition ring", "must be given by number"),
    ("partition isolate", "ends where a server"),
    ("partition halves S1", "complete before"),
    ("clog S1 S1", "to itself"),
    ("unclog S1", "ends where a server"),
    ("crash S1 turn", "complete before"),
    ("latency nromal 5ms 1ms", "not allowed here"),
    ("latency normal 5ms", "ends where a time"),
    ("latency pareto 5ms", "ends where a shape"),
    ("latency pareto 5ms 0", "not a valid shape"),
    ("latency pareto 5ms 1.555", "not a valid shape"),
    ("latency pareto 5ms 1000000000", "not a valid shape"),
    ("reordering 5%", "ends where a time"),
    ("network", "ends where a network"),
    ("network tcp", "not allowed here"),
    ("network labrpc", "ends where “reliable”"),
    ("network labrpc long-reordering", "not allowed here"),
    ("network plain reliable", "complete before"),
    ("disk S1 fast", "not a time"),
    ("clock S1", "ends where a rate"),
    ("clock S1 0%", "neither a rate"),
    ("clock S1 1000.1%", "neither a rate"),
    ("clock S1 110", "neither a rate"),
    ("clock S1 +110%", "unknown unit"),
    ("loss 10", "not a percentage"),
    ("loss 100.1%", "not a percentage"),
    ("loss 1.25%", "not a percentage"),
    ("rewrite S1", "what to rewrite"),
    ("rewrite S1 lgo", "not allowed here"),
    ("reconfigure S1 voters S1 S1", "S1 is named twice"),
    ("crash S1 S1", "S1 is named twice"),
    ("reconfigure S1 voters S1 learnersS2", "not a server"),
    ("put C1 x a1..a2", "“a1..a2” is not a single value"),
    ("work C1 keys 3 every 0ms", "0us is too short"),
    ("work C1 keys 3 every 1ms reads", "ends where “only”"),
    (
        "work C1 keys 3 every 1ms reads by local",
        "“by” is not “only”",
    ),
    ("run 30m2h", "larger unit after a smaller one"),
    ("run 24h1us", "longer than 24 hours"),
    ("rewrite S1 log 4 a b", "“a” is not an entry"),
    ("rewrite S1 log 4x 5", "“4x” is not an entry"),
    ("rewrite S1 log 0", "outside"),
    ("rewrite S1 log x1", "not an entry"),
    ("rewrite S1 log 1:", "not an entry"),
    ("rewrite S1 log 1: x1", "not an entry"),
    ("rewrite S1 log 0:x1", "outside"),
    (
        "rewrite S1 entry 3 2:y1..y2",
        "“2:y1..y2” is not a single entry",
    ),
    ("rewrite S1 entry 0 2:y1", "outside"),
    ("rewrite S1 term 1000001", "outside 0 to 1000000"),
    ("rewrite S1 votedFor nonesuch", "not a server"),
    ("rewrite S1 votedFor me", "not a server"),
    ("disk S1 failing now", "complete before"),
    ("disk S1 unsync", "not allowed here"),
    ("loss RequestVoteReply 10%", "not allowed here"),
    (
        "reordering InstallSnapshotReply 10% 5ms",
        "not allowed here",
    ),
    ("bandwidth", "ends where a bandwidth"),
    ("bandwidth 64", "not a bandwidth"),
    ("bandwidth 0KiB/s", "not a bandwidth"),
    ("bandwidth 4096MiB/s", "not a bandwidth"),
    ("bandwidth S1 S2 1B/s", "not a link"),
    ("restart S1 back", "complete before"),
    ("rewrite S1 configuration S1", "not “voters”"),
    ("rewrite S1 configuration voters", "ends where a server"),
    ("rewrite S1 snapshot x", "not an entry"),
];

#[test]
fn each_mistake_has_its_own_words() {
    for (line, words) in MISTAKES {
        let error = refused(line);
        assert!(error.message.contains(words), "{line}: {error}");
        assert!(
            !error.remedy.is_empty() && !error.chinese.remedy.is_empty(),
            "{line}"
        );
        assert!(!error.chinese.message.is_empty(), "{line}");
    }
}

#[test]
fn nothing_asks_for_more_than_the_bounds() {
    assert!(
        refused(&"x".repeat(LINE_BYTES_MAX + 1))
            .message
            .contains("longer than 64 KiB")
    );
    // A proposal has a bound of its own, and is told that one.
    let long = format!("propose S1 {}", "x".repeat(WRITTEN_BYTES_MAX));
    assert!(refused(&long).message.contains("longer than 6208 KiB"));
    // A long prefix times a long range must not fill the memory.
    let line = format!("propose S1 {0}1..{0}10000", "x".repeat(30_000));
    assert!(refused(&line).message.contains("or 1024 KiB of them"));
    let most = parsed(&format!("propose S1 y1..y{COMMANDS_MAX}"));
    assert_eq!(most.commands().count(), COMMANDS_MAX);
}

#[test]
fn the_nearest_word_is_a_likely_one() {
    let names: Vec<&str> = verbs().map(|verb| verb.name).collect();
    for (word, name) in [
        ("Step", Some("step")),
        ("stpe", Some("step")),
        ("dissconect", Some("disconnect")),
        ("timout", Some("timeout")),
        ("elephant", None),
        ("", None),
    ] {
        assert_eq!(nearest(word, &names), name, "{word}");
    }
}

#[test]
fn any_action_has_any_verb() {
    let mut runner = TestRunner::deterministic();
    let mut missing: Vec<&str> = verbs().map(|verb| verb.name).collect();
    for _ in 0..5_000 {
        let tree = any_action().new_tree(&mut runner).expect("an Action");
        let line = Line(&tree.current()).to_string();
        let word = line.split(' ').next().expect("a word");
        missing.retain(|verb| *verb != word);
    }
    assert!(missing.is_empty(), "no Action is made with {missing:?}");
}

proptest! {
    #[test]
    fn every_action_parses_back_from_its_line(action in any_action()) {
        let line = Line(&action).to_string();
        prop_assert_eq!(super::action(&line), Ok(action), "{}", line);
    }

    /// Servers change places: so they do in the line, and back again.
    #[test]
    fn an_action_of_other_servers_is_the_line_of_other_servers(
        action in any_action(),
        places in Just((1..=u16::from(SERVERS_MAX)).map(NodeId).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let there = |id: NodeId| Some(places[usize::from(id.0) - 1]);
        let back = |id: NodeId| (1..).map(NodeId).zip(&places).find(|(_, to)| **to == id);
        let back = |id: NodeId| back(id).map(|(from, _)| from);
        let moved = action.map_servers(there).expect("everybody has a place");
        let moved_back = moved.map_servers(back);
        prop_assert_eq!(moved_back.as_ref(), Some(&action));
        let named = |word: &str| Some(NodeId(word.strip_prefix('S')?.parse().ok()?));
        let line = Line(&action).to_string();
        // A command, a key or a value may look like the name of a server.
        let is_of_servers = !matches!(action, Action::Client(_));
        let mut commands = action.commands().flat_map(|command| command.as_str().split(' '));
        prop_assume!(commands.all(|word| named(word).is_none()));
        let words = line.split(' ').map(|word| match named(word).filter(|_| is_of_servers) {
            Some(id) => there(id).expect("everybody has a place").to_string(),
            None => word.to_owned(),
        });
        prop_assert_eq!(Line(&moved).to_string(), words.collect::<Vec<_>>().join(" "));
    }

    #[test]
    fn any_text_is_answered(text: String, tail: String, verb in 0..verbs().count()) {
        let _ = action(&text);
        let line = format!("{} {tail}", verbs().nth(verb).expect("a verb").name);
        let _ = action(&line);
    }

    #[test]
    fn a_spoiled_line_is_answered(action in any_action(), at: prop::sample::Index, c: char) {
        let mut chars: Vec<char> = Line(&action).to_string().chars().collect();
        let at = at.index(chars.len());
        chars[at] = c;
        let spoiled: String = chars.iter().collect();
        if let Err(error) = super::action(&spoiled) {
            prop_assert_eq!(error.excerpt.lines().count(), 2);
            prop_assert!(error.column as usize <= chars.len() + 1);
        }
    }
}
