//! How a run to build is read: what is asked for, the goals with their conditions, and the way.

use raft_core::RuleSet;
use raft_sim::run::{Build, Goal};

use super::block::Said;
use super::read::is_only_of_playbooks;
use crate::script::{Condition, GivenNames, simple};
use crate::text::{Fault, Wrong};

/// The most goals, the most that must always hold, and the most hints.
const GOALS_MAX: usize = 20;
/// The most lines of a way.
const WAY_MAX: usize = 200;
/// The most parts that the conditions may have: they are looked at after every event.
const PARTS_MAX: usize = 200;

/// A run to build of which some lines have been read.
#[derive(Default)]
pub(super) struct Building {
    build: Build,
    parts: usize,
    /// Which goal waits for its condition: the last one.
    waits: Option<Said>,
}

impl Building {
    /// A goal, something that must always hold or a hint begins.
    pub(super) fn begin(&mut self, said: Said) -> Result<(), Fault> {
        self.check_last_goal()?;
        let Build {
            goals,
            always,
            hints,
            ..
        } = &mut self.build;
        let count = match said {
            Said::Always => {
                always.push(Goal::default());
                always.len()
            }
            Said::Hint => {
                hints.push(<[String; 2]>::default());
                hints.len()
            }
            _goal => {
                goals.push(Goal::default());
                goals.len()
            }
        };
        if count > GOALS_MAX {
            return Err(Fault::too_many_goals(said.name(), GOALS_MAX));
        }
        self.waits = (said != Said::Hint).then_some(said);
        Ok(())
    }

    /// Takes in when the last goal is met.
    pub(super) fn when(&mut self, condition: &Condition) -> Result<(), Fault> {
        let Build { goals, always, .. } = &mut self.build;
        let goal = match self.waits.take() {
            Some(Said::Always) => always.last_mut(),
            Some(_) => goals.last_mut(),
            None => None,
        };
        let goal = goal.ok_or_else(Fault::goal_first)?;
        goal.when.clone_from(&condition.text);
        Ok(())
    }

    /// So many parts are in a condition that has been read.
    pub(super) fn count(&mut self, parts: usize) -> Result<(), Fault> {
        self.parts += parts;
        if self.parts > PARTS_MAX {
            return Err(Fault::goals_too_long(PARTS_MAX));
        }
        Ok(())
    }

    /// Takes in how many Actions may be done, and which.
    pub(super) fn bound(&mut self, actions_max: u64, verbs: Vec<String>) -> Result<(), Fault> {
        if self.build.actions_max > 0 {
            return Err(Fault::said_twice("actions"));
        }
        self.build.actions_max = actions_max;
        self.build.verbs = verbs;
        Ok(())
    }

    /// Takes in which rules allow it, or forbid it.
    pub(super) fn rules(&mut self, rules: RuleSet) -> Result<(), Fault> {
        if !self.build.rules.is_empty() {
            return Err(Fault::said_twice("rules"));
        }
        self.build.rules = rules;
        Ok(())
    }

    /// Takes in a line of the way, which begins at `at` of its own line.
    pub(super) fn way(&mut self, line: &str, at: usize, servers: u8) -> Result<(), Wrong> {
        let word = line.split_whitespace().next().unwrap_or_default();
        let fault = if word.is_empty() {
            Some(Fault::no_words("way"))
        } else if is_only_of_playbooks(word) {
            Some(Fault::not_in_a_way(word))
        } else if self.build.way.len() >= WAY_MAX {
            Some(Fault::way_too_long(WAY_MAX))
        } else {
            None
        };
        if let Some(fault) = fault {
            return Err(Wrong { at, fault });
        }
        simple(line, servers, &mut GivenNames::default()).map_err(|wrong| Wrong {
            at: at + wrong.at,
            fault: wrong.fault,
        })?;
        self.build.way.push(line.to_owned());
        Ok(())
    }

    /// It cannot be built.
    pub(super) const fn cannot(&mut self) {
        self.build.is_impossible = true;
    }

    /// What is to be built, once all of its lines have been read.
    pub(super) fn finish(self) -> Result<Build, Fault> {
        self.check_last_goal()?;
        let build = self.build;
        let is_bounded = build.actions_max > 0;
        let missing = [
            (is_bounded, "actions", "actions 8"),
            (
                !build.goals.is_empty(),
                "goal",
                "goal Three servers store x",
            ),
            (
                !build.why[0].is_empty(),
                "why",
                "why Stored is not committed",
            ),
            (!build.rules.is_empty(), "rules", "rules L4-term"),
            (
                !build.way.is_empty() || build.is_impossible,
                "way",
                "way timeout S1",
            ),
        ];
        if let Some((_, word, form)) = missing.iter().find(|(is_there, ..)| !is_there) {
            return Err(Fault::missing_in_build(word, form));
        }
        Ok(build)
    }

    /// Where such a text belongs.
    pub(super) fn place(&mut self, said: Said) -> Result<&mut [String; 2], Fault> {
        let build = &mut self.build;
        match said {
            Said::Build => Ok(&mut build.text),
            Said::Goal => last(&mut build.goals),
            Said::Always => last(&mut build.always),
            Said::Hint => build.hints.last_mut().ok_or_else(Fault::goal_first),
            Said::Why => Ok(&mut build.why),
            Said::Ask
            | Said::Answer
            | Said::Mistake
            | Said::Same
            | Said::Alike
            | Said::Principle => Err(Fault::not_of_block(said.name())),
        }
    }

    fn check_last_goal(&self) -> Result<(), Fault> {
        match self.waits {
            Some(_) => Err(Fault::goal_without_when()),
            None => Ok(()),
        }
    }
}

fn last(goals: &mut [Goal]) -> Result<&mut [String; 2], Fault> {
    let goal = goals.last_mut().ok_or_else(Fault::goal_first)?;
    Ok(&mut goal.text)
}
