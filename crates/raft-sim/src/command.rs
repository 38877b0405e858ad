//! What a client asks the replicated state machine to do.
//!
//! Raft never looks inside a command, so here it is only a text. One command is held by many
//! logs, messages and checkpoints at once, so clones share the same bytes.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use raft_core::{Entry, Payload};

/// A short text that the servers replicate and apply.
#[derive(Debug, Clone, Eq, PartialOrd, Ord)]
pub struct Command(Arc<str>);

/// Logs are compared all the time, and mostly share their commands: those need no reading.
impl PartialEq for Command {
    fn eq(&self, other: &Command) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Hash for Command {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Command {
    /// A command of this text.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Command {
        Command(text.into())
    }

    /// The text of the command.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl raft_core::Command for Command {
    fn size_bytes(&self) -> usize {
        self.0.len()
    }
}

/// The most commands that one Action may propose or write.
pub const COMMANDS_MAX: usize = 10_000;
/// The most bytes that those may hold.
pub const COMMAND_BYTES_MAX: usize = 1024 * 1024;

/// Commands that are proposed together: at least one, at most [`COMMANDS_MAX`], which hold
/// [`COMMAND_BYTES_MAX`] at most.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Batch(Vec<Command>);

impl Batch {
    /// These commands; nothing if they are none or too many.
    #[must_use]
    pub fn new(commands: Vec<Command>) -> Option<Batch> {
        let bytes: usize = commands.iter().map(|command| command.as_str().len()).sum();
        let fits = commands.len() <= COMMANDS_MAX && bytes <= COMMAND_BYTES_MAX;
        (fits && !commands.is_empty()).then_some(Batch(commands))
    }

    /// The commands.
    #[must_use]
    pub fn get(&self) -> &[Command] {
        &self.0
    }
}

/// The word for an entry that holds nothing.
pub const NO_OP: &str = "no-op";

/// What an entry holds, as a log shows it.
#[must_use]
pub fn payload_text(payload: &Payload<Command>) -> String {
    match payload {
        // A command that only looks like it must not be taken for an entry that holds nothing.
        Payload::Command(command) if command.as_str() == NO_OP => format!("\"{NO_OP}\""),
        Payload::Command(command) => command.to_string(),
        Payload::NoOp => NO_OP.to_owned(),
        Payload::Configuration(configuration) => format!("[{configuration}]"),
    }
}

/// An entry as a log shows it: `2:x1`.
#[must_use]
pub fn entry_text(entry: &Entry<Command>) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_entry(entry, &mut text);
    text
}

/// Writes an entry as a log shows it.
pub fn write_entry(entry: &Entry<Command>, out: &mut impl fmt::Write) -> fmt::Result {
    write!(out, "{}:", entry.term)?;
    match &entry.payload {
        Payload::Command(command) if command.as_str() != NO_OP => out.write_str(command.as_str()),
        payload @ (Payload::Command(_) | Payload::NoOp | Payload::Configuration(_)) => {
            out.write_str(&payload_text(payload))
        }
    }
}

impl From<&str> for Command {
    fn from(text: &str) -> Command {
        Command::new(text)
    }
}

impl From<String> for Command {
    fn from(text: String) -> Command {
        Command::new(text)
    }
}

impl AsRef<str> for Command {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_their_text() {
        let first = Command::from("x1");
        let second = first.clone();
        assert_eq!(first, second);
        assert!(std::ptr::eq(first.as_str(), second.as_str()));
        assert_eq!(second.to_string(), "x1");
    }
}
