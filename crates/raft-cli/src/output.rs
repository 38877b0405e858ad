//! How a command ends, and how its output is styled.

use std::fmt::{self, Display};
use std::io;
use std::path::Path;

use anstyle::{AnsiColor, Style};

/// How a command ended that could be executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    /// Some of the input could not be read; the rest was processed.
    Unreadable,
    Interrupted,
    /// The reader of its output was gone, so it ended early.
    Unheard,
}

/// Why a command could not be executed.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The input is invalid; the text says what, why and what to do.
    BadInput(String),
    /// The reader of its output is gone.
    Output(io::Error),
    /// It was interrupted before it had found anything.
    Interrupted,
}

impl Stop {
    /// A file could not be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        let words = error.to_string();
        // The number of the error is of no use to whoever reads the name of the file.
        let words = words
            .split_once(" (os error")
            .map_or(&*words, |(words, _)| words);
        let path = path.display();
        Self::BadInput(format!(
            "{path}: {words}. Check the name, and that the file may be used."
        ))
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The result of printing, for a command whose outcome is already decided: a reader that has read
/// enough, as with `raftlab run FILE | head`, does not change whether the command failed.
pub(crate) fn heard(printed: Result<(), Stop>) -> Result<(), Stop> {
    match printed {
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Styled text; printing strips the style if there is no terminal.
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
