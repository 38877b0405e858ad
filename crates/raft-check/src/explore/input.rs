//! What a server can be given, by number, and how much of the bounds that uses up.

use super::bounds::Bounds;
use super::permutation::{Permutation, SERVERS_MAX};
use raft_core::NodeId;

/// The number of what a server is given: one of the below, or that of a message behind them.
pub(super) type InputId = u32;

pub(super) const ELECTION: InputId = 0;
pub(super) const HEARTBEAT: InputId = 1;
/// A leader gives up handing its leadership over.
pub(super) const GIVE_UP: InputId = 2;
pub(super) const SNAPSHOT: InputId = 3;
pub(super) const READ: InputId = 4;
pub(super) const CRASH: InputId = 5;
pub(super) const RESTART: InputId = 6;
/// The first command, and all after it.
pub(super) const COMMANDS: InputId = 7;
/// To hand leadership over to the first server, and to all after it.
pub(super) const TRANSFERS: InputId = COMMANDS + Bounds::MOST as InputId;
/// A change to each configuration that there can be.
pub(super) const CHANGES: InputId = TRANSFERS + Bounds::SERVERS_MAX as InputId;
pub(super) const MESSAGES: InputId = CHANGES + (1 << (2 * SERVERS_MAX));

/// Something of which no more happens than a bound allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounded {
    Commands,
    Crashes,
    Copies,
    Snapshots,
    Reads,
    Transfers,
    Changes,
}

impl Bounded {
    pub(super) const ALL: [Self; 7] = [
        Self::Commands,
        Self::Crashes,
        Self::Copies,
        Self::Snapshots,
        Self::Reads,
        Self::Transfers,
        Self::Changes,
    ];
}

/// How much of the bounds is used up: four bits for each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent(pub(super) u32);

impl Spent {
    const BITS: u32 = 4;

    pub(super) const fn of(self, what: Bounded) -> u8 {
        let [low, ..] = (self.0 >> (Self::BITS * what as u32)).to_le_bytes();
        low & Bounds::MOST
    }

    const fn and(self, what: Bounded) -> Self {
        Self(self.0 + (1 << (Self::BITS * what as u32)))
    }

    /// What is used up once a server was given this, and it `stays` if it is a message.
    pub(super) const fn after(self, input: InputId, stays: bool) -> Self {
        match input {
            ELECTION | HEARTBEAT | GIVE_UP | RESTART => self,
            SNAPSHOT => self.and(Bounded::Snapshots),
            READ => self.and(Bounded::Reads),
            CRASH => self.and(Bounded::Crashes),
            COMMANDS..TRANSFERS => self.and(Bounded::Commands),
            TRANSFERS..CHANGES => self.and(Bounded::Transfers),
            CHANGES..MESSAGES => self.and(Bounded::Changes),
            MESSAGES.. if stays => self.and(Bounded::Copies),
            MESSAGES.. => self,
        }
    }
}

/// A configuration as bits: first who votes, then who only learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bits {
    voters: u32,
    learners: u32,
}

impl Bits {
    const fn of(input: InputId) -> Self {
        let bits = input - CHANGES;
        let all = (1 << SERVERS_MAX) - 1;
        Self {
            voters: bits & all,
            learners: bits >> SERVERS_MAX,
        }
    }

    const fn input(self) -> InputId {
        CHANGES + (self.voters | self.learners << SERVERS_MAX)
    }
}

/// A change to each configuration of so many servers, some of which only learn.
pub(super) fn changes(servers: u8) -> Vec<InputId> {
    let all = 0..1 << servers;
    let pairs = all.clone().flat_map(|voters| {
        let learners = all.clone();
        learners.map(move |learners| Bits { voters, learners })
    });
    let can_be = |bits: &Bits| bits.voters != 0 && bits.voters & bits.learners == 0;
    pairs.filter(can_be).map(Bits::input).collect()
}

/// Whom a change makes vote, and whom it makes learn.
pub(super) fn members(input: InputId) -> [Vec<NodeId>; 2] {
    let bits = Bits::of(input);
    let named = |bits: u32| {
        let places = (0..SERVERS_MAX).filter(move |place| bits >> place & 1 == 1);
        places.map(id_at).collect()
    };
    [named(bits.voters), named(bits.learners)]
}

/// The same under other numbers of the servers; not for messages.
pub(super) fn renumbered(input: InputId, to: Permutation) -> InputId {
    match input {
        TRANSFERS..CHANGES => TRANSFERS + at(to.place(place(input - TRANSFERS))),
        CHANGES..MESSAGES => {
            let moved = |bits: u32| {
                let places = (0..SERVERS_MAX).filter(move |place| bits >> place & 1 == 1);
                places.fold(0, |moved, place| moved | 1 << to.place(place))
            };
            let bits = Bits::of(input);
            let (voters, learners) = (moved(bits.voters), moved(bits.learners));
            Bits { voters, learners }.input()
        }
        _ => input,
    }
}

/// The server that a leader hands its leadership over to.
pub(super) fn successor(input: InputId) -> NodeId {
    id_at(place(input - TRANSFERS))
}

fn id_at(place: usize) -> NodeId {
    NodeId(u16::try_from(place + 1).unwrap_or(u16::MAX))
}

const fn place(number: u32) -> usize {
    number as usize
}

fn at(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_configuration_is_there_once_and_renumbered_to_another() {
        for (servers, count) in [(1, 1), (2, 5), (3, 19), (5, 211)] {
            let all = changes(servers);
            let mut sorted = all.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), count);
            for to in Permutation::all(usize::from(servers), usize::from(servers)) {
                let mut moved: Vec<InputId> =
                    all.iter().map(|input| renumbered(*input, to)).collect();
                moved.sort_unstable();
                assert_eq!(moved, sorted);
            }
        }
        let bits = Bits {
            voters: 0b101,
            learners: 0b010,
        };
        let [voters, learners] = members(bits.input());
        assert_eq!(voters, [NodeId(1), NodeId(3)]);
        assert_eq!(learners, [NodeId(2)]);
    }

    #[test]
    fn bounds_are_used_up_one_by_one() {
        let mut spent = Spent(0);
        for count in 1..=Bounds::MOST {
            spent = spent.after(READ, false).after(CHANGES, false);
            assert_eq!(spent.of(Bounded::Reads), count);
            assert_eq!(spent.of(Bounded::Changes), count);
            assert_eq!(spent.of(Bounded::Transfers), 0);
        }
        assert_eq!(spent.after(MESSAGES, true).of(Bounded::Copies), 1);
        assert_eq!(spent.after(MESSAGES, false), spent);
    }
}
