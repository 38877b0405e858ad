//! Expectations while they are played: what holds is told to whoever wants to know, and what does
//! not fails the playbook.

use raft_sim::action::Action;
use raft_sim::outcome::Declined;
use raft_sim::run::{Held, RunError, Stage};

use super::{Player, Trouble, known};
use crate::refusal;
use crate::script::OpenLine;
use crate::script::condition::{ACCEPTED, Condition, REFUSED};
use crate::text::{self, Fault, Line, Scan, Wrong};
use crate::words::{Language, declined_why};

/// What was declined, at which line, and why.
#[derive(Debug)]
pub(super) struct DeclinedAt {
    line: u32,
    action: Action,
    why: Declined,
}

impl Player {
    /// Looks whether a condition holds.
    pub(super) fn expect(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        condition: &Condition,
        line: u32,
    ) -> Result<(), Trouble> {
        let mut known_now = known(stage.world(), &self.tasks[task], &mut self.lot);
        let holds = condition.holds(&mut known_now)?;
        if holds && !stage.wants_held() {
            self.held += 1;
            return Ok(());
        }
        // What is drawn and spent to tell of it is drawn and spent for nobody else.
        let mut lot = self.lot.clone();
        let mut known_now = known(stage.world(), &self.tasks[task], &mut lot);
        let found = condition.found(&mut known_now);
        if !holds {
            let mended = condition.says(&found, self.servers).then_some(&*found);
            let fault =
                Fault::unexpected(&condition.text, &found).mended_by(&condition.text, mended);
            let fault = after(fault, self.declined.as_deref());
            return Err(Trouble::Unexpected(fault));
        }
        self.hold(stage, line, &condition.text, [found.clone(), found]);
        Ok(())
    }

    /// Does what a line says that is to be refused: each server declines it, or it cannot be done.
    pub(super) fn expect_refused(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        refused: &OpenLine,
        line: u32,
    ) -> Result<(), Trouble> {
        let actions = match self.asked(stage, task, refused, REFUSED) {
            // There is no such message under way to do this to.
            Err(Wrong { fault, .. }) if fault.is_refusal => {
                let found = clauses([fault.message, fault.message_zh]);
                self.hold(stage, line, written(refused), found);
                return Ok(());
            }
            actions => actions?,
        };
        let mut found: [Vec<String>; 2] = Default::default();
        for action in &actions {
            let said = Line(action);
            let [english, chinese] = match self.act(stage, task, action) {
                Ok(Some(why)) => both_languages(why),
                Err(Trouble::Run(RunError::Refused(why))) => {
                    let [message, _] = refusal::words(&why, self.kind);
                    clauses(message)
                }
                Ok(None) => {
                    let fault = Fault::not_refused(&said.to_string());
                    return Err(Trouble::Unexpected(fault));
                }
                Err(trouble) => return Err(trouble),
            };
            found[0].push(format!("{said}: {english}"));
            found[1].push(format!("{said}：{chinese}"));
        }
        if actions.is_empty() {
            return Err(Trouble::Unexpected(Fault::nobody_asked()));
        }
        let [english, chinese] = found;
        let found = [english.join("; "), chinese.join("；")];
        self.hold(stage, line, written(refused), found);
        Ok(())
    }

    /// Does what a line says that no server is to decline.
    pub(super) fn expect_accepted(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        asked: &OpenLine,
        line: u32,
    ) -> Result<(), Trouble> {
        let actions = self.asked(stage, task, asked, ACCEPTED)?;
        for action in &actions {
            if let Some(why) = self.act(stage, task, action)? {
                let fault = Fault::not_accepted(&Line(action).to_string(), &both_languages(why));
                return Err(Trouble::Unexpected(fault));
            }
        }
        if actions.is_empty() {
            return Err(Trouble::Unexpected(Fault::nobody_asked()));
        }
        let said: Vec<String> = actions.iter().map(|it| Line(it).to_string()).collect();
        let found = [
            format!("{}: accepted", said.join(", ")),
            format!("{}：已接受", said.join("，")),
        ];
        self.hold(stage, line, written(asked), found);
        Ok(())
    }

    /// The Actions behind `expect` and the word for what is to become of them.
    fn asked(
        &mut self,
        stage: &dyn Stage,
        task: usize,
        asked: &OpenLine,
        outcome: &str,
    ) -> Result<Vec<Action>, Wrong> {
        let mut known_now = known(stage.world(), &self.tasks[task], &mut self.lot);
        known_now.work.bytes(asked.0.len());
        let mut scan = Scan::new(&asked.0, self.servers, &mut known_now);
        text::expect(&mut scan, "expect")?;
        text::expect(&mut scan, outcome)?;
        text::asked(&mut scan, outcome)
    }

    /// Does something that may be declined, which is remembered for whoever waits in vain.
    pub(super) fn ask(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        action: &Action,
    ) -> Result<(), Trouble> {
        if let Some(why) = self.act(stage, task, action)? {
            self.declined = Some(Box::new(DeclinedAt {
                line: self.tasks[task].line(),
                action: action.clone(),
                why,
            }));
        }
        Ok(())
    }

    fn hold(
        &mut self,
        stage: &mut dyn Stage,
        line: u32,
        expected: &str,
        [english, chinese]: [String; 2],
    ) {
        self.held += 1;
        if !stage.wants_held() {
            return;
        }
        let world = stage.world();
        let (position, at) = (world.event_count(), world.now());
        stage.note_held(Held {
            line,
            position,
            at,
            expected: expected.to_owned(),
            found: english,
            found_zh: chinese,
        });
    }
}

/// Sentences without their stops, to stand in others.
fn clauses(sentences: [String; 2]) -> [String; 2] {
    sentences.map(|text| text.trim_end_matches(['.', '。']).to_owned())
}

/// What is expected, as it was written.
fn written(asked: &OpenLine) -> &str {
    asked.0.trim().trim_start_matches("expect").trim()
}

/// A complaint that also names the last request that was declined: what is missing is often what
/// that asked for.
pub(super) fn after(fault: Fault, declined: Option<&DeclinedAt>) -> Fault {
    match declined {
        Some(DeclinedAt { line, action, why }) => {
            let said = Line(action).to_string();
            fault.after_declined(*line, &said, &both_languages(*why))
        }
        None => fault,
    }
}

fn both_languages(why: Declined) -> [String; 2] {
    [Language::English, Language::Chinese].map(|language| declined_why(why, language))
}
