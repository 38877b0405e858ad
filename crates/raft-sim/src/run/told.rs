//! What a playbook tells of a run, as it was written.
//!
//! A branch remembers the text that it was played from, and where it was when each line of it
//! began. As long as nothing else was done, that text is what is saved. A branch that has left
//! its playbook keeps the lines that were over by then, word for word; what came after them is
//! told in Actions and steps. Captions, waits, expectations and comments so stay wherever they
//! are still true.

use std::rc::Rc;

use super::{Phase, Run, RunError};
use crate::action::Action;
use crate::event::Declined;
use crate::playbook::Playbook;
use crate::script::{Failure, Held, Player, Stage};
use crate::text::TextError;
use crate::time::Micros;
use crate::world::World;

/// The most failures that are kept: a playbook that fails more often stops.
pub const FAILURES_MAX: usize = 100;

/// How many events come before an instant, and when it is.
pub(super) type Place = (u64, Micros);

/// The text that a branch was played from, as far as it follows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    text: Rc<str>,
    marks: Rc<Vec<Mark>>,
    /// How many of the marks lie before the place where the branch has left the text, or its end.
    kept: usize,
    pub(super) failures: Vec<Failure>,
    pub(super) until: Option<Place>,
}

/// Where a line of the text began.
#[derive(Debug, Clone, Copy)]
struct Mark {
    /// Counted from 1; one more than there are for the end of the text.
    line: u32,
    place: Place,
    is_caption: bool,
}

impl Told {
    /// As far as a branch follows it that leaves it at `place`.
    pub(super) fn left_at(&self, place: Place) -> Self {
        let marks = &self.marks[..self.kept];
        let begun = marks.partition_point(|mark| mark.place <= place);
        // What a caption says of what comes is not said of something else.
        let caption = marks[..begun].iter().rposition(|mark| mark.is_caption);
        let caption = caption.filter(|number| marks[*number].place == place);
        let kept = caption.map_or(begun, |number| number + 1);
        let line = kept.checked_sub(1).map_or(0, |last| marks[last].line);
        let failures = self.failures.iter();
        Self {
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

    fn come_to(&mut self, line: u32, place: Place) {
        let marks = Rc::make_mut(&mut self.marks);
        let mark = Mark {
            line,
            place,
            is_caption: false,
        };
        match marks.last_mut() {
            Some(last) if last.place == place && !last.is_caption => *last = mark,
            _ => marks.push(mark),
        }
        self.kept = marks.len();
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

    /// After how many events the last thing of note in the phase `number` has happened: as near
    /// to what its caption speaks of as the playbook says. At its end, if nothing is of note.
    #[must_use]
    pub fn telling(&self, number: usize) -> u64 {
        let phases = self.phases();
        let begin = phases.get(number).map_or(0, |phase| phase.position);
        let next = phases.get(number + 1).map(|phase| phase.position);
        let end = next.or_else(|| self.told_until().map(|(position, _)| position));
        let end = end.unwrap_or_else(|| self.events().len() as u64);
        let mut events = self.events().range(begin..end).rev();
        let last = events.find(|event| self.is_of_note(event));
        last.map_or(end, |event| event.number + 1)
    }
}

/// A playbook that is told to a fresh run, a while at a time. The run keeps its text, and goes on
/// where an expectation fails.
#[derive(Debug)]
pub struct Telling {
    run: Run,
    player: Player,
    /// How many lines it has.
    lines: u32,
}

impl Telling {
    /// Reads a playbook; nothing of it has been told yet.
    ///
    /// # Errors
    /// Says which line cannot be read.
    pub fn of(text: &str) -> Result<Self, TextError> {
        let playbook: Playbook = text.parse()?;
        let mut run = Run::new(playbook.setup.clone());
        run.branch_mut().told.text = text.strip_prefix('\u{feff}').unwrap_or(text).into();
        Ok(Self {
            run,
            player: Player::new(playbook, text),
            lines: u32::try_from(text.lines().count()).unwrap_or(u32::MAX),
        })
    }

    /// Goes on for about `slice` steps of work; answers whether the end has come.
    ///
    /// # Errors
    /// The first line that cannot be done, or the first expectation after too many failed. It
    /// must not go on after that.
    pub fn go_on(&mut self, slice: u64) -> Result<bool, Failure> {
        let mut teller = Teller { run: &mut self.run };
        let is_over = self.player.go_on(&mut teller, slice)?;
        if is_over {
            let place = (self.run.position(), self.run.world.now());
            let told = &mut self.run.branch_mut().told;
            told.come_to(self.lines.saturating_add(1), place);
            told.until = Some(place);
        }
        Ok(is_over)
    }

    /// How many steps of work it has taken so far.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.player.work()
    }

    /// The world of the run so far.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.run.world
    }

    /// The run, at the instant up to which it has been told.
    #[must_use]
    pub fn run(self) -> Run {
        self.run
    }
}

/// A run to which a playbook is told.
struct Teller<'r> {
    run: &'r mut Run,
}

impl Stage for Teller<'_> {
    fn world(&self) -> &World {
        &self.run.world
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        self.run.act(action)
    }

    fn step(&mut self) -> Result<bool, RunError> {
        self.run.step()
    }

    fn next_at(&self) -> Option<Micros> {
        Stage::next_at(self.run)
    }

    fn pass_to(&mut self, to: Micros) {
        Stage::pass_to(self.run, to);
    }

    fn begin_phase(&mut self, caption: &str, caption_zh: &str) {
        Stage::begin_phase(self.run, caption, caption_zh);
        let marks = Rc::make_mut(&mut self.run.branch_mut().told.marks);
        if let Some(mark) = marks.last_mut() {
            mark.is_caption = true;
        }
    }

    fn come_to_line(&mut self, line: u32) {
        let place = (self.run.position(), self.run.world.now());
        self.run.branch_mut().told.come_to(line, place);
    }

    fn wants_held(&self) -> bool {
        self.run.wants_held()
    }

    fn note_held(&mut self, held: Held) {
        self.run.note_held(held);
    }

    fn keep_failure(&mut self, failure: &Failure) -> bool {
        let failures = &mut self.run.branch_mut().told.failures;
        if failures.len() >= FAILURES_MAX {
            return false;
        }
        failures.push(failure.clone());
        true
    }
}

/// A caption without words: what comes after it is told by nobody.
pub(super) fn silence((position, at): Place) -> Phase {
    Phase {
        caption: String::new(),
        caption_zh: String::new(),
        position,
        at,
    }
}
