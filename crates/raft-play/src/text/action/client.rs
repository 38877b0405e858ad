//! What clients do. What their requests and answers meet is said with the verbs of links.

use std::fmt::{self, Formatter};

use raft_sim::action::{Action, ClientAction};
use raft_sim::client::store::KEY_BYTES_MAX;
use raft_sim::client::work::{Keys, Pauses, WORK_KEYS_MAX, WORK_PAUSE_MIN};
use raft_sim::client::{CLIENTS_MAX, ClientId, Key, Operation, ReadBy};
use raft_sim::command::Command;

use super::{Parse, Percent, Verb, verb};
use crate::text::commands::Quoted;
use crate::text::known::{expect, unknown};
use crate::text::{Fault, Scan, Wrong};

/// The verbs of this family.
pub(super) const VERBS: &[Verb] = &[
    verb(
        "put",
        &["put C1 x 3"],
        ["the client sets a key to this value", "客户端把键设为该值"],
        Parse::One(|s| written(s, |key, value| Operation::Put { key, value })),
    ),
    verb(
        "append",
        &["append C1 x 3"],
        [
            "the client appends this to the value of a key",
            "客户端在键的值后面追加内容",
        ],
        Parse::One(|s| written(s, |key, value| Operation::Append { key, value })),
    ),
    verb(
        "get",
        &["get C1 x", "get C1 x by read-index", "get C1 x by local"],
        [
            "the client reads a key: through the log, without an entry (§6.4), or from whichever server it asks",
            "客户端读取一个键：经由日志、不写日志条目（§6.4），或直接读所问的服务器",
        ],
        Parse::One(get),
    ),
    verb(
        "work",
        &[
            "work clients keys 3 every 10ms..50ms",
            "work C1 keys 3 every 10ms reads only by read-index",
        ],
        [
            "the client generates operations on that many keys, with such pauses",
            "客户端自行产生对这么多个键的操作，操作之间有这样的间隔",
        ],
        Parse::One(work),
    ),
    verb(
        "rest",
        &["rest C1", "rest clients"],
        ["the client stops generating them", "客户端不再自行产生操作"],
        Parse::One(|s| one_or_all(s).map(|it| Action::Client(ClientAction::Rest(it)))),
    ),
];

pub(super) fn is_word(word: &str) -> bool {
    ReadBy::ALL.iter().any(|by| by.name() == word)
}

/// Writes the line of such an Action.
pub(super) fn write(action: &ClientAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        ClientAction::Ask { client, operation } => match operation {
            Operation::Put { key, value } => write!(f, "put {client} {key} {}", Quoted(value)),
            Operation::Append { key, value } => {
                write!(f, "append {client} {key} {}", Quoted(value))
            }
            Operation::Get { key, by } => write!(f, "get {client} {key}{}", By(*by)),
        },
        ClientAction::Work {
            client,
            keys,
            every,
            reads_only,
            by,
        } => {
            let who = Clients(*client);
            let only = if *reads_only { " reads only" } else { "" };
            write!(
                f,
                "work {who} keys {keys} every {}{only}{}",
                every.get(),
                By(*by)
            )
        }
        ClientAction::Rest(client) => write!(f, "rest {}", Clients(*client)),
        ClientAction::Latency(delay) => write!(f, "latency clients {delay}"),
        ClientAction::Loss(permille) => write!(f, "loss clients {}", Percent(permille.get())),
    }
}

/// How it is read, with a space before it; nothing where it is done as always.
struct By(ReadBy);

impl fmt::Display for By {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            ReadBy::Log => Ok(()),
            by => write!(f, " by {}", by.name()),
        }
    }
}

/// A client, or all.
struct Clients(Option<ClientId>);

impl fmt::Display for Clients {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(client) => write!(f, "{client}"),
            None => f.write_str("clients"),
        }
    }
}

/// `C1 x 3`, behind `put` or `append`.
fn written(scan: &mut Scan<'_>, operation: fn(Key, Command) -> Operation) -> Result<Action, Wrong> {
    let client = client(scan)?;
    let key = key(scan)?;
    let at = scan.present("a value", "值")?;
    let Some(value) = scan.one_command()? else {
        let fault = Fault::expected("a single value", "单个值", scan.since(at), scan.forms);
        return Err(Wrong { at, fault });
    };
    let operation = operation(key, value);
    Ok(Action::Client(ClientAction::Ask { client, operation }))
}

/// `C1 x by log`, behind `get`.
fn get(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let client = client(scan)?;
    let key = key(scan)?;
    let by = by(scan)?;
    let operation = Operation::Get { key, by };
    Ok(Action::Client(ClientAction::Ask { client, operation }))
}

/// `work clients keys 3 every 10ms..50ms reads only by read-index`.
fn work(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let client = one_or_all(scan)?;
    expect(scan, "keys")?;
    let keys = scan.number(1, u64::from(WORK_KEYS_MAX))?;
    expect(scan, "every")?;
    let at = scan.place();
    let range = scan.range()?;
    let every = Pauses::new(range).ok_or_else(|| Wrong {
        at,
        fault: Fault::too_short(range.min(), WORK_PAUSE_MIN),
    })?;
    let reads_only = scan.eat_word("reads");
    if reads_only {
        expect(scan, "only")?;
    }
    let by = by(scan)?;
    Ok(Action::Client(ClientAction::Work {
        client,
        keys: u8::try_from(keys).map_or(Keys::MAX, Keys::clamped),
        every,
        reads_only,
        by,
    }))
}

/// A client, such as `C1`.
pub(crate) fn client(scan: &mut Scan<'_>) -> Result<ClientId, Wrong> {
    let at = scan.present("a client", "客户端")?;
    let word = scan.word();
    let number = word.strip_prefix(['C', 'c']).and_then(|id| id.parse().ok());
    match number.filter(|number| (1..=CLIENTS_MAX).contains(number)) {
        Some(number) => Ok(ClientId(number)),
        None => Err(Wrong {
            at,
            fault: Fault::expected("a client such as C1", "C1 这样的客户端", word, scan.forms),
        }),
    }
}

/// Whether the next thing is the name of a client.
pub(super) fn at_client(scan: &mut Scan<'_>) -> bool {
    let word = scan.peek(|c| !c.is_whitespace());
    let digits = word.strip_prefix(['C', 'c']);
    digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
}

fn one_or_all(scan: &mut Scan<'_>) -> Result<Option<ClientId>, Wrong> {
    if scan.eat_word("clients") {
        return Ok(None);
    }
    client(scan).map(Some)
}

/// The name of a value.
pub(crate) fn key(scan: &mut Scan<'_>) -> Result<Key, Wrong> {
    let at = scan.present("a key", "键")?;
    let word = scan.word();
    Key::new(word).ok_or_else(|| Wrong {
        at,
        fault: Fault::key(word, KEY_BYTES_MAX),
    })
}

/// How it is read: `by read-index`, or nothing.
fn by(scan: &mut Scan<'_>) -> Result<ReadBy, Wrong> {
    if !scan.eat_word("by") {
        return Ok(ReadBy::default());
    }
    let at = scan.present("a way of reading", "读取方式")?;
    let word = scan.word();
    let found = ReadBy::ALL.iter().find(|by| by.name() == word);
    found
        .copied()
        .ok_or_else(|| unknown(at, word, &ReadBy::ALL.map(ReadBy::name)))
}
