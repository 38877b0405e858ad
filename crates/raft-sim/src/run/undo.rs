//! Going back to before something was done, and forward again.
//!
//! What a run is at a moment is its branches, and where in them one stands. Branches are shared as
//! long as nothing is done to them, so the moments before the last acts are kept whole: going back
//! is putting one in the place of the present, which is kept in turn. Time that only passed is no
//! act, since it passes again in the same way.

use std::rc::Rc;

use super::Run;
use super::branch::{Branch, Replay};
use super::told::Place;

/// The most acts that can be undone. Each keeps its own list of what was done in the branch that it
/// was done in, and worlds that only it remembers.
pub const UNDO_MAX: usize = 100;

/// What can be undone, and what was.
#[derive(Debug, Clone, Default)]
pub(super) struct Acts {
    /// The moment before each act, the last one last.
    before: Vec<Moment>,
    /// The moments from which was gone back, the last one last.
    after: Vec<Moment>,
    /// The moment before an act that has begun and done nothing so far.
    begun: Option<Moment>,
    pub(super) turns: u64,
}

/// What a run was.
#[derive(Debug, Clone)]
struct Moment {
    /// The words of the act that goes on from here, or, once that was undone, that led here.
    act: String,
    branches: Vec<Rc<Branch>>,
    current: usize,
    place: Place,
}

impl Run {
    /// Whatever is done from now until the next call is one act, and is undone at once. What is
    /// done before any call cannot be undone: a playbook that is played, say. Whoever undoes it is
    /// told which one it was in these words.
    pub fn begin_act(&mut self, words: &str) {
        self.acts.begun = Some(self.moment(words.to_owned()));
    }

    /// Goes back to before the last act; `false` if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.acts.before.pop() else {
            return false;
        };
        let now = self.moment(before.act.clone());
        self.acts.after.push(now);
        self.turn_to(before);
        true
    }

    /// Goes forward to where the last [`Self::undo`] went back from; `false` if there was none since
    /// the last act.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.acts.after.pop() else {
            return false;
        };
        let now = self.moment(after.act.clone());
        self.acts.before.push(now);
        self.turn_to(after);
        true
    }

    /// The words of the act that [`Self::undo`] would undo, if there is one.
    #[must_use]
    pub fn undoable(&self) -> Option<&str> {
        self.acts.before.last().map(|moment| moment.act.as_str())
    }

    /// The words of the act that [`Self::redo`] would do again, if there is one.
    #[must_use]
    pub fn redoable(&self) -> Option<&str> {
        self.acts.after.last().map(|moment| moment.act.as_str())
    }

    /// How often branches have become others under the same numbers: what was known of a branch
    /// before is not known of it after.
    #[must_use]
    pub const fn turns(&self) -> u64 {
        self.acts.turns
    }

    /// Calls the branch `id` by a name, or by none.
    pub fn name_branch(&mut self, id: usize, name: &str) {
        // A name stands in a line of a playbook.
        let name: Vec<&str> = name.split_whitespace().collect();
        let name = name.join(" ");
        if self
            .branches
            .get(id)
            .is_none_or(|branch| branch.setup.branch == name)
        {
            return;
        }
        self.note_act();
        Rc::make_mut(&mut self.branches[id]).setup.branch = name;
    }

    /// Takes the branch `id` away. Those that left it leave what it left; where one stood in it,
    /// one stands where it was left. The first one stays: `false` then, or if there is no such.
    pub fn remove_branch(&mut self, id: usize) -> bool {
        if id == 0 || id >= self.branches.len() {
            return false;
        }
        self.note_act();
        self.acts.turns += 1;
        let gone = self.branches.remove(id);
        let (origin, left) = gone.parent.unwrap_or((0, 0));
        let stood = (self.current == id).then(|| self.world.event_count().min(left));
        let moved = |number: usize| number - usize::from(number > id);
        for branch in &mut self.branches {
            let names = |number: usize| number >= id;
            let parent = branch.parent.filter(|(parent, _)| names(*parent));
            let replay = branch.replay.filter(|replay| names(replay.of));
            if parent.is_none() && replay.is_none() {
                continue;
            }
            let branch = Rc::make_mut(branch);
            branch.parent = branch.parent.map(|(parent, position)| {
                if parent == id {
                    (moved(origin), position.min(left))
                } else {
                    (moved(parent), position)
                }
            });
            branch.replay = branch
                .replay
                .filter(|replay| replay.of != id)
                .map(|replay| Replay {
                    of: moved(replay.of),
                    ..replay
                });
        }
        match stood {
            Some(position) => {
                self.current = moved(origin);
                self.go_to(position);
            }
            None => self.current = moved(self.current),
        }
        true
    }

    /// Something is about to be done to the run that time alone would not do.
    pub(super) fn note_act(&mut self) {
        let Some(before) = self.acts.begun.take() else {
            return;
        };
        if self.acts.before.len() == UNDO_MAX {
            self.acts.before.remove(0);
        }
        self.acts.before.push(before);
        self.acts.after.clear();
    }

    fn moment(&self, act: String) -> Moment {
        Moment {
            act,
            branches: self.branches.clone(),
            current: self.current,
            place: (self.position(), self.world.now()),
        }
    }

    fn turn_to(&mut self, moment: Moment) {
        let (position, at) = moment.place;
        self.acts.begun = None;
        self.acts.turns += 1;
        self.branches = moment.branches;
        self.current = moment.current;
        self.go_to_instant(position, at);
    }
}
