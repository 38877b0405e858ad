//! Everything that anyone can do to a World.
//!
//! A click on the page, a line of a playbook, a fuzzer's input and a saved run are all lists of
//! these. An Action says only *what* is wanted; whether the World can do it at that instant
//! (say, whether that message is still in flight) is for the World to answer. Each Action has
//! one text form, which the language parses and prints.
//!
//! Actions come in families, by what they are done to. Each family is an enum of its own in the
//! file of its name, here and wherever one has to do with all of them: `act/` has how it is
//! checked and done, and the language how it is written.

mod client;
mod link;
mod machine;
mod message;
mod renaming;
mod rewrite;
mod server;
mod servers;
mod time;

use raft_core::NodeId;

use crate::command::Command;

pub use client::ClientAction;
pub use link::LinkAction;
pub use machine::{Jump, MachineAction};
pub use message::MessageAction;
pub use rewrite::{Edit, Entries, EntryTerm, Held, RewriteAction, TERM_MAX, WrittenTerm};
pub use server::ServerAction;
pub use servers::{Groups, Members};
pub use time::{STEPS_MAX, Steps, TimeAction};

/// Something to do to a World, or to its time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// Time passes.
    Time(TimeAction),
    /// A server is asked for something, or something is done to it as a process.
    Server(ServerAction),
    /// Something is done to a server's disk, clock or processor.
    Machine(MachineAction),
    /// Something is done to links.
    Link(LinkAction),
    /// Something is done to messages.
    Message(MessageAction),
    /// Something is done by clients, or to what joins them to the cluster.
    Client(ClientAction),
    /// What a server keeps is changed behind its back.
    Rewrite(RewriteAction),
}

impl Action {
    /// The commands that this Action brings into the World.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        let proposed: &[Command] = match self {
            Self::Server(action) => action.proposed(),
            Self::Time(_)
            | Self::Machine(_)
            | Self::Link(_)
            | Self::Message(_)
            | Self::Client(_)
            | Self::Rewrite(_) => &[],
        };
        let written = match self {
            Self::Rewrite(action) => Some(action.edit.commands()),
            Self::Time(_)
            | Self::Server(_)
            | Self::Machine(_)
            | Self::Link(_)
            | Self::Message(_)
            | Self::Client(_) => None,
        };
        proposed.iter().chain(written.into_iter().flatten())
    }

    /// The server whose event this is: what it is left with to send and to say belongs there.
    pub(crate) fn server(&self) -> Option<NodeId> {
        match self {
            Self::Server(action) => Some(action.server()),
            Self::Link(action) => action.server(),
            Self::Rewrite(action) => Some(action.server),
            Self::Time(_) | Self::Machine(_) | Self::Message(_) | Self::Client(_) => None,
        }
    }
}
