//! Branches that come back from another run.

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

    /// How many events a branch has in common with another run.
    fn shared_with(&self, branch: usize, other: &Self) -> u64 {
        let ours = super::Events(&self.branches[branch]);
        let same = ours.into_iter().zip(other.events());
        same.take_while(|(one, other)| one == other).count() as u64
    }
}
