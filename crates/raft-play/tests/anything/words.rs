//! What any text of a playbook is made of: the words of the tables by which it is read, and some
//! that are in none.

use raft_play::playbook::{HEADERS, MARKS};
use raft_play::script::{NUMBERS, PROPERTIES, WORDS, Word};
use raft_play::text::{REWRITINGS, verbs};
use raft_sim::Micros;

/// What the lines of the language look like.
pub(crate) fn forms() -> impl Iterator<Item = &'static str> {
    let headers = HEADERS.iter().flat_map(|it| it.forms);
    let marks = MARKS.iter().flat_map(|it| it.forms);
    let words = WORDS.iter().flat_map(|it| it.forms);
    let rewritings = REWRITINGS.iter().flat_map(|it| it.forms);
    let numbers = NUMBERS.iter().flat_map(|it| it.forms);
    let questions = PROPERTIES.iter().flat_map(|it| it.forms);
    let verbs = verbs().flat_map(|it| it.forms);
    let lines = verbs.chain(headers).chain(marks).chain(words);
    let conditions = numbers.chain(questions);
    lines.chain(rewritings).chain(conditions).copied()
}

/// So long may a time be, so that what plays is over soon.
const LONGEST: Micros = Micros::from_millis(50);

/// Words that lines are made of: those of the language, and some that are none.
pub(crate) fn words() -> Vec<&'static str> {
    let known = forms().flat_map(str::split_whitespace);
    let is_long = |word: &str| {
        let (_, last) = word.split_once("..").unwrap_or(("", word));
        last.parse::<Micros>().is_ok_and(|time| time > LONGEST)
    };
    let known = known.filter(|word| !is_long(word));
    let mut all: Vec<&str> = known.chain(ODD.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What no form of a line shows: words for servers, numbers at their bounds, and mistakes.
const ODD: &[&str] = &[
    "S2",
    "S3",
    "S9",
    "leader+1",
    "S1+1",
    "followers",
    "crashed",
    "connected",
    "disconnected",
    "unreachable",
    "all",
    "any",
    "the",
    "rest",
    "a",
    "b",
    "0",
    "1",
    "2",
    "7",
    "18446744073709551615",
    "2..4",
    "9..1",
    "1ms",
    "5ms",
    "20ms",
    "1ms..9ms",
    "0us",
    "1m30s",
    "2h",
    "2%",
    "100%",
    "101%",
    "!=",
    "<=",
    ">",
    "+",
    "-",
    "mod",
    "or",
    "not",
    "(",
    ")",
    "(leaders",
    "1)",
    "as",
    "without",
    "sessions",
    "x1..x3",
    "*",
    "*2",
    "*2:9",
    "*:0",
    "*:65536",
    "\"two words\"",
    "\"open",
    "M1",
    "M2",
    "reply",
    "InstallSnapshot",
    "PreVote",
    "TimeoutNow",
    "request",
    "answer",
    "1KiB/s",
    "ring",
    "bridge",
    "random",
    "election-safety",
    "candidate",
    "领导者",
    "#",
    "C2",
    "C9",
    "x=3",
    "C1.1:x=3",
    "1:no-op",
    "1:[S1",
    "of",
];

/// Words that lines begin with; `end` more often, as each block needs one.
pub(crate) fn beginnings() -> Vec<&'static str> {
    let headers = HEADERS.iter().map(|it| it.name);
    let marks = MARKS.iter().map(|it| it.name);
    let words = WORDS.iter().map(|it| it.name);
    let verbs = verbs().map(|it| it.name);
    let all = verbs.chain(headers).chain(marks).chain(words);
    all.chain(["end", "end"]).collect()
}

/// Whether a line begins a block.
pub(crate) fn begins_block(line: &str) -> bool {
    let first = line.split_whitespace().next();
    let begins = |word: &Word| word.is_block() && Some(word.name) == first;
    WORDS.iter().any(begins)
}

/// Beginnings of lines that are often right, so that much of what is made can be played.
pub(crate) const LINES: &[&str] = &[
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
    "put C1 x 3",
    "get C2 x by read-index",
    "work clients keys 3 every 10ms..20ms",
    "wait 40ms until pending = 0",
    "drop next AppendEntries",
    "drop AppendEntries S1 -> S2",
    "delay next S1 -> S3 5ms",
    "duplicate RequestVote reply",
    "deliver next answer",
    "loss AppendEntries reply 50%",
    "disk unsynced",
    "bandwidth 100B/s",
    "disk any failing",
    "disk working",
    "backup any",
    "restart crashed backup",
    "rewrite any snapshot 1:x1",
    "rewrite any configuration voters S1 S2",
    "reordering RequestVote 50% 5ms",
];
