//! Lines that are typed, one at a time, and done at the present instant.

use super::Run;
use crate::script::{Failure, Held, Player};
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
        let done = self.go_on_line(&mut player, u64::MAX);
        done.map(|(_, held)| held).map_err(|failure| failure.error)
    }

    /// Lets somebody go on who does a line, for about `slice` steps of work; answers whether it is
    /// done, and if it is an expectation what is so.
    ///
    /// # Errors
    /// Why it cannot be done. What was done and lived through before the trouble stays; what is
    /// not as it expects is kept, see [`Self::failures`].
    pub fn go_on_line(
        &mut self,
        player: &mut Player,
        slice: u64,
    ) -> Result<(bool, Option<Held>), Failure> {
        let held = std::mem::take(&mut self.held);
        let done = player.go_on(self, slice);
        let last = std::mem::replace(&mut self.held, held).pop();
        match done {
            Ok(is_done) => Ok((is_done, last)),
            Err(failure) => {
                if failure.is_unexpected {
                    self.note_asked(&failure);
                }
                Err(failure)
            }
        }
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
