//! What a playbook tells of a run, as it was written.
//!
//! A branch remembers the text that it was played from, and where it was when each line of it
//! began. As long as nothing else was done, that text is what is saved. A branch that has left
//! its playbook keeps the lines that were over by then, word for word; what came after them is
//! told in Actions and steps. Captions, waits, expectations and comments so stay wherever they
//! are still true.

use std::rc::Rc;
use std::sync::Arc;

use super::build::{Begun, Build};
use super::contrast::{Contrast, Contrasted};
use super::question::{Posed, Question};
use super::{HELD_MAX, Phase, Run, RunError, Stage};
use crate::action::Action;
use crate::complaint::TextError;
use crate::observed::Observed;
use crate::outcome::Declined;
use crate::setup::Setup;
use crate::time::Micros;

/// The most failures that are kept: a playbook that fails more often stops.
pub const FAILURES_MAX: usize = 100;

/// How many events come before an instant, and when it is.
pub type Place = (u64, Micros);

/// The text that a branch was played from, as far as it follows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    text: Rc<str>,
    marks: Rc<Vec<Mark>>,
    /// How many of the marks lie before the place where the branch has left the text, or its end.
    kept: usize,
    pub(super) failures: Vec<Failure>,
    pub(super) questions: Rc<Vec<Posed>>,
    pub(super) build: Option<Begun>,
    pub(super) contrasts: Rc<Vec<Contrasted>>,
    pub(super) until: Option<Place>,
}

/// Where a line of the text began.
#[derive(Debug, Clone, Copy)]
struct Mark {
    /// Counted from 1; one more than there are for the end of the text.
    line: u32,
    place: Place,
    begins: Begins,
}

/// What a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// Nothing but itself.
    Line,
    /// A phase, of which it speaks.
    Caption,
    /// A question about what comes next.
    Question,
    /// What is to be built, or a contrast.
    Block,
}

impl Told {
    /// As far as a branch follows it that leaves it at `place`.
    pub(super) fn left_at(&self, place: Place) -> Self {
        let marks = &self.marks[..self.kept];
        let begun = marks.partition_point(|mark| mark.place <= place);
        // What a caption says of what comes is not said of something else.
        let caption = marks[..begun]
            .iter()
            .rposition(|mark| mark.begins == Begins::Caption);
        let caption = caption.filter(|number| marks[*number].place == place);
        let kept = caption.map_or(begun, |number| number + 1);
        // Nor is a question asked of which the answer has not come.
        let open = self.questions.iter().find(|posed| posed.is_open_at(place));
        let open = open.and_then(|posed| marks.iter().position(|mark| mark.asks(posed.line)));
        let kept = open.map_or(kept, |number| kept.min(number + 1));
        let line = kept.checked_sub(1).map_or(0, |last| marks[last].line);
        let failures = self.failures.iter();
        let questions = self.questions.iter();
        let over = questions.filter(|posed| posed.asked <= place && !posed.is_open_at(place));
        let contrasts = self.contrasts.iter();
        let contrasts = contrasts.filter(|contrasted| contrasted.place <= place);
        Self {
            questions: Rc::new(over.cloned().collect()),
            build: self.build.clone().filter(|begun| begun.place <= place),
            contrasts: Rc::new(contrasts.cloned().collect()),
            text: Rc::clone(&self.text),
            marks: Rc::clone(&self.marks),
            kept,
            failures: failures
                .filter(|failure| failure.error.line < line)
                .cloned()
                .collect(),
            until: Some(self.until.map_or(place, |until| until.min(place))),
        }
    }

    /// What it asks, and nothing else, as far as another run of the same lines goes the same way.
    pub(super) fn asked_until(&self, parts: Option<Place>) -> Self {
        let all = parts.map_or_else(|| self.clone(), |place| self.left_at(place));
        Self {
            questions: all.questions,
            build: all.build,
            contrasts: all.contrasts,
            ..Self::default()
        }
    }

    /// The lines that are still true, and the place up to which they lead; none if there is no
    /// text.
    pub(super) fn lines(&self) -> Option<(String, Place)> {
        let mark = self.marks.get(self.kept.checked_sub(1)?)?;
        if self.text.lines().count() < mark.line as usize {
            return Some((self.text.to_string(), mark.place));
        }
        let mut lines: Vec<&str> = self.text.lines().take(mark.line as usize - 1).collect();
        // A comment above the line that is left out speaks of it.
        while self.kept > 1
            && lines.last().is_some_and(|line| {
                let line = line.trim_start();
                line.is_empty() || line.starts_with('#')
            })
        {
            lines.pop();
        }
        let mut text = lines.join("\n");
        text.push('\n');
        Some((text, mark.place))
    }

    /// The lines that are still true, each with the place where it began; of lines that began at one
    /// place the last one stands for all, but where one of them begins a phase or a question.
    pub(super) fn begun(&self) -> impl Iterator<Item = (u32, Place)> {
        let kept = self.marks[..self.kept].iter();
        kept.map(|mark| (mark.line, mark.place))
    }

    fn come_to(&mut self, line: u32, place: Place) {
        let marks = Rc::make_mut(&mut self.marks);
        let mark = Mark {
            line,
            place,
            begins: Begins::Line,
        };
        match marks.last_mut() {
            Some(last) if last.place == place && last.begins == Begins::Line => *last = mark,
            _ => marks.push(mark),
        }
        self.kept = marks.len();
    }

    /// The line that was come to last begins this.
    fn begin(&mut self, what: Begins) {
        if let Some(mark) = Rc::make_mut(&mut self.marks).last_mut() {
            mark.begins = what;
        }
    }
}

impl Mark {
    /// Whether a question begins there at this line.
    fn asks(&self, line: u32) -> bool {
        self.begins == Begins::Question && self.line == line
    }
}

impl Run {
    /// Up to which instant the captions tell of this branch: where the playbook ends, or where
    /// the branch has left it.
    #[must_use]
    pub fn told_until(&self) -> Option<(u64, Micros)> {
        self.branch().told.until
    }

    /// The number of the phase whose caption has come true at the present instant: the one that
    /// began last before it.
    #[must_use]
    pub fn phase(&self) -> Option<usize> {
        let place = (self.position(), self.world.now());
        if self.told_until().is_some_and(|until| until < place) {
            return None;
        }
        let begun = |phase: &Phase| (phase.position, phase.at) < place;
        let number = self.phases().partition_point(begun).checked_sub(1)?;
        let is_told = !self.phases()[number].caption.is_empty();
        is_told.then_some(number)
    }

    /// After how many events the last thing of note in the phase `number` has happened, or its last
    /// question has been revealed: as near to what its caption speaks of as the playbook says. At
    /// its end, if nothing is of note.
    #[must_use]
    pub fn telling(&self, number: usize) -> u64 {
        let phases = self.phases();
        let begin = phases.get(number).map_or(0, |phase| phase.position);
        let next = phases.get(number + 1).map(|phase| phase.position);
        let end = next.or_else(|| self.told_until().map(|(position, _)| position));
        let end = end.unwrap_or_else(|| self.events().len() as u64);
        let mut events = self.events().range(begin..end).rev();
        let last = events.find(|event| self.is_of_note(event));
        let last = last.map_or(end, |event| event.number + 1);
        let revealed = self.questions().filter_map(|posed| posed.revealed);
        let revealed = revealed.map(|(position, _)| position);
        let revealed = revealed.filter(|position| (begin..=end).contains(position));
        revealed.fold(last, u64::max)
    }
}

/// Why a playbook did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line, and what is wrong.
    pub error: TextError,
    /// After how many events.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// Whether the World is not what the playbook expects; otherwise a line could not be done.
    pub is_unexpected: bool,
    /// What was expected, if it can be asked for again by itself.
    pub unmet: Option<Box<Unmet>>,
}

/// An expectation that failed, without the playbook around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// Its line, where what `let` has given a name stands in place of the name.
    pub line: String,
    /// How many events came before its line began: a `wait` fails later than that.
    pub position: u64,
    /// When it began.
    pub at: Micros,
}

/// An expectation that held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// After how many events it was looked at.
    pub position: u64,
    /// When it was looked at.
    pub at: Micros,
    /// What was expected, as it was written.
    pub expected: String,
    /// What was so, in English: the values of all that was asked for, or why it was refused.
    pub found: String,
    /// The same in Chinese.
    pub found_zh: String,
}

impl Stage for Run {
    fn world(&self) -> &Observed {
        &self.world
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        Self::act(self, action)
    }

    fn wants_held(&self) -> bool {
        self.held.len() < HELD_MAX
    }

    fn note_held(&mut self, held: Held) {
        self.held.push(held);
    }

    fn step(&mut self) -> Result<bool, RunError> {
        self.check_room(1)?;
        Ok(self.step_on())
    }

    fn next_at(&self) -> Option<Micros> {
        Self::next_at(self)
    }

    fn pass_to(&mut self, to: Micros) {
        self.world.pass_to(to);
        let now = self.world.now();
        let branch = self.branch_mut();
        branch.end_at = branch.end_at.max(now);
    }

    fn begin_phase(&mut self, caption: &str, caption_zh: &str) {
        let phase = Phase {
            caption: caption.to_owned(),
            caption_zh: caption_zh.to_owned(),
            position: self.position(),
            at: self.world.now(),
        };
        self.branch_mut().phases.push(phase);
    }

    fn ask(&mut self, question: &Arc<Question>, line: u32) {
        let asked = (self.position(), self.world.now());
        let told = &mut self.branch_mut().told;
        told.begin(Begins::Question);
        Rc::make_mut(&mut told.questions).push(Posed {
            question: Arc::clone(question),
            line,
            asked,
            revealed: None,
            right: None,
        });
    }

    fn begin_build(&mut self, build: &Arc<Build>, line: u32) {
        let place = (self.position(), self.world.now());
        let ablated = self.setup().ablated;
        let told = &mut self.branch_mut().told;
        told.begin(Begins::Block);
        let build = Arc::clone(build);
        told.build = Some(Begun {
            build,
            line,
            place,
            ablated,
        });
    }

    fn contrast(&mut self, contrast: &Arc<Contrast>, line: u32) {
        let place = (self.position(), self.world.now());
        let told = &mut self.branch_mut().told;
        told.begin(Begins::Block);
        Rc::make_mut(&mut told.contrasts).push(Contrasted {
            contrast: Arc::clone(contrast),
            line,
            place,
        });
    }

    fn reveal(&mut self, right: Option<usize>) {
        let place = (self.position(), self.world.now());
        let questions = Rc::make_mut(&mut self.branch_mut().told.questions);
        if let Some(posed) = questions.last_mut() {
            (posed.revealed, posed.right) = (Some(place), right);
        }
    }
}

/// A fresh run to which the text is told that it will be known by. It goes on where an
/// expectation fails.
#[derive(Debug)]
pub struct Teller(Run);

impl Teller {
    /// A run of a fresh cluster, to which nothing of `text` has been told yet.
    #[must_use]
    pub fn new(setup: Setup, text: &str) -> Self {
        let mut run = Run::new(setup);
        run.branch_mut().told.text = text.into();
        Self(run)
    }

    /// The text, which has so many lines, is over.
    pub fn finish(&mut self, lines: u32) {
        let place = (self.0.position(), self.0.world.now());
        let told = &mut self.0.branch_mut().told;
        told.come_to(lines.saturating_add(1), place);
        told.until = Some(place);
    }

    /// The run, at the instant up to which it has been told.
    #[must_use]
    pub fn run(self) -> Run {
        self.0
    }
}

impl Stage for Teller {
    fn world(&self) -> &Observed {
        &self.0.world
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        self.0.act(action)
    }

    fn step(&mut self) -> Result<bool, RunError> {
        self.0.step()
    }

    fn next_at(&self) -> Option<Micros> {
        Stage::next_at(&self.0)
    }

    fn pass_to(&mut self, to: Micros) {
        Stage::pass_to(&mut self.0, to);
    }

    fn begin_phase(&mut self, caption: &str, caption_zh: &str) {
        Stage::begin_phase(&mut self.0, caption, caption_zh);
        self.0.branch_mut().told.begin(Begins::Caption);
    }

    fn ask(&mut self, question: &Arc<Question>, line: u32) {
        Stage::ask(&mut self.0, question, line);
    }

    fn reveal(&mut self, right: Option<usize>) {
        Stage::reveal(&mut self.0, right);
    }

    fn begin_build(&mut self, build: &Arc<Build>, line: u32) {
        Stage::begin_build(&mut self.0, build, line);
    }

    fn contrast(&mut self, contrast: &Arc<Contrast>, line: u32) {
        Stage::contrast(&mut self.0, contrast, line);
    }

    fn come_to_line(&mut self, line: u32) {
        let place = (self.0.position(), self.0.world.now());
        self.0.branch_mut().told.come_to(line, place);
    }

    fn wants_held(&self) -> bool {
        self.0.wants_held()
    }

    fn note_held(&mut self, held: Held) {
        self.0.note_held(held);
    }

    fn keep_failure(&mut self, failure: &Failure) -> bool {
        let failures = &mut self.0.branch_mut().told.failures;
        if failures.len() >= FAILURES_MAX {
            return false;
        }
        failures.push(failure.clone());
        true
    }
}
