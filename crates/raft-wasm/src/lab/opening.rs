//! A playbook on its way to becoming a lab.

use raft_play::Telling;
use raft_play::text::TextError;
use raft_sim::{Micros, Run};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use super::{Lab, Opened, SLICE, float, problem};
use crate::last_words::note_run;
use crate::view::Problem;

/// A playbook that is being played, a while at a time, so that the page can show how far it is
/// and stop it. The lab that there is stays as it is meanwhile.
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

    /// Plays for some milliseconds; answers whether it has come to its end, or to where it fails.
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self) -> bool {
        let Ok(telling) = &mut self.telling else {
            return true;
        };
        match telling.go_on(SLICE) {
            Ok(is_over) => is_over,
            Err(failure) => {
                // Too many expectations have failed: the run tells of those before.
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

    /// Why it cannot be played, if that has turned out.
    pub fn error(&self) -> Result<Option<Ts<Problem>>, JsError> {
        let error = self.telling.as_ref().err();
        error.map(|error| Ok(problem(error).into_ts()?)).transpose()
    }

    /// The lab, at its beginning, once the playbook has come to its end.
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
                run,
                under_way: None,
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
