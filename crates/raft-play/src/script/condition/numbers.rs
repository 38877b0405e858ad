//! Numbers about a World, and sums of them.

mod table;

use raft_core::{Index, NodeId, Payload, Role};

use super::{ACCEPTED, FORMS, PROPERTIES, REFUSED};
use crate::script::names::{Known, reachable};
use crate::script::work::Work;
use crate::text::names::{Nobody, SETS, Set, Several};
use crate::text::{Fault, NUMBER_MAX, Scan, Wrong, expect, nearest};
use raft_sim::command::Command;
use raft_sim::observed::Observed;
use raft_sim::server::{Server, ServerNode};
use raft_sim::which::{Handling, Which};
use raft_sim::world::World;

pub use table::NUMBERS;

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
    /// What a server that leads knows of another; 0 where it knows nothing.
    OfAnother(Kept, Several, Several),
    /// How many running servers have applied the entry at an index.
    AppliedIndex(Box<Quantity>),
    /// How many running servers have applied this command.
    AppliedCommand(Command),
    /// How many servers have this command in their log.
    Stored(Command),
    /// How many such messages are in flight.
    InFlight(Vec<Which>),
    /// Over how many links no message passes.
    Cuts,
    /// How many milliseconds have passed.
    Elapsed,
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

/// A number that a leader keeps for each follower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    NextIndex,
    MatchIndex,
}

/// A number, by its word.
pub struct Number {
    /// The word that it begins with.
    pub name: &'static str,
    /// A line that compares it.
    pub forms: &'static [&'static str],
    /// What it is, in English and in Chinese.
    pub doc: [&'static str; 2],
    read: fn(&mut Scan<'_>, &[String]) -> Result<Quantity, Wrong>,
}

/// What a line looks like that compares the number that comes next.
pub(super) fn forms(scan: &mut Scan<'_>) -> &'static [&'static str] {
    let word = scan.peek(|c| c.is_alphanumeric() || c == '_');
    named(word).map_or(FORMS, |number| number.forms)
}

fn named(word: &str) -> Option<&'static Number> {
    NUMBERS.iter().find(|number| number.name == word)
}

impl Sum {
    /// Reads a number, or several with `+` and `-` between them.
    pub(in crate::script) fn read(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Self, Wrong> {
        Self::read_beside(scan, numbers, &[])
    }

    /// The same, where these words might have stood in its place.
    pub(super) fn read_beside(
        scan: &mut Scan<'_>,
        numbers: &[String],
        others: &[&str],
    ) -> Result<Self, Wrong> {
        let first = term(scan, numbers, others)?;
        let mut rest = Vec::new();
        loop {
            let sign = if scan.eat("+") {
                Sign::Plus
            } else if scan.eat("-") {
                Sign::Minus
            } else {
                return Ok(Self { first, rest });
            };
            rest.push((sign, term(scan, numbers, &[])?));
        }
    }

    /// Whether it is the same whatever the World is.
    pub(super) fn is_plain(&self) -> bool {
        let rest = self.rest.iter().map(|(_, quantity)| quantity);
        rest.chain([&self.first])
            .all(|quantity| matches!(quantity, Quantity::Number(_)))
    }

    /// The number that it is now.
    pub(in crate::script) fn value(&self, known: &mut Known<'_>) -> Result<i128, Nobody> {
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
pub(in crate::script) fn is_word(word: &str) -> bool {
    named(word).is_some()
}

/// A number, or what is left of it: `round mod 3`.
fn term(scan: &mut Scan<'_>, numbers: &[String], others: &[&str]) -> Result<Quantity, Wrong> {
    let quantity = quantity(scan, numbers, others)?;
    if !scan.eat_word("mod") {
        return Ok(quantity);
    }
    let divisor = scan.number(1, NUMBER_MAX)?;
    Ok(Quantity::Modulo(Box::new(quantity), divisor))
}

fn quantity(scan: &mut Scan<'_>, numbers: &[String], others: &[&str]) -> Result<Quantity, Wrong> {
    let at = scan.present("a number", "数字")?;
    scan.parts += 1;
    let word = scan.take(|c| c.is_alphanumeric() || c == '_');
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return scan
            .number_in(at, word, 0, NUMBER_MAX)
            .map(Quantity::Number);
    }
    if let Some((_, set)) = SETS.iter().find(|(name, _)| *name == word) {
        return Ok(Quantity::Count(*set, listed(scan)?));
    }
    if numbers.iter().any(|name| name == word) {
        return Ok(Quantity::Named(word.to_owned()));
    }
    if let Some(number) = named(word) {
        return (number.read)(scan, numbers);
    }
    if word.is_empty() {
        let fault = if scan.sees("(") {
            Fault::bracketed_sum()
        } else if scan.sees("!") {
            Fault::foreign_join("!").unwrap_or_else(Fault::empty_line)
        } else {
            Fault::expected("a number", "数字", scan.word(), FORMS)
        };
        return Err(Wrong { at, fault });
    }
    if [REFUSED, ACCEPTED].contains(&word) {
        let fault = Fault::only_behind_expect(word);
        return Err(Wrong { at, fault });
    }
    if scan.is_server(word) {
        let next = scan.peek(|c| !c.is_whitespace());
        let fault = Fault::foreign_field(next).or_else(|| {
            let forms = number_forms(next).or_else(|| property_forms(next))?;
            Some(Fault::server_stands_behind(next, forms))
        });
        let fault = fault.unwrap_or_else(|| Fault::server_is_no_number(word));
        return Err(Wrong { at, fault });
    }
    if let Some(fault) = Fault::foreign_field(word) {
        return Err(Wrong { at, fault });
    }
    let sets = SETS.iter().map(|(name, _)| *name);
    let words = NUMBERS.iter().map(|number| number.name);
    let given = numbers.iter().map(String::as_str);
    let names: Vec<&str> = sets
        .chain(words)
        .chain(others.iter().copied())
        .chain(given)
        .collect();
    let fault = Fault::unknown_word(word, nearest(word, &names), &names);
    Err(Wrong { at, fault })
}

fn number_forms(word: &str) -> Option<&'static [&'static str]> {
    let number = NUMBERS.iter().find(|number| number.name == word)?;
    Some(number.forms)
}

fn property_forms(word: &str) -> Option<&'static [&'static str]> {
    let property = PROPERTIES.iter().find(|property| property.name == word)?;
    Some(property.forms)
}

/// `S1`, behind the word of a number that it has.
fn of(field: Field, scan: &mut Scan<'_>) -> Result<Quantity, Wrong> {
    Ok(Quantity::Of(field, scan.several()?))
}

/// `S1`, `index 4` or `command x1`.
fn applied(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Quantity, Wrong> {
    if scan.eat_word("index") {
        let index = scan.inside(|scan| quantity(scan, numbers, &[]))?;
        return Ok(Quantity::AppliedIndex(Box::new(index)));
    }
    if scan.eat_word("command") {
        return command(scan).map(Quantity::AppliedCommand);
    }
    of(Field::Applied, scan)
}

/// The command that is named next.
fn command(scan: &mut Scan<'_>) -> Result<Command, Wrong> {
    let at = scan.place();
    let command = scan.one_command()?;
    command.ok_or_else(|| {
        let found = scan.since(at).trim_end();
        let fault = Fault::expected("a single command", "单条指令", found, FORMS);
        Wrong { at, fault }
    })
}

/// `S1 -> S2`, behind what the first keeps for the second.
fn of_another(kept: Kept, scan: &mut Scan<'_>) -> Result<Quantity, Wrong> {
    let of = scan.several()?;
    expect(scan, "->")?;
    let another = scan.several()?;
    Ok(Quantity::OfAnother(kept, of, another))
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
        known.work.pay(1);
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
            Self::Elapsed => {
                let passed = world.now().saturating_sub(known.since);
                i128::from(passed.0 / MICROS_A_MILLI)
            }
            Self::Cuts => {
                known.work.servers(world.servers().len() as u64);
                cuts(world)
            }
            Self::InFlight(which) => {
                known.work.pay(world.network().flights().len() as u64);
                let found = which.iter().map(|it| world.under_way(*it, Handling::Drop));
                count(found.flatten())
            }
            Self::Stored(command) => {
                let servers = world.servers().iter();
                count(servers.filter(|server| stores(server, command, known.work)))
            }
            Self::Count(set, list) => {
                let leader = reachable(world);
                known.work.servers(world.servers().len() as u64);
                let listed = known.listed(list)?;
                count(listed.iter().filter(|id| set.holds(world, **id, leader)))
            }
            Self::Terms(list) => {
                let listed = known.listed(list)?;
                terms(world, &listed)
            }
            Self::Of(field, who) => {
                let ids = known.resolved(who)?;
                let servers = ids.iter().filter_map(|id| world.server(*id));
                servers.map(|server| field.of(server)).max().unwrap_or(0)
            }
            Self::OfAnother(kept, of, another) => {
                let (of, others) = (known.resolved(of)?, known.resolved(another)?);
                let nodes = of.iter().filter_map(|id| world.server(*id)?.node());
                let pairs = nodes.flat_map(|node| others.iter().map(move |other| (node, other)));
                pairs
                    .map(|(node, other)| kept.of(node, *other))
                    .max()
                    .unwrap_or(0)
            }
            Self::AppliedIndex(index) => {
                let index = u64::try_from(index.value(known)?).unwrap_or(0);
                known.work.servers(world.servers().len() as u64);
                i128::from(applied_by(world, Index(index)))
            }
            Self::AppliedCommand(command) => {
                known.work.servers(world.servers().len() as u64);
                let place = world.checker().place_of(command);
                place.map_or(0, |index| i128::from(applied_by(world, index)))
            }
        })
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> i128 {
    i128::try_from(items.count()).unwrap_or(i128::MAX)
}

const MICROS_A_MILLI: u64 = 1000;

/// In how many different terms these servers are.
fn terms(world: &World, listed: &[NodeId]) -> i128 {
    let servers = listed.iter().filter_map(|id| world.server(*id));
    let mut terms: Vec<i128> = servers.map(|server| Field::Term.of(server)).collect();
    terms.sort_unstable();
    terms.dedup();
    count(terms.iter())
}

/// Over how many links, each in one direction, no message passes now.
fn cuts(world: &World) -> i128 {
    let (network, servers) = (world.network(), world.servers());
    let passes = |from, to| network.passes(from, to) && !network.is_clogged(from, to);
    let ids = || servers.iter().map(|server| server.id);
    let others = |from| ids().filter(move |to| *to != from && !passes(from, *to));
    count(ids().flat_map(others))
}

/// Whether a server has this command in its log; on its disk where it does not run.
fn stores(server: &Server, command: &Command, work: &mut Work) -> bool {
    let on_disk = &server.disk.image.entries;
    let entries = server.node().map_or(on_disk, |node| node.log().entries());
    entries.iter().any(|entry| {
        work.entry();
        matches!(&entry.payload, Payload::Command(stored) if stored == command)
    })
}

/// How many running servers have applied the entry at `index`.
pub(in crate::script) fn applied_by(world: &World, index: Index) -> u32 {
    let mut servers = 0;
    for server in world.servers() {
        let applied = server.running().map(|running| running.machine.applied);
        if applied.is_some_and(|applied| applied >= index && index > Index::ZERO) {
            servers += 1;
        }
    }
    servers
}

impl Kept {
    /// What it is at a leader; 0 at any other server, and for whom it does not send its log to.
    fn of(self, node: &ServerNode, other: NodeId) -> i128 {
        let Role::Leader(leader) = node.role() else {
            return 0;
        };
        let progress = leader.progress.get(other);
        i128::from(progress.map_or(0, |progress| match self {
            Self::NextIndex => progress.next_index.0,
            Self::MatchIndex => progress.match_index.0,
        }))
    }
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
    pub(in crate::script) fn holds(
        self,
        world: &Observed,
        id: NodeId,
        leader: Option<NodeId>,
    ) -> bool {
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
