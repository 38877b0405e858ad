//! Two branches side by side: where each stands when the other stands at an instant, and the next
//! instant at which they begin to differ.
//!
//! What happens at one instant is taken together, since an event more in one branch would shift
//! all that follow it there. Two servers differ by what can be seen of them: role, term, vote, log,
//! commit index, and what both know of their followers if both lead. A difference is told when it
//! begins; as long as it lasts it is no news.

use std::rc::Rc;

use raft_core::{Index, Leader, Log, NodeId, Role};

use super::{Acts, Branch, Events, Run};
use crate::change::{Change, Fields, ServerField, role_name};
use crate::command::Command;
use crate::event::EventKind;
use crate::invariant::{Invariant, Violation};
use crate::server::{Server, ServerNode};
use crate::time::Micros;

/// Something in which two branches begin to differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// When.
    pub at: Micros,
    /// How many events of the first branch happened before that instant: the two are alike there.
    pub before: u64,
    /// After how many events of each: the last ones that had to do with it.
    pub positions: [u64; 2],
    /// The fields that differ now and did not before: `before` is the value in the first branch,
    /// `after` that in the second.
    pub values: Vec<Change>,
    /// The invariants that each branch breaks now, and the other does not.
    pub broken: [Vec<Invariant>; 2],
}

/// What is alike in two branches where each stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Same {
    /// How many events they have in common at their beginning, of those that have happened.
    pub events: u64,
    /// The servers that are in the same term.
    pub terms: Vec<NodeId>,
    /// The servers that have the same log.
    pub logs: Vec<NodeId>,
}

/// Two branches that are looked through for the next difference, a while at a time.
#[derive(Debug)]
pub struct Comparing {
    sides: [Run; 2],
    /// Differences up to these positions are known.
    known: [u64; 2],
    end: Micros,
    /// By server, in which fields the two differ.
    differ: Vec<Differing>,
}

/// Which fields of a server differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Differing([bool; COMPARED]);

/// How many things are compared.
const COMPARED: usize = 6;

/// Of which of them a field tells; of none, if it is not compared. What a crashed server keeps is on its
/// disk, and it has no commit index.
const fn compared(field: ServerField) -> Option<usize> {
    match field {
        ServerField::State | ServerField::Role => Some(0),
        ServerField::CurrentTerm => Some(1),
        ServerField::VotedFor => Some(2),
        ServerField::Entries(..) | ServerField::LastIndex | ServerField::LastIncludedIndex => {
            Some(3)
        }
        ServerField::CommitIndex | ServerField::LastApplied => Some(4),
        ServerField::NextIndex(_) | ServerField::MatchIndex(_) => Some(5),
        ServerField::Configuration
        | ServerField::Leader
        | ServerField::Vote(_)
        | ServerField::Transfer => None,
    }
}

impl Run {
    /// The branch `id` as a run of its own, at its beginning; it shares what is known of it.
    #[must_use]
    pub fn alone(&self, id: usize) -> Option<Self> {
        let branch = Rc::clone(self.branches.get(id)?);
        let world = branch.world_at(0);
        Some(Self {
            branches: vec![branch],
            current: 0,
            world,
            held: Vec::new(),
            acts: Acts::default(),
        })
    }

    /// What is alike here and in `other`, each where it stands.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> Same {
        let events = self.branch().same_as(other.branch());
        let pairs = self.world.servers().iter().zip(other.world.servers());
        let differing = pairs.map(|(one, other)| (one.id, Differing::of(one, other)));
        let (mut terms, mut logs) = (Vec::new(), Vec::new());
        for (id, Differing([_, term, _, log, ..])) in differing {
            terms.extend((!term).then_some(id));
            logs.extend((!log).then_some(id));
        }
        Same {
            events: events.min(self.position()).min(other.position()),
            terms,
            logs,
        }
    }

    /// Goes to the instant at which `other` stands. As long as the two have been the same, that is
    /// after the same event; then at the same time, and of what happens at that very time, after as
    /// many events as there: after none, where `other` stands before all of it. It goes on for at most `events` past its end, and stays there.
    pub fn stand_beside(&mut self, other: &Self, events: u64) {
        let (position, at) = (other.position(), other.world.now());
        if position <= self.branch().same_as(other.branch()) {
            return self.go_to_instant(position, at);
        }
        let length = self.length();
        if at > self.branch().end_at {
            self.go_to(length);
        }
        while self.length() < length.saturating_add(events)
            && at > self.branch().end_at
            && self.next_at().is_some_and(|next| next <= at)
            && self.step_on()
        {}
        if self.next_at().is_none_or(|next| next > at) {
            super::Stage::pass_to(self, at.max(self.world.now()));
        }
        let theirs = other.branch().within(at);
        let ours = self.branch().within(at);
        let lived = position.saturating_sub(theirs.0);
        if position >= theirs.1 {
            self.go_to_time(at);
        } else {
            self.go_to_instant((ours.0 + lived).min(ours.1), at);
        }
    }
}

impl Branch {
    /// How many events this branch and another have in common at their beginning.
    fn same_as(&self, other: &Self) -> u64 {
        if !self.is_alike(other) {
            return 0;
        }
        self.history.same_as(&other.history, self, other)
    }

    /// Whether the two begin as the same cluster, with rules more or less.
    fn is_alike(&self, other: &Self) -> bool {
        let setup = crate::setup::Setup {
            ablated: other.setup.ablated,
            title: other.setup.title.clone(),
            title_zh: other.setup.title_zh.clone(),
            source: other.setup.source.clone(),
            branch: other.setup.branch.clone(),
            ..self.setup.clone()
        };
        setup == other.setup
    }

    /// How many events happened before the instant `at`, and how many with those at it.
    fn within(&self, at: Micros) -> (u64, u64) {
        let before = at.0.checked_sub(1).map(Micros);
        let before = before.map_or(0, |before| Events(self).count_until(before));
        (before, Events(self).count_until(at))
    }
}

impl Comparing {
    /// Looks from the instant after so many events of each on.
    #[must_use]
    pub fn new(mut sides: [Run; 2], known: [u64; 2]) -> Self {
        let branches = [sides[0].branch(), sides[1].branch()];
        let same = branches[0].same_as(branches[1]);
        let end = branches[0].end_at.min(branches[1].end_at);
        // What is the same needs no comparison. The instant in which they part is compared whole.
        let begun = |side: usize| {
            let event = Events(branches[side]).get(known[side].max(same));
            event.map_or(Micros(end.0 + 1), |event| event.at)
        };
        let last = |side: usize| {
            let number = known[side].checked_sub(1);
            number.and_then(|number| Some(Events(branches[side]).get(number)?.at))
        };
        let seen = last(0)
            .max(last(1))
            .filter(|_| known[0].max(known[1]) > same);
        let from = seen.unwrap_or_else(|| begun(0).min(begun(1)));
        let before = [branches[0].within(from).0, branches[1].within(from).0];
        for (side, before) in sides.iter_mut().zip(before) {
            side.go_to(before);
        }
        let differ = compare_all(&sides);
        Self {
            sides,
            known,
            end,
            differ,
        }
    }

    /// Goes on for about so many events. Answers whether it is over, and what was found.
    pub fn go_on(&mut self, events: u64) -> (bool, Option<Difference>) {
        let until = self.reached().0.saturating_add(events);
        while let Some(at) = self.next_at() {
            if let Some(found) = self.live_through(at) {
                return (true, Some(found));
            }
            if self.reached().0 >= until {
                return (false, None);
            }
        }
        (true, None)
    }

    /// How far it has come in the first branch.
    #[must_use]
    pub fn reached(&self) -> (u64, Micros) {
        (self.sides[0].position(), self.sides[0].world.now())
    }

    fn next_at(&self) -> Option<Micros> {
        let next = |side: &Run| side.event(side.position()).map(|event| event.at);
        let next = [next(&self.sides[0]), next(&self.sides[1])];
        next.into_iter()
            .flatten()
            .min()
            .filter(|at| *at <= self.end)
    }

    /// Lets all happen that happens at `at` in either, and compares what it touched.
    fn live_through(&mut self, at: Micros) -> Option<Difference> {
        let began = [self.sides[0].position(), self.sides[1].position()];
        let broken_before = self.broken();
        let mut touched = vec![[None, None]; self.differ.len()];
        for (number, side) in self.sides.iter_mut().enumerate() {
            while let Some(event) = side.event(side.position()).filter(|event| event.at == at) {
                side.step_on();
                let acted = matches!(event.kind, EventKind::Acted(_));
                for (place, touched) in touched.iter_mut().enumerate() {
                    let is_its = event
                        .server
                        .is_some_and(|id| usize::from(id.0) == place + 1);
                    if is_its || acted {
                        touched[number] = Some(event.number + 1);
                    }
                }
            }
        }
        let mut positions = [None, None];
        let mut values = Vec::new();
        for (place, touched) in touched.into_iter().enumerate() {
            if touched == [None, None] {
                continue;
            }
            let (one, other) = pair(&self.sides, place);
            let now = Differing::of(one, other);
            let news = now.beside(std::mem::replace(&mut self.differ[place], now));
            if news == Differing::default() {
                continue;
            }
            values.extend(values_of(one, other, news));
            for (position, touched) in positions.iter_mut().zip(touched) {
                *position = (*position).max(touched);
            }
        }
        let broken_now = self.broken();
        let news = |mine: usize| {
            let broken = broken_now[mine].iter();
            let news = broken.filter(|one| {
                !broken_before[mine].contains(one) && !broken_now[1 - mine].contains(one)
            });
            news.copied().collect::<Vec<_>>()
        };
        let broken = [news(0), news(1)];
        for (side, position) in positions.iter_mut().enumerate() {
            if !broken[side].is_empty() {
                let last = self.sides[side].world.checker().violations().last();
                *position = (*position).max(last.map(|last| last.event + 1));
            }
        }
        let positions = self.placed(began, positions)?;
        let is_news = positions[0] > self.known[0] || positions[1] > self.known[1];
        is_news.then_some(Difference {
            at,
            before: began[0],
            positions,
            values,
            broken,
        })
    }

    /// Where both stand: where nothing had to do with it, after as many events as in the other.
    fn placed(&self, began: [u64; 2], found: [Option<u64>; 2]) -> Option<[u64; 2]> {
        let beside = |side: usize| {
            let lived = found[1 - side].map(|other| other - began[1 - side])?;
            Some((began[side] + lived).min(self.sides[side].position()))
        };
        let one = found[0].or_else(|| beside(0))?;
        Some([one, found[1].or_else(|| beside(1))?])
    }

    /// The invariants that each breaks by now.
    fn broken(&self) -> [Vec<Invariant>; 2] {
        let broken = |side: &Run| {
            let violations = side.world.checker().violations().iter();
            let mut broken: Vec<_> = violations.map(Violation::invariant).collect();
            broken.dedup();
            broken
        };
        [broken(&self.sides[0]), broken(&self.sides[1])]
    }
}

impl Differing {
    fn of(one: &Server, other: &Server) -> Self {
        let (a, b) = (one.node(), other.node());
        let paused = |server: &Server| server.running().map(|running| running.paused);
        let role = |server: &Server| server.node().map(|node| role_name(node.role()));
        let stable = |server: &Server| match server.node() {
            Some(node) => node.hard_state(),
            None => server.disk.image.hard_state,
        };
        let (mine, theirs) = (stable(one), stable(other));
        let commit = |server: &Server| server.node().map(raft_core::Node::commit_index);
        Self([
            (paused(one), role(one)) != (paused(other), role(other)),
            mine.current_term != theirs.current_term,
            mine.voted_for != theirs.voted_for,
            match (a, b) {
                (Some(a), Some(b)) => logs_differ(a.log(), b.log()),
                _ => logs_differ(&log_of(one), &log_of(other)),
            },
            a.is_some() == b.is_some() && commit(one) != commit(other),
            a.zip(b).is_some_and(|(a, b)| follow_differently(a, b)),
        ])
    }

    /// The fields of it that are not in another.
    fn beside(self, before: Self) -> Self {
        let mut news = self;
        for (news, before) in news.0.iter_mut().zip(before.0) {
            *news &= !before;
        }
        news
    }
}

/// Whether two leaders know different things of their followers.
fn follow_differently(one: &ServerNode, other: &ServerNode) -> bool {
    let (Role::Leader(one), Role::Leader(other)) = (one.role(), other.role()) else {
        return false;
    };
    let known = |leader: &'_ Leader| {
        let all = leader.progress.iter();
        all.map(|(peer, known)| (*peer, known.next_index, known.match_index))
            .collect::<Vec<_>>()
    };
    known(one) != known(other)
}

fn compare_all(sides: &[Run; 2]) -> Vec<Differing> {
    let [one, other] = sides.each_ref().map(|side| side.world.servers());
    let pairs = one.iter().zip(other);
    pairs
        .map(|(one, other)| Differing::of(one, other))
        .collect()
}

fn pair(sides: &[Run; 2], place: usize) -> (&Server, &Server) {
    let [one, other] = sides.each_ref().map(|side| &side.world.servers()[place]);
    (one, other)
}

/// What a server has of the log: a crashed one on its disk.
fn log_of(server: &Server) -> Log<Command> {
    if let Some(node) = server.node() {
        return node.log().clone();
    }
    let image = &server.disk.image;
    Log::new(image.snapshot.clone(), image.entries.clone())
}

/// Whether two logs have different entries where neither has a snapshot.
fn logs_differ(one: &Log<Command>, other: &Log<Command>) -> bool {
    if one.last_index() != other.last_index() {
        return true;
    }
    let first = one.first_index().max(other.first_index());
    // The last entries are the ones that differ first.
    let mut indices = (first.0..=one.last_index().0).rev().map(Index);
    indices.any(|index| one.get(index) != other.get(index))
}

/// What these fields are in each.
fn values_of(one: &Server, other: &Server, news: Differing) -> Vec<Change> {
    let all = Fields::of(one).changes_to(&Fields::of(other));
    let is_told = |change: &Change| {
        let place = compared(change.field);
        place.is_some_and(|place| news.0[place])
    };
    all.into_iter().filter(is_told).collect()
}
