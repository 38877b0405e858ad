//! What a World is asked for that is no number: who leads, which role a server plays, what lies
//! in its log.

mod table;

use std::fmt::{self, Write};

use raft_core::{Configuration, Entry, NodeId, Payload, SharedVec, Term};

use super::{Clause, EQUALITY, Operator, no_client, operator};
use crate::script::names::{Known, reachable};
use crate::script::play::Trouble;
use crate::script::work::Work;
use crate::text::names::Several;
use crate::text::{Commands, Fault, NUMBER_MAX, Scan, Wrong, client, held, key, nearest};
use raft_sim::change::role_name;
use raft_sim::client::{ClientId, Key};
use raft_sim::command::{Command, payload_text, write_entry};
use raft_sim::invariant::Invariant;
use raft_sim::server::{Server, ServerNode};

pub use table::PROPERTIES;

/// A question, by its word.
pub struct Property {
    /// The word that it begins with.
    pub name: &'static str,
    /// Lines that ask it, the plainest first.
    pub forms: &'static [&'static str],
    /// What it asks, in English and in Chinese.
    pub doc: [&'static str; 2],
    asks: Asks,
}

/// What a question asks for.
#[derive(Clone, Copy)]
enum Asks {
    Leader,
    Of(Trait),
    Joint,
    Value,
    Answer,
    Broken,
}

/// What a server may be; it plays no role where it does not run.
pub(super) const ROLES: [&str; 5] = ["follower", "pre-candidate", "candidate", "leader", CRASHED];
const CRASHED: &str = "crashed";
/// No server.
const NONE: &str = "none";

/// What a World is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// As it was written.
    text: String,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Whom a client would find as the leader.
    Leader,
    /// What servers are.
    Of(Trait, Vec<Several>),
    /// What value a key has at servers; none where they do not run.
    Value(Several, Key),
    /// What a client was answered last.
    Answer(ClientId),
}

/// What there is to say of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trait {
    /// The role that it plays.
    Role,
    /// Whom it has voted for in its term.
    VotedFor,
    /// Who votes in the configuration that it goes by; of a joint one, in C_new.
    Voters,
    /// Who votes in C_old of the configuration that it goes by, while that is joint.
    Outgoing,
    /// Who has no vote in the configuration that it goes by.
    Learners,
    /// What its log holds after its snapshot.
    Log,
}

/// What the answers are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    Text(String),
    /// These servers; nobody if none is named.
    Servers(Vec<Several>),
    /// These entries, each with its term and what it holds.
    Entries(Vec<(Term, Held)>),
}

/// What an entry is expected to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Held {
    /// Whatever it is.
    Anything,
    This(Payload<Command>),
    /// A configuration that is shown so.
    Shown(String),
}

/// What is so: of one server, of a client, or of all.
enum Answer<'a> {
    Text(String),
    Entries(&'a SharedVec<Entry<Command>>),
}

impl Clause {
    /// Reads a question and what it is compared with; nothing where numbers are compared.
    pub(super) fn asked(scan: &mut Scan<'_>) -> Result<Option<Self>, Wrong> {
        let start = scan.place();
        let word = scan.peek(|c| c.is_alphanumeric() || c == '_');
        let Some(question) = PROPERTIES.iter().find(|question| question.name == word) else {
            return Ok(None);
        };
        scan.eat(word);
        scan.forms = question.forms;
        let what = match question.asks {
            Asks::Broken => return invariant(scan).map(|known| Some(Self::Broken(known))),
            Asks::Joint => return Asked::outgoing(scan).map(|asked| Some(Self::Joint(asked))),
            Asks::Leader => What::Leader,
            Asks::Of(of) => What::Of(of, scan.several_in_a_row()?),
            Asks::Value => What::Value(scan.several()?, key(scan)?),
            Asks::Answer => What::Answer(client(scan)?),
        };
        let text = scan.since(start).trim_end().to_owned();
        let asked = Asked { text, what };
        let is_so = operator(scan, &EQUALITY)? == Operator::Equal;
        let expected = asked.expected(scan)?;
        Ok(Some(Self::Is(asked, is_so, expected)))
    }
}

/// The invariant that is named next.
fn invariant(scan: &mut Scan<'_>) -> Result<Invariant, Wrong> {
    let at = scan.present("an invariant", "不变式")?;
    let word = scan.word();
    let found = Invariant::ALL.iter().find(|known| known.id() == word);
    found.copied().ok_or_else(|| {
        let ids = Invariant::ALL.map(Invariant::id);
        let fault = Fault::unknown_word(word, nearest(word, &ids), &ids);
        Wrong { at, fault }
    })
}

impl Asked {
    /// The voters of C_old of the servers that are named next: whoever has some is joint.
    fn outgoing(scan: &mut Scan<'_>) -> Result<Self, Wrong> {
        let start = scan.place();
        let who = scan.several_in_a_row()?;
        let text = format!("outgoing {}", scan.since(start).trim_end());
        let what = What::Of(Trait::Outgoing, who);
        Ok(Self { text, what })
    }

    /// Reads what it is compared with.
    fn expected(&self, scan: &mut Scan<'_>) -> Result<Expected, Wrong> {
        match &self.what {
            What::Of(Trait::Role, _) => role(scan),
            What::Of(Trait::Log, _) => entries(scan),
            What::Leader
            | What::Of(Trait::VotedFor | Trait::Voters | Trait::Outgoing | Trait::Learners, _) => {
                servers(scan)
            }
            What::Value(..) | What::Answer(_) => text(scan),
        }
    }

    /// Whether that is so of each server that is meant, one at least; or, where `is_so` is not
    /// wanted, of none of them.
    pub(super) fn holds(
        &self,
        is_so: bool,
        expected: &Expected,
        known: &mut Known<'_>,
    ) -> Result<bool, Trouble> {
        let answers = self.what.answers(known)?;
        let expected = match expected {
            Expected::Servers(list) => Expected::Text(names(&known.listed(list)?)),
            Expected::Text(_) | Expected::Entries(_) => expected.clone(),
        };
        let mut all_fit = !answers.is_empty();
        for answer in &answers {
            all_fit = all_fit && answer.fits(&expected, known.work) == is_so;
        }
        Ok(all_fit)
    }

    /// As much of what is so as one would read.
    pub(super) fn found(&self, known: &mut Known<'_>) -> String {
        let mut short = Short(String::new());
        let found = match self.what.answers(known) {
            Err(_) => "?".to_owned(),
            Ok(answers) if answers.is_empty() => NONE.to_owned(),
            Ok(answers) => match written(&answers, ", ", &mut short, Answer::write) {
                Ok(()) => short.0,
                Err(fmt::Error) => short.0 + "…",
            },
        };
        format!("{} = {found}", self.text)
    }
}

impl What {
    /// What is so, of each server that is meant.
    fn answers<'a>(&self, known: &mut Known<'a>) -> Result<Vec<Answer<'a>>, Trouble> {
        let world = known.world;
        known.work.servers(world.servers().len() as u64);
        let text = |text: &str| Answer::Text(text.to_owned());
        Ok(match self {
            Self::Leader => vec![Answer::Text(names(reachable(world).as_slice()))],
            Self::Answer(id) => {
                let client = world.client(*id).ok_or_else(|| no_client(*id, known))?;
                vec![text(&client.last_answer)]
            }
            Self::Value(who, key) => {
                let ids = known.resolved(who)?;
                let servers = ids.iter().filter_map(|id| world.server(*id));
                let values = servers.map(|server| {
                    let running = server.running();
                    let value = running.map(|running| running.machine.store.get(key.as_str()));
                    text(value.as_deref().unwrap_or_default())
                });
                values.collect()
            }
            Self::Of(of, who) => {
                let ids = known.listed(who)?;
                let servers = ids.iter().filter_map(|id| world.server(*id));
                servers.map(|server| of.answer(server)).collect()
            }
        })
    }
}

impl Trait {
    /// What it is at a server; what lies on its disk where it does not run.
    fn answer(self, server: &Server) -> Answer<'_> {
        let (node, image) = (server.node(), &server.disk.image);
        let configuration =
            node.map_or_else(|| &**image.configuration(), ServerNode::configuration);
        let members = |list: fn(&Configuration) -> &[NodeId]| names(list(configuration));
        Answer::Text(match self {
            Self::Role => node
                .map_or(CRASHED, |node| role_name(node.role()))
                .to_owned(),
            Self::VotedFor => {
                let state = node.map_or(image.hard_state, ServerNode::hard_state);
                names(state.voted_for.as_slice())
            }
            Self::Voters => members(Configuration::voters),
            Self::Outgoing => members(Configuration::outgoing),
            Self::Learners => members(Configuration::learners),
            Self::Log => {
                let on_disk = &image.entries;
                return Answer::Entries(node.map_or(on_disk, |node| node.log().entries()));
            }
        })
    }
}

impl Answer<'_> {
    /// Whether it is that. A log may be long, so it is read no further than it is alike.
    fn fits(&self, expected: &Expected, work: &mut Work) -> bool {
        match (self, expected) {
            (Self::Text(text), Expected::Text(expected)) => {
                work.bytes(expected.len());
                text == expected
            }
            (Self::Entries(entries), Expected::Entries(expected)) => {
                entries.len() == expected.len()
                    && entries.iter().zip(expected).all(|(entry, (term, held))| {
                        work.entry();
                        entry.term == *term && held.is_in(&entry.payload, work)
                    })
            }
            (Self::Text(_), Expected::Entries(_) | Expected::Servers(_))
            | (Self::Entries(_), Expected::Text(_) | Expected::Servers(_)) => false,
        }
    }

    fn write(&self, out: &mut Short) -> fmt::Result {
        match self {
            Self::Text(text) if !text.is_empty() => out.write_str(text),
            Self::Entries(entries) if !entries.is_empty() => {
                written(*entries, " ", out, write_entry)
            }
            Self::Text(_) | Self::Entries(_) => out.write_str("“”"),
        }
    }
}

impl Held {
    fn is_in(&self, payload: &Payload<Command>, work: &mut Work) -> bool {
        match self {
            Self::Anything => true,
            Self::This(expected) => {
                if let Payload::Command(command) = expected {
                    work.bytes(command.as_str().len());
                }
                payload == expected
            }
            Self::Shown(shown) => {
                work.bytes(shown.len());
                matches!(payload, Payload::Configuration(_)) && payload_text(payload) == *shown
            }
        }
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

/// The names of these servers in their order, or that there is none.
fn names(ids: &[NodeId]) -> String {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    if ids.is_empty() {
        return NONE.to_owned();
    }
    let names: Vec<String> = ids.iter().map(NodeId::to_string).collect();
    names.join(" ")
}

fn role(scan: &mut Scan<'_>) -> Result<Expected, Wrong> {
    let at = scan.present("a role", "角色")?;
    let word = scan.word();
    if ROLES.contains(&word) {
        return Ok(Expected::Text(word.to_owned()));
    }
    let fault = Fault::unknown_word(word, nearest(word, &ROLES), &ROLES);
    Err(Wrong { at, fault })
}

fn servers(scan: &mut Scan<'_>) -> Result<Expected, Wrong> {
    if scan.eat_name(NONE) {
        return Ok(Expected::Servers(Vec::new()));
    }
    scan.several_in_a_row().map(Expected::Servers)
}

/// The entries that are expected, written as those that are given to a log.
fn entries(scan: &mut Scan<'_>) -> Result<Expected, Wrong> {
    let mut entries = Vec::new();
    while !is_at_end(scan) {
        let (term, says_more) = scan.entry_term(NUMBER_MAX)?;
        let term = Term(term);
        if !says_more {
            entries.push((term, Held::Anything));
        } else if scan.sees("[") {
            let inside = scan.take(|c| c != ']').to_owned();
            scan.eat("]");
            entries.push((term, Held::Shown(format!("{inside}]"))));
        } else {
            let held = held(scan, &mut Commands::default())?;
            entries.extend(
                held.into_iter()
                    .map(|held| (term, Held::This(held.payload()))),
            );
        }
    }
    Ok(Expected::Entries(entries))
}

/// The value that is expected; nothing where the condition ends or goes on.
fn text(scan: &mut Scan<'_>) -> Result<Expected, Wrong> {
    if is_at_end(scan) {
        return Ok(Expected::Text(String::new()));
    }
    let at = scan.place();
    let value = scan.one_command()?;
    let value = value.ok_or_else(|| Wrong {
        at,
        fault: Fault::expected("a single value", "单个值", scan.since(at), scan.forms),
    })?;
    Ok(Expected::Text(value.to_string()))
}

/// Whether what is compared ends here.
fn is_at_end(scan: &mut Scan<'_>) -> bool {
    scan.at_end() || scan.sees_name("and") || scan.sees_name("or") || scan.at_bracket()
}
