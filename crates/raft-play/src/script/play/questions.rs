//! Questions while they are played: which answer is right is looked at where what they are about
//! has happened.

use raft_sim::run::Stage;

use super::{Player, Trouble, known};
use crate::script::question::Ask;
use crate::text::Fault;

impl Player {
    /// Looks which answer is right. It is exactly one, or the playbook fails.
    pub(super) fn reveal(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        ask: &Ask,
    ) -> Result<(), Trouble> {
        let mut right = Vec::new();
        for (number, condition) in ask.conditions.iter().enumerate() {
            let mut known_now = known(stage.world(), &self.tasks[task], &mut self.lot);
            if condition.holds(&mut known_now)? {
                right.push(number);
            }
        }
        // A question of which nothing came would be asked where the next one is.
        if stage.world().event_count() == self.asked {
            stage.reveal(None);
            return Err(Trouble::Unexpected(Fault::nothing_happened()));
        }
        if let [only] = right[..] {
            stage.reveal(Some(only));
            return Ok(());
        }
        stage.reveal(None);
        self.misfit = Some(misfit(ask, &right));
        // What is drawn and spent to tell of it is drawn and spent for nobody else.
        let mut lot = self.lot.clone();
        let mut found: Vec<String> = Vec::new();
        for condition in &ask.conditions {
            let so = condition.found(&mut known(stage.world(), &self.tasks[task], &mut lot));
            if !found.contains(&so) {
                found.push(so);
            }
        }
        let held = right.iter().map(|number| &*ask.conditions[*number].text);
        let held: Vec<&str> = held.collect();
        let fault = Fault::not_one_answer(&held, &found.join(", "));
        Err(Trouble::Unexpected(fault))
    }
}

/// The expectation that fails where not exactly one answer is right.
fn misfit(ask: &Ask, right: &[usize]) -> String {
    let bracketed = |number: usize| format!("({})", ask.conditions[number].text);
    if let [first, second, ..] = right {
        let (first, second) = (bracketed(*first), bracketed(*second));
        return format!("expect not ({first} and {second})");
    }
    let all: Vec<String> = (0..ask.conditions.len()).map(bracketed).collect();
    format!("expect {}", all.join(" or "))
}
