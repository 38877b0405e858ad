//! The boundary between the search through every run and the page.
//!
//! It is a module of its own, which the page loads when somebody first asks for a search: it
//! carries the core, the simulator and the language once more, and runs in a worker of its own,
//! so that a search keeps neither the page nor its laboratory waiting. Everything here translates
//! and nothing decides. A search goes on by a portion whenever it is asked to; whoever asks no
//! more has stopped it.
#![deny(unsafe_code)]
#![deny(missing_docs)]

mod bounds;
mod refusal;
mod report;

pub use bounds::{CheckBounds, CheckFrom};
pub use refusal::CheckRefusal;
pub use report::{CheckBroken, CheckProgress, CheckReport};

use raft_check::explore::{Bounds, Exploration, Limits};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A search through every run within bounds.
#[wasm_bindgen]
pub struct Search {
    going: Result<Going, CheckRefusal>,
}

struct Going {
    bounds: Bounds,
    exploration: Exploration,
    /// How many states were found at each depth, from the beginning on.
    levels: Vec<u64>,
}

#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands objects over"
)]
impl Search {
    /// A search that begins. Whether it can is said by [`Search::refusal`].
    ///
    /// # Errors
    /// What was given is no `CheckBounds`.
    #[wasm_bindgen(constructor)]
    pub fn new(bounds: Ts<CheckBounds>) -> Result<Self, JsError> {
        let said = bounds.to_rust()?;
        Ok(Self {
            going: Going::new(&said),
        })
    }

    /// Why nothing is searched.
    ///
    /// # Errors
    /// None; the boundary's types cannot say so.
    pub fn refusal(&self) -> Result<Option<Ts<CheckRefusal>>, JsError> {
        let refusal = self.going.as_ref().err();
        Ok(refusal.map(Tsify::into_ts).transpose()?)
    }

    /// How `raftlab check` is told to search the same.
    pub fn flags(&self) -> String {
        let flags = self.going.as_ref().map(|going| going.bounds.flags());
        flags.unwrap_or_default()
    }

    /// Looks at some more states with so many bytes for all; answers what came of the search once it
    /// is over.
    ///
    /// # Errors
    /// What was found cannot be told: the laboratory parts from the search, which is a fault of ours.
    pub fn advance(&mut self, bytes_max: usize) -> Result<Option<Ts<CheckReport>>, JsError> {
        let Ok(going) = &mut self.going else {
            return Ok(None);
        };
        let report = going.advance(bytes_max)?;
        Ok(report.map(|report| report.into_ts()).transpose()?)
    }

    /// How far it has come.
    ///
    /// # Errors
    /// None; the boundary's types cannot say so.
    pub fn progress(&self) -> Result<Option<Ts<CheckProgress>>, JsError> {
        let progress = self.going.as_ref().ok().map(Going::progress);
        Ok(progress.map(|progress| progress.into_ts()).transpose()?)
    }
}

impl Going {
    fn new(said: &CheckBounds) -> Result<Self, CheckRefusal> {
        let bounds = said.bounds()?;
        let exploration = Exploration::new(&bounds).map_err(CheckRefusal::unbounded)?;
        Ok(Self {
            bounds,
            exploration,
            levels: vec![1],
        })
    }

    fn advance(&mut self, bytes_max: usize) -> Result<Option<CheckReport>, JsError> {
        let before = self.exploration.progress();
        let limits = Limits {
            workers: 1,
            bytes_max,
        };
        let report = self.exploration.advance(limits);
        let states = self.exploration.progress().states;
        // What is found in a portion is one step behind what was looked at.
        let depth = before.depth as usize + 1;
        if states > before.states {
            self.levels.resize(self.levels.len().max(depth + 1), 0);
            self.levels[depth] += states - before.states;
        }
        let told = report.map(|report| CheckReport::of(&report, self.progress(), &self.bounds));
        told.transpose()
    }

    fn progress(&self) -> CheckProgress {
        CheckProgress::of(&self.exploration.progress(), &self.levels)
    }
}
