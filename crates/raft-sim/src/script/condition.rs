//! What a playbook asks of a World: numbers about it, and comparisons of them.
//!
//! `leaders reachable = 1` counts servers, `term S1 > before` looks at one, `applied index 4`
//! counts who has applied an entry, and sums of such things are compared.

mod numbers;

use std::fmt::{self, Write};

use super::names::Known;
use super::play::Trouble;
use crate::act::{ClientRefusal, Refusal};
use crate::client::{ClientId, Key};
use crate::command::write_entry;
use crate::invariant::Invariant;
use crate::run::RunError;
use crate::text::names::Several;
use crate::text::{Fault, Scan, Wrong, client, key, nearest};

pub(crate) use numbers::Sum;
pub(super) use numbers::{applied_by, is_word};

/// Something that holds or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// As it was written.
    pub(crate) text: String,
    all_of: Vec<Clause>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Clause {
    Compare(Side, Operator, Side),
    Broken(Invariant),
    Is(Asked, String),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Side {
    /// As it was written.
    text: String,
    sum: Sum,
}

/// A text that a World is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    /// As it was written.
    text: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// What the log of a server holds after its snapshot.
    Log(Several),
    /// What a client was answered last.
    Answer(ClientId),
    /// What value a key has at a server; none where that does not run.
    Value(Several, Key),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// The two-character signs first, as the others begin like them.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::MoreOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::More),
];

/// What a line with a condition looks like, for complaints.
const FORM: &str = "expect leaders reachable = 1 and terms = 1";

impl Condition {
    /// Reads comparisons joined by `and`, up to the end of the line or another word.
    pub(super) fn read(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Self, Wrong> {
        let start = scan.place();
        let mut all_of = vec![clause(scan, numbers)?];
        while scan.eat_word("and") {
            all_of.push(clause(scan, numbers)?);
        }
        let text = scan.since(start).trim_end().to_owned();
        Ok(Self { text, all_of })
    }

    /// Whether it holds now.
    pub(super) fn holds(&self, known: &mut Known<'_>) -> Result<bool, Trouble> {
        for clause in &self.all_of {
            if !clause.holds(known)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What is so in place of it, in the words in which it was asked.
    pub(super) fn found(&self, known: &mut Known<'_>) -> String {
        let found = self.all_of.iter().map(|clause| clause.found(known));
        found.collect::<Vec<_>>().join(", ")
    }

    /// The invariants that it says are broken.
    pub(crate) fn broken(&self) -> impl Iterator<Item = Invariant> {
        self.all_of.iter().filter_map(|clause| match clause {
            Clause::Broken(invariant) => Some(*invariant),
            _ => None,
        })
    }
}

impl Clause {
    fn holds(&self, known: &mut Known<'_>) -> Result<bool, Trouble> {
        Ok(match self {
            Self::Compare(left, operator, right) => {
                operator.holds(left.sum.value(known)?, right.sum.value(known)?)
            }
            Self::Broken(invariant) => {
                let mut violations = known.world.checker().violations().iter();
                violations.any(|violation| violation.invariant == *invariant)
            }
            Self::Is(asked, expected) => asked.what.is(expected, known)?,
        })
    }

    fn found(&self, known: &mut Known<'_>) -> String {
        match self {
            // Nobody needs to be told that 1 is 1.
            Self::Compare(left, _, right) if right.sum.is_plain() => left.found(known),
            Self::Compare(left, _, right) if left.sum.is_plain() => right.found(known),
            Self::Compare(left, _, right) => {
                format!("{}, {}", left.found(known), right.found(known))
            }
            Self::Broken(_) => {
                let broken = known.world.checker().violations().iter();
                let broken: Vec<String> = broken
                    .map(|violation| format!("broken {}", violation.invariant.id()))
                    .collect();
                if broken.is_empty() {
                    return "violations = 0".to_owned();
                }
                broken.join(", ")
            }
            Self::Is(asked, _) => {
                let found = asked.what.shown(known);
                let found = if found.is_empty() { "“”" } else { &found };
                format!("{} = {found}", asked.text)
            }
        }
    }
}

impl Side {
    fn found(&self, known: &mut Known<'_>) -> String {
        let value = self.sum.value(known);
        let value = value.map_or_else(|_| "?".to_owned(), |value| value.to_string());
        format!("{} = {value}", self.text)
    }
}

impl What {
    /// Whether it is this text. A log may be long, so it is read no further than it is alike.
    fn is(&self, expected: &str, known: &mut Known<'_>) -> Result<bool, Trouble> {
        let mut left = Left(expected);
        let is_alike = self.write(known, &mut left)?.is_ok();
        known.work.bytes(expected.len() - left.0.len());
        Ok(is_alike && left.0.is_empty())
    }

    /// As much of it as one would read.
    fn shown(&self, known: &mut Known<'_>) -> String {
        let mut short = Short(String::new());
        match self.write(known, &mut short) {
            Err(_) => "?".to_owned(),
            Ok(Ok(())) => short.0,
            Ok(Err(fmt::Error)) => short.0 + "…",
        }
    }

    /// Writes what it is now, of each server that is meant, until `out` has enough.
    fn write(&self, known: &mut Known<'_>, out: &mut impl Write) -> Result<fmt::Result, Trouble> {
        let world = known.world;
        let (who, key) = match self {
            Self::Log(who) => (who, None),
            Self::Value(who, key) => (who, Some(key)),
            Self::Answer(id) => {
                let client = world.client(*id).ok_or_else(|| no_client(*id, known))?;
                return Ok(write!(out, "{}", client.last_answer));
            }
        };
        let ids = known.resolved(who)?;
        let servers = ids.iter().filter_map(|id| world.server(*id));
        Ok(written(servers, ", ", out, |server, out| {
            if let Some(key) = key {
                let store = server.running().map(|running| &running.machine.store);
                return store.map_or(Ok(()), |store| write!(out, "{}", store.get(key.as_str())));
            }
            let on_disk = &server.disk.image.entries[..];
            let entries = server.node().map_or(on_disk, |node| node.log().entries());
            written(entries, " ", out, write_entry)
        }))
    }
}

/// Writes all of them, with something between them.
fn written<T, W: Write>(
    all: impl IntoIterator<Item = T>,
    between: &str,
    out: &mut W,
    mut one: impl FnMut(T, &mut W) -> fmt::Result,
) -> fmt::Result {
    for (place, item) in all.into_iter().enumerate() {
        if place > 0 {
            out.write_str(between)?;
        }
        one(item, out)?;
    }
    Ok(())
}

/// What of an expected text has not been found yet; takes nothing else.
struct Left<'a>(&'a str);

impl Write for Left<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// The beginning of a text.
struct Short(String);

/// More than this of what was found is not shown.
const SHOWN_MAX: usize = 400;

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if self.0.len() >= SHOWN_MAX {
                return Err(fmt::Error);
            }
            self.0.push(letter);
        }
        Ok(())
    }
}

fn no_client(id: ClientId, known: &Known<'_>) -> Trouble {
    let why = match known.world.clients() {
        [] => ClientRefusal::NoClients,
        _ => ClientRefusal::NoClient(id),
    };
    Trouble::Run(RunError::Refused(Refusal::Client(why)))
}

impl Operator {
    fn holds(self, left: i128, right: i128) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::More => left > right,
            Self::MoreOrEqual => left >= right,
        }
    }
}

/// The words that begin a clause which compares no numbers.
const CLAUSES: [&str; 4] = ["log", "value", "answer", "broken"];

fn clause(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Clause, Wrong> {
    scan.form = FORM;
    if scan.eat_word("broken") {
        scan.form = "expect broken log-matching";
        let at = scan.present("an invariant", "不变式")?;
        let word = scan.word();
        let found = Invariant::ALL.iter().find(|known| known.id() == word);
        return found.map(|known| Clause::Broken(*known)).ok_or_else(|| {
            let ids = Invariant::ALL.map(Invariant::id);
            let fault = Fault::unknown_word(word, nearest(word, &ids), &ids);
            Wrong { at, fault }
        });
    }
    let start = scan.place();
    if let Some(what) = what(scan)? {
        let text = scan.since(start).trim_end().to_owned();
        let is_log = matches!(what, What::Log(_));
        operator(scan, &OPERATORS[3..4])?;
        let expected = if is_log { entries(scan) } else { rest(scan)? };
        return Ok(Clause::Is(Asked { text, what }, expected));
    }
    let left = side(scan, numbers, &CLAUSES)?;
    scan.form = left.sum.form();
    let operator = operator(scan, &OPERATORS)?;
    let right = side(scan, numbers, &[])?;
    Ok(Clause::Compare(left, operator, right))
}

/// The text that is asked for; nothing where numbers are compared.
fn what(scan: &mut Scan<'_>) -> Result<Option<What>, Wrong> {
    Ok(Some(if scan.eat_word("log") {
        scan.form = "expect log S1 = 1:x1 2:y1";
        What::Log(scan.several()?)
    } else if scan.eat_word("answer") {
        scan.form = "expect answer C1 = 3";
        What::Answer(client(scan)?)
    } else if scan.eat_word("value") {
        scan.form = "expect value S1 x = 3";
        What::Value(scan.several()?, key(scan)?)
    } else {
        return Ok(None);
    }))
}

fn side(scan: &mut Scan<'_>, numbers: &[String], others: &[&str]) -> Result<Side, Wrong> {
    let start = scan.place();
    let sum = Sum::read_beside(scan, numbers, others)?;
    let text = scan.since(start).trim_end().to_owned();
    Ok(Side { text, sum })
}

/// The entries that are expected.
fn entries(scan: &mut Scan<'_>) -> String {
    let mut entries = Vec::new();
    while !scan.at_end() && !scan.sees("and ") {
        entries.push(scan.word());
    }
    entries.join(" ")
}

/// The value that is expected; nothing where the line ends or goes on with `and`.
fn rest(scan: &mut Scan<'_>) -> Result<String, Wrong> {
    if scan.at_end() || scan.sees("and ") {
        return Ok(String::new());
    }
    let at = scan.place();
    let value = scan.one_command()?;
    let value = value.ok_or_else(|| Wrong {
        at,
        fault: Fault::expected("a single value", "单个值", scan.since(at), scan.form),
    })?;
    Ok(value.to_string())
}

fn operator(scan: &mut Scan<'_>, known: &[(&str, Operator)]) -> Result<Operator, Wrong> {
    let at = scan.present("a comparison", "比较符")?;
    let found = known.iter().find(|(sign, _)| scan.eat(sign));
    found.map(|(_, operator)| *operator).ok_or_else(|| {
        let signs: Vec<&str> = known.iter().map(|(sign, _)| *sign).collect();
        let signs = signs.join(" ");
        let word = scan.word();
        let fault = Fault::expected(
            &format!("a comparison ({signs})"),
            &format!("比较符（{signs}）"),
            word,
            scan.form,
        );
        Wrong { at, fault }
    })
}

#[cfg(test)]
mod tests;
