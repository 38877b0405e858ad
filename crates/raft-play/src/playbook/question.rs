//! How a question is read: its lines stand together, and what it is about follows up to `reveal`.

use std::sync::Arc;

use raft_sim::run::{Answer, Question};

use crate::script::{Ask, Condition};
use crate::text::Fault;

/// The fewest and the most answers of a question.
const ANSWERS_MIN: usize = 2;
const ANSWERS_MAX: usize = 4;

/// A question of which some lines have been read.
#[derive(Default)]
pub(super) struct Asking {
    /// Where it begins.
    pub(super) line: u32,
    question: Question,
    conditions: Vec<Option<Condition>>,
    /// The text above, while its Chinese may follow.
    above: Option<Said>,
}

/// What a line of a question says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Ask,
    Answer,
    Mistake,
    Why,
}

impl Said {
    const fn name(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Answer => "answer",
            Self::Mistake => "mistake",
            Self::Why => "why",
        }
    }
}

impl Asking {
    /// The question that begins at `line`.
    pub(super) fn new(line: u32, text: &str) -> Result<Self, Fault> {
        let mut asking = Self {
            line,
            ..Self::default()
        };
        asking.say(Said::Ask, text)?;
        Ok(asking)
    }

    /// Takes in the text of a line.
    pub(super) fn say(&mut self, said: Said, text: &str) -> Result<(), Fault> {
        if text.is_empty() {
            return Err(Fault::no_words(said.name()));
        }
        if said == Said::Answer {
            self.check_last_answer()?;
            if self.conditions.len() >= ANSWERS_MAX {
                return Err(Fault::too_many_answers(ANSWERS_MAX));
            }
            self.question.answers.push(Answer::default());
            self.conditions.push(None);
        }
        let place = self.place(said).ok_or_else(Fault::answer_first)?;
        if !place[0].is_empty() {
            return Err(Fault::said_twice(said.name()));
        }
        text.clone_into(&mut place[0]);
        self.above = Some(said);
        Ok(())
    }

    /// Takes in the Chinese of the line above.
    pub(super) fn say_in_chinese(&mut self, said: Said, text: &str) -> Result<(), Fault> {
        let is_above = self.above.take() == Some(said);
        let place = self.place(said).filter(|_| is_above);
        let place = place.ok_or_else(|| Fault::chinese_alone(said.name()))?;
        text.clone_into(&mut place[1]);
        Ok(())
    }

    /// Takes in when the last answer is right.
    pub(super) fn when(&mut self, condition: Condition) -> Result<(), Fault> {
        self.above = None;
        let (Some(answer), Some(place)) =
            (self.question.answers.last_mut(), self.conditions.last_mut())
        else {
            return Err(Fault::answer_first());
        };
        if place.is_some() {
            return Err(Fault::said_twice("when"));
        }
        answer.when.clone_from(&condition.text);
        *place = Some(condition);
        Ok(())
    }

    /// The question, once all of its lines have been read.
    pub(super) fn finish(self) -> Result<Ask, Fault> {
        self.check_last_answer()?;
        let conditions: Vec<Condition> = self.conditions.into_iter().flatten().collect();
        if conditions.len() < ANSWERS_MIN {
            return Err(Fault::too_few_answers(conditions.len(), ANSWERS_MIN));
        }
        if self.question.why[0].is_empty() {
            return Err(Fault::no_why());
        }
        Ok(Ask {
            question: Arc::new(self.question),
            conditions,
        })
    }

    /// Where such a text belongs; nothing if there is no answer yet that it could be of.
    fn place(&mut self, said: Said) -> Option<&mut [String; 2]> {
        let Question { text, answers, why } = &mut self.question;
        match said {
            Said::Ask => Some(text),
            Said::Answer => answers.last_mut().map(|answer| &mut answer.text),
            Said::Mistake => answers.last_mut().map(|answer| &mut answer.mistake),
            Said::Why => Some(why),
        }
    }

    fn check_last_answer(&self) -> Result<(), Fault> {
        match self.conditions.last() {
            Some(None) => Err(Fault::no_when()),
            Some(Some(_)) | None => Ok(()),
        }
    }
}
