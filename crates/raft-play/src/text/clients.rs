//! From words to what clients do.

use raft_sim::action::{Action, ClientAction, LinkAction};
use raft_sim::client::store::KEY_BYTES_MAX;
use raft_sim::client::work::{WORK_KEYS_MAX, WORK_PAUSE_MIN};
use raft_sim::client::{CLIENTS_MAX, ClientId, Key, Operation, ReadBy};
use raft_sim::which::Mishap;

use super::messages::of_kind;
use super::verbs::{expect, unknown};
use super::{Fault, Scan, Wrong};

/// `put C1 x 3`, `append C1 x 3`, `get C1 x by log`.
pub(super) fn ask(scan: &mut Scan<'_>, verb: &str) -> Result<Action, Wrong> {
    let client = client(scan)?;
    let key = key(scan)?;
    if verb == "get" {
        let by = by(scan)?;
        let operation = Operation::Get { key, by };
        return Ok(Action::Client(ClientAction::Ask { client, operation }));
    }
    let at = scan.present("a value", "值")?;
    let Some(value) = scan.one_command()? else {
        let fault = Fault::expected("a single value", "单个值", scan.since(at), scan.form);
        return Err(Wrong { at, fault });
    };
    let operation = if verb == "put" {
        Operation::Put { key, value }
    } else {
        Operation::Append { key, value }
    };
    Ok(Action::Client(ClientAction::Ask { client, operation }))
}

/// `work clients keys 3 every 10ms..50ms reads only by read-index`.
pub(super) fn work(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let client = one_or_all(scan)?;
    expect(scan, "keys")?;
    let keys = scan.number(1, u64::from(WORK_KEYS_MAX))?;
    expect(scan, "every")?;
    let at = scan.place();
    let every = scan.range()?;
    if every.min < WORK_PAUSE_MIN {
        let fault = Fault::too_short(every.min, WORK_PAUSE_MIN);
        return Err(Wrong { at, fault });
    }
    let reads_only = scan.eat_word("reads");
    if reads_only {
        expect(scan, "only")?;
    }
    let by = by(scan)?;
    Ok(Action::Client(ClientAction::Work {
        client,
        keys: u8::try_from(keys).unwrap_or(WORK_KEYS_MAX),
        every,
        reads_only,
        by,
    }))
}

/// `rest C1`, `rest clients`.
pub(super) fn rest(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    one_or_all(scan).map(|it| Action::Client(ClientAction::Rest(it)))
}

/// `loss 10%`, `loss S1 -> S2 10%`, `loss AppendEntries 10%`, `loss clients 10%`.
pub(super) fn loss(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    if scan.eat_word("clients") {
        return scan
            .permille()
            .map(|it| Action::Client(ClientAction::Loss(it)));
    }
    if let Some(action) = of_kind(scan, |s| s.permille().map(Mishap::Loss))? {
        return Ok(action);
    }
    let link = scan.one_way_link()?;
    let permille = scan.permille()?;
    Ok(Action::Link(LinkAction::Loss { link, permille }))
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
            fault: Fault::expected("a client such as C1", "C1 这样的客户端", word, scan.form),
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
