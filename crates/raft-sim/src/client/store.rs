//! The replicated key-value store, and the sessions that make it do everything once.
//!
//! A command is a text, and the store does what it can read of it: `x=3` puts, `x+=3` appends,
//! `x?` reads; any other text it leaves alone. Before that may stand a session, `C1.4:x=3`: the
//! fourth operation of the client `C1`. The store remembers the last number of each client and
//! what it was answered; a command with that number or an earlier one is not done again (§6.3 of
//! the dissertation). A client has one operation under way at a time, so one answer is enough.

use std::sync::Arc;

use raft_core::Index;

use super::{CLIENTS_MAX, ClientId, Operation};
use crate::command::Command;

/// The longest name of a value.
pub const KEY_BYTES_MAX: usize = 32;
/// The longest value: what would make it longer is left undone.
pub const VALUE_BYTES_MAX: usize = 4096;
/// The most keys: what would add one more is left undone.
pub const KEYS_MAX: usize = 1000;

/// Keys with their values, and sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Store {
    /// By ascending key.
    values: Vec<(Arc<str>, Value)>,
    /// By ascending client.
    sessions: Vec<(ClientId, Session)>,
}

/// A value, and which entry wrote it last.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Value {
    text: Arc<str>,
    written: Index,
}

/// What is remembered of a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Session {
    /// The number of its last operation that was done.
    pub number: u64,
    /// What it was answered.
    pub value: Arc<str>,
    /// The index of the entry that wrote that.
    pub position: Index,
}

/// What a command did that came from a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) client: ClientId,
    pub(crate) number: u64,
    /// Whether the store did it now, and had not done it before.
    pub(crate) is_first: bool,
}

/// What a command asks the store to do.
struct Request<'c> {
    session: Option<(ClientId, u64)>,
    key: &'c str,
    verb: Verb<'c>,
}

enum Verb<'c> {
    Put(&'c str),
    Append(&'c str),
    Get,
}

impl Store {
    /// The value of `key`; empty if it has none.
    #[must_use]
    pub fn get(&self, key: &str) -> Arc<str> {
        self.look_up(key).0
    }

    /// The value of `key`, and the index of the entry that wrote it; empty and zero if none did.
    #[must_use]
    pub fn look_up(&self, key: &str) -> (Arc<str>, Index) {
        let Ok(place) = self.place(key) else {
            return ("".into(), Index::ZERO);
        };
        let Value { text, written } = &self.values[place].1;
        (Arc::clone(text), *written)
    }

    /// All keys with their values, by ascending key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.values.iter();
        values.map(|(key, value)| (&**key, &*value.text))
    }

    /// What is remembered of `client`.
    #[must_use]
    pub fn session(&self, client: ClientId) -> Option<&Session> {
        let found = self.sessions.iter().find(|(known, _)| *known == client);
        found.map(|(_, session)| session)
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.values
            .binary_search_by(|(known, _)| (**known).cmp(key))
    }

    fn put(&mut self, key: &str, text: Arc<str>, written: Index) {
        if text.len() > VALUE_BYTES_MAX {
            return;
        }
        let value = Value { text, written };
        match self.place(key) {
            Ok(place) => self.values[place].1 = value,
            Err(place) if self.values.len() < KEYS_MAX => {
                self.values.insert(place, (key.into(), value));
            }
            Err(_) => {}
        }
    }

    fn remember(&mut self, client: ClientId, session: Session) {
        match self
            .sessions
            .binary_search_by_key(&client, |(known, _)| *known)
        {
            Ok(place) => self.sessions[place].1 = session,
            Err(place) => self.sessions.insert(place, (client, session)),
        }
    }
}

/// Does what `command` says, which lies at `index`. Without sessions it is done however often it
/// has been done already. Answers what it did where it came from a client.
pub(crate) fn apply(
    store: &mut Arc<Store>,
    index: Index,
    command: &Command,
    sessions: bool,
) -> Option<Done> {
    let request = Request::of(command.as_str())?;
    let before = request.session.and_then(|(client, number)| {
        let session = store.session(client)?;
        (session.number >= number).then_some(())
    });
    if sessions && before.is_some() {
        let (client, number) = request.session?;
        return Some(Done {
            client,
            number,
            is_first: false,
        });
    }
    // Copies of a world share the store until one of them changes.
    let store = Arc::make_mut(store);
    match request.verb {
        Verb::Put(value) => store.put(request.key, value.into(), index),
        Verb::Append(more) => {
            let value = format!("{}{more}", store.get(request.key));
            store.put(request.key, value.into(), index);
        }
        Verb::Get => {}
    }
    let (client, number) = request.session?;
    let (value, written) = store.look_up(request.key);
    // What was too long to be kept has its place in the order all the same.
    let position = if matches!(request.verb, Verb::Get) {
        written
    } else {
        index
    };
    let session = Session {
        number,
        value,
        position,
    };
    store.remember(client, session);
    Some(Done {
        client,
        number,
        is_first: true,
    })
}

/// The command by which `client` asks for its `number`th operation.
pub(crate) fn command(client: ClientId, number: u64, operation: &Operation) -> Command {
    Command::new(format!("{client}.{number}:{operation}"))
}

/// Whose operation a command is, if it is a client's, and what it asks for: `C1.4` and `x=3`.
#[must_use]
pub fn session_of(text: &str) -> Option<((ClientId, u64), &str)> {
    let session = Request::of(text)?.session?;
    let (_, bare) = text.split_once(':')?;
    Some((session, bare))
}

/// Whether a key may have this letter.
pub(super) const fn is_in_key(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || letter == b'_'
}

impl<'c> Request<'c> {
    fn of(text: &'c str) -> Option<Self> {
        let (first, rest) = word(text)?;
        let Some(rest) = rest.strip_prefix('.') else {
            return Self::without_session(None, first, rest);
        };
        let client = first.strip_prefix('C').and_then(|id| id.parse().ok())?;
        let (number, rest) = word(rest)?;
        let number = number.parse().ok()?;
        let (key, rest) = word(rest.strip_prefix(':')?)?;
        let known = (1..=CLIENTS_MAX).contains(&client);
        let session = known.then_some((ClientId(client), number))?;
        Self::without_session(Some(session), key, rest)
    }

    fn without_session(
        session: Option<(ClientId, u64)>,
        key: &'c str,
        rest: &'c str,
    ) -> Option<Self> {
        let verb = if let Some(value) = rest.strip_prefix('=') {
            Verb::Put(value)
        } else if let Some(more) = rest.strip_prefix("+=") {
            Verb::Append(more)
        } else {
            (rest == "?").then_some(Verb::Get)?
        };
        Some(Self { session, key, verb })
    }
}

/// The letters of a key at the beginning of a text, and what comes behind them.
fn word(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take(KEY_BYTES_MAX + 1);
    let end = letters.take_while(|letter| is_in_key(*letter)).count();
    ((1..=KEY_BYTES_MAX).contains(&end)).then(|| text.split_at(end))
}

/// The state as bytes, behind what is there already; nothing of a store that was never used.
pub(crate) fn save(store: &Store, bytes: &mut Vec<u8>) {
    if *store == Store::default() {
        return;
    }
    number(store.values.len() as u64, bytes);
    for (key, value) in &store.values {
        text(key, bytes);
        text(&value.text, bytes);
        number(value.written.0, bytes);
    }
    for (client, session) in &store.sessions {
        bytes.push(client.0);
        number(session.number, bytes);
        number(session.position.0, bytes);
        text(&session.value, bytes);
    }
}

/// The store that bytes from [`save`] stand for; as much of it as can be read of any others.
pub(crate) fn load(bytes: &[u8]) -> Store {
    let mut store = Store::default();
    let mut rest = bytes;
    let keys = take_number(&mut rest).unwrap_or(0);
    for _ in 0..keys {
        let (Some(key), Some(value), Some(written)) = (
            take_text(&mut rest),
            take_text(&mut rest),
            take_number(&mut rest),
        ) else {
            return store;
        };
        store.put(&key, value, Index(written));
    }
    while let Some(session) = take_session(&mut rest) {
        store.remember(session.0, session.1);
    }
    store
}

fn number(number: u64, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn text(text: &str, bytes: &mut Vec<u8>) {
    number(text.len() as u64, bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let (word, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u64::from_le_bytes(*word))
}

fn take_text(rest: &mut &[u8]) -> Option<Arc<str>> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    std::str::from_utf8(text).ok().map(Arc::from)
}

fn take_session(rest: &mut &[u8]) -> Option<(ClientId, Session)> {
    let (client, behind) = rest.split_first()?;
    *rest = behind;
    let (number, position) = (take_number(rest)?, Index(take_number(rest)?));
    let value = take_text(rest)?;
    let session = Session {
        number,
        value,
        position,
    };
    Some((ClientId(*client), session))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn after(commands: &[&str], sessions: bool) -> Arc<Store> {
        let mut store = Arc::default();
        for (index, command) in (1..).zip(commands) {
            apply(&mut store, Index(index), &Command::from(*command), sessions);
        }
        store
    }

    #[test]
    fn a_retry_is_done_once_with_sessions_and_twice_without() {
        let commands = ["C1.1:x=a", "C1.2:x+=b", "C1.2:x+=b", "C1.1:x=a"];
        assert_eq!(&*after(&commands, true).get("x"), "ab");
        assert_eq!(&*after(&commands, false).get("x"), "a");
        assert_eq!(&*after(&commands[..3], false).get("x"), "abb");
    }

    #[test]
    fn a_retry_is_answered_as_it_was_the_first_time() {
        let store = after(&["C1.1:x+=a", "C2.1:x+=b", "C1.1:x+=a"], true);
        let session = store.session(ClientId(1)).expect("C1 has been there");
        assert_eq!((&*session.value, session.position), ("a", Index(1)));
        assert_eq!(&*store.get("x"), "ab");
    }

    #[test]
    fn other_texts_are_left_alone() {
        let texts = [
            "x1",
            "C1.1:",
            "C1.1",
            "C0.1:x=1",
            "C10.1:x=1",
            "C1.:x=1",
            "C1.1:x",
            "=3",
            "x",
            "x+3",
            "C1.-1:x=1",
            "ä=3",
            "x?y",
            "a.b:c=1",
        ];
        assert_eq!(after(&texts, true), Arc::default());
        let long_key = format!("{}=1", "k".repeat(KEY_BYTES_MAX + 1));
        assert_eq!(after(&[long_key.as_str()], true), Arc::default());
    }

    #[test]
    fn it_is_bounded() {
        let mut store = Arc::default();
        let big = "v".repeat(VALUE_BYTES_MAX);
        for command in [format!("x={big}"), "x+=1".to_owned(), format!("y=1{big}")] {
            apply(&mut store, Index(1), &Command::new(command), true);
        }
        assert_eq!((&*store.get("x"), &*store.get("y")), (big.as_str(), ""));
        for key in 0..2 * KEYS_MAX {
            apply(
                &mut store,
                Index(1),
                &Command::new(format!("k{key}=1")),
                true,
            );
        }
        assert_eq!(store.iter().count(), KEYS_MAX);
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_map_and_comes_back_from_its_bytes(
            steps in prop::collection::vec((1_u8..4, 0_u64..4, 0..3_usize, "[xyz]", "[a-z]{0,3}"), 0..60),
        ) {
            let mut store = Arc::default();
            let (mut map, mut last) = (BTreeMap::<String, String>::new(), BTreeMap::new());
            for (index, (client, number, verb, key, value)) in (1..).zip(steps) {
                let sign = ["=", "+=", "?"][verb];
                let shown = if verb == 2 { "" } else { value.as_str() };
                let command = Command::new(format!("C{client}.{number}:{key}{sign}{shown}"));
                let done = apply(&mut store, Index(index), &command, true);
                let is_first = last.get(&client).is_none_or(|last| *last < number);
                prop_assert_eq!(done.map(|done| done.is_first), Some(is_first));
                if is_first {
                    last.insert(client, number);
                    match verb {
                        0 => { map.insert(key, value); }
                        1 => map.entry(key).or_default().push_str(&value),
                        _ => {}
                    }
                }
            }
            let found: Vec<_> = store.iter().collect();
            let expected: Vec<_> = map.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            prop_assert_eq!(found, expected);
            let mut bytes = Vec::new();
            save(&store, &mut bytes);
            prop_assert_eq!(load(&bytes), (*store).clone());
        }

        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let store = load(&bytes);
            prop_assert!(store.iter().count() <= KEYS_MAX);
        }
    }
}
