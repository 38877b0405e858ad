//! The questions of a playbook, for a page that asks them before it shows what comes.

use std::collections::BTreeMap;

use raft_play::words::Language;
use raft_sim::run::Posed;
use tsify::Tsify;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Lab, Object};
use crate::view::{AnswerView, Lang, QuestionList, QuestionView};

#[wasm_bindgen]
impl Lab {
    /// The questions of the playbook, as far as the branch follows it, in the order in which they
    /// are asked.
    pub fn questions(&self, lang: Lang) -> Object<QuestionList> {
        let language = Language::from(lang);
        let mut asked = BTreeMap::new();
        let questions = self.run.questions().filter_map(|posed| {
            let times = asked.entry(posed.question.text[0].as_str()).or_insert(0);
            *times += 1;
            question(posed, *times, language)
        });
        Ok(QuestionList(questions.collect()).into_ts()?)
    }
}

/// A question that is asked for so many times.
fn question(posed: &Posed, times: u32, language: Language) -> Option<QuestionView> {
    let ((revealed_position, revealed_at), right) = posed.revealed.zip(posed.right)?;
    let answers = posed.question.answers.iter().map(|answer| AnswerView {
        text: said(&answer.text, language),
        when: answer.when.clone(),
        mistake: said(&answer.mistake, language),
    });
    Some(QuestionView {
        text: said(&posed.question.text, language),
        answers: answers.collect(),
        right,
        why: said(&posed.question.why, language),
        key: match times {
            1 => posed.question.text[0].clone(),
            _ => format!("{} ({times})", posed.question.text[0]),
        },
        line: posed.line,
        asked_position: posed.asked.0,
        asked_at: posed.asked.1.0,
        revealed_position,
        revealed_at: revealed_at.0,
    })
}

/// What a playbook says only in English is said in English.
pub(super) fn said([english, chinese]: &[String; 2], language: Language) -> String {
    let chinese = if chinese.is_empty() { english } else { chinese };
    language.pick(english, chinese).to_owned()
}
