//! Lines that stand together and are said to the reader: a question with its answers, a run to
//! build, a pair of runs to compare. Each text may have its Chinese right below it.

use super::building::Building;
use super::contrasting::Contrasting;
use super::question::Asking;
use crate::script::{Condition, Doing};
use crate::text::{Fault, Wrong};

/// Such lines, as far as they have been read.
pub(super) struct Block {
    /// Where they begin.
    pub(super) line: u32,
    of: Of,
    /// The text above, while its Chinese may follow.
    above: Option<Said>,
}

/// What they are about.
pub(super) enum Of {
    Question(Asking),
    Build(Box<Building>),
    Contrast(Box<Contrasting>),
}

/// What such a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Ask,
    Answer,
    Mistake,
    Why,
    Build,
    Goal,
    Always,
    Hint,
    Same,
    Alike,
    Principle,
}

impl Said {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Answer => "answer",
            Self::Mistake => "mistake",
            Self::Why => "why",
            Self::Build => "build",
            Self::Goal => "goal",
            Self::Always => "always",
            Self::Hint => "hint",
            Self::Same => "same",
            Self::Alike => "alike",
            Self::Principle => "principle",
        }
    }
}

impl Block {
    /// The lines that begin at `line`, of which nothing has been read.
    pub(super) const fn new(line: u32, of: Of) -> Self {
        Self {
            line,
            of,
            above: None,
        }
    }

    /// Takes in the text of a line.
    pub(super) fn say(&mut self, said: Said, text: &str) -> Result<(), Fault> {
        if text.is_empty() {
            return Err(Fault::no_words(said.name()));
        }
        match (&mut self.of, said) {
            (Of::Question(asking), Said::Answer) => asking.begin_answer()?,
            (Of::Build(building), Said::Goal | Said::Always | Said::Hint) => {
                building.begin(said)?;
            }
            (Of::Question(_) | Of::Build(_) | Of::Contrast(_), _) => {}
        }
        let place = self.place(said)?;
        if !place[0].is_empty() {
            return Err(Fault::said_twice(said.name()));
        }
        text.clone_into(&mut place[0]);
        self.above = Some(said);
        Ok(())
    }

    /// Takes in the Chinese of the line above.
    pub(super) fn say_in_chinese(&mut self, said: Said, text: &str) -> Result<(), Fault> {
        if self.above.take() != Some(said) {
            return Err(Fault::chinese_alone(said.name()));
        }
        text.clone_into(&mut self.place(said)?[1]);
        Ok(())
    }

    /// Takes in when the last answer is right, or when the last goal is met.
    pub(super) fn when(&mut self, condition: Condition) -> Result<(), Fault> {
        self.above = None;
        match &mut self.of {
            Of::Question(asking) => asking.when(condition),
            Of::Build(building) => building.when(&condition),
            Of::Contrast(_) => Err(Fault::not_of_block("when")),
        }
    }

    /// The run to build that the lines are about.
    pub(super) fn building(&mut self, word: &str) -> Result<&mut Building, Fault> {
        self.above = None;
        match &mut self.of {
            Of::Build(building) => Ok(building),
            Of::Question(_) | Of::Contrast(_) => Err(Fault::not_of_block(word)),
        }
    }

    /// What the lines say, once all of them have been read; the next one begins at `at`.
    pub(super) fn finish(self, at: usize) -> Result<Doing, Wrong> {
        let doing = match self.of {
            Of::Question(asking) => asking.finish().map(|ask| Doing::Ask(ask.into())),
            Of::Build(building) => building.finish().map(|build| Doing::Build(build.into())),
            Of::Contrast(contrast) => {
                let contrast = contrast.finish();
                contrast.map(|contrast| Doing::Contrast(contrast.into()))
            }
        };
        doing.map_err(|fault| Wrong { at, fault })
    }

    /// Where such a text belongs.
    fn place(&mut self, said: Said) -> Result<&mut [String; 2], Fault> {
        match &mut self.of {
            Of::Question(asking) => asking.place(said),
            Of::Build(building) => building.place(said),
            Of::Contrast(contrast) => contrast.place(said),
        }
    }
}
