//! What a playbook asks of a World: numbers about it, and comparisons of them.
//!
//! `leaders reachable = 1` counts servers, `term S1 > before` looks at one, `applied index 4`
//! counts who has applied an entry, and sums of such things are compared.

use raft_core::{Index, NodeId};

use super::names::{Known, reachable};
use crate::client::{ClientId, Key};
use crate::command::{Command, entry_text};
use crate::invariant::Invariant;
use crate::server::{Server, ServerNode};
use crate::text::names::{Nobody, SETS, Set, Several};
use crate::text::{Fault, NUMBER_MAX, Scan, Wrong, client, key, nearest};
use crate::world::World;

/// Something that holds or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// As it was written.
    pub(crate) text: String,
    all_of: Vec<Clause>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Clause {
    Compare(Sum, Operator, Sum),
    Broken(Invariant),
    Log(Several, Vec<String>),
    /// What a client was answered last.
    Answer(ClientId, String),
    /// What value a key has at one server.
    Value(Several, Key, String),
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

/// Numbers added and subtracted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sum {
    first: Quantity,
    rest: Vec<(Sign, Quantity)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

/// A number about a World.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Quantity {
    Number(u64),
    /// Given by `let`.
    Named(String),
    /// How many of these servers are such.
    Count(Set, Vec<Several>),
    /// In how many different terms these servers are.
    Terms(Vec<Several>),
    Of(Field, Several),
    /// How many running servers have applied the entry at an index.
    AppliedIndex(Box<Quantity>),
    /// How many running servers have applied this command.
    AppliedCommand(Command),
    /// What is left of a number after division.
    Modulo(Box<Quantity>, u64),
    /// Where the last command that a leader accepted from this playbook lies.
    Index,
    /// How many operations of clients are not answered yet.
    Pending,
    /// How many operations of clients have been answered.
    Answered,
    /// How many requests have been sent since the run began.
    Rpcs,
    /// How many bytes all messages had since the run began.
    Bytes,
    /// How many invariants have been found broken.
    Violations,
}

/// A number that each server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Term,
    Commit,
    Last,
    Applied,
    Snapshot,
    StateBytes,
}

const FIELDS: [(&str, Field); 6] = [
    ("term", Field::Term),
    ("commit", Field::Commit),
    ("last", Field::Last),
    ("applied", Field::Applied),
    ("snapshot", Field::Snapshot),
    ("state_bytes", Field::StateBytes),
];

/// What a line with a condition looks like, for complaints.
const FORM: &str = "expect leaders reachable = 1 and terms = 1";

impl Condition {
    /// Reads comparisons joined by `and`, up to the end of the line or another word.
    pub(super) fn read(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Self, Wrong> {
        scan.form = FORM;
        let start = scan.place();
        let mut all_of = vec![clause(scan, numbers)?];
        while scan.eat_word("and") {
            all_of.push(clause(scan, numbers)?);
        }
        let text = scan.since(start).trim_end().to_owned();
        Ok(Self { text, all_of })
    }

    /// Whether it holds now.
    pub(super) fn holds(&self, known: &mut Known<'_>) -> Result<bool, Nobody> {
        for clause in &self.all_of {
            if !clause.holds(known)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What is so in place of it, as far as it can be said in numbers.
    pub(super) fn found(&self, known: &mut Known<'_>) -> String {
        let mut found = Vec::new();
        for clause in &self.all_of {
            match clause {
                Clause::Compare(left, _, right) => {
                    let number = |sum: &Sum, known: &mut Known<'_>| {
                        sum.value(known)
                            .map_or_else(|_| "?".to_owned(), |value| value.to_string())
                    };
                    let (left, right) = (number(left, known), number(right, known));
                    found.push(format!("{left} · {right}"));
                }
                Clause::Log(who, _) => found.push(logs(who, known).unwrap_or_default()),
                Clause::Answer(client, _) => found.push(answer(*client, known)),
                Clause::Value(who, key, _) => {
                    found.push(values(who, key, known).unwrap_or_default());
                }
                Clause::Broken(_) => found.push("–".to_owned()),
            }
        }
        found.join(", ")
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
    fn holds(&self, known: &mut Known<'_>) -> Result<bool, Nobody> {
        Ok(match self {
            Self::Compare(left, operator, right) => {
                operator.holds(left.value(known)?, right.value(known)?)
            }
            Self::Broken(invariant) => {
                let mut violations = known.world.checker().violations().iter();
                violations.any(|violation| violation.invariant == *invariant)
            }
            Self::Log(who, entries) => logs(who, known)? == entries.join(" "),
            Self::Answer(client, expected) => answer(*client, known) == *expected,
            Self::Value(who, key, expected) => values(who, key, known)? == *expected,
        })
    }
}

/// What the log of one server holds after its snapshot, as words.
fn logs(who: &Several, known: &mut Known<'_>) -> Result<String, Nobody> {
    let mut texts = Vec::new();
    for id in known.resolved(who)? {
        let server = known.world.server(id);
        let entries = server.map_or(&[][..], |server| {
            server
                .node()
                .map_or(&server.disk.image.entries[..], |node| node.log().entries())
        });
        let words: Vec<String> = entries.iter().map(entry_text).collect();
        texts.push(words.join(" "));
    }
    Ok(texts.join(", "))
}

/// What a client was answered last.
fn answer(client: ClientId, known: &Known<'_>) -> String {
    let client = known.world.client(client);
    client.map_or_else(String::new, |client| client.last_answer.to_string())
}

/// The value of a key at one server; empty where it does not run.
fn values(who: &Several, key: &Key, known: &mut Known<'_>) -> Result<String, Nobody> {
    let mut texts = Vec::new();
    for id in known.resolved(who)? {
        let running = known.world.server(id).and_then(|server| server.running());
        let value = running.map(|running| running.machine.store.get(key.as_str()));
        texts.push(value.map_or_else(String::new, |value| value.to_string()));
    }
    Ok(texts.join(", "))
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

impl Sum {
    /// Reads a number, or several with `+` and `-` between them.
    pub(super) fn read(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Self, Wrong> {
        let first = term(scan, numbers)?;
        let mut rest = Vec::new();
        loop {
            let sign = if scan.eat("+") {
                Sign::Plus
            } else if scan.eat("-") {
                Sign::Minus
            } else {
                return Ok(Self { first, rest });
            };
            rest.push((sign, term(scan, numbers)?));
        }
    }

    /// The number that it is now.
    pub(super) fn value(&self, known: &mut Known<'_>) -> Result<i128, Nobody> {
        let mut value = self.first.value(known)?;
        for (sign, quantity) in &self.rest {
            let further = quantity.value(known)?;
            value = match sign {
                Sign::Plus => value.saturating_add(further),
                Sign::Minus => value.saturating_sub(further),
            };
        }
        Ok(value)
    }
}

/// Whether a number goes by this word already.
pub(super) fn is_word(word: &str) -> bool {
    const OTHERS: [&str; 11] = [
        "terms",
        "index",
        "rpcs",
        "bytes",
        "violations",
        "broken",
        "log",
        "answer",
        "value",
        "pending",
        "answered",
    ];
    OTHERS.contains(&word) || FIELDS.iter().any(|(name, _)| *name == word)
}

fn clause(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Clause, Wrong> {
    if scan.eat_word("broken") {
        let at = scan.present("an invariant", "不变式")?;
        let word = scan.word();
        let found = Invariant::ALL.iter().find(|known| known.id() == word);
        return found.map(|known| Clause::Broken(*known)).ok_or_else(|| {
            let ids = Invariant::ALL.map(Invariant::id);
            let fault = Fault::unknown_word(word, nearest(word, &ids), &ids);
            Wrong { at, fault }
        });
    }
    if scan.eat_word("log") {
        let who = scan.several()?;
        operator(scan, &OPERATORS[3..4])?;
        let mut entries = Vec::new();
        while !scan.at_end() && !scan.sees("and ") {
            entries.push(scan.word().to_owned());
        }
        return Ok(Clause::Log(who, entries));
    }
    if scan.eat_word("answer") {
        let client = client(scan)?;
        operator(scan, &OPERATORS[3..4])?;
        return Ok(Clause::Answer(client, rest(scan)?));
    }
    if scan.eat_word("value") {
        let who = scan.several()?;
        let key = key(scan)?;
        operator(scan, &OPERATORS[3..4])?;
        return Ok(Clause::Value(who, key, rest(scan)?));
    }
    let left = Sum::read(scan, numbers)?;
    let operator = operator(scan, &OPERATORS)?;
    let right = Sum::read(scan, numbers)?;
    Ok(Clause::Compare(left, operator, right))
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
        fault: Fault::expected("a single value", "单个值", "..", FORM),
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
            FORM,
        );
        Wrong { at, fault }
    })
}

/// A number, or what is left of it: `round mod 3`.
fn term(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Quantity, Wrong> {
    let quantity = quantity(scan, numbers)?;
    if !scan.eat_word("mod") {
        return Ok(quantity);
    }
    let divisor = scan.number(1, NUMBER_MAX)?;
    Ok(Quantity::Modulo(Box::new(quantity), divisor))
}

fn quantity(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Quantity, Wrong> {
    let at = scan.present("a number", "数字")?;
    let word = scan.take(|c| c.is_alphanumeric() || c == '_');
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return scan
            .number_in(at, word, 0, NUMBER_MAX)
            .map(Quantity::Number);
    }
    if let Some((_, set)) = SETS.iter().find(|(name, _)| *name == word) {
        return Ok(Quantity::Count(*set, listed(scan)?));
    }
    match word {
        "terms" => Ok(Quantity::Terms(listed(scan)?)),
        "index" => Ok(Quantity::Index),
        "pending" => Ok(Quantity::Pending),
        "answered" => Ok(Quantity::Answered),
        "rpcs" => Ok(Quantity::Rpcs),
        "bytes" => Ok(Quantity::Bytes),
        "violations" => Ok(Quantity::Violations),
        "applied" if scan.eat_word("index") => {
            let index = quantity(scan, numbers)?;
            Ok(Quantity::AppliedIndex(Box::new(index)))
        }
        "applied" if scan.eat_word("command") => {
            let at = scan.place();
            let commands = scan.one_command()?;
            commands.map(Quantity::AppliedCommand).ok_or_else(|| {
                let fault = Fault::expected("a single command", "单条指令", "..", FORM);
                Wrong { at, fault }
            })
        }
        word if numbers.iter().any(|name| name == word) => Ok(Quantity::Named(word.to_owned())),
        word => {
            let field = FIELDS.iter().find(|(name, _)| *name == word);
            if let Some((_, field)) = field {
                return Ok(Quantity::Of(*field, scan.several()?));
            }
            let mut names: Vec<&str> = SETS.iter().map(|(name, _)| *name).collect();
            names.extend(FIELDS.iter().map(|(name, _)| *name));
            names.extend(["terms", "index", "rpcs", "bytes", "violations"]);
            names.extend(["pending", "answered"]);
            names.extend(numbers.iter().map(String::as_str));
            let fault = Fault::unknown_word(word, nearest(word, &names), &names);
            Err(Wrong { at, fault })
        }
    }
}

/// The servers named next; all of them where none is.
fn listed(scan: &mut Scan<'_>) -> Result<Vec<Several>, Wrong> {
    let mut list = Vec::new();
    while scan.at_server() {
        list.push(scan.several()?);
    }
    if list.is_empty() {
        list.push(Several::Set(Set::All));
    }
    Ok(list)
}

impl Quantity {
    fn value(&self, known: &mut Known<'_>) -> Result<i128, Nobody> {
        let world = known.world;
        Ok(match self {
            Self::Number(number) => i128::from(*number),
            Self::Named(name) => known.number(name),
            Self::Modulo(quantity, divisor) => {
                quantity.value(known)?.rem_euclid(i128::from(*divisor))
            }
            Self::Index => i128::from(known.index.0),
            Self::Pending => i128::try_from(world.pending()).unwrap_or(i128::MAX),
            Self::Answered => i128::from(world.checker().answered_count()),
            Self::Rpcs => i128::from(world.network().requests_sent()),
            Self::Bytes => i128::from(world.network().bytes_sent()),
            Self::Violations => count(world.checker().violations().iter()),
            Self::Count(set, list) => {
                let leader = reachable(world);
                let listed = known.listed(list)?;
                count(listed.iter().filter(|id| set.holds(world, **id, leader)))
            }
            Self::Terms(list) => {
                let listed = known.listed(list)?;
                let mut terms: Vec<i128> = Vec::new();
                for server in listed.iter().filter_map(|id| world.server(*id)) {
                    let term = Field::Term.of(server);
                    if !terms.contains(&term) {
                        terms.push(term);
                    }
                }
                count(terms.iter())
            }
            Self::Of(field, who) => {
                let ids = known.resolved(who)?;
                let servers = ids.iter().filter_map(|id| world.server(*id));
                servers.map(|server| field.of(server)).max().unwrap_or(0)
            }
            Self::AppliedIndex(index) => {
                let index = u64::try_from(index.value(known)?).unwrap_or(0);
                i128::from(applied_by(world, Index(index)))
            }
            Self::AppliedCommand(command) => {
                let place = world.checker().place_of(command);
                place.map_or(0, |index| i128::from(applied_by(world, index)))
            }
        })
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> i128 {
    i128::try_from(items.count()).unwrap_or(i128::MAX)
}

/// How many running servers have applied the entry at `index`.
pub(super) fn applied_by(world: &World, index: Index) -> u32 {
    let mut servers = 0;
    for server in world.servers() {
        let applied = server.running().map(|running| running.machine.applied);
        if applied.is_some_and(|applied| applied >= index && index > Index::ZERO) {
            servers += 1;
        }
    }
    servers
}

impl Field {
    /// What it is at a server; what lies on its disk where it does not run.
    fn of(self, server: &Server) -> i128 {
        let (image, running) = (&server.disk.image, server.running());
        let node = server.node();
        let base = image.snapshot.last_included_index;
        let number = match self {
            Self::Term => {
                let state = node.map_or(image.hard_state, ServerNode::hard_state);
                state.current_term.0
            }
            Self::Commit => node.map_or(base, ServerNode::commit_index).0,
            Self::Last => {
                let on_disk = base.plus(image.entries.len());
                node.map_or(on_disk, |node| node.log().last_index()).0
            }
            Self::Applied => running.map_or(base, |running| running.machine.applied).0,
            Self::Snapshot => {
                let snapshot = node.map_or(base, |node| node.log().snapshot().last_included_index);
                snapshot.0
            }
            Self::StateBytes => server.disk.state_bytes(),
        };
        i128::from(number)
    }
}

impl Set {
    /// Whether this server is one of them, where `leader` can be reached.
    pub(super) fn holds(self, world: &World, id: NodeId, leader: Option<NodeId>) -> bool {
        let Some(server) = world.server(id) else {
            return false;
        };
        let runs = server.running().is_some();
        let is_connected = world.network().is_connected(id);
        match self {
            Self::All => true,
            Self::Followers => leader != Some(id),
            Self::Leaders => server.node().is_some_and(|node| node.role().is_leader()),
            Self::Running => runs,
            Self::Crashed => !runs,
            Self::Connected => is_connected,
            Self::Disconnected => !is_connected,
            Self::Reachable => runs && is_connected,
            Self::Unreachable => !(runs && is_connected),
        }
    }
}
