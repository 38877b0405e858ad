//! From words to statements: every line that is more than an Action with numbers in it.

use std::sync::Arc;

use raft_sim::action::{Action, TimeAction};
use raft_sim::time::Duration;

use super::condition::{self, ACCEPTED, REFUSED};
use super::{Agree, Condition, Doing, Given, OpenLine, Sum, Times, Value};
use crate::playbook;
use crate::text::{self, Fault, Scan, Unplayed, Wrong, check_line, expect, is_like_a_name};

/// How often a block may be repeated.
const TIMES_MAX: u64 = 1_000_000;

/// How many names a playbook may give, and how long they are at most: each task that goes on by
/// itself may come to have names of its own.
const NAMES_MAX: usize = 100;
const NAME_BYTES_MAX: usize = 100;

/// A line that says more than an Action.
pub struct Word {
    /// The word that it begins with.
    pub name: &'static str,
    /// Lines that begin with it, the plainest first.
    pub forms: &'static [&'static str],
    /// What it does, in English and in Chinese.
    pub doc: [&'static str; 2],
    begins: Begins,
}

/// What a word begins, and how what stands behind it is read.
enum Begins {
    /// A line that can stand alone.
    Line(Read),
    /// A line that gives a name to what comes later.
    Name(Read),
    /// A block, up to its `end`.
    Block(Read),
}

type Read = fn(&mut Scan<'_>, &mut GivenNames) -> Result<Doing, Wrong>;

impl Word {
    /// Whether it begins a block.
    #[must_use]
    pub const fn is_block(&self) -> bool {
        matches!(self.begins, Begins::Block(_))
    }

    /// Whether it makes sense with other lines only, and so in a playbook only.
    pub(crate) const fn needs_others(&self) -> bool {
        matches!(self.begins, Begins::Name(_) | Begins::Block(_))
    }
}

/// The words that begin such a line.
pub const WORDS: [Word; 12] = [
    Word {
        name: "run",
        forms: &["run 500ms", "run 450ms..550ms", "run 5s until leaders >= 1"],
        doc: [
            "time passes, drawn from the range, until the condition holds at most",
            "时间流逝，长短可从范围中抽取，或最多到条件成立为止",
        ],
        begins: Begins::Line(|s, given| run(s, given)),
    },
    Word {
        name: "wait",
        forms: &["wait 5s until leaders reachable = 1"],
        doc: [
            "time passes until the condition holds; fails if it does not within that time",
            "时间流逝到条件成立；若在这段时间内没有成立则失败",
        ],
        begins: Begins::Line(|s, given| wait(s, given)),
    },
    Word {
        name: "expect",
        forms: &[
            "expect leaders reachable = 1 and terms = 1",
            "expect refused propose S2 x1",
            "expect accepted propose S1 x1",
        ],
        doc: [
            "fails if the condition does not hold, or if the rest of the line is not refused, or not accepted",
            "若条件不成立，或后面的操作没有被拒绝（或没有被接受），则失败",
        ],
        begins: Begins::Line(|s, given| expected(s, given)),
    },
    Word {
        name: "let",
        forms: &["let old = leader", "let before = term leader"],
        doc: [
            "names servers or a number as they are now",
            "给此刻的服务器或数字起一个名称",
        ],
        begins: Begins::Name(value),
    },
    Word {
        name: "agree",
        forms: &["agree * on 3", "agree x1 on 3 without retry"],
        doc: [
            "proposes a command until that many servers have applied it",
            "提议一条指令，直到这么多台服务器应用了它",
        ],
        begins: Begins::Line(|s, given| agree(s, given)),
    },
    Word {
        name: "check",
        forms: &["check one leader"],
        doc: [
            "fails unless one of ten checks finds a single reachable leader",
            "若十次检查都没有找到唯一可以连上的领导者，则失败",
        ],
        begins: Begins::Line(|s, _| check(s)),
    },
    Word {
        name: "repeat",
        forms: &[
            "repeat 9",
            "repeat 5..14",
            "repeat 3 as round",
            "repeat 10 until leaders >= 1",
        ],
        doc: [
            "runs the block that many times, or until the condition holds",
            "重复代码块这么多次，或直到条件成立",
        ],
        begins: Begins::Block(repeat),
    },
    Word {
        name: "chance",
        forms: &["chance 50%"],
        doc: [
            "runs the block with that probability, and the part after `otherwise` if not",
            "以这个概率执行代码块，否则执行 `otherwise` 之后的部分",
        ],
        begins: Begins::Block(|s, _| chance(s)),
    },
    Word {
        name: "if",
        forms: &["if running < 3"],
        doc: [
            "runs the block if the condition holds, and the part after `otherwise` if not",
            "条件成立时执行代码块，否则执行 `otherwise` 之后的部分",
        ],
        begins: Begins::Block(|s, given| when(s, given)),
    },
    Word {
        name: "concurrently",
        forms: &["concurrently"],
        doc: [
            "runs its lines and blocks independently, until all are done",
            "其中的行和代码块各自进行，直到全部完成",
        ],
        begins: Begins::Block(|_, _| Ok(Doing::Concurrently(Arc::default()))),
    },
    Word {
        name: "in",
        forms: &["in turn"],
        doc: [
            "in `concurrently`: runs its lines one after another",
            "在 `concurrently` 中：依次执行其中的行",
        ],
        begins: Begins::Block(|s, _| {
            expect(s, "turn")?;
            Ok(Doing::InTurn(Arc::default()))
        }),
    },
    Word {
        name: "meanwhile",
        forms: &["meanwhile"],
        doc: [
            "in `concurrently`: repeats the block until all others are done",
            "在 `concurrently` 中：重复代码块，直到其他部分全部完成",
        ],
        begins: Begins::Block(|_, _| Ok(Doing::Meanwhile(Arc::default()))),
    },
];

/// The names that `let` and `repeat` have given so far.
#[derive(Debug, Default)]
pub(crate) struct GivenNames {
    pub(crate) servers: Vec<String>,
    pub(crate) numbers: Vec<String>,
    /// How many parts there are in all that was read with these names.
    pub(crate) parts: usize,
}

impl GivenNames {
    fn has(&self, name: &str) -> bool {
        self.servers
            .iter()
            .chain(&self.numbers)
            .any(|known| known == name)
    }
}

/// Reads the condition behind the first word of a line.
pub(crate) fn condition(
    shown: &str,
    servers: u8,
    given: &mut GivenNames,
) -> Result<Condition, Wrong> {
    let known = given.servers.clone();
    let mut names = Unplayed {
        names: &known,
        is_open: false,
    };
    let mut scan = Scan::new(shown, servers, &mut names);
    scan.word();
    let condition = Condition::read(&mut scan, &given.numbers)?;
    scan.finish()?;
    given.parts += scan.parts;
    Ok(condition)
}

/// Reads a line that has no block; of a block, the line that begins it, with nothing inside.
pub(crate) fn simple(shown: &str, servers: u8, given: &mut GivenNames) -> Result<Doing, Wrong> {
    check_line(shown)?;
    let known = given.servers.clone();
    let mut names = Unplayed {
        names: &known,
        is_open: false,
    };
    let mut scan = Scan::new(shown, servers, &mut names);
    let first = scan.word();
    if let Some(word) = WORDS.iter().find(|word| word.name == first) {
        scan.forms = word.forms;
        let (Begins::Line(read) | Begins::Name(read) | Begins::Block(read)) = word.begins;
        let doing = read(&mut scan, given)?;
        scan.finish()?;
        given.parts += scan.parts;
        return Ok(doing);
    }
    let mut actions = text::actions(shown, servers, &mut names)?;
    match (actions.pop(), names.is_open || !actions.is_empty()) {
        (Some(action), false) => Ok(Doing::Action(action)),
        _ => Ok(Doing::Open(OpenLine(shown.trim().to_owned()))),
    }
}

/// `run 500ms`, `run 1s..2s` and `run 5s until …`.
fn run(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Doing, Wrong> {
    let range = scan.range()?;
    let until = until(scan, given)?;
    Ok(if range.is_fixed() && until.is_none() {
        Doing::Action(Action::Time(TimeAction::Run(Duration::clamped(
            range.min(),
        ))))
    } else {
        Doing::Pass { range, until }
    })
}

fn until(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Option<Box<Condition>>, Wrong> {
    if !scan.eat_word("until") {
        return Ok(None);
    }
    Condition::read(scan, &given.numbers).map(|until| Some(Box::new(until)))
}

fn wait(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Doing, Wrong> {
    let within = scan.duration()?;
    expect(scan, "until")?;
    let until = Condition::read(scan, &given.numbers)?;
    Ok(Doing::Wait {
        within: within.get(),
        until,
    })
}

fn expected(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Doing, Wrong> {
    if scan.eat_word(REFUSED) {
        text::asked(scan, REFUSED)?;
        return Ok(Doing::ExpectRefused(OpenLine(scan.line.trim().to_owned())));
    }
    if scan.eat_word(ACCEPTED) {
        text::asked(scan, ACCEPTED)?;
        return Ok(Doing::ExpectAccepted(OpenLine(scan.line.trim().to_owned())));
    }
    Condition::read(scan, &given.numbers).map(Doing::Expect)
}

fn check(scan: &mut Scan<'_>) -> Result<Doing, Wrong> {
    expect(scan, "one")?;
    expect(scan, "leader")?;
    Ok(Doing::CheckOneLeader)
}

fn chance(scan: &mut Scan<'_>) -> Result<Doing, Wrong> {
    Ok(Doing::Chance {
        permille: scan.permille()?,
        body: Arc::default(),
        otherwise: Arc::default(),
    })
}

fn when(scan: &mut Scan<'_>, given: &GivenNames) -> Result<Doing, Wrong> {
    Ok(Doing::If {
        condition: Condition::read(scan, &given.numbers)?,
        body: Arc::default(),
        otherwise: Arc::default(),
    })
}

fn value(scan: &mut Scan<'_>, given: &mut GivenNames) -> Result<Doing, Wrong> {
    let name = new_name(scan, given)?;
    expect(scan, "=")?;
    let start = scan.place();
    given.servers.retain(|known| *known != name);
    let servers = scan.at_server().then(|| scan.several_in_a_row());
    let servers = servers.transpose()?;
    // `leaders + 1` counts them.
    let is_sum = scan.sees("+") || scan.sees("-") || scan.sees_word("mod");
    let value = if let Some(list) = servers.filter(|_| !is_sum) {
        given.numbers.retain(|known| *known != name);
        given.servers.push(name.clone());
        Given::Servers(list)
    } else {
        scan.back_to(start);
        let sum = Sum::read(scan, &given.numbers)?;
        given.numbers.retain(|known| *known != name);
        given.numbers.push(name.clone());
        Given::Number(sum)
    };
    let text = scan.since(start).trim_end().to_owned();
    let value = Value { text, given: value };
    Ok(Doing::Let(name, Box::new(value)))
}

fn new_name(scan: &mut Scan<'_>, given: &GivenNames) -> Result<String, Wrong> {
    let at = scan.present("a name", "名称")?;
    let name = scan.take(|c| c.is_alphanumeric() || c == '_');
    let fault = if !is_like_a_name(name) {
        Fault::no_name(if name.is_empty() { scan.word() } else { name })
    } else if text::is_word(name) || condition::is_word(name) || playbook::is_word(name) {
        Fault::name_is_a_word(name)
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
    let start = scan.place();
    let command = scan.one_command()?;
    if command.is_none() {
        let found = scan.since(start).trim_end();
        let fault = Fault::expected("a single command", "单条指令", found, scan.forms);
        return Err(Wrong { at: start, fault });
    }
    expect(scan, "on")?;
    let on = Sum::read(scan, &given.numbers)?;
    let retries = !scan.eat_word("without");
    if !retries {
        expect(scan, "retry")?;
    }
    let text = scan.since(start).trim_end().to_owned();
    let agree = Agree { text, on, retries };
    Ok(Doing::Agree(Box::new(agree)))
}

fn repeat(scan: &mut Scan<'_>, given: &mut GivenNames) -> Result<Doing, Wrong> {
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
