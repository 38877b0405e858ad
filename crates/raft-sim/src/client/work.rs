//! A client that makes up its own operations, for runs that are to have much to check.

use super::{Client, Key, Operation, ReadBy};
use crate::bounded::Bounded;
use crate::command::Command;
use crate::time::{Micros, MicrosRange};

/// The most keys that such a client uses.
pub const WORK_KEYS_MAX: u8 = 100;

/// How many keys such a client uses.
pub type Keys = Bounded<u8, 1, { WORK_KEYS_MAX as u64 }>;

/// The shortest time that it waits after an answer: one that waited for less would leave no time
/// for anything else to happen.
pub const WORK_PAUSE_MIN: Micros = Micros::from_millis(1);

/// How long it waits after an answer: [`WORK_PAUSE_MIN`] or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pauses(MicrosRange);

impl Pauses {
    /// Pauses of this range; nothing if it has some that are too short.
    #[must_use]
    pub fn new(range: MicrosRange) -> Option<Self> {
        (range.min() >= WORK_PAUSE_MIN).then_some(Self(range))
    }

    /// The range that each is drawn from.
    #[must_use]
    pub const fn get(self) -> MicrosRange {
        self.0
    }
}

/// What such a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Work {
    /// How many keys it uses: `k1`, `k2` and so on.
    pub keys: Keys,
    /// How long it waits after an answer.
    pub every: Pauses,
    /// Whether all that it does is read.
    pub reads_only: bool,
    /// How it reads.
    pub by: ReadBy,
    /// When it begins the next operation.
    pub(crate) next_at: Micros,
}

impl Client {
    /// Draws the next operation of a client that works: two in five put, two append, one reads,
    /// unless it only reads. No two writes of a run write the same, so that a read tells which of
    /// them it has seen.
    pub(crate) fn draw_operation(&mut self) -> Option<Operation> {
        let work = self.work?;
        let key = self.draw.below(u64::from(work.keys.get())) + 1;
        let key = Key::new(&format!("k{key}"))?;
        if work.reads_only {
            return Some(Operation::Get { key, by: work.by });
        }
        let letter = char::from(b'a' + self.id.0.saturating_sub(1) % 26);
        let value = Command::new(format!("{letter}{}", self.begun + 1));
        Some(match self.draw.below(5) {
            0 | 1 => Operation::Put { key, value },
            2 | 3 => Operation::Append { key, value },
            _ => Operation::Get { key, by: work.by },
        })
    }
}
