//! What is done to the links between servers, and how they are.

mod table;

use std::fmt::{self, Formatter};

use raft_core::NodeId;
use raft_sim::action::{Action, ClientAction, Groups, LinkAction};
use raft_sim::bounded::Permille;
use raft_sim::delay::{Delay, Shape};
use raft_sim::ids::{Between, Pair};
use raft_sim::network::labrpc::Labrpc;
use raft_sim::network::{Bandwidth, Model};
use raft_sim::time::{Micros, MicrosRange};
use raft_sim::which::Mishap;

use super::client::at_client;
use super::message::kind;
use super::patterns::pattern;
use super::{Parse, Percent, Verb, verb};
use crate::text::known::unknown;
use crate::text::{Fault, Scan, Wrong};

pub(super) use table::VERBS;

pub(super) fn is_word(word: &str) -> bool {
    CURVES.iter().any(|(name, _)| *name == word)
}

/// Writes the line of such an Action.
pub(super) fn write(action: &LinkAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        LinkAction::Disconnect(server) => write!(f, "disconnect {server}"),
        LinkAction::Connect(server) => write!(f, "connect {server}"),
        LinkAction::Cut(links) => write!(f, "cut {}", Links(*links)),
        LinkAction::Heal(None) => f.write_str("heal"),
        LinkAction::Heal(Some(links)) => write!(f, "heal {}", Links(*links)),
        LinkAction::Partition(groups) => write_partition(groups, f),
        LinkAction::Clog(links) => write!(f, "clog {}", Links(*links)),
        LinkAction::Unclog(None) => f.write_str("unclog"),
        LinkAction::Unclog(Some(links)) => write!(f, "unclog {}", Links(*links)),
        LinkAction::Latency { link, delay } => write!(f, "latency {}{delay}", Link(*link)),
        LinkAction::Loss { link, permille } => {
            write!(f, "loss {}{}", Link(*link), Percent(permille.get()))
        }
        LinkAction::Duplication { link, permille } => {
            write!(f, "duplication {}{}", Link(*link), Percent(permille.get()))
        }
        LinkAction::Reordering { link, permille, by } => {
            write!(f, "reordering {}{}", Link(*link), Percent(permille.get()))?;
            longer(*permille, *by, f)
        }
        LinkAction::Bandwidth {
            link,
            bytes_per_second,
        } => {
            write!(f, "bandwidth {}", Link(*link))?;
            write_bandwidth(*bytes_per_second, f)
        }
        LinkAction::OfKind { kind, link, mishap } => {
            let verb = match mishap {
                Mishap::Loss(_) => "loss",
                Mishap::Duplication(_) => "duplication",
                Mishap::Reordering(..) => "reordering",
            };
            let share = Percent(mishap.permille().get());
            write!(f, "{verb} {} {}{share}", kind.name(), Link(*link))?;
            match mishap {
                Mishap::Reordering(permille, by) => longer(*permille, *by, f),
                Mishap::Loss(_) | Mishap::Duplication(_) => Ok(()),
            }
        }
        LinkAction::Network(model) => write_network(*model, f),
    }
}

/// Writes by how much some messages are late, where any are.
fn longer(permille: Permille, by: MicrosRange, f: &mut Formatter<'_>) -> fmt::Result {
    if permille == Permille::MIN && by == MicrosRange::fixed(Micros::ZERO) {
        return Ok(());
    }
    write!(f, " {by}")
}

/// Does this on each link that a line means.
fn each<L>(links: Vec<L>, action: impl Fn(L) -> LinkAction) -> Vec<Action> {
    links.into_iter().map(action).map(Action::Link).collect()
}

fn between(scan: &mut Scan<'_>) -> Result<Vec<Between>, Wrong> {
    let (links, one_way) = scan.links()?;
    let between = if one_way {
        Between::OneWay
    } else {
        Between::Both
    };
    Ok(links.into_iter().map(between).collect())
}

/// `S1 S2`, `S1 -> S2`, or nothing for every link.
fn between_or_all(scan: &mut Scan<'_>) -> Result<Vec<Option<Between>>, Wrong> {
    if scan.at_end() {
        return Ok(vec![None]);
    }
    Ok(between(scan)?.into_iter().map(Some).collect())
}

/// Prints as it stands in a line: `S1 S2` or `S1 -> S2`.
struct Links(Between);

impl fmt::Display for Links {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (from, to) = self.0.ends();
        match self.0 {
            Between::Both(_) => write!(f, "{from} {to}"),
            Between::OneWay(_) => write!(f, "{from} -> {to}"),
        }
    }
}

fn partition(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    if let Some(actions) = pattern(scan)? {
        return Ok(actions);
    }
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    loop {
        let group_at = scan.place();
        let mut group = Vec::new();
        while !scan.at_end() && !scan.sees("|") {
            let taken: Vec<NodeId> = groups.iter().flatten().chain(&group).copied().collect();
            group.extend(scan.some(&taken)?);
        }
        if group.is_empty() && scan.names.is_exact() {
            let fault = Fault::empty_group(scan.forms);
            return Err(Wrong {
                at: group_at,
                fault,
            });
        }
        groups.push(group);
        if !scan.eat("|") {
            break;
        }
    }
    if groups.len() < 2 {
        let (at, fault) = (scan.place(), Fault::one_group(scan.forms));
        return Err(Wrong { at, fault });
    }
    let groups = Groups::new(groups);
    let partition = groups.map(|groups| Action::Link(LinkAction::Partition(groups)));
    Ok(partition.into_iter().collect())
}

fn write_partition(groups: &Groups, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("partition")?;
    for (number, group) in groups.get().iter().enumerate() {
        if number > 0 {
            f.write_str(" |")?;
        }
        for server in group {
            write!(f, " {server}")?;
        }
    }
    Ok(())
}

fn latency(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    if scan.eat_word("clients") {
        return delay(scan).map(|it| vec![Action::Client(ClientAction::Latency(it))]);
    }
    not_of_clients(scan)?;
    let links = scan.one_way_links()?;
    let delay = delay(scan)?;
    Ok(each(links, |link| LinkAction::Latency { link, delay }))
}

/// Reads what a curve looks like.
type Curve = fn(&mut Scan<'_>) -> Result<Delay, Wrong>;

/// The curves that a delay can be drawn from.
const CURVES: [(&str, Curve); 3] = [
    ("normal", |s| {
        Ok(Delay::Normal {
            mean: s.duration()?,
            deviation: s.duration()?,
        })
    }),
    ("exponential", |s| {
        let mean = s.duration()?;
        Ok(Delay::Exponential { mean })
    }),
    ("pareto", |s| {
        Ok(Delay::Pareto {
            min: s.duration()?,
            shape_hundredths: shape(s)?,
        })
    }),
];

/// `1ms..5ms`, or the name of a curve and what it looks like.
pub(super) fn delay(scan: &mut Scan<'_>) -> Result<Delay, Wrong> {
    let at = scan.place();
    let word = scan.peek(char::is_alphanumeric);
    if !word.starts_with(char::is_alphabetic) {
        return scan.range().map(Delay::Even);
    }
    scan.eat(word);
    match CURVES.iter().find(|(name, _)| *name == word) {
        Some((_, read)) => read(scan),
        None => Err(unknown(at, word, &CURVES.map(|(name, _)| name))),
    }
}

fn shape(scan: &mut Scan<'_>) -> Result<Shape, Wrong> {
    let at = scan.present("a shape", "形状参数")?;
    let word = scan.word();
    let shape = decimal(word, 2).and_then(Shape::new);
    let fault = || Fault::shape(word);
    shape.ok_or_else(|| Wrong { at, fault: fault() })
}

/// `loss 10%`, `loss S1 -> S2 10%`, `loss AppendEntries 10%`, `loss clients 10%`.
fn loss(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    if scan.eat_word("clients") {
        let permille = scan.permille()?;
        return Ok(vec![Action::Client(ClientAction::Loss(permille))]);
    }
    if let Some(actions) = of_kind(scan, |s| s.permille().map(Mishap::Loss))? {
        return Ok(actions);
    }
    let links = scan.one_way_links()?;
    let permille = scan.permille()?;
    Ok(each(links, |link| LinkAction::Loss { link, permille }))
}

fn reordering(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let of_kind = of_kind(scan, |s| {
        late(s).map(|(permille, by)| Mishap::Reordering(permille, by))
    })?;
    if let Some(actions) = of_kind {
        return Ok(actions);
    }
    let links = scan.one_way_links()?;
    let (permille, by) = late(scan)?;
    let reordering = |link| LinkAction::Reordering { link, permille, by };
    Ok(each(links, reordering))
}

fn duplication(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    if let Some(actions) = of_kind(scan, |s| s.permille().map(Mishap::Duplication))? {
        return Ok(actions);
    }
    let links = scan.one_way_links()?;
    let permille = scan.permille()?;
    let duplication = |link| LinkAction::Duplication { link, permille };
    Ok(each(links, duplication))
}

/// Complains about what speaks of clients in another way than `clients`.
fn not_of_clients(scan: &mut Scan<'_>) -> Result<(), Wrong> {
    let at = scan.place();
    let word = scan.peek(|c| !c.is_whitespace());
    if ["client", "clients", "request", "answer"].contains(&word) || at_client(scan) {
        let fault = Fault::of_clients(word);
        return Err(Wrong { at, fault });
    }
    Ok(())
}

/// What befalls a share of one kind of messages, if the next words name a kind.
fn of_kind(
    scan: &mut Scan<'_>,
    mishap: fn(&mut Scan<'_>) -> Result<Mishap, Wrong>,
) -> Result<Option<Vec<Action>>, Wrong> {
    not_of_clients(scan)?;
    let Some(kind) = kind(scan)? else {
        return Ok(None);
    };
    let links = scan.one_way_links()?;
    let mishap = mishap(scan)?;
    Ok(Some(each(links, |link| LinkAction::OfKind {
        kind,
        link,
        mishap,
    })))
}

/// A share, and by how much longer those messages take; none may take no longer.
fn late(scan: &mut Scan<'_>) -> Result<(Permille, MicrosRange), Wrong> {
    let permille = scan.permille()?;
    if permille == Permille::MIN && scan.at_end() {
        return Ok((permille, MicrosRange::fixed(Micros::ZERO)));
    }
    Ok((permille, scan.range()?))
}
/// The units of a bandwidth, the largest first, and how many bytes a second each is.
const RATES: [(&str, u32); 3] = [("MiB/s", 1 << 20), ("KiB/s", 1 << 10), ("B/s", 1)];

fn bandwidth(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    not_of_clients(scan)?;
    let links = scan.one_way_links()?;
    let at = scan.present("a bandwidth", "带宽")?;
    let word = scan.word();
    let bytes_per_second = if word == "unlimited" {
        None
    } else {
        let found = rate(word).and_then(Bandwidth::new);
        let fault = || Fault::bandwidth(word);
        Some(found.ok_or_else(|| Wrong { at, fault: fault() })?)
    };
    Ok(each(links, |link| LinkAction::Bandwidth {
        link,
        bytes_per_second,
    }))
}

/// `64KiB/s` in bytes a second.
fn rate(word: &str) -> Option<u32> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = word.split_at(digits);
    let (_, bytes) = RATES.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u32>().ok()?.checked_mul(*bytes)
}

fn write_bandwidth(bytes_per_second: Option<Bandwidth>, f: &mut Formatter<'_>) -> fmt::Result {
    let Some(rate) = bytes_per_second.map(Bandwidth::get) else {
        return f.write_str("unlimited");
    };
    // The largest unit that says it in whole numbers; the last always does.
    let says = |(_, bytes): &&(&str, u32)| rate.is_multiple_of(*bytes);
    let unit = RATES.iter().find(says);
    let (unit, bytes) = unit.copied().unwrap_or(("B/s", 1));
    write!(f, "{}{unit}", rate / bytes)
}

fn network(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let at = scan.present("a network", "网络模型")?;
    let model = match scan.word() {
        "plain" => Model::Plain,
        "labrpc" => {
            let at = scan.present("“reliable” or “unreliable”", "“reliable”或“unreliable”")?;
            let reliable = match scan.word() {
                "reliable" => true,
                "unreliable" => false,
                word => return Err(unknown(at, word, &["reliable", "unreliable"])),
            };
            let long_reordering = scan.eat_word("long-reordering");
            Model::Labrpc(Labrpc {
                reliable,
                long_reordering,
            })
        }
        word => return Err(unknown(at, word, &["plain", "labrpc"])),
    };
    Ok(Action::Link(LinkAction::Network(model)))
}

fn write_network(model: Model, f: &mut Formatter<'_>) -> fmt::Result {
    let Model::Labrpc(labrpc) = model else {
        return f.write_str("network plain");
    };
    let reliable = if labrpc.reliable {
        "reliable"
    } else {
        "unreliable"
    };
    let long = if labrpc.long_reordering {
        " long-reordering"
    } else {
        ""
    };
    write!(f, "network labrpc {reliable}{long}")
}

/// The link that a setting is about, with a space behind it; nothing for all links.
struct Link(Option<Pair>);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.map(Pair::ends) {
            Some((from, to)) => write!(f, "{from} -> {to} "),
            None => Ok(()),
        }
    }
}

/// A number with at most so many decimals, as a count of the last of them.
pub(super) fn decimal(word: &str, decimals: usize) -> Option<u16> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fits = is_number(whole) && is_number(fraction) && fraction.len() <= decimals;
    fits.then(|| format!("{whole}{fraction:0<decimals$}").parse().ok())?
}
