//! From Actions to words: the inverse of the parser.
//!
//! Commands that count up behind one prefix are written as a range, so that a saved run of ten
//! thousand proposals stays a line that a person can read.

use std::fmt::{self, Formatter, Write};

use raft_core::{NodeId, Payload, Term, Timer};

use super::conditions::RATES;
use super::line::is_unseen;
use super::machine;
use super::scan::numbered;
use raft_sim::action::{
    Action, ClientAction, Edit, LinkAction, MessageAction, ServerAction, TimeAction,
};
use raft_sim::client::{ClientId, Operation, ReadBy};
use raft_sim::command::{Command, NO_OP, payload_text};
use raft_sim::ids::Between;
use raft_sim::network::Model;
use raft_sim::time::{Micros, MicrosRange};
use raft_sim::which::{Handling, Mishap, Which};

/// From how many commands on a range is shorter to read than a list.
const RANGE_MIN: usize = 3;

/// The line that parses back to an Action.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a>(pub &'a Action);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        action(self.0, f)
    }
}

/// Writes the line of an Action.
fn action(action: &Action, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        Action::Time(action) => time(*action, f),
        Action::Server(action) => server(action, f),
        Action::Machine(action) => machine::write(action, f),
        Action::Link(action) => link(action, f),
        Action::Message(action) => message(action, f),
        Action::Client(action) => client(action, f),
        Action::Rewrite { server, edit } => write!(f, "rewrite {server} {}", Edited(edit)),
    }
}

fn time(action: TimeAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        TimeAction::Step(1) => f.write_str("step"),
        TimeAction::Step(events) => write!(f, "step {events}"),
        TimeAction::Run(time) => write!(f, "run {time}"),
    }
}

fn server(action: &ServerAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        ServerAction::Propose { server, commands } => propose(*server, commands, f),
        ServerAction::Read(server) => write!(f, "read {server}"),
        ServerAction::Transfer { from, to } => write!(f, "transfer {from} {to}"),
        ServerAction::Reconfigure {
            server,
            voters,
            learners,
        } => {
            write!(f, "reconfigure {server} ")?;
            members(voters, learners, f)
        }
        ServerAction::Crash(server) => write!(f, "crash {server}"),
        ServerAction::CrashTorn(server) => write!(f, "crash {server} torn"),
        ServerAction::Restart(server) => write!(f, "restart {server}"),
        ServerAction::RestartEmpty(server) => write!(f, "restart {server} empty"),
        ServerAction::RestartBackup(server) => write!(f, "restart {server} backup"),
        ServerAction::Pause(server) => write!(f, "pause {server}"),
        ServerAction::Resume(server) => write!(f, "resume {server}"),
        ServerAction::Fire(server, Timer::Election) => write!(f, "timeout {server}"),
        ServerAction::Fire(server, timer) => {
            write!(f, "fire {server} {}", timer_name(*timer))
        }
        ServerAction::Snapshot(server) => write!(f, "snapshot {server}"),
    }
}

/// A timer as a line names it.
pub(crate) const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Election => "election",
        Timer::Retry => "retry",
        Timer::Heartbeat => "heartbeat",
        Timer::Transfer => "transfer",
        Timer::Quorum => "quorum",
    }
}

fn message(action: &MessageAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        MessageAction::Drop(message) => write!(f, "drop {message}"),
        MessageAction::Duplicate(message) => write!(f, "duplicate {message}"),
        MessageAction::Deliver(message) => write!(f, "deliver {message}"),
        MessageAction::Delay { message, by } => write!(f, "delay {message} {by}"),
        MessageAction::Next { which, handling } => next(*which, *handling, f),
    }
}

fn client(action: &ClientAction, f: &mut Formatter<'_>) -> fmt::Result {
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
            write!(f, "work {who} keys {keys} every {every}{only}{}", By(*by))
        }
        ClientAction::Rest(client) => write!(f, "rest {}", Clients(*client)),
        ClientAction::Latency(delay) => write!(f, "latency clients {delay}"),
        ClientAction::Loss(permille) => write!(f, "loss clients {}", Percent(*permille)),
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

fn link(action: &LinkAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        LinkAction::Disconnect(server) => write!(f, "disconnect {server}"),
        LinkAction::Connect(server) => write!(f, "connect {server}"),
        LinkAction::Cut(links) => write!(f, "cut {}", Links(*links)),
        LinkAction::Heal(None) => f.write_str("heal"),
        LinkAction::Heal(Some(links)) => write!(f, "heal {}", Links(*links)),
        LinkAction::Partition(groups) => partition(groups, f),
        LinkAction::Clog(links) => write!(f, "clog {}", Links(*links)),
        LinkAction::Unclog(None) => f.write_str("unclog"),
        LinkAction::Unclog(Some(links)) => write!(f, "unclog {}", Links(*links)),
        LinkAction::Latency { link, delay } => write!(f, "latency {}{delay}", Link(*link)),
        LinkAction::Loss { link, permille } => {
            write!(f, "loss {}{}", Link(*link), Percent(*permille))
        }
        LinkAction::Duplication { link, permille } => {
            write!(f, "duplication {}{}", Link(*link), Percent(*permille))
        }
        LinkAction::Reordering { link, permille, by } => {
            write!(f, "reordering {}{}", Link(*link), Percent(*permille))?;
            longer(*permille, *by, f)
        }
        LinkAction::Bandwidth {
            link,
            bytes_per_second,
        } => {
            write!(f, "bandwidth {}", Link(*link))?;
            match bytes_per_second {
                None => f.write_str("unlimited"),
                Some(rate) => {
                    // The largest unit that says it in whole numbers; the last always does.
                    let says = |(_, bytes): &&(&str, u32)| rate.is_multiple_of(*bytes);
                    let unit = RATES.iter().find(says);
                    let (unit, bytes) = unit.copied().unwrap_or(("B/s", 1));
                    write!(f, "{}{unit}", rate / bytes)
                }
            }
        }
        LinkAction::OfKind { kind, link, mishap } => {
            let verb = match mishap {
                Mishap::Loss(_) => "loss",
                Mishap::Duplication(_) => "duplication",
                Mishap::Reordering(..) => "reordering",
            };
            let share = Percent(mishap.permille());
            write!(f, "{verb} {} {}{share}", kind.name(), Link(*link))?;
            match mishap {
                Mishap::Reordering(permille, by) => longer(*permille, *by, f),
                Mishap::Loss(_) | Mishap::Duplication(_) => Ok(()),
            }
        }
        LinkAction::Network(model) => write!(f, "network {}", Kind(*model)),
    }
}

/// Writes by how much some messages are late, where any are.
fn longer(permille: u16, by: MicrosRange, f: &mut Formatter<'_>) -> fmt::Result {
    if permille == 0 && by == MicrosRange::fixed(Micros::ZERO) {
        return Ok(());
    }
    write!(f, " {by}")
}

fn next(which: Which, handling: Handling, f: &mut Formatter<'_>) -> fmt::Result {
    match handling {
        Handling::Drop => write!(f, "drop next {which}"),
        Handling::Duplicate => write!(f, "duplicate next {which}"),
        Handling::Deliver => write!(f, "deliver next {which}"),
        Handling::Delay(by) => write!(f, "delay next {which} {by}"),
    }
}

fn propose(server: NodeId, commands: &[Command], f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "propose {server}")?;
    let mut rest = commands;
    while let [first, ..] = rest {
        let run = run_length(rest, |command| command);
        f.write_char(' ')?;
        rest = command_words(first, run, rest, |command| command, f)?;
    }
    Ok(())
}

fn members(voters: &[NodeId], learners: &[NodeId], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("voters")?;
    voters.iter().try_for_each(|id| write!(f, " {id}"))?;
    if !learners.is_empty() {
        f.write_str(" learners")?;
    }
    learners.iter().try_for_each(|id| write!(f, " {id}"))
}

fn partition(groups: &[Vec<NodeId>], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("partition")?;
    for (number, group) in groups.iter().enumerate() {
        if number > 0 {
            f.write_str(" |")?;
        }
        for server in group {
            write!(f, " {server}")?;
        }
    }
    Ok(())
}

/// Prints as it stands in a line: `S1 S2` or `S1 -> S2`.
struct Links(Between);

impl fmt::Display for Links {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Between::Both(one, other) => write!(f, "{one} {other}"),
            Between::OneWay { from, to } => write!(f, "{from} -> {to}"),
        }
    }
}

/// Prints as it stands behind the server's name.
struct Edited<'a>(&'a Edit);

impl fmt::Display for Edited<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Edit::Log(entries) => log("log", entries, f),
            Edit::Snapshot(entries) => log("snapshot", entries, f),
            Edit::Configuration { voters, learners } => {
                f.write_str("configuration ")?;
                members(voters, learners, f)
            }
            Edit::Entry {
                index,
                term,
                payload,
            } => write!(f, "entry {} {}", index.0, written_entry(*term, payload)),
            Edit::Delete(index) => write!(f, "delete {}", index.0),
            Edit::Truncate(index) => write!(f, "truncate {}", index.0),
            Edit::Term(term) => write!(f, "term {}", term.0),
            Edit::VotedFor(Some(server)) => write!(f, "votedFor {server}"),
            Edit::VotedFor(None) => f.write_str("votedFor none"),
            Edit::Commit(index) => write!(f, "commit {}", index.0),
        }
    }
}

fn log(word: &str, entries: &[(Term, Payload<Command>)], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(word)?;
    let mut rest = entries;
    while let [(term, payload), others @ ..] = rest {
        let alike = rest.iter().map_while(|(other, payload)| match payload {
            Payload::Command(command) if other == term => Some(command),
            _ => None,
        });
        let commands: Vec<&Command> = alike.collect();
        if let [command, ..] = commands.as_slice() {
            let run = run_length(&commands, |command| command);
            write!(f, " {}:", term.0)?;
            let left = command_words(command, run, &commands, |command| command, f)?.len();
            rest = &rest[commands.len() - left..];
        } else {
            write!(f, " {}", written_entry(*term, payload))?;
            rest = others;
        }
    }
    Ok(())
}

/// Writes the first command, or the range of the first `run` ones, and returns what is left.
fn command_words<'a, T>(
    first: &Command,
    run: usize,
    list: &'a [T],
    command: impl Fn(&T) -> &Command,
    f: &mut Formatter<'_>,
) -> Result<&'a [T], fmt::Error> {
    if run < RANGE_MIN {
        write!(f, "{}", Quoted(first))?;
        return Ok(&list[1..]);
    }
    write!(f, "{first}..{}", command(&list[run - 1]))?;
    Ok(&list[run..])
}

/// How many commands from the first on count up behind one prefix; 1 when a range could not
/// say them.
fn run_length<T>(list: &[T], command: impl Fn(&T) -> &Command) -> usize {
    let Some(first) = list.first().map(&command) else {
        return 0;
    };
    let Some((prefix, start)) = numbered(first.as_str()).filter(|_| is_bare(first.as_str())) else {
        return 1;
    };
    let numbers = (0..).map_while(|step| start.checked_add(step));
    list.iter()
        .zip(numbers)
        .take_while(|(item, number)| numbered(command(item).as_str()) == Some((prefix, *number)))
        .count()
}

/// Whether a command can stand in a line without quotes.
fn is_bare(command: &str) -> bool {
    !command.is_empty()
        && command != NO_OP
        && !command.starts_with(['#', '*'])
        && !command.contains("..")
        && !command.contains(|c: char| c == '"' || c.is_whitespace() || is_unseen(c))
}

/// An entry as an Action writes it: `3:x`, `3:"two words"` or `3:no-op`. There is no line that
/// writes a configuration; it is shown as a log shows it.
#[must_use]
pub fn written_entry(term: Term, payload: &Payload<Command>) -> String {
    match payload {
        Payload::Command(command) => format!("{}:{}", term.0, Quoted(command)),
        Payload::NoOp | Payload::Configuration(_) => {
            format!("{}:{}", term.0, payload_text(payload))
        }
    }
}

/// A command as it stands in a line.
struct Quoted<'a>(&'a Command);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.as_str();
        if is_bare(text) {
            return f.write_str(text);
        }
        f.write_char('"')?;
        for c in text.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c if is_unseen(c) => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// The link that a setting is about, with a space behind it; nothing for all links.
struct Link(Option<(NodeId, NodeId)>);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((from, to)) => write!(f, "{from} -> {to} "),
            None => Ok(()),
        }
    }
}

/// Prints as it stands in a line.
struct Kind(Model);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Model::Plain => f.write_str("plain"),
            Model::Labrpc(labrpc) => {
                f.write_str(if labrpc.reliable {
                    "labrpc reliable"
                } else {
                    "labrpc unreliable"
                })?;
                f.write_str(if labrpc.long_reordering {
                    " long-reordering"
                } else {
                    ""
                })
            }
        }
    }
}

/// Thousandths as a percentage.
pub(crate) struct Percent(pub(crate) u16);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.0 / 10, self.0 % 10);
        if tenth == 0 {
            write!(f, "{whole}%")
        } else {
            write!(f, "{whole}.{tenth}%")
        }
    }
}
