//! The reference of the language as text for a terminal.

use std::fmt::Write;

use raft_play::reference::{self, Row, Table};

/// How many columns the text takes: what a narrow terminal has.
const WIDTH: usize = 80;

/// Every line of the language, table by table.
pub(crate) fn text() -> String {
    let tables = reference::tables();
    let tables = tables.iter().map(table).collect::<Vec<String>>();
    format!(
        "{}\n\n`#` begins a comment. docs/playbooks.md explains all this, with examples.",
        tables.join("\n\n")
    )
}

fn table(table: &Table) -> String {
    let rows = table.rows.iter().map(|of| row(table.columns, of));
    format!("{}:{}", table.title, rows.collect::<String>())
}

/// Each form has a line of its own, so that it can be copied; what is said of them stands below.
fn row(columns: &[&str], row: &Row) -> String {
    let mut text = String::new();
    for form in &row.forms {
        // A string takes whatever is written to it.
        let _ = write!(text, "\n  {form}");
    }
    for (place, cell) in row.cells.iter().enumerate() {
        // A column that has a heading needs it here, where the columns stand below each other.
        let heading = columns.get(place + 1);
        let said = match heading {
            Some(_) if cell.is_empty() => continue,
            Some(heading) => format!("{heading}: {cell}"),
            None => (*cell).to_owned(),
        };
        text += &indented(&said);
    }
    text
}

/// Words in lines of their own, none of which is too long.
fn indented(said: &str) -> String {
    const INDENT: &str = "\n        ";
    let mut text = String::new();
    let mut column = WIDTH;
    for word in said.split(' ') {
        let length = word.chars().count();
        if column + 1 + length > WIDTH {
            text += INDENT;
            column = INDENT.len() - 1 + length;
        } else {
            text.push(' ');
            column += 1 + length;
        }
        text += word;
    }
    text
}
