//! The reference of the language: every line that a playbook may hold, table by table.
//!
//! The tables are those from which lines are read, so that the reference leaves nothing out and
//! names nothing that is not there. `docs/playbooks.md` and `raftlab help playbooks` are made of it.

use crate::playbook::{HEADERS, MARKS};
use crate::script::{NUMBERS, PROPERTIES, WORDS};
use crate::text::{FAMILIES, REWRITINGS};

/// A part of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What its lines are about.
    pub title: &'static str,
    /// What stands above its columns, or nothing if that needs no words.
    pub columns: &'static [&'static str],
    /// Its lines, in the order of the language.
    pub rows: Vec<Row>,
}

/// Lines of one sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What they look like, the plainest first.
    pub forms: Vec<&'static str>,
    /// What there is to say of them, in English; as many as the table has columns besides the first.
    pub cells: Vec<&'static str>,
}

/// All tables, in the order in which a reader needs them.
#[must_use]
pub fn tables() -> Vec<Table> {
    let header = HEADERS.iter().map(|it| Row {
        forms: it.forms.to_vec(),
        cells: vec![it.left_out, it.bounds],
    });
    let columns = ["line", "if it is left out", "bounds"].as_slice();
    let header = Table {
        title: "The header",
        columns,
        rows: header.collect(),
    };
    let families = FAMILIES.iter().map(|family| {
        let verbs = family.verbs.iter();
        table(family.title, verbs.map(|verb| (verb.forms, verb.doc)))
    });
    let rewritings = REWRITINGS.iter().map(|it| (it.forms, it.doc));
    let lines = WORDS.iter().filter(|word| !word.is_block());
    let lines = lines.map(|word| (word.forms, word.doc));
    let blocks = WORDS.iter().filter(|word| word.is_block());
    let blocks = blocks.map(|word| (word.forms, word.doc));
    let marks = MARKS.iter().map(|mark| (mark.forms, mark.doc));
    let numbers = NUMBERS.iter().map(|it| (it.forms, it.doc));
    let questions = PROPERTIES.iter().map(|it| (it.forms, it.doc));
    std::iter::once(header)
        .chain(families)
        .chain([
            table("Rewriting", rewritings),
            table("Waiting and expecting", lines),
            table("Blocks, captions and questions", blocks.chain(marks)),
            table("Numbers in conditions", numbers.map(asked)),
            table("Everything else in conditions", questions.map(asked)),
        ])
        .collect()
}

type Forms = &'static [&'static str];

fn table(
    title: &'static str,
    rows: impl Iterator<Item = (impl AsRef<[&'static str]>, [&'static str; 2])>,
) -> Table {
    let rows = rows.map(|(forms, [english, _])| Row {
        forms: forms.as_ref().to_vec(),
        cells: vec![english],
    });
    Table {
        title,
        columns: &[],
        rows: rows.collect(),
    }
}

/// Without the word before a condition: conditions stand behind `expect`, `wait` and `if` alike.
fn asked((forms, doc): (Forms, [&'static str; 2])) -> (Vec<&'static str>, [&'static str; 2]) {
    let bare = |form: &&'static str| form.strip_prefix("expect ").unwrap_or(form);
    (forms.iter().map(bare).collect(), doc)
}
