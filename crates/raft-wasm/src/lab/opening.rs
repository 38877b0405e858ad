//! A playbook on its way to becoming a lab.

use raft_play::Telling;
use raft_play::text::TextError;
use raft_sim::{Micros, Run};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use super::{Lab, Opened, SLICE, float, problem};
use crate::last_words::note_run;
use crate::view::Problem;

/// A playbook that is being played in slices, so that the page can show how far it is
/// and stop it. The current lab stays unchanged in the meantime.
#[wasm_bindgen]
pub struct Opening {
    /// The playbook as it is played, or why it cannot be.
    telling: Result<Telling, TextError>,
}

#[wasm_bindgen]
impl Opening {
    /// Reads the playbook.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            telling: Telling::of(text),
        }
    }

    /// Plays for some milliseconds; returns whether it has reached its end, or a failure.
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self) -> bool {
        let Ok(telling) = &mut self.telling else {
            return true;
        };
        match telling.go_on(SLICE) {
            Ok(is_over) => is_over,
            Err(failure) => {
                // Too many expectations have failed: the run records the earlier ones.
                if !failure.is_unexpected {
                    self.telling = Err(failure.error);
                }
                true
            }
        }
    }

    /// How many events have happened.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn position(&self) -> f64 {
        let telling = self.telling.as_ref();
        float(telling.map_or(0, |telling| telling.world().event_count()))
    }

    /// How much time has passed in it, in microseconds.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> f64 {
        let telling = self.telling.as_ref();
        let now = telling.map_or(Micros::ZERO, |telling| telling.world().now());
        float(now.0)
    }

    /// Why it cannot be played, if so.
    pub fn error(&self) -> Result<Option<Ts<Problem>>, JsError> {
        let error = self.telling.as_ref().err();
        error.map(|error| Ok(problem(error).into_ts()?)).transpose()
    }

    /// The lab, at its beginning, once the playbook has reached its end.
    #[must_use]
    pub fn opened(self) -> Opened {
        let mut run = match self.run() {
            Ok(run) => run,
            Err(error) => {
                return Opened {
                    lab: None,
                    problem: Some(problem(&error)),
                };
            }
        };
        run.go_to(0);
        note_run(&run);
        Opened {
            lab: Some(Lab {
                marker: None,
                run,
                under_way: None,
                beside: None,
                difference: None,
            }),
            problem: None,
        }
    }
}

impl Opening {
    /// The run, at the end of the playbook.
    pub(super) fn run(self) -> Result<Run, TextError> {
        self.telling.map(Telling::run)
    }
}
