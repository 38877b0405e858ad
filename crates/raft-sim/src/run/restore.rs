//! Branches that come from another run.

use std::rc::Rc;

use super::Run;
use super::branch::Replay;

impl Run {
    /// Adds a branch that another run has played, and looks at it. `left` is the branch that it
    /// left, and after how many events: if that cannot be or is not known, it is the one with which
    /// it has the most in common. `replay_of` is that of which it is a replay under other rules, if
    /// it is one.
    pub fn add(&mut self, other: Self, left: Option<(usize, u64)>, replay_of: Option<usize>) {
        let shared = |branch: usize| self.shared_with(branch, &other);
        let all = 0..self.branches.len();
        let left =
            left.filter(|(branch, events)| all.contains(branch) && *events <= shared(*branch));
        let parent = left.or_else(|| {
            let longest = all.map(|branch| (branch, shared(branch)));
            longest.max_by_key(|(branch, shared)| (*shared, std::cmp::Reverse(*branch)))
        });
        let Some(branch) = other.branches.into_iter().next() else {
            return;
        };
        self.note_act();
        let mut branch = Rc::unwrap_or_clone(branch);
        let replayed = replay_of.and_then(|of| Some((of, self.branches.get(of)?)));
        branch.replay = replayed.map(|(of, replayed)| Replay {
            of,
            done_there: replayed.externals.len(),
            done_here: branch.externals.len(),
        });
        branch.parent = parent;
        self.current = self.branches.len();
        self.branches.push(Rc::new(branch));
        self.go_to(u64::MAX);
    }

    /// Puts a branch that another run has played in the place of the current one, and goes to its end.
    /// Those that have left it leave it no later than where it is another now.
    pub fn replace(&mut self, other: Self) {
        let shared = self.shared_with(self.current, &other);
        let Some(branch) = other.branches.into_iter().next() else {
            return;
        };
        self.note_act();
        self.acts.turns += 1;
        let mut branch = Rc::unwrap_or_clone(branch);
        let earlier = |(parent, events): (usize, u64)| (parent, events.min(shared));
        branch.parent = self.branch().parent.map(earlier);
        let current = self.current;
        for child in &mut self.branches {
            let leaves = child.parent.is_some_and(|(parent, _)| parent == current);
            let repeats = child.replay.is_some_and(|replay| replay.of == current);
            if !leaves && !repeats {
                continue;
            }
            let child = Rc::make_mut(child);
            child.replay = child.replay.filter(|_| !repeats);
            child.parent = child
                .parent
                .map(|left| if leaves { earlier(left) } else { left });
        }
        self.branches[current] = Rc::new(branch);
        self.go_to(u64::MAX);
    }

    /// How many events a branch has in common with another run.
    fn shared_with(&self, branch: usize, other: &Self) -> u64 {
        let ours = super::Events(&self.branches[branch]);
        let same = ours.into_iter().zip(other.events());
        same.take_while(|(one, other)| one == other).count() as u64
    }
}
