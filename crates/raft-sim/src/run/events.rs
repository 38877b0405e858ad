//! The events of a branch, as they are read: one by one, or in a row from either end.

use std::ops::Range;

use super::branch::Branch;
use super::history::{PIECE, place};
use crate::event::Event;
use crate::time::Micros;

/// The events of a branch, to be read.
#[derive(Debug, Clone, Copy)]
pub struct Events<'a>(pub(super) &'a Branch);

impl<'a> Events<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        place(self.0.history.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The event `number`.
    #[must_use]
    pub fn get(self, number: u64) -> Option<Event> {
        let mut piece = self.0.history.piece(self.0, number / PIECE)?;
        piece.nth(place(number % PIECE))
    }

    /// The last one.
    #[must_use]
    pub fn last(self) -> Option<Event> {
        self.get(self.0.history.len().checked_sub(1)?)
    }

    /// All of them, in their order.
    #[must_use]
    pub fn iter(self) -> EventIter<'a> {
        self.range(0..self.0.history.len())
    }

    /// Those with these numbers, as far as there are such.
    #[must_use]
    pub fn range(self, numbers: Range<u64>) -> EventIter<'a> {
        let len = self.0.history.len();
        EventIter {
            events: self,
            left: numbers.start.min(len)..numbers.end.min(len),
            front: Decoded::default(),
            back: Decoded::default(),
        }
    }

    /// How many happened at `at` or before.
    pub(super) fn count_until(self, at: Micros) -> u64 {
        let Some(number) = self.0.history.piece_at(at) else {
            return 0;
        };
        let piece = self.0.history.piece(self.0, number);
        let within = piece.into_iter().flatten().take_while(|e| e.at <= at);
        number * PIECE + within.count() as u64
    }
}

impl<'a> IntoIterator for Events<'a> {
    type Item = Event;
    type IntoIter = EventIter<'a>;

    fn into_iter(self) -> EventIter<'a> {
        self.iter()
    }
}

/// Events in their order, or from the last one backwards.
#[derive(Debug, Clone)]
pub struct EventIter<'a> {
    events: Events<'a>,
    left: Range<u64>,
    front: Decoded,
    back: Decoded,
}

/// The events of one piece that have not been given yet.
#[derive(Debug, Clone, Default)]
struct Decoded {
    number: Option<u64>,
    events: Vec<Option<Event>>,
}

impl Decoded {
    fn take(&mut self, from: Events<'_>, number: u64) -> Option<Event> {
        let piece = number / PIECE;
        if self.number != Some(piece) {
            self.number = Some(piece);
            self.events.clear();
            let events = from.0.history.piece(from.0, piece)?;
            self.events.extend(events.map(Some));
        }
        self.events.get_mut(place(number % PIECE))?.take()
    }
}

impl Iterator for EventIter<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<Event> {
        let number = self.left.nth(n)?;
        self.front.take(self.events, number)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = place(self.left.end.saturating_sub(self.left.start));
        (left, Some(left))
    }
}

impl DoubleEndedIterator for EventIter<'_> {
    fn next_back(&mut self) -> Option<Event> {
        let number = self.left.next_back()?;
        self.back.take(self.events, number)
    }
}

impl ExactSizeIterator for EventIter<'_> {}

#[cfg(test)]
mod tests {
    use raft_core::NodeId;

    use super::*;
    use crate::action::{Action, MessageAction, ServerAction};
    use crate::command::{Batch, Command};
    use crate::ids::MessageId;
    use crate::random::Stream;
    use crate::run::Run;
    use crate::setup::Setup;
    use crate::world::World;

    /// Three servers that are given commands, crash, start again and lose messages.
    fn troubled(seed: u64) -> Run {
        let mut run = Run::new(Setup {
            servers: 3,
            seed,
            ..Setup::default()
        });
        let mut draw = Stream::new(seed, "test", 0, 0);
        for round in 0..400 {
            let server = NodeId(1 + u16::try_from(draw.below(3)).expect("a server"));
            let message = run.world().network().flights().keys().next();
            let message = message.copied().unwrap_or(MessageId(0));
            let action = match draw.below(6) {
                0 => Action::Server(ServerAction::Crash(server)),
                1 => Action::Server(ServerAction::Restart(server)),
                2 => Action::Message(MessageAction::Drop(message)),
                3 => Action::Message(MessageAction::Duplicate(message)),
                _ => Action::Server(ServerAction::Propose {
                    server,
                    commands: Batch::new(vec![Command::new(format!("x{round}"))]).expect("one"),
                }),
            };
            // Some of it cannot be done, and then nothing is.
            let _ = run.act(&action);
            run.advance(Micros::from_millis(40)).expect("few events");
        }
        run
    }

    /// What a fresh world lives through is what a run says of it, read in any way, and also after
    /// the run has forgotten its end.
    #[test]
    fn events_are_read_as_they_happened() {
        for seed in 0..8 {
            let run = troubled(seed);
            let branch = &run.branches()[0];
            let mut world = World::new(run.setup());
            let mut lived = Vec::new();
            while world.event_count() < run.position() {
                let event = match branch.external_at(world.event_count()) {
                    Some(external) => {
                        world.pass_to(external.at);
                        world.act(&external.action).ok()
                    }
                    None => world.step(),
                };
                lived.extend(event);
            }
            let events = run.events();
            assert!(events.iter().eq(lived.iter().cloned()), "seed {seed}");
            assert!(events.iter().rev().eq(lived.iter().rev().cloned()));
            let middle = lived.len() / 2;
            assert_eq!(events.get(middle as u64).as_ref(), lived.get(middle));
            let at = lived[middle].at;
            let until = lived.partition_point(|event| event.at <= at) as u64;
            assert_eq!(events.count_until(at), until);
            let mut shorter = Branch::clone(branch);
            shorter.history.truncate(middle as u64 + 1);
            for event in &lived[middle + 1..] {
                let done = branch.external_at(event.number);
                let done = done.map(|external| &external.action);
                shorter.history.push(event.clone(), done);
            }
            assert!(Events(&shorter).iter().eq(lived), "seed {seed}");
        }
    }
}
