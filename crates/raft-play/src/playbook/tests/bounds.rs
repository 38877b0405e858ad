//! Every number that the language knows, at its bounds and one beyond: it is accepted or refused
//! with a complaint, and whatever stands in its place, nothing panics.

use raft_sim::client::CLIENTS_MAX;
use raft_sim::client::work::WORK_KEYS_MAX;
use raft_sim::clock::Rate;
use raft_sim::delay::Shape;
use raft_sim::network::BANDWIDTH_MAX;
use raft_sim::setup::{SEED_MAX, SERVERS_MAX};
use raft_sim::time::DURATION_MAX;

use crate::playbook::Playbook;
use crate::playbook::{HEADERS, MARKS};
use crate::script::WORDS;
use crate::text::{NUMBER_MAX, verbs};
use raft_sim::action::{STEPS_MAX, TERM_MAX};
use raft_sim::command::{COMMAND_BYTES_MAX, COMMANDS_MAX};

/// How a number is written.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Whole,
    /// Of microseconds.
    Time,
    /// A tenth of a percent.
    Tenth,
    /// A hundredth.
    Hundredth,
}

impl Unit {
    fn write(self, number: i128) -> String {
        let decimal = |by: i128, digits: usize| {
            let (whole, rest) = (number / by, (number % by).abs());
            let sign = if number < 0 && whole == 0 { "-" } else { "" };
            format!("{sign}{whole}.{rest:0digits$}")
        };
        match self {
            Self::Whole => number.to_string(),
            Self::Time => format!("{number}us"),
            Self::Tenth => format!("{}%", decimal(10, 1)),
            Self::Hundredth => decimal(100, 2),
        }
    }
}

/// A line with a number at `{}`, and the least and the greatest that may stand there.
type Bound = (&'static str, Unit, u64, u64);

const DAY: u64 = DURATION_MAX.0;
const SERVERS: u64 = SERVERS_MAX as u64;
const CLIENTS: u64 = CLIENTS_MAX as u64;

/// Of the header.
const OF_THE_HEADER: &[Bound] = &[
    ("minutes {}", Unit::Whole, 1, 600),
    ("servers {}", Unit::Whole, 1, SERVERS),
    ("voters {}", Unit::Whole, 1, 5),
    ("clients {}", Unit::Whole, 0, CLIENTS),
    ("clients {} without sessions", Unit::Whole, 0, CLIENTS),
    ("seed {}", Unit::Whole, 0, SEED_MAX),
    ("election {}", Unit::Time, 1_000, DAY),
    ("election {}..86400s", Unit::Time, 1_000, DAY),
    ("election 1ms..{}", Unit::Time, 1_000, DAY),
    ("heartbeat {}", Unit::Time, 1_000, DAY),
    ("snapshots every {}", Unit::Whole, 2, NUMBER_MAX),
    ("entries_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("entries_bytes_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("in_flight_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("uncommitted_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("uncommitted_bytes_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("unwritten_bytes_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("reads_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("snapshot_bytes_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("snapshot_whole_bytes_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("server S{} entries_max 1", Unit::Whole, 1, 5),
    ("server S2 entries_max {}", Unit::Whole, 1, NUMBER_MAX),
    ("server S2 election {}", Unit::Time, 1_000, DAY),
    ("server S2 heartbeat {}", Unit::Time, 1_000, DAY),
];

/// Of Actions.
const OF_ACTIONS: &[Bound] = &[
    ("step {}", Unit::Whole, 1, STEPS_MAX),
    ("run {}", Unit::Time, 0, DAY),
    ("propose S{} x", Unit::Whole, 1, 5),
    ("propose S1 *{}", Unit::Whole, 1, COMMANDS_MAX as u64),
    ("propose S1 *:{}", Unit::Whole, 1, COMMAND_BYTES_MAX as u64),
    (
        "propose S1 *2:{}",
        Unit::Whole,
        1,
        COMMAND_BYTES_MAX as u64 / 2,
    ),
    ("propose S1 x1..x{}", Unit::Whole, 1, COMMANDS_MAX as u64),
    ("propose leader+{} x", Unit::Whole, 1, 5),
    ("propose any {} of all x", Unit::Whole, 1, 5),
    ("crash S{}", Unit::Whole, 1, 5),
    ("crash S{} torn", Unit::Whole, 1, 5),
    ("restart S{}", Unit::Whole, 1, 5),
    ("restart S{} empty", Unit::Whole, 1, 5),
    ("restart S{} backup", Unit::Whole, 1, 5),
    ("backup S{}", Unit::Whole, 1, 5),
    ("pause S{}", Unit::Whole, 1, 5),
    ("resume S{}", Unit::Whole, 1, 5),
    ("disconnect S{}", Unit::Whole, 1, 5),
    ("connect S{}", Unit::Whole, 1, 5),
    ("cut S1 -> S{}", Unit::Whole, 2, 5),
    ("heal S1 S{}", Unit::Whole, 2, 5),
    ("partition S1 | S{}", Unit::Whole, 2, 5),
    ("partition isolate S{}", Unit::Whole, 1, 5),
    ("clog S1 S{}", Unit::Whole, 2, 5),
    ("unclog S1 S{}", Unit::Whole, 2, 5),
    ("drop M{}", Unit::Whole, 1, NUMBER_MAX),
    ("duplicate M{}", Unit::Whole, 1, NUMBER_MAX),
    ("deliver M{}", Unit::Whole, 1, NUMBER_MAX),
    ("delay M{} 1ms", Unit::Whole, 1, NUMBER_MAX),
    ("delay M1 {}", Unit::Time, 0, DAY),
    ("drop next AppendEntries S1 -> S{}", Unit::Whole, 2, 5),
    ("drop AppendEntries S1 -> S{}", Unit::Whole, 2, 5),
    ("drop next answer C{}", Unit::Whole, 1, CLIENTS),
    ("delay next request {}", Unit::Time, 0, DAY),
    ("timeout S{}", Unit::Whole, 1, 5),
    ("fire S{} retry", Unit::Whole, 1, 5),
    ("read S{}", Unit::Whole, 1, 5),
    ("transfer S1 S{}", Unit::Whole, 1, 5),
    ("reconfigure S1 voters S1 S{}", Unit::Whole, 2, 5),
    ("reconfigure S1 voters S1 learners S{}", Unit::Whole, 2, 5),
    ("rewrite S1 log {}:x", Unit::Whole, 1, TERM_MAX),
    ("rewrite S1 log {}", Unit::Whole, 1, TERM_MAX),
    ("rewrite S1 entry 1 {}", Unit::Whole, 1, TERM_MAX),
    ("rewrite S1 entry {} 1:x", Unit::Whole, 1, NUMBER_MAX),
    ("rewrite S1 entry 1 {}:x", Unit::Whole, 1, TERM_MAX),
    ("rewrite S1 delete {}", Unit::Whole, 1, NUMBER_MAX),
    ("rewrite S1 truncate {}", Unit::Whole, 1, NUMBER_MAX),
    ("rewrite S1 term {}", Unit::Whole, 0, TERM_MAX),
    ("rewrite S1 votedFor S{}", Unit::Whole, 1, 5),
    ("rewrite S1 commit {}", Unit::Whole, 0, NUMBER_MAX),
    ("rewrite S1 snapshot {}:x", Unit::Whole, 1, TERM_MAX),
    ("rewrite S1 configuration voters S1 S{}", Unit::Whole, 2, 5),
    ("snapshot S{}", Unit::Whole, 1, 5),
    ("put C{} x 3", Unit::Whole, 1, CLIENTS),
    ("append C{} x 3", Unit::Whole, 1, CLIENTS),
    ("get C{} x by local", Unit::Whole, 1, CLIENTS),
    ("work C{} keys 1 every 1ms", Unit::Whole, 1, CLIENTS),
    (
        "work clients keys {} every 1ms",
        Unit::Whole,
        1,
        WORK_KEYS_MAX as u64,
    ),
    ("work clients keys 1 every {}", Unit::Time, 1_000, DAY),
    ("work clients keys 1 every 1ms..{}", Unit::Time, 1_000, DAY),
    ("rest C{}", Unit::Whole, 1, CLIENTS),
    ("latency {}", Unit::Time, 0, DAY),
    ("latency 0us..{}", Unit::Time, 0, DAY),
    ("latency S1 -> S{} 1ms", Unit::Whole, 2, 5),
    ("latency clients {}", Unit::Time, 0, DAY),
    ("latency normal {} 1ms", Unit::Time, 0, DAY),
    ("latency normal 1ms {}", Unit::Time, 0, DAY),
    ("latency exponential {}", Unit::Time, 0, DAY),
    ("latency pareto {} 1.5", Unit::Time, 0, DAY),
    (
        "latency pareto 1ms {}",
        Unit::Hundredth,
        1,
        Shape::MAX.get() as u64,
    ),
    ("loss {}", Unit::Tenth, 0, 1_000),
    ("loss clients {}", Unit::Tenth, 0, 1_000),
    ("duplication {}", Unit::Tenth, 0, 1_000),
    ("reordering {} 1ms", Unit::Tenth, 0, 1_000),
    ("reordering 1% 0us..{}", Unit::Time, 0, DAY),
    ("loss AppendEntries {}", Unit::Tenth, 0, 1_000),
    ("bandwidth {}B/s", Unit::Whole, 1, BANDWIDTH_MAX as u64),
    ("bandwidth S1 -> S{} 1B/s", Unit::Whole, 2, 5),
    ("duplication PreVote reply {}", Unit::Tenth, 0, 1_000),
    ("reordering TimeoutNow {} 1ms", Unit::Tenth, 0, 1_000),
    ("reordering TimeoutNow 1% {}", Unit::Time, 0, DAY),
    ("disk {}", Unit::Time, 0, DAY),
    ("disk S{} 1ms", Unit::Whole, 1, 5),
    ("disk S{} failing", Unit::Whole, 1, 5),
    ("disk S{} unsynced", Unit::Whole, 1, 5),
    ("stall S{}", Unit::Whole, 1, 5),
    ("unstall S{}", Unit::Whole, 1, 5),
    ("cpu S1 {}", Unit::Time, 0, DAY),
    ("clock S1 {}", Unit::Tenth, 1, Rate::MAX.get() as u64),
    ("clock S1 +{}", Unit::Time, 0, DAY),
    ("clock S1 -{}", Unit::Time, 0, DAY),
];

/// Of the other lines, and of conditions.
const OF_STATEMENTS: &[Bound] = &[
    ("run {}..86400s", Unit::Time, 0, DAY),
    ("run {} until leaders = 1", Unit::Time, 0, DAY),
    ("wait {} until leaders = 1", Unit::Time, 0, DAY),
    ("expect term S{} = 1", Unit::Whole, 1, 5),
    ("expect leaders = {}", Unit::Whole, 0, NUMBER_MAX),
    ("expect leaders + {} = 1", Unit::Whole, 0, NUMBER_MAX),
    ("expect leaders mod {} = 1", Unit::Whole, 1, NUMBER_MAX),
    ("expect applied index {} = 1", Unit::Whole, 0, NUMBER_MAX),
    (
        "expect applied command *:{} = 0",
        Unit::Whole,
        1,
        COMMAND_BYTES_MAX as u64,
    ),
    ("expect answer C{} = 1", Unit::Whole, 1, CLIENTS),
    ("expect role S{} = leader", Unit::Whole, 1, 5),
    ("expect leader = S{}", Unit::Whole, 1, 5),
    ("expect voted_for S1 = S{}", Unit::Whole, 1, 5),
    ("expect voters S1 = S1 S{}", Unit::Whole, 1, 5),
    ("expect outgoing S{} = none", Unit::Whole, 1, 5),
    ("expect learners S1 = S{}", Unit::Whole, 1, 5),
    ("expect joint S{}", Unit::Whole, 1, 5),
    ("expect next_index S1 -> S{} = 1", Unit::Whole, 1, 5),
    ("expect match_index S{} -> S2 = 1", Unit::Whole, 1, 5),
    ("expect log S1 = {}", Unit::Whole, 1, NUMBER_MAX),
    ("expect (log S1 = {}:x)", Unit::Whole, 1, NUMBER_MAX),
    ("expect refused propose S{} x", Unit::Whole, 1, 5),
    ("expect refused drop M{}", Unit::Whole, 1, NUMBER_MAX),
    ("expect value S{} x = 1", Unit::Whole, 1, 5),
    ("let b = {}", Unit::Whole, 0, NUMBER_MAX),
    ("let a = any {}", Unit::Whole, 1, 5),
    ("agree * on {}", Unit::Whole, 0, NUMBER_MAX),
    ("agree *:{} on 2", Unit::Whole, 1, COMMAND_BYTES_MAX as u64),
    ("repeat {}\nend", Unit::Whole, 0, 1_000_000),
    ("repeat 0..{}\nend", Unit::Whole, 0, 1_000_000),
    ("chance {}\nend", Unit::Tenth, 0, 1_000),
    ("if leaders = {}\nend", Unit::Whole, 0, NUMBER_MAX),
    ("contrast seed {}\nprinciple x", Unit::Whole, 0, SEED_MAX),
];

/// The words behind which no number stands.
const WITHOUT: [&str; 46] = [
    // Its number stands between others of its lines, and is tested with them.
    "actions",
    "build",
    "build.zh",
    "goal",
    "goal.zh",
    "always",
    "always.zh",
    "hint",
    "hint.zh",
    "rules",
    "way",
    "cannot",
    "same",
    "same.zh",
    "alike",
    "alike.zh",
    "principle",
    "principle.zh",
    "see",
    "then",
    "ask",
    "ask.zh",
    "answer",
    "answer.zh",
    // Its numbers are those of a condition, as behind `expect`.
    "when",
    "mistake",
    "mistake.zh",
    "why",
    "why.zh",
    "reveal",
    "title",
    "title.zh",
    "source",
    "branch",
    "labels",
    "use",
    "ablate",
    "network",
    "check",
    "concurrently",
    "in",
    "meanwhile",
    "otherwise",
    "end",
    "caption",
    "caption.zh",
];

/// Reads a playbook, and what is printed of it.
fn is_accepted(text: &str) -> bool {
    match text.parse::<Playbook>() {
        Ok(playbook) => {
            let printed = playbook.to_string();
            let again = printed.parse::<Playbook>();
            let again = again.unwrap_or_else(|error| panic!("{error}\nof\n{text}"));
            assert_eq!(again.to_string(), printed);
            true
        }
        Err(error) => {
            let said = [&error.message, &error.remedy];
            let said_in_chinese = [&error.chinese.message, &error.chinese.remedy];
            for words in said.into_iter().chain(said_in_chinese) {
                assert!(!words.is_empty(), "{error:?} of {text}");
            }
            false
        }
    }
}

#[test]
fn each_bound_is_the_last_number_that_is_accepted() {
    for (line, unit, min, max) in all() {
        let (min, max) = (i128::from(*min), i128::from(*max));
        for number in [min - 1, min, max, max + 1] {
            let text = line.replace("{}", &unit.write(number));
            assert_eq!(
                is_accepted(&text),
                (min..=max).contains(&number),
                "{text} between {min} and {max}"
            );
        }
    }
}

fn all() -> impl Iterator<Item = &'static Bound> {
    OF_THE_HEADER.iter().chain(OF_ACTIONS).chain(OF_STATEMENTS)
}

#[test]
fn every_word_that_begins_a_line_is_here() {
    let verbs = verbs().map(|verb| verb.name);
    let headers = HEADERS.iter().map(|header| header.name);
    let marks = MARKS.iter().map(|mark| mark.name);
    let words = WORDS.iter().map(|word| word.name);
    for word in verbs.chain(headers).chain(marks).chain(words) {
        let begins = |(line, ..): &&Bound| line.split([' ', '\n']).next() == Some(word);
        assert!(
            all().any(|bound| begins(&bound)) != WITHOUT.contains(&word),
            "the numbers behind {word}"
        );
    }
}

/// What fits into one width and not into the next, of the machine and of the language.
const HARD: [&str; 22] = [
    "",
    "0",
    "1",
    "00",
    "9",
    "10",
    "255",
    "256",
    "1000",
    "10000",
    "10001",
    "65535",
    "65536",
    "1000000",
    "1048576",
    "1048577",
    "4294967296",
    "9007199254740992",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "-1",
];

/// The reference has an example of everything.
#[test]
fn whatever_stands_for_a_number_of_the_reference_is_answered() {
    let reference = include_str!("../../../../../docs/playbooks.md");
    let mut numbers = 0;
    for block in reference.split("```raft\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        let mut at = 0;
        while let Some(found) = block[at..].find(|c: char| c.is_ascii_digit()) {
            let begin = at + found;
            let digits = block[begin..].bytes().take_while(u8::is_ascii_digit);
            let end = begin + digits.count();
            for hard in HARD {
                is_accepted(&format!("{}{hard}{}", &block[..begin], &block[end..]));
            }
            (at, numbers) = (end, numbers + 1);
        }
    }
    assert!(numbers > 200, "only {numbers} numbers were found");
}

/// What stands in itself is read by calling itself, and that has an end too.
#[test]
fn what_stands_in_itself_does_so_a_few_times_at_most() {
    for (before, again, after) in [
        ("expect ", "applied index ", "1 = 1"),
        ("let b = ", "applied index ", "1"),
        ("crash ", "any of ", "all"),
        ("let a = ", "any 1 of ", "all"),
        ("expect term ", "any of ", "all = 1"),
        ("expect ", "not ", "leaders = 1"),
    ] {
        let nested = |depth: usize| format!("{before}{}{after}", again.repeat(depth));
        assert!(is_accepted(&nested(2)), "{}", nested(2));
        // As long as a line can be.
        for depth in [100, 60_000 / again.len()] {
            assert!(!is_accepted(&nested(depth)), "{} {depth} deep", nested(2));
        }
    }
}

/// Blocks, comparisons and what is compared are bounded over all lines together.
#[test]
fn the_parts_of_all_lines_are_bounded() {
    let comparison = "leaders = 1";
    let line = format!("expect {}\n", [comparison; 500].join(" or "));
    // Each comparison is a part, and so are its two numbers.
    let refused = |lines: usize| line.repeat(lines).parse::<Playbook>().err();
    assert_eq!(refused(600).map(|error| error.to_string()), None);
    let error = refused(700).expect("too much");
    assert!(
        error.message.contains("more than 1000000 blocks"),
        "{error}"
    );
    assert_eq!(error.line, 667, "{error}");
}
