//! Lines that are typed, one at a time, and done at the present instant of a run.

use raft_sim::action::{Action, ServerAction};
use raft_sim::command::Command;
use raft_sim::outcome::Declined;
use raft_sim::run::{Asked, Done, Failure, Held, Place, RunError, Stage};
use raft_sim::{Micros, Observed, Run};

use crate::script::{Doing, GivenNames, Player, simple};
use crate::text::{Line, TextError};

/// Does what a typed line says at the present instant; if it is an expectation, answers what is
/// so.
///
/// # Errors
/// Says what is wrong with the line, or why it cannot be done. What was done and lived through
/// before the trouble stays.
pub fn act_line(run: &mut Run, line: &str) -> Result<Option<Held>, TextError> {
    let mut player = begin_line(run, line)?;
    let done = go_on_line(run, &mut player, u64::MAX);
    done.map(|(_, held)| held).map_err(|failure| failure.error)
}

/// Lets somebody go on who does a line, for about `slice` steps of work; answers whether it is
/// done, and if it is an expectation what is so.
///
/// # Errors
/// Why it cannot be done. What was done and lived through before the trouble stays; what is not as
/// it expects is kept, see [`Run::failures`].
pub fn go_on_line(
    run: &mut Run,
    player: &mut Player,
    slice: u64,
) -> Result<(bool, Option<Held>), Failure> {
    let mut typed = Typed { run, held: None };
    match player.go_on(&mut typed, slice) {
        Ok(is_done) => Ok((is_done, typed.held)),
        Err(failure) => {
            if failure.is_unexpected {
                run.note_asked(asked(run, &failure));
            }
            Err(failure)
        }
    }
}

/// What failed, with the line that fails in the same way.
fn asked(run: &Run, failure: &Failure) -> Asked {
    let (line, began) = again(run, failure).unzip();
    Asked {
        failure: failure.clone(),
        line,
        began: began.unwrap_or((failure.position, failure.at)),
    }
}

/// The line that fails in the same way, and where it begins, if there is one.
fn again(run: &Run, failure: &Failure) -> Option<(String, Place)> {
    let unmet = failure.unmet.as_ref()?;
    let failed = (failure.position, failure.at);
    let externals = run.branches()[run.current_branch()].externals().iter();
    let mut acted = externals.filter(|external| external.position >= unmet.position);
    let servers = run.setup().servers;
    match simple(&unmet.line, servers, &mut GivenNames::default()).ok()? {
        Doing::Expect(condition)
        | Doing::Wait {
            until: condition, ..
        } => Some((format!("expect {}", condition.text), failed)),
        // Those before the last one were as expected, and happened all the same.
        doing @ (Doing::ExpectRefused(_) | Doing::ExpectAccepted(_)) => {
            let is_refused = matches!(doing, Doing::ExpectRefused(_));
            let outcome = if is_refused { "refused" } else { "accepted" };
            Some(match acted.next_back() {
                Some(done) => {
                    let line = format!("expect {outcome} {}", Line(&done.action));
                    (line, (done.position, done.at))
                }
                None => (unmet.line.clone(), failed),
            })
        }
        Doing::Agree(agree) => {
            // Somebody may have done something else meanwhile.
            let offers: Option<Vec<&Command>> = acted.map(offered).collect();
            let offers = offers?;
            let is_one = offers.iter().all(|offer| *offer == offers[0]);
            let line = agree.of(offers.first().copied());
            is_one.then_some((line, (unmet.position, unmet.at)))
        }
        _ => None,
    }
}

/// The one command that is offered.
fn offered(external: &Done) -> Option<&Command> {
    let Action::Server(ServerAction::Propose { commands, .. }) = &external.action else {
        return None;
    };
    let [command] = commands.get() else {
        return None;
    };
    Some(command)
}

/// Somebody who will do what a typed line says at the present instant.
///
/// # Errors
/// Says what is wrong with the line.
pub fn begin_line(run: &Run, line: &str) -> Result<Player, TextError> {
    let externals = run.branches()[run.current_branch()].externals().iter();
    let offered = externals.map(|external| external.action.commands().count() as u64);
    Player::of_line(line, run.setup(), offered.sum(), run)
}

/// A run in which a typed line is done: what is so is told to whoever types, and not kept.
struct Typed<'r> {
    run: &'r mut Run,
    held: Option<Held>,
}

impl Stage for Typed<'_> {
    fn world(&self) -> &Observed {
        self.run.world()
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        self.run.act(action)
    }

    fn step(&mut self) -> Result<bool, RunError> {
        self.run.step()
    }

    fn next_at(&self) -> Option<Micros> {
        Stage::next_at(self.run)
    }

    fn pass_to(&mut self, to: Micros) {
        Stage::pass_to(self.run, to);
    }

    fn begin_phase(&mut self, caption: &str, caption_zh: &str) {
        Stage::begin_phase(self.run, caption, caption_zh);
    }

    fn wants_held(&self) -> bool {
        true
    }

    fn note_held(&mut self, held: Held) {
        self.held = Some(held);
    }
}
