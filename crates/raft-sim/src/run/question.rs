//! What a playbook asks its readers before it shows them.
//!
//! A question stands between two places of a run: where it is asked, and where what it is about has
//! happened. Which of its answers is right nobody has marked: it is the one whose condition holds
//! there, as the run was played. The run keeps that beside the texts, which it only carries.

use std::sync::Arc;

use super::Run;
use super::told::Place;

/// A question, and what can be answered. Each text is in English and in Chinese; what a playbook
/// leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: [String; 2],
    /// Two to four answers.
    pub answers: Vec<Answer>,
    /// Why the right one is right.
    pub why: [String; 2],
}

/// One way to answer a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The answer.
    pub text: [String; 2],
    /// The condition under which it is right, as it was written.
    pub when: String,
    /// What whoever gives it believes, if it is wrong.
    pub mistake: [String; 2],
}

/// A question as a run came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posed {
    /// The question.
    pub question: Arc<Question>,
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// Where it is asked: what comes next is what it is about.
    pub asked: Place,
    /// Where that has happened, if the playbook has come to it.
    pub revealed: Option<Place>,
    /// The number of the answer that is right there, counted from 0, if exactly one is.
    pub right: Option<usize>,
}

impl Posed {
    /// Whether it has been asked at `place`, and what it is about has not happened.
    pub(super) fn is_open_at(&self, place: Place) -> bool {
        self.asked <= place && self.revealed.is_none_or(|revealed| place < revealed)
    }
}

impl Run {
    /// The questions of the playbook, as far as this branch follows it: those to which there is one
    /// right answer.
    pub fn questions(&self) -> impl Iterator<Item = &Posed> {
        let posed = self.branch().told.questions.iter();
        posed.filter(|posed| posed.right.is_some())
    }
}
