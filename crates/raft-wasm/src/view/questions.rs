//! What a playbook tells, and what it asks before it shows what comes.

use serde::Serialize;
use tsify::Tsify;

/// A list of phases.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct PhaseList(pub Vec<PhaseView>);

/// A phase of a playbook.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct PhaseView {
    /// What to look at.
    pub caption: String,
    /// After how many events it begins.
    pub position: u64,
    /// When it begins.
    pub at: u64,
    /// After how many events its last notable event has happened.
    pub telling: u64,
}

/// A question of the playbook, and what the run has decided.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    /// What is asked.
    pub text: String,
    /// The answers; one of them is right.
    pub answers: Vec<AnswerView>,
    /// Which one, counted from 0.
    pub right: usize,
    /// Why it is right.
    pub why: String,
    /// What a bet on it is kept by: what is asked, and not where, so that no edit of the text moves a bet
    /// to another question; asked again, with the number of the time.
    pub key: String,
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// After how many events it is asked: the one that comes next is what it is about.
    pub asked_position: u64,
    /// When.
    pub asked_at: u64,
    /// After how many events the answer is known; nothing of what is between may show before.
    pub revealed_position: u64,
    /// When.
    pub revealed_at: u64,
}

/// An answer to a question.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct AnswerView {
    /// The answer.
    pub text: String,
    /// The condition under which it is right, as the playbook has it.
    pub when: String,
    /// What whoever gives it believes, if it is wrong; empty where the playbook does not say.
    pub mistake: String,
}

/// A list of questions.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct QuestionList(pub Vec<QuestionView>);
