//! From words to Actions: one small function for each verb.

use raft_core::{NodeId, Timer};
use raft_sim::action::{Action, LinkAction, ServerAction, TimeAction};
use raft_sim::command::Command;
use raft_sim::ids::Between;
use raft_sim::which::Handling;

use super::clients::{ask, loss, rest, work};
use super::conditions::{bandwidth, duplication, latency, network, reordering};
use super::edits::rewrite;
use super::machine;
use super::messages::handled;
use super::patterns::pattern;
use super::print::timer_name;
use super::scan::Commands;
use super::{Fault, STEPS_MAX, Scan, Wrong};

/// A verb, the form of its line, and how the words behind it are read.
pub struct Verb {
    /// The word.
    pub name: &'static str,
    /// Lines that begin with it, the plainest first.
    pub form: &'static str,
    parse: Parse,
}

/// What is done to a server.
type ToServer = fn(NodeId) -> Action;

/// How the words behind a verb are read.
enum Parse {
    /// As one Action.
    One(fn(&mut Scan<'_>) -> Result<Action, Wrong>),
    /// As servers, to each of which it is done.
    Each(fn(NodeId) -> Action),
    /// The same, and if one of these words comes last something else is done.
    EachOr(ToServer, &'static [(&'static str, ToServer)]),
    /// As a partition, for which a pattern may take more than one Action.
    Partition,
    /// As messages, to each of which it is done.
    Messages(fn(&mut Scan<'_>) -> Result<Handling, Wrong>),
    /// As commands, behind the servers to each of which they are offered.
    Propose,
    /// As a timer, behind the servers at each of which it fires.
    Fire,
}

pub(super) const fn verb(
    name: &'static str,
    form: &'static str,
    parse: fn(&mut Scan<'_>) -> Result<Action, Wrong>,
) -> Verb {
    let parse = Parse::One(parse);
    Verb { name, form, parse }
}

pub(super) const fn each(
    name: &'static str,
    form: &'static str,
    action: fn(NodeId) -> Action,
) -> Verb {
    let parse = Parse::Each(action);
    Verb { name, form, parse }
}

const fn messages(
    name: &'static str,
    form: &'static str,
    handling: fn(&mut Scan<'_>) -> Result<Handling, Wrong>,
) -> Verb {
    let parse = Parse::Messages(handling);
    Verb { name, form, parse }
}

/// Every verb of the language.
pub fn verbs() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().chain(machine::VERBS)
}

/// The verbs of all families but one, which has its own file.
const VERBS: [Verb; 36] = [
    verb("step", "step 10", step),
    verb("run", "run 500ms", |s| {
        Ok(Action::Time(TimeAction::Run(s.duration()?)))
    }),
    Verb {
        name: "propose",
        form: "propose S1 x1 x2 y1..y50",
        parse: Parse::Propose,
    },
    Verb {
        name: "crash",
        form: "crash S1, or crash S1 torn",
        parse: Parse::EachOr(
            |it| Action::Server(ServerAction::Crash(it)),
            &[("torn", |it| Action::Server(ServerAction::CrashTorn(it)))],
        ),
    },
    Verb {
        name: "restart",
        form: "restart S1, restart S1 empty, or restart S1 backup",
        parse: Parse::EachOr(
            |it| Action::Server(ServerAction::Restart(it)),
            &[
                ("empty", |it| Action::Server(ServerAction::RestartEmpty(it))),
                ("backup", |it| {
                    Action::Server(ServerAction::RestartBackup(it))
                }),
            ],
        ),
    },
    each("pause", "pause S1", |it| {
        Action::Server(ServerAction::Pause(it))
    }),
    each("resume", "resume S1", |it| {
        Action::Server(ServerAction::Resume(it))
    }),
    each("disconnect", "disconnect S1", |it| {
        Action::Link(LinkAction::Disconnect(it))
    }),
    each("connect", "connect S1", |it| {
        Action::Link(LinkAction::Connect(it))
    }),
    verb("cut", "cut S1 S2, or one way: cut S1 -> S2", |s| {
        Ok(Action::Link(LinkAction::Cut(between(s)?)))
    }),
    verb("heal", "heal S1 S2, heal S1 -> S2, or heal", heal),
    Verb {
        name: "partition",
        form: "partition S1 S2 | S3 S4 S5, or partition halves, isolate S3, ring, bridge S3, random",
        parse: Parse::Partition,
    },
    verb("clog", "clog S1 S2, or one way: clog S1 -> S2", |s| {
        Ok(Action::Link(LinkAction::Clog(between(s)?)))
    }),
    verb("unclog", "unclog S1 S2, unclog S1 -> S2, or unclog", |s| {
        let is_all = s.at_end();
        let between = (!is_all).then(|| between(s)).transpose()?;
        Ok(Action::Link(LinkAction::Unclog(between)))
    }),
    messages(
        "drop",
        "drop M12, drop AppendEntries S1 -> S3, or drop next AppendEntries S1 -> S3",
        |_| Ok(Handling::Drop),
    ),
    messages(
        "duplicate",
        "duplicate M12, duplicate RequestVote S1 -> S3, or duplicate next RequestVote S1 -> S3",
        |_| Ok(Handling::Duplicate),
    ),
    messages(
        "deliver",
        "deliver M12, deliver S1 -> S3, or deliver next AppendEntries S1 -> S3",
        |_| Ok(Handling::Deliver),
    ),
    messages(
        "delay",
        "delay M12 5ms, delay AppendEntries S1 -> S3 5ms, or delay next AppendEntries reply S3 -> S1 5ms",
        |s| s.duration().map(Handling::Delay),
    ),
    each("timeout", "timeout S1", |it| {
        Action::Server(ServerAction::Fire(it, Timer::Election))
    }),
    Verb {
        name: "fire",
        form: "fire S1 heartbeat, or fire S1 election, retry, transfer or quorum",
        parse: Parse::Fire,
    },
    each("read", "read S1", |it| {
        Action::Server(ServerAction::Read(it))
    }),
    verb("transfer", "transfer S1 S2", |s| {
        let from = s.server()?;
        let to = s.server()?;
        Ok(Action::Server(ServerAction::Transfer { from, to }))
    }),
    verb(
        "reconfigure",
        "reconfigure S1 voters S1 S2 learners S3",
        reconfigure,
    ),
    verb("rewrite", "rewrite S1 log 1:x1 2:y1", rewrite),
    each("snapshot", "snapshot S1", |it| {
        Action::Server(ServerAction::Snapshot(it))
    }),
    verb("put", "put C1 x 3", |s| ask(s, "put")),
    verb("append", "append C1 x 3", |s| ask(s, "append")),
    verb(
        "get",
        "get C1 x, get C1 x by read-index, or get C1 x by local",
        |s| ask(s, "get"),
    ),
    verb(
        "work",
        "work clients keys 3 every 10ms..50ms, or work C1 keys 3 every 10ms reads only by read-index",
        work,
    ),
    verb("rest", "rest C1, or rest clients", rest),
    verb(
        "latency",
        "latency 1ms..5ms, latency normal 10ms 2ms, exponential 10ms or pareto 5ms 1.5; \
         or latency S1 -> S2 1ms..5ms or latency clients 1ms..5ms",
        latency,
    ),
    verb(
        "loss",
        "loss 10%, loss S1 -> S2 10%, loss AppendEntries S1 -> S2 10%, or loss clients 10%",
        loss,
    ),
    verb(
        "duplication",
        "duplication 2%, duplication S1 -> S2 2%, or duplication AppendEntries S1 -> S2 2%",
        duplication,
    ),
    verb(
        "reordering",
        "reordering 5% 200ms..2s, reordering S1 -> S2 5% 200ms..2s, \
         or reordering AppendEntries 5% 200ms",
        reordering,
    ),
    verb(
        "bandwidth",
        "bandwidth 64KiB/s, bandwidth S1 -> S2 64KiB/s, or bandwidth unlimited",
        bandwidth,
    ),
    verb(
        "network",
        "network labrpc unreliable, network labrpc reliable long-reordering, or network plain",
        network,
    ),
];

/// The Actions on the line.
pub(crate) fn actions(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let at = scan.place();
    if scan.at_end() {
        let fault = Fault::empty_line();
        return Err(Wrong { at, fault });
    }
    let word = scan.word();
    let Some(verb) = verbs().find(|verb| verb.name == word) else {
        let names: Vec<&str> = verbs().map(|verb| verb.name).collect();
        return Err(unknown(at, word, &names));
    };
    scan.form = verb.form;
    let actions = match verb.parse {
        Parse::One(parse) => vec![parse(scan)?],
        Parse::Each(action) => scan.servers()?.into_iter().map(action).collect(),
        Parse::EachOr(action, others) => {
            let servers = scan.servers()?;
            let other = others.iter().find(|(word, _)| scan.eat_word(word));
            let action = other.map_or(action, |(_, other)| *other);
            servers.into_iter().map(action).collect()
        }
        Parse::Partition => match pattern(scan)? {
            Some(actions) => actions,
            None => vec![partition(scan)?],
        },
        Parse::Messages(handling) => handled(scan, handling)?,
        Parse::Propose => propose(scan)?,
        Parse::Fire => fire(scan)?,
    };
    scan.finish()?;
    Ok(actions)
}

pub(super) fn unknown(at: usize, word: &str, names: &[&str]) -> Wrong {
    let fault = Fault::unknown_word(word, nearest(word, names), names);
    Wrong { at, fault }
}

fn step(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    if scan.at_end() {
        return Ok(Action::Time(TimeAction::Step(1)));
    }
    Ok(Action::Time(TimeAction::Step(scan.number(1, STEPS_MAX)?)))
}

fn propose(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.some(&[])?;
    let commands = commands(scan)?;
    let propose = |server| {
        Action::Server(ServerAction::Propose {
            server,
            commands: commands.clone(),
        })
    };
    Ok(servers.into_iter().map(propose).collect())
}

fn fire(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let at = scan.present("a timer", "计时器")?;
    let word = scan.word();
    let named = |timer: &Timer| timer_name(*timer) == word;
    let Some(timer) = Timer::ALL.into_iter().find(named) else {
        return Err(unknown(at, word, &Timer::ALL.map(timer_name)));
    };
    let fire = |server| Action::Server(ServerAction::Fire(server, timer));
    Ok(servers.into_iter().map(fire).collect())
}

/// All the commands on the rest of the line, one at least.
pub(crate) fn commands(scan: &mut Scan<'_>) -> Result<Vec<Command>, Wrong> {
    let mut commands = Commands::default();
    scan.commands(&mut commands)?;
    while !scan.at_end() {
        scan.commands(&mut commands)?;
    }
    Ok(commands.list)
}

fn between(scan: &mut Scan<'_>) -> Result<Between, Wrong> {
    let (from, one_way, to) = scan.link()?;
    Ok(if one_way {
        Between::OneWay { from, to }
    } else {
        Between::Both(from, to)
    })
}

fn heal(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    if scan.at_end() {
        return Ok(Action::Link(LinkAction::Heal(None)));
    }
    Ok(Action::Link(LinkAction::Heal(Some(between(scan)?))))
}

fn partition(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    loop {
        let group_at = scan.place();
        let mut group = Vec::new();
        while !scan.at_end() && !scan.sees("|") {
            let taken: Vec<NodeId> = groups.iter().flatten().chain(&group).copied().collect();
            group.extend(scan.some(&taken)?);
        }
        if group.is_empty() && scan.names.is_exact() {
            let fault = Fault::empty_group(scan.form);
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
        let (at, fault) = (scan.place(), Fault::one_group(scan.form));
        return Err(Wrong { at, fault });
    }
    Ok(Action::Link(LinkAction::Partition(groups)))
}

fn reconfigure(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let server = scan.server()?;
    let (voters, learners) = members(scan)?;
    Ok(Action::Server(ServerAction::Reconfigure {
        server,
        voters,
        learners,
    }))
}

/// `voters S1 S2 learners S3`.
pub(super) fn members(scan: &mut Scan<'_>) -> Result<(Vec<NodeId>, Vec<NodeId>), Wrong> {
    let mut named = Vec::new();
    let mut servers = |scan: &mut Scan<'_>| {
        let first = named.len();
        loop {
            let more = scan.some(&named)?;
            named.extend(more);
            if scan.at_end() || scan.sees_word("learners") {
                return Ok(named[first..].to_vec());
            }
        }
    };
    expect(scan, "voters")?;
    let voters = servers(scan)?;
    let mut learners = Vec::new();
    if !scan.at_end() {
        expect(scan, "learners")?;
        learners = servers(scan)?;
    }
    Ok((voters, learners))
}

/// The word or sign that has to come next.
pub(crate) fn expect(scan: &mut Scan<'_>, word: &str) -> Result<(), Wrong> {
    let at = scan.place();
    let is_sign = !word.starts_with(char::is_alphabetic);
    if scan.eat_word(word) || is_sign && scan.eat(word) {
        return Ok(());
    }
    let found = scan.word();
    let fault = if found.is_empty() {
        Fault::missing(&format!("“{word}”"), &format!("“{word}”"), scan.form)
    } else {
        let quoted = format!("“{word}”");
        Fault::expected(&quoted, &quoted, found, scan.form)
    };
    Err(Wrong { at, fault })
}

/// The known word that `word` was probably meant to be.
pub(crate) fn nearest<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    /// No word of the language is longer; a longer one is no slip of the finger.
    const LONGEST: usize = 24;
    let word: Vec<char> = word
        .to_ascii_lowercase()
        .chars()
        .take(LONGEST + 1)
        .collect();
    if word.len() > LONGEST {
        return None;
    }
    let near = names.iter().map(|name| {
        let letters: Vec<char> = name.to_ascii_lowercase().chars().collect();
        (distance(&word, &letters), *name)
    });
    let (slips, name) = near.min_by_key(|&(slips, _)| slips)?;
    // A third of the letters may be wrong before the guess is more puzzling than helpful.
    (slips <= name.len().div_ceil(3)).then_some(name)
}

/// How many letters must be added, removed or changed, or swapped with their neighbour, to
/// make one word of the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
