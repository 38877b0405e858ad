//! What is done to the machine that a server runs on: its disk, its clock and its processor.

use raft_core::NodeId;

use super::renaming::{Nameless, Renaming};
use crate::clock::Rate;
use crate::time::{Duration, MicrosRange};

/// Something that is done to a disk, a clock or a processor.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MachineAction {
    /// How long a write takes to become durable.
    Disk {
        /// `None` means every server.
        server: Option<NodeId>,
        /// What each delay is drawn from.
        range: MicrosRange,
    },
    /// Whether writes become durable one after the other, or each as soon as it can.
    DiskOrder {
        /// `None` means every server.
        server: Option<NodeId>,
        /// Whether one write waits for the other.
        in_order: bool,
    },
    /// Whether a disk keeps what it reports written, or a crash loses it.
    DiskSyncs {
        /// `None` means every server.
        server: Option<NodeId>,
        /// Whether it does.
        syncs: bool,
    },
    /// Whether a disk fails each write, at which the server stops.
    DiskFails {
        /// `None` means every server.
        server: Option<NodeId>,
        /// Whether it does.
        fails: bool,
    },
    /// The server's disk finishes no write any more.
    Stall(NodeId),
    /// The server's disk works again.
    Unstall(NodeId),
    /// What lies on the server's disk is copied and put aside.
    Backup(NodeId),
    /// How long each event takes at the server: a message that is taken in, a timer that runs out,
    /// a write that is done. Meanwhile all others wait.
    Cpu {
        /// The server.
        server: NodeId,
        /// How long; [`Duration::ZERO`] ends it.
        each: Duration,
    },
    /// How fast the server's clock runs.
    ClockRate {
        /// The server.
        server: NodeId,
        /// In thousandths of the right rate.
        permille: Rate,
    },
    /// The server's clock is set.
    ClockJump {
        /// The server.
        server: NodeId,
        /// To where, seen from what it shows.
        jump: Jump,
    },
}

/// A clock's being set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Jump {
    /// It shows a later time at once.
    Ahead(Duration),
    /// It shows an earlier time.
    Back(Duration),
}

impl MachineAction {
    pub(super) fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(match self {
            Self::Disk { server, range } => Self::Disk {
                server: names.one_or_all(*server)?,
                range: *range,
            },
            Self::DiskOrder { server, in_order } => Self::DiskOrder {
                server: names.one_or_all(*server)?,
                in_order: *in_order,
            },
            Self::DiskSyncs { server, syncs } => Self::DiskSyncs {
                server: names.one_or_all(*server)?,
                syncs: *syncs,
            },
            Self::DiskFails { server, fails } => Self::DiskFails {
                server: names.one_or_all(*server)?,
                fails: *fails,
            },
            Self::Stall(id) => Self::Stall(names.one(*id)?),
            Self::Unstall(id) => Self::Unstall(names.one(*id)?),
            Self::Backup(id) => Self::Backup(names.one(*id)?),
            Self::Cpu { server, each } => Self::Cpu {
                server: names.one(*server)?,
                each: *each,
            },
            Self::ClockRate { server, permille } => Self::ClockRate {
                server: names.one(*server)?,
                permille: *permille,
            },
            Self::ClockJump { server, jump } => Self::ClockJump {
                server: names.one(*server)?,
                jump: *jump,
            },
        })
    }

    /// The server whose log is gone through to do this.
    #[must_use]
    pub const fn goes_through(&self) -> Option<NodeId> {
        match self {
            Self::Backup(id) => Some(*id),
            Self::DiskSyncs { server, .. } => *server,
            Self::Disk { .. }
            | Self::DiskOrder { .. }
            | Self::DiskFails { .. }
            | Self::Stall(_)
            | Self::Unstall(_)
            | Self::Cpu { .. }
            | Self::ClockRate { .. }
            | Self::ClockJump { .. } => None,
        }
    }
}
