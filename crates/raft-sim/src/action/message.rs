//! What is done to messages, one by one.

use super::renaming::{Nameless, Renaming};
use crate::ids::MessageId;
use crate::time::Duration;
use crate::which::{Handling, Which};

/// Something that is done to a message: of a server or of a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MessageAction {
    /// A message in flight is lost.
    Drop(MessageId),
    /// A message in flight will arrive twice.
    Duplicate(MessageId),
    /// A message in flight arrives now.
    Deliver(MessageId),
    /// A message in flight arrives later than it would have.
    Delay {
        /// The message.
        message: MessageId,
        /// How much later.
        by: Duration,
    },
    /// This is done to the next of such messages, as soon as it is sent.
    Next {
        /// Of which.
        which: Which,
        /// What is done.
        handling: Handling,
    },
}

impl Handling {
    /// This, done to one message that is under way.
    #[must_use]
    pub const fn of(self, message: MessageId) -> MessageAction {
        match self {
            Self::Drop => MessageAction::Drop(message),
            Self::Duplicate => MessageAction::Duplicate(message),
            Self::Deliver => MessageAction::Deliver(message),
            Self::Delay(by) => MessageAction::Delay { message, by },
        }
    }
}

impl MessageAction {
    pub(super) fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(match self {
            Self::Drop(_) | Self::Duplicate(_) | Self::Deliver(_) | Self::Delay { .. } => {
                self.clone()
            }
            Self::Next { which, handling } => Self::Next {
                which: match which {
                    Which::Between(between) => {
                        Which::Between(between.with_link(names.link(between.link())?))
                    }
                    Which::Request(_) | Which::Answer(_) => *which,
                },
                handling: *handling,
            },
        })
    }

    /// The message that is meant by its number, if one is.
    #[must_use]
    pub const fn message(&self) -> Option<MessageId> {
        match self {
            Self::Drop(id) | Self::Duplicate(id) | Self::Deliver(id) => Some(*id),
            Self::Delay { message, .. } => Some(*message),
            Self::Next { .. } => None,
        }
    }

    /// The same, done to another message.
    #[must_use]
    pub const fn done_to(&self, message: MessageId) -> Option<Self> {
        match self {
            Self::Drop(_) => Some(Self::Drop(message)),
            Self::Duplicate(_) => Some(Self::Duplicate(message)),
            Self::Deliver(_) => Some(Self::Deliver(message)),
            Self::Delay { by, .. } => Some(Self::Delay { message, by: *by }),
            Self::Next { .. } => None,
        }
    }
}
