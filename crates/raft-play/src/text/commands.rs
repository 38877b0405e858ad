//! Commands as a line has them: one, or ranges of them.
//!
//! Commands that count up behind one prefix are written as a range, so that a saved run of ten
//! thousand proposals stays a line that a person can read.

use std::fmt::{self, Formatter, Write};

use raft_sim::command::{COMMAND_BYTES_MAX, COMMANDS_MAX, Command, NO_OP};

use super::line::is_unseen;
use super::{Fault, Wrong};

/// The commands of one line, kept within bounds while they are gathered.
#[derive(Default)]
pub(crate) struct Commands {
    pub(crate) list: Vec<Command>,
    bytes: usize,
}

impl Commands {
    pub(crate) fn push(&mut self, at: usize, text: &str) -> Result<(), Wrong> {
        self.bytes += text.len();
        if self.list.len() >= COMMANDS_MAX || self.bytes > COMMAND_BYTES_MAX {
            let fault = Fault::too_many_commands();
            return Err(Wrong { at, fault });
        }
        self.list.push(Command::from(text));
        Ok(())
    }

    pub(super) fn push_range(&mut self, at: usize, word: &str) -> Result<(), Wrong> {
        let Some((prefix, first, last)) = range_of(word) else {
            let fault = Fault::command_range(word);
            return Err(Wrong { at, fault });
        };
        for number in first..=last {
            self.push(at, &format!("{prefix}{number}"))?;
        }
        Ok(())
    }
}

/// The prefix and the two numbers of a range of commands.
fn range_of(word: &str) -> Option<(&str, u64, u64)> {
    let (first, last) = word.split_once("..")?;
    let (prefix, first) = numbered(first)?;
    let (other, last) = numbered(last)?;
    (prefix == other && first <= last).then_some((prefix, first, last))
}

/// A command's prefix and number, when printing the number gives the same command again.
fn numbered(command: &str) -> Option<(&str, u64)> {
    let prefix = command.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &command[prefix.len()..];
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((prefix, digits.parse().ok()?))
}

/// From how many commands on a range is shorter to read than a list.
const RANGE_MIN: usize = 3;

/// Writes commands behind each other, with a space before each.
pub(super) fn write_commands(commands: &[Command], f: &mut Formatter<'_>) -> fmt::Result {
    let mut rest = commands;
    while let [first, ..] = rest {
        let run = run_length(rest, |command| command);
        f.write_char(' ')?;
        rest = write_first(first, run, rest, |command| command, f)?;
    }
    Ok(())
}

/// Writes the first command, or the range of the first `run` ones, and returns what is left.
pub(super) fn write_first<'a, T>(
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
pub(super) fn run_length<T>(list: &[T], command: impl Fn(&T) -> &Command) -> usize {
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

/// A command as it stands in a line.
pub(super) struct Quoted<'a>(pub(super) &'a Command);

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
