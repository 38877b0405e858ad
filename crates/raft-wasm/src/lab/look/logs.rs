//! What is drawn over and beside the entries of the logs: their terms from end to end, the indices
//! that messages name, and what was ever committed.

use std::collections::BTreeMap;

use raft_core::{AppendOutcome, Entry, Index, Payload, SharedVec, Term};
use raft_play::words;
use raft_sim::checker::EverCommitted;
use raft_sim::client::store::session_of;
use raft_sim::command::{Command, entry_text};
use raft_sim::invariant::Breach;
use raft_sim::letter::{Letter, Rpc};
use raft_sim::run::EventIter;
use raft_sim::said::Said;
use raft_sim::{Event, EventKind, Run};

use super::Window;
use super::servers::counted;
use crate::view::{BracketView, CommittedView, TermRunView};

/// A log is told of in no more runs than this, since nobody could see them: of a longer one the
/// shortest are left out.
const RUNS_MAX: usize = 512;

/// The terms of a log whose first entry stands after `base`. A log of a million entries is not read
/// through for it, but a step at a time: terms do not fall, so that the end of a run can be searched
/// for by halves within a step. Where somebody has written one in which they do fall, no run is
/// overlooked that is as long as a step.
pub(super) fn term_runs(base: Index, entries: &SharedVec<Entry<Command>>) -> Vec<TermRunView> {
    let term_at = |place: usize| entries.get(place).map(|entry| entry.term);
    let step = entries.len() / RUNS_MAX + 1;
    let mut runs: Vec<TermRunView> = Vec::new();
    let mut place = 0;
    while let Some(term) = term_at(place) {
        if runs.last().is_none_or(|last| last.term != term.0) {
            runs.push(TermRunView {
                first: base.plus(place + 1).0,
                term: term.0,
            });
        }
        let end = end_of_run(place, step, |other| term_at(other) == Some(term));
        place = end.max(place + step);
    }
    runs
}

/// One past the last place from `from` on that is like it, as far as looking once a step and halving
/// the last of them tell.
fn end_of_run(from: usize, step: usize, is_like: impl Fn(usize) -> bool) -> usize {
    let mut like = from;
    while is_like(like + step) {
        like += step;
    }
    let mut other = like + step;
    while other - like > 1 {
        let middle = usize::midpoint(like, other);
        if is_like(middle) {
            like = middle;
        } else {
            other = middle;
        }
    }
    other
}

/// The indices that messages name: of each server and each field the one that was just decided,
/// else the one that arrives next.
pub(super) fn brackets(run: &Run, last: Option<&Event>) -> Vec<BracketView> {
    let mut found = BTreeMap::new();
    if let Some(EventKind::Delivered(_, Letter::Rpc(rpc))) = last.map(|event| &event.kind)
        && let Some(bracket) = bracket(rpc, None)
    {
        found.insert((bracket.server, bracket.field), bracket);
    }
    let flights = run.world().network().flights();
    let mut travelling: Vec<_> = flights
        .iter()
        .filter_map(|(id, flight)| match flight.letter.told() {
            Letter::Rpc(rpc) => Some((flight.due_at, bracket(&rpc, Some(id.0))?)),
            Letter::Call(_) => None,
        })
        .collect();
    travelling.sort_by_key(|(due_at, bracket)| (*due_at, bracket.message));
    for (_, bracket) in travelling {
        let key = (bracket.server, bracket.field);
        found.entry(key).or_insert(bracket);
    }
    found.into_values().collect()
}

/// What is asked of a log, and what is answered of it, stands in the log of the one who is asked.
fn bracket(rpc: &Rpc<Said>, message: Option<u64>) -> Option<BracketView> {
    let (server, field, index, term) = match rpc.said {
        Said::AppendEntries {
            prev_log_index,
            prev_log_term,
            ..
        } => (rpc.to, "prevLogIndex", prev_log_index, Some(prev_log_term)),
        Said::AppendEntriesReply { outcome, .. } => match outcome {
            AppendOutcome::Conflict {
                x_term, x_index, ..
            } => (rpc.from, "XIndex", x_index, Some(x_term)),
            AppendOutcome::TooShort { x_len } => (rpc.from, "XLen", x_len, None),
            AppendOutcome::Success | AppendOutcome::Writing | AppendOutcome::StaleTerm => {
                return None;
            }
        },
        _ => return None,
    };
    Some(BracketView {
        server: server.0,
        field,
        index: index.0,
        term: term.map(|Term(term)| term),
        message,
    })
}

/// What was ever committed at the indices in sight, in their order; and the last of all.
pub(super) fn committed(run: &Run, window: Window) -> (Vec<CommittedView>, Option<CommittedView>) {
    let checker = run.world().checker();
    let mut instants = Instants::new(run);
    let mut view = |ever: EverCommitted<'_>| CommittedView {
        index: ever.index.0,
        term: ever.term.0,
        text: words::bare_payload(ever.payload),
        short: short(ever.payload),
        by: ever.first.by.0,
        by_term: ever.first.term.0,
        event: ever.first.event,
        at: instants.of(ever.first.event),
        against: None,
    };
    let end = window.first.saturating_add(window.count);
    let seen = checker.committed_from(Index(window.first));
    let mut seen: Vec<_> = seen
        .take_while(|ever| ever.index.0 < end)
        .map(&mut view)
        .collect();
    let last = checker.last_committed().map(view);
    for found in checker.violations() {
        let Breach::CommitsDiffer { now, .. } = &found.breach else {
            continue;
        };
        let mut entries = seen.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.index == found.index.0) {
            entry.against.get_or_insert_with(|| entry_text(now));
        }
    }
    (seen, last)
}

/// What an entry holds where it is too long for a cell.
pub(super) fn short(payload: &Payload<Command>) -> Option<String> {
    match payload {
        Payload::Command(_) | Payload::NoOp => None,
        Payload::Configuration(configuration) => Some(counted(configuration)),
    }
}

/// Whose operation it is, if it is a client's.
pub(super) fn asked_by(payload: &Payload<Command>) -> Option<String> {
    let Payload::Command(command) = payload else {
        return None;
    };
    let ((client, number), _) = session_of(command.as_str())?;
    Some(format!("{client}.{number}"))
}

/// When events were, asked for mostly in their order: each is read once, with those beside it.
struct Instants<'a> {
    run: &'a Run,
    events: EventIter<'a>,
    next: u64,
    last: Option<(u64, u64)>,
}

impl<'a> Instants<'a> {
    fn new(run: &'a Run) -> Self {
        Self {
            run,
            events: run.events().range(0..run.position()),
            next: 0,
            last: None,
        }
    }

    fn of(&mut self, number: u64) -> u64 {
        if let Some((last, at)) = self.last
            && last == number
        {
            return at;
        }
        if number < self.next {
            self.events = self.run.events().range(number..self.run.position());
            self.next = number;
        }
        let skipped = usize::try_from(number - self.next).unwrap_or(usize::MAX);
        let at = self.events.nth(skipped).map_or(0, |event| event.at.0);
        self.next = number + 1;
        self.last = Some((number, at));
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runs of a log with these terms, as they are told: where each begins, and its term.
    fn told(terms: &[u64]) -> Vec<(u64, u64)> {
        let mut entries = SharedVec::default();
        for term in terms {
            entries.push(Entry {
                term: Term(*term),
                payload: Payload::NoOp,
            });
        }
        let runs = term_runs(Index(10), &entries);
        runs.iter().map(|run| (run.first, run.term)).collect()
    }

    #[test]
    fn a_fall_between_equal_terms_is_not_overlooked() {
        assert_eq!(told(&[1, 1, 2, 1, 1, 1, 1]), [(11, 1), (13, 2), (14, 1)]);
        assert_eq!(told(&[]), []);
        assert_eq!(told(&[3; 100]), [(11, 3)]);
        let rising: Vec<u64> = (0..512).map(|place| place / 2).collect();
        assert_eq!(told(&rising).len(), 256);
        let falling: Vec<u64> = (0..511).rev().collect();
        assert_eq!(told(&falling).len(), 511);
    }

    /// Of a long log a run that is as long as a step is told, wherever it is, and at its very place
    /// where terms do not fall.
    #[test]
    fn a_long_log_is_told_a_step_at_a_time() {
        let mut terms = vec![1; 10_000];
        terms[7_001..].fill(4);
        assert_eq!(told(&terms), [(11, 1), (7_012, 4)]);
        terms[3_000..3_040].fill(2);
        let runs = told(&terms);
        let of_them: Vec<u64> = runs.iter().map(|(_, term)| *term).collect();
        assert_eq!(of_them, [1, 2, 1, 4]);
        assert!((3_011..3_031).contains(&runs[1].0), "{runs:?}");
        let many: Vec<u64> = (0..20_000).map(|place| place % 7).collect();
        assert!(told(&many).len() <= RUNS_MAX);
    }
}
