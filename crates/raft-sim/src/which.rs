//! Messages meant by what they say and where they go: their numbers change with every edit of a
//! playbook, and these do not.

use std::fmt;

use crate::bounded::Permille;
use crate::client::ClientId;
use crate::client::calls::Says;
use crate::ids::Pair;
use crate::letter::Letter;
use crate::said::{MessageKind, Said};
use crate::time::{Duration, Micros, MicrosRange};

/// Which messages are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// What servers say to each other.
    Between(KindOrLink),
    /// What a client asks; `None` means every client.
    Request(Option<ClientId>),
    /// What a client is answered; `None` means every client.
    Answer(Option<ClientId>),
}

/// Messages between servers: those of a kind, those on a link, or those of a kind on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KindOrLink {
    kind: Option<MessageKind>,
    link: Option<Pair>,
}

/// What is done to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Handling {
    /// It is lost.
    Drop,
    /// It arrives twice.
    Duplicate,
    /// It arrives at once.
    Deliver,
    /// It arrives so much later.
    Delay(Duration),
}

/// What befalls a share of the messages of one kind, in thousandths of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mishap {
    /// So many are lost.
    Loss(Permille),
    /// So many arrive twice.
    Duplication(Permille),
    /// So many take longer, by what is drawn from the range.
    Reordering(Permille, MicrosRange),
}

impl KindOrLink {
    /// Those of this kind, on the link from the first to the second server or on any.
    #[must_use]
    pub const fn of_kind(kind: MessageKind, link: Option<Pair>) -> Self {
        let kind = Some(kind);
        Self { kind, link }
    }

    /// Those of any kind on this link.
    #[must_use]
    pub const fn on_link(link: Pair) -> Self {
        let (kind, link) = (None, Some(link));
        Self { kind, link }
    }

    /// The link, if they are on one.
    #[must_use]
    pub const fn link(&self) -> Option<Pair> {
        self.link
    }

    /// The same, on another link, where they are on one.
    #[must_use]
    pub const fn with_link(self, link: Option<Pair>) -> Self {
        match (self.link, link) {
            (Some(_), Some(_)) => Self { link, ..self },
            _ => self,
        }
    }
}

impl Which {
    /// Whether this letter is meant.
    #[must_use]
    pub fn is_letter(&self, letter: &Letter<Said>) -> bool {
        match (self, letter) {
            (Self::Between(KindOrLink { kind, link }), Letter::Rpc(rpc)) => {
                let found = MessageKind::of(&rpc.said);
                kind.is_none_or(|kind| kind == found)
                    && link.is_none_or(|link| link.ends() == (rpc.from, rpc.to))
            }
            (Self::Request(client), Letter::Call(call)) => {
                matches!(call.says, Says::Request(_)) && client.is_none_or(|id| id == call.client)
            }
            (Self::Answer(client), Letter::Call(call)) => {
                matches!(call.says, Says::Answer(_)) && client.is_none_or(|id| id == call.client)
            }
            (Self::Between(_), Letter::Call(_))
            | (Self::Request(_) | Self::Answer(_), Letter::Rpc(_)) => false,
        }
    }
}

impl Mishap {
    /// The same, of no message any more.
    #[must_use]
    pub const fn none(self) -> Self {
        match self {
            Self::Loss(_) => Self::Loss(Permille::MIN),
            Self::Duplication(_) => Self::Duplication(Permille::MIN),
            Self::Reordering(..) => {
                Self::Reordering(Permille::MIN, MicrosRange::fixed(Micros::ZERO))
            }
        }
    }

    /// Of a thousand messages, how many.
    #[must_use]
    pub const fn permille(self) -> Permille {
        match self {
            Self::Loss(permille) | Self::Duplication(permille) | Self::Reordering(permille, _) => {
                permille
            }
        }
    }
}

/// Prints as it stands in a line: `AppendEntries reply S3 -> S1`, `answer C1`.
impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = |f: &mut fmt::Formatter<'_>, client: Option<ClientId>| match client {
            Some(client) => write!(f, " {client}"),
            None => Ok(()),
        };
        match self {
            Self::Between(KindOrLink { kind, link }) => {
                let space = if kind.is_some() && link.is_some() {
                    " "
                } else {
                    ""
                };
                f.write_str(kind.map_or("", MessageKind::name))?;
                match link.map(Pair::ends) {
                    Some((from, to)) => write!(f, "{space}{from} -> {to}"),
                    None => Ok(()),
                }
            }
            Self::Request(one) => {
                f.write_str("request")?;
                client(f, *one)
            }
            Self::Answer(one) => {
                f.write_str("answer")?;
                client(f, *one)
            }
        }
    }
}
