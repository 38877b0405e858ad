//! From words to statements: every line that is more than an Action with numbers in it.

use std::sync::Arc;

use raft_sim::action::{Action, TimeAction};

use super::condition::REFUSED;
use super::{Agree, Condition, Doing, Given, OpenLine, Sum, Times, Value};
use crate::text::{self, Fault, Scan, Unplayed, Wrong, check_line, expect, may_be_named};

/// How often a block may be repeated.
const TIMES_MAX: u64 = 1_000_000;

/// How many names a playbook may give, and how long they are at most: each task that goes on by
/// itself may come to have names of its own.
const NAMES_MAX: usize = 100;
const NAME_BYTES_MAX: usize = 100;

/// The words that begin a line which is no Action and has no block.
pub(crate) const WORDS: [&str; 5] = ["wait", "expect", "let", "agree", "check"];

/// The words that begin a block, and those that part and end one.
pub(crate) const BLOCKS: [&str; 8] = [
    "repeat",
    "chance",
    "if",
    "concurrently",
    "in",
    "meanwhile",
    "otherwise",
    "end",
];

/// The names that `let` and `repeat` have given so far.
#[derive(Debug, Default)]
pub(crate) struct GivenNames {
    pub(crate) servers: Vec<String>,
    pub(crate) numbers: Vec<String>,
}

impl GivenNames {
    fn has(&self, name: &str) -> bool {
        self.servers
            .iter()
            .chain(&self.numbers)
            .any(|known| known == name)
    }
}

/// Reads a line that has no block; of a block, the line that begins it, with nothing inside.
pub(crate) fn simple(shown: &str, servers: u8, given: &mut GivenNames) -> Result<Doing, Wrong> {
    check_line(shown)?;
    let known = given.servers.clone();
    let mut names = Unplayed {
        names: &known,
        is_open: false,
    };
    if let Some(doing) = statement(&mut Scan::new(shown, servers, &mut names), given)? {
        return Ok(doing);
    }
    if Scan::new(shown, servers, &mut Unplayed::default()).eat_word("expect") {
        text::refused(shown, servers, &mut names)?;
        return Ok(Doing::ExpectRefused(OpenLine(shown.trim().to_owned())));
    }
    let mut actions = text::actions(shown, servers, &mut names)?;
    match (actions.pop(), names.is_open || !actions.is_empty()) {
        (Some(action), false) => Ok(Doing::Action(action)),
        _ => Ok(Doing::Open(OpenLine(shown.trim().to_owned()))),
    }
}

/// What the line says; nothing where it is for the Actions' own parser to read.
fn statement(scan: &mut Scan<'_>, given: &mut GivenNames) -> Result<Option<Doing>, Wrong> {
    let doing = match scan.word() {
        "run" => run(scan, given)?,
        "wait" => {
            scan.form = "wait 5s until leaders reachable = 1";
            let within = scan.duration()?;
            expect(scan, "until")?;
            let until = Condition::read(scan, &given.numbers)?;
            Doing::Wait { within, until }
        }
        "expect" if scan.sees_word(REFUSED) => return Ok(None),
        "expect" => Doing::Expect(Condition::read(scan, &given.numbers)?),
        "let" => value(scan, given)?,
        "agree" => agree(scan, given)?,
        "check" => {
            scan.form = "check one leader";
            expect(scan, "one")?;
            expect(scan, "leader")?;
            Doing::CheckOneLeader
        }
        "repeat" => repeat(scan, given)?,
        "chance" => {
            scan.form = "chance 50%";
            Doing::Chance {
                permille: scan.permille()?,
                body: Arc::default(),
                otherwise: Arc::default(),
            }
        }
        "if" => Doing::If {
            condition: Condition::read(scan, &given.numbers)?,
            body: Arc::default(),
            otherwise: Arc::default(),
        },
        "concurrently" => Doing::Concurrently(Arc::default()),
        "in" => {
            scan.form = "in turn";
            expect(scan, "turn")?;
            Doing::InTurn(Arc::default())
        }
        "meanwhile" => Doing::Meanwhile(Arc::default()),
        _ => return Ok(None),
    };
    scan.finish()?;
    Ok(Some(doing))
}

/// `run 500ms`, `run 1s..2s` and `run 5s until …`.
fn run(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Doing, Wrong> {
    scan.form = "run 500ms, run 450ms..550ms, or run 5s until leaders >= 1";
    let range = scan.range()?;
    let until = until(scan, given)?;
    Ok(if range.is_fixed() && until.is_none() {
        Doing::Action(Action::Time(TimeAction::Run(range.min)))
    } else {
        Doing::Pass { range, until }
    })
}

fn until(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Option<Condition>, Wrong> {
    if !scan.eat_word("until") {
        return Ok(None);
    }
    Condition::read(scan, &given.numbers).map(Some)
}

fn value(scan: &mut Scan<'_>, given: &mut GivenNames) -> Result<Doing, Wrong> {
    scan.form = "let old = leader, or let before = term leader";
    let name = new_name(scan, given)?;
    expect(scan, "=")?;
    let start = scan.place();
    given.servers.retain(|known| *known != name);
    let value = if scan.at_server() {
        let list = scan.several_in_a_row()?;
        given.numbers.retain(|known| *known != name);
        given.servers.push(name.clone());
        Given::Servers(list)
    } else {
        let sum = Sum::read(scan, &given.numbers)?;
        given.numbers.retain(|known| *known != name);
        given.numbers.push(name.clone());
        Given::Number(sum)
    };
    let text = scan.since(start).trim_end().to_owned();
    let value = Value { text, given: value };
    Ok(Doing::Let(name, value))
}

fn new_name(scan: &mut Scan<'_>, given: &GivenNames) -> Result<String, Wrong> {
    let at = scan.present("a name", "名称")?;
    let name = scan.take(|c| c.is_alphanumeric() || c == '_');
    let fault = if !may_be_named(name) || super::condition::is_word(name) {
        Fault::no_name(if name.is_empty() { scan.word() } else { name })
    } else if name.len() > NAME_BYTES_MAX {
        Fault::long_name(NAME_BYTES_MAX)
    } else if given.servers.len() + given.numbers.len() >= NAMES_MAX && !given.has(name) {
        Fault::too_many_names(NAMES_MAX)
    } else {
        return Ok(name.to_owned());
    };
    Err(Wrong { at, fault })
}

fn agree(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Doing, Wrong> {
    scan.form = "agree * on 3, or agree x1 on 3 without retry";
    let start = scan.place();
    let command = scan.one_command()?;
    if command.is_none() {
        let found = scan.since(start).trim_end();
        let fault = Fault::expected("a single command", "单条指令", found, scan.form);
        return Err(Wrong { at: start, fault });
    }
    expect(scan, "on")?;
    let on = Sum::read(scan, &given.numbers)?;
    let retries = !scan.eat_word("without");
    if !retries {
        expect(scan, "retry")?;
    }
    let text = scan.since(start).trim_end().to_owned();
    Ok(Doing::Agree(Agree { text, on, retries }))
}

fn repeat(scan: &mut Scan<'_>, given: &mut GivenNames) -> Result<Doing, Wrong> {
    scan.form = "repeat 9, repeat 5..14, repeat 3 as round, or repeat 10 until leaders >= 1";
    let times = times(scan)?;
    let name = if scan.eat_word("as") {
        let name = new_name(scan, given)?;
        given.servers.retain(|known| *known != name);
        given.numbers.retain(|known| *known != name);
        given.numbers.push(name.clone());
        Some(name)
    } else {
        None
    };
    let until = until(scan, given)?;
    Ok(Doing::Repeat {
        times,
        name,
        until,
        body: Arc::default(),
    })
}

/// `9`, or `5..14`.
fn times(scan: &mut Scan<'_>) -> Result<Times, Wrong> {
    let at = scan.present("a number", "数字")?;
    let word = scan.word();
    let Some((min, max)) = word.split_once("..") else {
        let times = scan.number_in(at, word, 0, TIMES_MAX)?;
        return Ok(Times {
            min: times,
            max: times,
        });
    };
    let min = scan.number_in(at, min, 0, TIMES_MAX)?;
    let max = scan.number_in(at, max, min, TIMES_MAX)?;
    Ok(Times { min, max })
}
