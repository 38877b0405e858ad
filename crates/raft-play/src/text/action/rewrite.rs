//! What a server keeps, changed behind its back; and the entries of a log.

use std::fmt::{self, Formatter};

use raft_core::{Index, Payload, Term};
use raft_sim::action::{
    Action, Edit, Entries, EntryTerm, Held, RewriteAction, TERM_MAX, WrittenTerm,
};
use raft_sim::command::{Command, NO_OP, payload_text};

use super::server::{members, write_members};
use super::{Parse, Verb, verb};
use crate::text::commands::{Commands, Quoted, run_length, write_first};
use crate::text::known::unknown;
use crate::text::{Fault, NUMBER_MAX, Scan, Wrong};

/// The verb of this family.
pub(super) const VERBS: &[Verb] = &[verb(
    "rewrite",
    &["rewrite S1 log 1:x1 2:y1"],
    [
        "changes what the server keeps, as below",
        "改写服务器保存的内容",
    ],
    Parse::Many(rewrite),
)];

/// What `rewrite` can change.
pub struct Rewriting {
    /// Its word, behind the server.
    pub name: &'static str,
    /// Lines that change it, the plainest first.
    pub forms: &'static [&'static str],
    /// What they do, in English and in Chinese.
    pub doc: [&'static str; 2],
    read: fn(&mut Scan<'_>) -> Result<Edit, Wrong>,
}

/// All that `rewrite` can change.
pub const REWRITINGS: [Rewriting; 9] = [
    Rewriting {
        name: "log",
        forms: &["rewrite S1 log 1:x1 1:x2 2:y1", "rewrite S1 log 1 1 2"],
        doc: [
            "replaces the whole log after the snapshot",
            "替换快照之后的整个日志",
        ],
        read: |s| entries(s).map(Edit::Log),
    },
    Rewriting {
        name: "entry",
        forms: &[
            "rewrite S1 entry 3 2:y1",
            "rewrite S1 entry 3 2:no-op",
            "rewrite S1 entry 3 2",
        ],
        doc: ["overwrites entry 3, or appends it", "改写条目 3，或追加它"],
        read: entry,
    },
    Rewriting {
        name: "delete",
        forms: &["rewrite S1 delete 3"],
        doc: [
            "deletes entry 3; the entries after it move down",
            "删除条目 3，其后的条目前移",
        ],
        read: |s| index(s).map(Edit::Delete),
    },
    Rewriting {
        name: "truncate",
        forms: &["rewrite S1 truncate 3"],
        doc: [
            "deletes entry 3 and all after it",
            "删除条目 3 及其后的所有条目",
        ],
        read: |s| index(s).map(Edit::Truncate),
    },
    Rewriting {
        name: "term",
        forms: &["rewrite S1 term 5"],
        doc: ["sets `currentTerm`", "设置 `currentTerm`"],
        read: |s| {
            s.number(0, TERM_MAX)
                .map(|term| Edit::Term(WrittenTerm::clamped(term)))
        },
    },
    Rewriting {
        name: "votedFor",
        forms: &["rewrite S1 votedFor S2", "rewrite S1 votedFor none"],
        doc: ["sets `votedFor`", "设置 `votedFor`"],
        read: voted_for,
    },
    Rewriting {
        name: "commit",
        forms: &["rewrite S1 commit 3"],
        doc: [
            "sets `commitIndex`; of a running server only",
            "设置 `commitIndex`，只能用于正在运行的服务器",
        ],
        read: |s| {
            s.number(0, NUMBER_MAX)
                .map(|index| Edit::Commit(Index(index)))
        },
    },
    Rewriting {
        name: "configuration",
        forms: &["rewrite S1 configuration voters S1 S2 learners S3"],
        doc: [
            "replaces the members in the latest configuration",
            "替换最新配置中的成员",
        ],
        read: |s| members(s).map(Edit::Configuration),
    },
    Rewriting {
        name: "snapshot",
        forms: &["rewrite S1 snapshot 1:x1 1:x2 2:y1"],
        doc: [
            "replaces the snapshot by one of these entries, starting at index 1",
            "把快照替换为从索引 1 开始的这些条目",
        ],
        read: |s| entries(s).map(Edit::Snapshot),
    },
];

/// `rewrite S1 log 1:x1`, and the other edits.
fn rewrite(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let at = scan.place();
    let word = scan.word();
    let Some(rewriting) = REWRITINGS.iter().find(|known| known.name == word) else {
        if word.is_empty() {
            let fault = Fault::missing("what to rewrite", "要改写的内容", scan.forms);
            return Err(Wrong { at, fault });
        }
        return Err(unknown(at, word, &REWRITINGS.map(|known| known.name)));
    };
    scan.forms = rewriting.forms;
    let edit = (rewriting.read)(scan)?;
    let rewrite = |server| {
        Action::Rewrite(RewriteAction {
            server,
            edit: edit.clone(),
        })
    };
    Ok(servers.into_iter().map(rewrite).collect())
}

fn index(scan: &mut Scan<'_>) -> Result<Index, Wrong> {
    scan.number(1, NUMBER_MAX).map(Index)
}

fn entries(scan: &mut Scan<'_>) -> Result<Entries, Wrong> {
    let at = scan.place();
    let mut commands = Commands::default();
    let mut entries = Vec::new();
    while !scan.at_end() {
        let place = Index(entries.len() as u64 + 1);
        entries.extend(entries_of_a_term(scan, place, &mut commands)?);
    }
    Entries::new(entries).ok_or_else(|| Wrong {
        at,
        fault: Fault::too_many_commands(),
    })
}

/// The next entry, which will lie at `place`, or all those of a range: `2:y1`, `2:y1..y9`,
/// `2:no-op`, or the term alone. Those before it hold `commands`.
fn entries_of_a_term(
    scan: &mut Scan<'_>,
    place: Index,
    commands: &mut Commands,
) -> Result<Vec<(EntryTerm, Held)>, Wrong> {
    let at = scan.place();
    let (term, says_more) = scan.entry_term(TERM_MAX)?;
    let held = if says_more {
        held(scan, commands)?
    } else {
        // Entries of the same index and term are the same entry (§5.3), and so is what they hold.
        let command = format!("t{term}.{place}");
        commands.push(at, &command)?;
        vec![Held::Command(Command::from(command))]
    };
    let term = EntryTerm::clamped(term);
    Ok(held.into_iter().map(|held| (term, held)).collect())
}

/// What the entry holds, or all those of a range: commands, or nothing where it says `no-op`.
pub(crate) fn held(scan: &mut Scan<'_>, commands: &mut Commands) -> Result<Vec<Held>, Wrong> {
    if scan.eat_word(NO_OP) {
        return Ok(vec![Held::NoOp]);
    }
    let first = commands.list.len();
    scan.commands(commands)?;
    let commands = commands.list[first..].iter().cloned();
    Ok(commands.map(Held::Command).collect())
}

fn entry(scan: &mut Scan<'_>) -> Result<Edit, Wrong> {
    let index = index(scan)?;
    let at = scan.place();
    let entries = entries_of_a_term(scan, index, &mut Commands::default())?;
    let Ok([(term, held)]) = <[_; 1]>::try_from(entries) else {
        let fault = Fault::expected("a single entry", "单个日志条目", scan.since(at), scan.forms);
        return Err(Wrong { at, fault });
    };
    Ok(Edit::Entry { index, term, held })
}

fn voted_for(scan: &mut Scan<'_>) -> Result<Edit, Wrong> {
    if scan.eat_word("none") {
        return Ok(Edit::VotedFor(None));
    }
    Ok(Edit::VotedFor(Some(scan.server()?)))
}

/// Writes the line of such an Action.
pub(super) fn write(action: &RewriteAction, f: &mut Formatter<'_>) -> fmt::Result {
    let RewriteAction { server, edit } = action;
    write!(f, "rewrite {server} ")?;
    match edit {
        Edit::Log(entries) => write_log("log", entries, f),
        Edit::Snapshot(entries) => write_log("snapshot", entries, f),
        Edit::Configuration(members) => {
            f.write_str("configuration ")?;
            write_members(members, f)
        }
        Edit::Entry { index, term, held } => {
            write!(f, "entry {} ", index.0)?;
            write_entry(*term, held, f)
        }
        Edit::Delete(index) => write!(f, "delete {}", index.0),
        Edit::Truncate(index) => write!(f, "truncate {}", index.0),
        Edit::Term(term) => write!(f, "term {term}"),
        Edit::VotedFor(Some(server)) => write!(f, "votedFor {server}"),
        Edit::VotedFor(None) => f.write_str("votedFor none"),
        Edit::Commit(index) => write!(f, "commit {}", index.0),
    }
}

fn write_log(word: &str, entries: &Entries, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(word)?;
    let mut rest = entries.get();
    while let [(term, held), others @ ..] = rest {
        let alike = rest.iter().take_while(|(other, _)| other == term);
        let alike = alike.map_while(|(_, held)| held.command());
        let commands: Vec<&Command> = alike.collect();
        if let [command, ..] = commands.as_slice() {
            let run = run_length(&commands, |command| command);
            write!(f, " {term}:")?;
            let left = write_first(command, run, &commands, |command| command, f)?.len();
            rest = &rest[commands.len() - left..];
        } else {
            f.write_str(" ")?;
            write_entry(*term, held, f)?;
            rest = others;
        }
    }
    Ok(())
}

fn write_entry(term: EntryTerm, held: &Held, f: &mut Formatter<'_>) -> fmt::Result {
    match held {
        Held::Command(command) => write!(f, "{term}:{}", Quoted(command)),
        Held::NoOp => write!(f, "{term}:{NO_OP}"),
    }
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
