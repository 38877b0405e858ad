//! What is done to the links between servers.

use raft_core::NodeId;

use super::renaming::{Nameless, Renaming};
use super::servers::Groups;
use crate::bounded::Permille;
use crate::delay::Delay;
use crate::ids::{Between, Pair};
use crate::network::{Bandwidth, Model};
use crate::said::MessageKind;
use crate::time::MicrosRange;
use crate::which::Mishap;

/// Something that is done to links, or to how they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LinkAction {
    /// The server's network cable is pulled; it keeps running.
    Disconnect(NodeId),
    /// The cable is plugged in again.
    Connect(NodeId),
    /// No message passes here any more.
    Cut(Between),
    /// Messages pass here again; `None` heals and unclogs every link and connects every server.
    Heal(Option<Between>),
    /// Messages wait here.
    Clog(Between),
    /// Messages that wait here arrive, and no more wait; `None` means every link.
    Unclog(Option<Between>),
    /// Cuts every link between these groups and heals those inside each.
    Partition(Groups),
    /// How long messages sent from now on are under way.
    Latency {
        /// From the first to the second server; `None` means every link.
        link: Option<Pair>,
        /// What each delay is drawn from.
        delay: Delay,
    },
    /// How many of the messages sent from now on are lost.
    Loss {
        /// From the first to the second server; `None` means every link.
        link: Option<Pair>,
        /// Of a thousand messages.
        permille: Permille,
    },
    /// How many of the messages sent from now on arrive twice.
    Duplication {
        /// From the first to the second server; `None` means every link.
        link: Option<Pair>,
        /// Of a thousand messages.
        permille: Permille,
    },
    /// How many of the messages sent from now on take longer, so that others overtake them.
    Reordering {
        /// From the first to the second server; `None` means every link.
        link: Option<Pair>,
        /// Of a thousand messages.
        permille: Permille,
        /// What is added to their delay is drawn from this.
        by: MicrosRange,
    },
    /// What befalls the messages of one kind that are sent from now on, besides what befalls all.
    OfKind {
        /// Of which kind.
        kind: MessageKind,
        /// From the first to the second server; `None` means every link.
        link: Option<Pair>,
        /// What befalls them.
        mishap: Mishap,
    },
    /// How much passes at once of the messages sent from now on.
    Bandwidth {
        /// From the first to the second server; `None` means every link.
        link: Option<Pair>,
        /// How many bytes a second; `None` means as many as are sent.
        bytes_per_second: Option<Bandwidth>,
    },
    /// What decides over delays and losses from now on.
    Network(Model),
}

impl LinkAction {
    pub(super) fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(match self {
            Self::Disconnect(id) => Self::Disconnect(names.one(*id)?),
            Self::Connect(id) => Self::Connect(names.one(*id)?),
            Self::Cut(between) => Self::Cut(names.between(*between)?),
            Self::Heal(Some(between)) => Self::Heal(Some(names.between(*between)?)),
            Self::Heal(None) => Self::Heal(None),
            Self::Clog(between) => Self::Clog(names.between(*between)?),
            Self::Unclog(Some(between)) => Self::Unclog(Some(names.between(*between)?)),
            Self::Unclog(None) => Self::Unclog(None),
            Self::Partition(groups) => {
                let groups = groups.get().iter().map(|group| names.some(group));
                let groups = Groups::new(groups.collect::<Result<_, _>>()?);
                Self::Partition(groups.ok_or(Nameless)?)
            }
            Self::Latency { link, delay } => Self::Latency {
                link: names.link(*link)?,
                delay: *delay,
            },
            Self::Loss { link, permille } => Self::Loss {
                link: names.link(*link)?,
                permille: *permille,
            },
            Self::Duplication { link, permille } => Self::Duplication {
                link: names.link(*link)?,
                permille: *permille,
            },
            Self::Reordering { link, permille, by } => Self::Reordering {
                link: names.link(*link)?,
                permille: *permille,
                by: *by,
            },
            Self::OfKind { kind, link, mishap } => Self::OfKind {
                kind: *kind,
                link: names.link(*link)?,
                mishap: *mishap,
            },
            Self::Bandwidth {
                link,
                bytes_per_second,
            } => Self::Bandwidth {
                link: names.link(*link)?,
                bytes_per_second: *bytes_per_second,
            },
            Self::Network(model) => Self::Network(*model),
        })
    }

    /// The server that is joined to the others or parted from them, if it is a single one.
    pub(crate) const fn server(&self) -> Option<NodeId> {
        match self {
            Self::Disconnect(id) | Self::Connect(id) => Some(*id),
            Self::Cut(_)
            | Self::Heal(_)
            | Self::Clog(_)
            | Self::Unclog(_)
            | Self::Partition(_)
            | Self::Latency { .. }
            | Self::Loss { .. }
            | Self::Duplication { .. }
            | Self::Reordering { .. }
            | Self::OfKind { .. }
            | Self::Bandwidth { .. }
            | Self::Network(_) => None,
        }
    }
}
