//! Lines that are typed, one at a time, and done at the present instant.

use super::Run;
use crate::script::{Held, Player};
use crate::text::TextError;

impl Run {
    /// Does what a typed line says at the present instant; if it is an expectation, answers
    /// what is so.
    ///
    /// # Errors
    /// Says what is wrong with the line, or why it cannot be done. What was
    /// done and lived through before the trouble stays.
    pub fn act_line(&mut self, line: &str) -> Result<Option<Held>, TextError> {
        let mut player = self.begin_line(line)?;
        let (_, held) = self.go_on_line(&mut player, u64::MAX)?;
        Ok(held)
    }

    /// Lets somebody go on who does a line, for about `slice` steps of work; answers whether it is
    /// done, and if it is an expectation what is so.
    ///
    /// # Errors
    /// Why it cannot be done. What was done and lived through before the trouble stays.
    pub fn go_on_line(
        &mut self,
        player: &mut Player,
        slice: u64,
    ) -> Result<(bool, Option<Held>), TextError> {
        let held = std::mem::take(&mut self.held);
        let done = player.go_on(self, slice);
        let last = std::mem::replace(&mut self.held, held).pop();
        let is_done = done.map_err(|failure| failure.error)?;
        Ok((is_done, last))
    }

    /// Somebody who will do what a typed line says at the present instant.
    ///
    /// # Errors
    /// Says what is wrong with the line.
    pub fn begin_line(&self, line: &str) -> Result<Player, TextError> {
        let externals = self.branch().externals.iter();
        let offered = externals.map(|external| external.action.commands().count() as u64);
        Player::of_line(line, self.setup(), offered.sum(), self)
    }
}
