//! What is asked of a server, and what is done to it as a process.

use raft_core::{NodeId, Timer};

use super::renaming::{Nameless, Renaming};
use super::servers::Members;
use crate::command::{Batch, Command};

/// Something that is asked of a server or done to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ServerAction {
    /// One server is offered commands, in this order.
    Propose {
        /// The server that is asked; only a leader accepts.
        server: NodeId,
        /// What is offered.
        commands: Batch,
    },
    /// One server is asked for a linearizable read.
    Read(NodeId),
    /// Somebody asks a leader to hand its leadership over.
    Transfer {
        /// The leader.
        from: NodeId,
        /// Its successor.
        to: NodeId,
    },
    /// Somebody asks a leader to change who takes part.
    Reconfigure {
        /// The leader.
        server: NodeId,
        /// Who shall take part.
        members: Members,
    },
    /// The server stops and forgets all that was not durable.
    Crash(NodeId),
    /// The same in the middle of a write, of which only a part is kept.
    CrashTorn(NodeId),
    /// A crashed server starts again from what was durable.
    Restart(NodeId),
    /// A crashed server starts again with the disk that it had when the cluster began: what it
    /// kept is lost, which Raft does not survive.
    RestartEmpty(NodeId),
    /// A crashed server starts again with what was put aside: what it has kept since is lost,
    /// which Raft does not survive.
    RestartBackup(NodeId),
    /// The server freezes, and keeps all it knows.
    Pause(NodeId),
    /// A paused server goes on.
    Resume(NodeId),
    /// One of the server's timers fires now.
    Fire(NodeId, Timer),
    /// The server compacts its log up to its last applied entry.
    Snapshot(NodeId),
}

impl ServerAction {
    /// The server that it is about.
    pub(crate) const fn server(&self) -> NodeId {
        match self {
            Self::Propose { server, .. } | Self::Reconfigure { server, .. } => *server,
            Self::Transfer { from, .. } => *from,
            Self::Read(id)
            | Self::Crash(id)
            | Self::CrashTorn(id)
            | Self::Restart(id)
            | Self::RestartEmpty(id)
            | Self::RestartBackup(id)
            | Self::Pause(id)
            | Self::Resume(id)
            | Self::Fire(id, _)
            | Self::Snapshot(id) => *id,
        }
    }

    /// The commands that are offered.
    pub(super) fn proposed(&self) -> &[Command] {
        match self {
            Self::Propose { commands, .. } => commands.get(),
            Self::Reconfigure { .. }
            | Self::Transfer { .. }
            | Self::Read(_)
            | Self::Crash(_)
            | Self::CrashTorn(_)
            | Self::Restart(_)
            | Self::RestartEmpty(_)
            | Self::RestartBackup(_)
            | Self::Pause(_)
            | Self::Resume(_)
            | Self::Fire(..)
            | Self::Snapshot(_) => &[],
        }
    }

    pub(super) fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(match self {
            Self::Propose { server, commands } => Self::Propose {
                server: names.one(*server)?,
                commands: commands.clone(),
            },
            Self::Read(id) => Self::Read(names.one(*id)?),
            Self::Transfer { from, to } => Self::Transfer {
                from: names.one(*from)?,
                to: names.one(*to)?,
            },
            Self::Reconfigure { server, members } => Self::Reconfigure {
                server: names.one(*server)?,
                members: names.members(members)?,
            },
            Self::Crash(id) => Self::Crash(names.one(*id)?),
            Self::CrashTorn(id) => Self::CrashTorn(names.one(*id)?),
            Self::Restart(id) => Self::Restart(names.one(*id)?),
            Self::RestartEmpty(id) => Self::RestartEmpty(names.one(*id)?),
            Self::RestartBackup(id) => Self::RestartBackup(names.one(*id)?),
            Self::Pause(id) => Self::Pause(names.one(*id)?),
            Self::Resume(id) => Self::Resume(names.one(*id)?),
            Self::Fire(id, timer) => Self::Fire(names.one(*id)?, *timer),
            Self::Snapshot(id) => Self::Snapshot(names.one(*id)?),
        })
    }

    /// The server whose log is gone through to do this.
    #[must_use]
    pub const fn goes_through(&self) -> Option<NodeId> {
        match self {
            Self::Crash(id)
            | Self::CrashTorn(id)
            | Self::Restart(id)
            | Self::RestartEmpty(id)
            | Self::RestartBackup(id)
            | Self::Snapshot(id) => Some(*id),
            Self::Propose { .. }
            | Self::Read(_)
            | Self::Transfer { .. }
            | Self::Reconfigure { .. }
            | Self::Pause(_)
            | Self::Resume(_)
            | Self::Fire(..) => None,
        }
    }
}
