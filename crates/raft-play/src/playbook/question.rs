//! How a question is read: its lines stand together, and what it is about follows up to `reveal`.

use std::sync::Arc;

use raft_sim::run::{Answer, Question};

use super::block::Said;
use crate::script::{Ask, Condition};
use crate::text::Fault;

/// The fewest and the most answers of a question.
const ANSWERS_MIN: usize = 2;
const ANSWERS_MAX: usize = 4;

/// A question of which some lines have been read.
#[derive(Default)]
pub(super) struct Asking {
    question: Question,
    conditions: Vec<Option<Condition>>,
}

impl Asking {
    pub(super) fn begin_answer(&mut self) -> Result<(), Fault> {
        self.check_last_answer()?;
        if self.conditions.len() >= ANSWERS_MAX {
            return Err(Fault::too_many_answers(ANSWERS_MAX));
        }
        self.question.answers.push(Answer::default());
        self.conditions.push(None);
        Ok(())
    }

    /// Takes in when the last answer is right.
    pub(super) fn when(&mut self, condition: Condition) -> Result<(), Fault> {
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

    /// Where such a text belongs.
    pub(super) fn place(&mut self, said: Said) -> Result<&mut [String; 2], Fault> {
        let Question { text, answers, why } = &mut self.question;
        let last = answers.last_mut();
        match said {
            Said::Ask => Ok(text),
            Said::Answer => last
                .map(|answer| &mut answer.text)
                .ok_or_else(Fault::answer_first),
            Said::Mistake => last
                .map(|answer| &mut answer.mistake)
                .ok_or_else(Fault::answer_first),
            Said::Why => Ok(why),
            Said::Build
            | Said::Goal
            | Said::Always
            | Said::Hint
            | Said::Same
            | Said::Alike
            | Said::Principle => Err(Fault::not_of_block(said.name())),
        }
    }

    fn check_last_answer(&self) -> Result<(), Fault> {
        match self.conditions.last() {
            Some(None) => Err(Fault::no_when()),
            Some(Some(_)) | None => Ok(()),
        }
    }
}
