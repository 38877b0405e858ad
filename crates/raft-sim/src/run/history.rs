//! The events of a branch, kept small.
//!
//! A run has up to a million events, and branches share what they have in common. So events lie
//! in pieces, which are shared, and in them as bytes: mostly differences to the event before,
//! each in as few bytes as it needs. What happens rarely is kept as it is.

use std::rc::Rc;

use raft_core::{AppendOutcome, Index, NodeId, Rule, Term, Timer};

use super::branch::Branch;
use crate::action::{Action, Steps, TimeAction};
use crate::event::{Event, EventKind};
use crate::ids::MessageId;
use crate::letter::{Letter, Rpc};
use crate::outcome::LossReason;
use crate::said::Said;
use crate::time::Micros;

/// How many events are in a piece: to read one, all before it in its piece are read.
pub(super) const PIECE: u64 = 64;

/// The events of one branch.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    pieces: Vec<Rc<Piece>>,
    len: u64,
}

/// Some events in a row.
#[derive(Debug, Clone)]
struct Piece {
    codes: Vec<u8>,
    /// Those that are kept as they are, in their order.
    whole: Vec<Event>,
    first: Before,
    last: Before,
}

/// What the next event is told apart from.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    at: Micros,
    message: u64,
}

/// How an event is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is, in [`Piece::whole`].
    Whole,
    /// It is an Action that the branch knows from elsewhere.
    Acted,
    Timer(Timer),
    Written,
    Delivered(Carried),
    Lost(Carried, LossReason),
}

/// What nearly every message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carried {
    Append,
    Success,
}

/// Every form; its place is what is written.
const FORMS: [Form; 18] = [
    Form::Whole,
    Form::Acted,
    Form::Timer(Timer::Election),
    Form::Timer(Timer::Retry),
    Form::Timer(Timer::Heartbeat),
    Form::Timer(Timer::Quorum),
    Form::Timer(Timer::Transfer),
    Form::Written,
    Form::Delivered(Carried::Append),
    Form::Delivered(Carried::Success),
    Form::Lost(Carried::Append, LossReason::Cut),
    Form::Lost(Carried::Append, LossReason::Chance),
    Form::Lost(Carried::Append, LossReason::Crashed),
    Form::Lost(Carried::Append, LossReason::Dropped),
    Form::Lost(Carried::Success, LossReason::Cut),
    Form::Lost(Carried::Success, LossReason::Chance),
    Form::Lost(Carried::Success, LossReason::Crashed),
    Form::Lost(Carried::Success, LossReason::Dropped),
];

impl History {
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Adds the event that comes next; `done` is what was last done from outside.
    pub(super) fn push(&mut self, event: Event, done: Option<&Action>) {
        if self.len.is_multiple_of(PIECE) {
            let before = self.pieces.last().map(|piece| piece.last);
            let first = Before {
                at: event.at,
                ..before.unwrap_or_default()
            };
            self.pieces.push(Rc::new(Piece {
                codes: Vec::new(),
                whole: Vec::new(),
                first,
                last: first,
            }));
        }
        self.len += 1;
        let is_full = self.len.is_multiple_of(PIECE);
        if let Some(piece) = self.pieces.last_mut() {
            let piece = Rc::make_mut(piece);
            piece.push(event, done);
            if is_full {
                piece.codes.shrink_to_fit();
                piece.whole.shrink_to_fit();
            }
        }
    }

    /// Forgets all events but the first `len`.
    pub(super) fn truncate(&mut self, len: u64) {
        if len >= self.len {
            return;
        }
        self.len = len;
        self.pieces.truncate(place(len.div_ceil(PIECE)));
        let kept = len % PIECE;
        if kept > 0
            && let Some(piece) = self.pieces.last_mut()
        {
            Rc::make_mut(piece).truncate(kept);
        }
    }

    /// How many events this history of `mine` and another's have in common at their beginning. A
    /// piece that the two share needs not be read.
    pub(super) fn same_as(&self, other: &Self, mine: &Branch, theirs: &Branch) -> u64 {
        let pieces = self.pieces.iter().zip(&other.pieces);
        let shared = pieces
            .take_while(|(one, other)| Rc::ptr_eq(one, other))
            .count() as u64;
        let shortest = self.len.min(other.len);
        let from = (shared * PIECE).min(shortest);
        let events = |branch| super::Events(branch).range(from..shortest);
        let same = events(mine).zip(events(theirs));
        from + same.take_while(|(one, other)| one == other).count() as u64
    }

    /// The number of the last piece that has begun at `at`.
    pub(super) fn piece_at(&self, at: Micros) -> Option<u64> {
        let begun = self.pieces.partition_point(|piece| piece.first.at <= at);
        begun.checked_sub(1).map(|number| number as u64)
    }

    /// The events of the piece `number`; `branch` knows what was done.
    pub(super) fn piece<'a>(&'a self, branch: &'a Branch, number: u64) -> Option<Reader<'a>> {
        let piece = self.pieces.get(place(number))?;
        Some(Reader {
            codes: &piece.codes,
            whole: &piece.whole,
            before: piece.first,
            number: number * PIECE,
            branch: Some(branch),
        })
    }
}

impl Piece {
    fn push(&mut self, event: Event, done: Option<&Action>) {
        let form = form_of(&event, done);
        let number = FORMS.iter().position(|known| *known == form).unwrap_or(0);
        self.codes.push(u8::try_from(number).unwrap_or(0));
        let at = event.at;
        self.number(at.saturating_sub(self.last.at).0);
        self.last.at = at;
        if number == 0 {
            return self.whole.push(event);
        }
        self.number(event.server.map_or(0, |id| u64::from(id.0)));
        self.number(event.cause.map_or(0, |cause| event.number - cause));
        self.number(event.rules.len() as u64);
        let rules = event.rules.iter().map(|rule| *rule as u8);
        self.codes.extend(rules);
        if let EventKind::Delivered(id, letter) | EventKind::Lost(id, letter, _) = &event.kind
            && let Letter::Rpc(rpc) = letter
        {
            self.rpc(*id, rpc);
        }
    }

    fn rpc(&mut self, id: MessageId, rpc: &Rpc<Said>) {
        self.difference(id.0, self.last.message);
        self.last.message = id.0;
        self.number(u64::from(rpc.from.0));
        self.number(u64::from(rpc.to.0));
        match rpc.said {
            Said::AppendEntries {
                term,
                prev_log_index,
                prev_log_term,
                entries,
                leader_commit,
            } => {
                self.number(term.0);
                self.number(prev_log_index.0);
                self.difference(prev_log_term.0, term.0);
                self.number(entries);
                self.difference(leader_commit.0, prev_log_index.0);
            }
            Said::AppendEntriesReply {
                term, last_index, ..
            } => {
                self.number(term.0);
                self.number(last_index.0);
            }
            _ => {}
        }
    }

    /// Writes seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        loop {
            let low = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return self.codes.push(low);
            }
            self.codes.push(low | 0x80);
        }
    }

    /// Writes how far `number` is from `other`, short in either direction.
    fn difference(&mut self, number: u64, other: u64) {
        let distance = number.wrapping_sub(other).cast_signed();
        self.number(((distance << 1) ^ (distance >> 63)).cast_unsigned());
    }

    fn truncate(&mut self, kept: u64) {
        let mut reader = Reader {
            codes: &self.codes,
            whole: &self.whole,
            before: self.first,
            number: 0,
            branch: None,
        };
        for _ in 0..kept {
            let _ = reader.next();
        }
        let (codes, whole, last) = (reader.codes.len(), reader.whole.len(), reader.before);
        self.codes.truncate(self.codes.len() - codes);
        self.whole.truncate(self.whole.len() - whole);
        self.last = last;
    }
}

fn form_of(event: &Event, done: Option<&Action>) -> Form {
    let carried = |letter: &Letter<Said>| match letter.rpc()?.said {
        Said::AppendEntries { .. } => Some(Carried::Append),
        Said::AppendEntriesReply {
            outcome: AppendOutcome::Success,
            ..
        } => Some(Carried::Success),
        _ => None,
    };
    let form = match &event.kind {
        EventKind::Acted(action) => (done == Some(action)).then_some(Form::Acted),
        EventKind::Timer(timer) => Some(Form::Timer(*timer)),
        EventKind::Written => Some(Form::Written),
        EventKind::Delivered(_, letter) => carried(letter).map(Form::Delivered),
        EventKind::Lost(_, letter, reason) => carried(letter).map(|said| Form::Lost(said, *reason)),
        _ => None,
    };
    form.unwrap_or(Form::Whole)
}

/// Reads events one after the other.
pub(super) struct Reader<'a> {
    codes: &'a [u8],
    whole: &'a [Event],
    before: Before,
    number: u64,
    branch: Option<&'a Branch>,
}

impl Reader<'_> {
    /// Reads what every event begins with.
    fn head(&mut self) -> Option<Form> {
        let form = FORMS.get(usize::from(self.byte()?)).copied();
        let passed = Micros(self.number());
        self.before.at = self.before.at.saturating_add(passed);
        form
    }

    fn body(&mut self, form: Form) -> Option<Event> {
        let number = self.number;
        let id = |number: u64| NodeId(u16::try_from(number).unwrap_or(0));
        let server = Some(self.number()).filter(|id| *id > 0).map(id);
        let cause = Some(self.number()).filter(|back| *back > 0);
        let cause = cause.map(|back| number.saturating_sub(back));
        let rules = (0..self.number())
            .filter_map(|_| Rule::ALL.get(usize::from(self.byte()?)).copied())
            .collect();
        let kind = match form {
            Form::Whole => return None,
            Form::Acted => {
                let done = self.branch.and_then(|branch| branch.external_at(number));
                EventKind::Acted(
                    done.map_or(Action::Time(TimeAction::Step(Steps::MIN)), |done| {
                        done.action.clone()
                    }),
                )
            }
            Form::Timer(timer) => EventKind::Timer(timer),
            Form::Written => EventKind::Written,
            Form::Delivered(carried) => {
                let (id, letter) = self.rpc(carried);
                EventKind::Delivered(id, letter)
            }
            Form::Lost(carried, reason) => {
                let (id, letter) = self.rpc(carried);
                EventKind::Lost(id, letter, reason)
            }
        };
        Some(Event {
            number,
            at: self.before.at,
            server,
            cause,
            kind,
            rules,
        })
    }

    fn rpc(&mut self, carried: Carried) -> (MessageId, Letter<Said>) {
        self.before.message = self.difference(self.before.message);
        let mut id = || NodeId(u16::try_from(self.number()).unwrap_or(0));
        let (from, to) = (id(), id());
        let term = self.number();
        let index = self.number();
        let said = match carried {
            Carried::Append => Said::AppendEntries {
                term: Term(term),
                prev_log_index: Index(index),
                prev_log_term: Term(self.difference(term)),
                entries: self.number(),
                leader_commit: Index(self.difference(index)),
            },
            Carried::Success => Said::AppendEntriesReply {
                term: Term(term),
                last_index: Index(index),
                outcome: AppendOutcome::Success,
            },
        };
        let letter = Letter::Rpc(Rpc { from, to, said });
        (MessageId(self.before.message), letter)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.codes.split_first()?;
        self.codes = rest;
        Some(*first)
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        let mut shift = 0;
        while let Some(byte) = self.byte() {
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift > 63 {
                break;
            }
        }
        number
    }

    fn difference(&mut self, other: u64) -> u64 {
        let code = self.number();
        let distance = (code >> 1).cast_signed() ^ -((code & 1).cast_signed());
        other.wrapping_add_signed(distance)
    }
}

impl Iterator for Reader<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let event = match self.head()? {
            Form::Whole => {
                let (first, rest) = self.whole.split_first()?;
                self.whole = rest;
                Some(first.clone())
            }
            form => self.body(form),
        };
        self.number += 1;
        event
    }
}

pub(super) fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
