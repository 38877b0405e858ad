//! How a command ends, and what its words look like.

use std::fmt::{self, Display};
use std::io;

use anstyle::{AnsiColor, Style};

/// How a command ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    /// Some of what was given could not be read; the rest was dealt with.
    Unreadable,
    Interrupted,
    /// Nobody took what it had to print, so that it ended before it was done.
    Unheard,
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What it was given is no good; the words say what, why and what to do.
    BadInput(String),
    /// Nobody takes what it prints.
    Output(io::Error),
    /// Somebody wanted it to end before it had found anything.
    Interrupted,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// What came of printing something when what it says is known anyway: whoever has read enough, as
/// with `raftlab run FILE | head`, changes nothing about whether it failed.
pub(crate) fn heard(printed: Result<(), Stop>) -> Result<(), Stop> {
    match printed {
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Words in a style; whoever prints them strips it where there is no terminal.
pub(crate) struct Styled<T>(Style, T);

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0.render(), self.1, self.0.render_reset())
    }
}

pub(crate) fn red<T: Display>(words: T) -> Styled<T> {
    Styled(AnsiColor::Red.on_default().bold(), words)
}

pub(crate) fn green<T: Display>(words: T) -> Styled<T> {
    Styled(AnsiColor::Green.on_default(), words)
}

pub(crate) fn bold<T: Display>(words: T) -> Styled<T> {
    Styled(Style::new().bold(), words)
}

pub(crate) fn dim<T: Display>(words: T) -> Styled<T> {
    Styled(Style::new().dimmed(), words)
}

/// “1 run”, “2 runs”.
pub(crate) fn counted(number: u64, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {one}{s}")
}
