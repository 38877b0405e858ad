//! Expectations while they are played: what holds is told to whoever wants to know, and what does
//! not fails the playbook.

use raft_sim::outcome::Declined;
use raft_sim::run::{Held, RunError, Stage};

use super::{Player, Trouble, known};
use crate::refusal;
use crate::script::OpenLine;
use crate::script::condition::Condition;
use crate::text::{self, Fault, Line, Scan};
use crate::words::{Language, declined_why};

impl Player {
    /// Looks whether a condition holds.
    pub(super) fn expect(
        &mut self,
        stage: &mut impl Stage,
        task: usize,
        condition: &Condition,
        line: u32,
    ) -> Result<(), Trouble> {
        let mut known_now = known(stage.world(), &self.tasks[task], &mut self.lot);
        let holds = condition.holds(&mut known_now)?;
        self.held += u64::from(holds);
        if holds && !stage.wants_held() {
            return Ok(());
        }
        // What is drawn and spent to tell of it is drawn and spent for nobody else.
        let mut lot = self.lot.clone();
        let mut known_now = known(stage.world(), &self.tasks[task], &mut lot);
        let found = condition.found(&mut known_now);
        if !holds {
            let fault = Fault::unexpected(&condition.text, &found);
            return Err(Trouble::Unexpected(fault));
        }
        Self::hold(stage, line, &condition.text, [found.clone(), found]);
        Ok(())
    }

    /// Does what a line says that is to be refused: each server declines it, or it cannot be done.
    pub(super) fn expect_refused(
        &mut self,
        stage: &mut impl Stage,
        task: usize,
        refused: &OpenLine,
        line: u32,
    ) -> Result<(), Trouble> {
        let mut known_now = known(stage.world(), &self.tasks[task], &mut self.lot);
        known_now.work.bytes(refused.0.len());
        let mut scan = Scan::new(&refused.0, self.servers, &mut known_now);
        text::expect(&mut scan, "expect")?;
        text::expect(&mut scan, "refused")?;
        let actions = text::refused(&mut scan)?;
        let mut found: [Vec<String>; 2] = Default::default();
        for action in &actions {
            let said = Line(action);
            let [english, chinese] = match self.act(stage, task, action) {
                Ok(Some(why)) => both_languages(why),
                Err(Trouble::Run(RunError::Refused(why))) => {
                    refusal::words(&why, self.kind)[0].clone()
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
        self.held += 1;
        let [english, chinese] = found;
        let written = refused.0.trim().trim_start_matches("expect").trim();
        Self::hold(
            stage,
            line,
            written,
            [english.join("; "), chinese.join("；")],
        );
        Ok(())
    }

    fn hold(stage: &mut impl Stage, line: u32, expected: &str, [english, chinese]: [String; 2]) {
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

fn both_languages(why: Declined) -> [String; 2] {
    [Language::English, Language::Chinese].map(|language| declined_why(why, language))
}
