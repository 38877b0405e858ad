//! Another run that a playbook compares with itself.
//!
//! A run only carries which one it is and where it is spoken of: who shows both makes the other one.

use std::sync::Arc;

use raft_core::RuleSet;

use super::Run;
use super::told::Place;
use crate::setup::Feature;

/// A pair of runs. Each text is in English and in Chinese; what a playbook leaves out is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contrast {
    /// In what the other run is another one.
    pub beginning: Beginning,
    /// What is asked before anything differs.
    pub same: [String; 2],
    /// What is to be answered to that, said once the difference is shown.
    pub alike: [String; 2],
    /// What the difference teaches, said last.
    pub principle: [String; 2],
}

/// In what one run is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// Its servers ignore these rules.
    Without(RuleSet),
    /// Its servers can do this besides.
    With(Feature),
    /// Its draws begin from another seed.
    Seed(u64),
    /// This line is done where the contrast stands.
    Do(String),
}

/// A contrast as a run came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contrasted {
    /// The pair.
    pub contrast: Arc<Contrast>,
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// Where the playbook speaks of it.
    pub place: Place,
}

impl Run {
    /// The contrasts of the playbook, as far as this branch follows it.
    #[must_use]
    pub fn contrasts(&self) -> &[Contrasted] {
        &self.branch().told.contrasts
    }
}
