//! The text of the present branch: where its lines lead to, and what becomes of the branch when the
//! text is another.

use js_sys::{Float64Array, Uint32Array};
use raft_play::{recorded, written};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use super::answer::{done, problem, refused};
use super::{Lab, Object, Opening};
use crate::last_words::note_run;
use crate::view::{Outcome, Problem, ProblemList};

/// A branch as text, and columns of where in the branch its lines begin.
#[wasm_bindgen(getter_with_clone)]
pub struct TextColumns {
    /// The text of a playbook.
    pub text: String,
    /// Numbers of lines, counted from 1; the last one stands for the end. A line that is not among
    /// them begins where the next of them does.
    pub line: Uint32Array,
    /// After how many events each begins.
    pub position: Float64Array,
    /// When each begins.
    pub at: Float64Array,
    /// By how much lines stand further down than where failures say: the name of the branch is above.
    pub shift: i32,
}

/// A text with a line more, or why it has none.
#[wasm_bindgen(getter_with_clone)]
pub struct Recorded {
    /// The text; empty, if it has no line more.
    pub text: String,
    /// The number of that line, counted from 1.
    pub line: u32,
    problem: Option<Problem>,
}

#[wasm_bindgen]
impl Recorded {
    /// Why it cannot be written.
    pub fn error(&self) -> Result<Option<Ts<Problem>>, JsError> {
        let problem = self.problem.as_ref();
        problem.map(|problem| Ok(problem.into_ts()?)).transpose()
    }
}

/// What is wrong with each line of a text that cannot be read; nothing, if all of it can be.
#[wasm_bindgen]
pub fn unread(text: &str) -> Object<ProblemList> {
    let problems = raft_play::playbook::unread(text);
    Ok(ProblemList(problems.iter().map(problem).collect()).into_ts()?)
}

#[wasm_bindgen]
impl Lab {
    /// The current branch as text, with the places of its lines.
    #[must_use]
    pub fn text(&self) -> TextColumns {
        let written = written(&self.run);
        let lines: Vec<u32> = written.begins.iter().map(|(line, _)| *line).collect();
        let places = || written.begins.iter().map(|(_, place)| *place);
        let positions: Vec<f64> = places()
            .map(|(position, _)| super::float(position))
            .collect();
        let ats: Vec<f64> = places().map(|(_, at)| super::float(at.0)).collect();
        TextColumns {
            line: lines.as_slice().into(),
            position: positions.as_slice().into(),
            at: ats.as_slice().into(),
            shift: written.shift,
            text: written.text,
        }
    }

    /// Goes to where this line of the text is over.
    #[wasm_bindgen(js_name = goToLine)]
    pub fn go_to_line(&mut self, line: u32) {
        let (position, at) = written(&self.run).end_of(line);
        self.moving().go_to_instant(position, at);
    }

    /// Puts what has been played in `opening` in the place of the current branch, and goes to where
    /// this line of its text is over. Undone, it is told of by `words`.
    pub fn rewrite(&mut self, opening: Opening, line: u32, words: &str) -> Object<Outcome> {
        let outcome = match opening.run() {
            Ok(run) => {
                self.moving().begin_act(words);
                self.run.replace(run);
                self.go_to_line(line);
                done(None)
            }
            Err(error) => refused(&error, None),
        };
        note_run(&self.run);
        Ok(outcome.into_ts()?)
    }

    /// The text with a line more, which is done at the present instant: below the line `below`, if
    /// that is over just now.
    #[must_use]
    pub fn record(&self, action: &str, below: u32) -> Recorded {
        match recorded(&self.run, action, below) {
            Ok(recorded) => Recorded {
                text: recorded.text,
                line: recorded.line,
                problem: None,
            },
            Err(error) => Recorded {
                text: String::new(),
                line: 0,
                problem: Some(problem(&error)),
            },
        }
    }
}
