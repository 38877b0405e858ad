//! How a run to build, and a pair of runs, stand in a playbook.

use std::fmt::{self, Formatter};

use raft_core::RuleSet;
use raft_sim::run::{Beginning, Build, Contrast, Goal};

use super::question::both;

/// Prints the lines of a run to build.
pub(super) fn print_build(build: &Build, f: &mut Formatter<'_>) -> fmt::Result {
    let Build {
        text,
        actions_max,
        verbs,
        goals,
        always,
        hints,
        why,
        rules,
        way,
        is_impossible,
    } = build;
    both("build", text, f)?;
    write!(f, "actions {actions_max}")?;
    if !verbs.is_empty() {
        write!(f, " of {}", verbs.join(" "))?;
    }
    writeln!(f)?;
    goals
        .iter()
        .try_for_each(|goal| print_goal("goal", goal, f))?;
    always
        .iter()
        .try_for_each(|goal| print_goal("always", goal, f))?;
    hints.iter().try_for_each(|hint| both("hint", hint, f))?;
    both("why", why, f)?;
    writeln!(f, "rules{}", Ids(*rules))?;
    if *is_impossible {
        writeln!(f, "cannot")?;
    }
    way.iter().try_for_each(|line| writeln!(f, "way {line}"))
}

fn print_goal(word: &str, goal: &Goal, f: &mut Formatter<'_>) -> fmt::Result {
    both(word, &goal.text, f)?;
    writeln!(f, "when {}", goal.when)
}

/// Prints the lines of a contrast.
pub(super) fn print_contrast(contrast: &Contrast, f: &mut Formatter<'_>) -> fmt::Result {
    let Contrast {
        beginning,
        same,
        alike,
        principle,
    } = contrast;
    match beginning {
        Beginning::Without(rules) => writeln!(f, "contrast without{}", Ids(*rules))?,
        Beginning::With(feature) => writeln!(f, "contrast with {}", feature.name())?,
        Beginning::Seed(seed) => writeln!(f, "contrast seed {seed}")?,
        Beginning::Do(line) => writeln!(f, "contrast do {line}")?,
    }
    both("same", same, f)?;
    both("alike", alike, f)?;
    both("principle", principle, f)
}

/// Prints the ids of rules, each behind a space.
struct Ids(RuleSet);

impl fmt::Display for Ids {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rules = self.0.iter();
        rules.try_for_each(|rule| write!(f, " {}", rule.id()))
    }
}
