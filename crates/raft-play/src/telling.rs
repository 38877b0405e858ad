//! A playbook that is told to a fresh run, which then knows it by heart.

use raft_sim::Run;
use raft_sim::run::{Failure, Stage, Teller};
use raft_sim::world::World;

use crate::playbook::Playbook;
use crate::script::Player;
use crate::text::TextError;
use crate::words::{Language, violation_found};

/// Reads a playbook and does all that it says; the run is left at its end.
///
/// # Errors
/// Says which line is wrong, or cannot be done when its turn comes.
pub fn open(text: &str) -> Result<Run, TextError> {
    let (run, failure) = play(text)?;
    match failure {
        Some(failure) if !failure.is_unexpected => Err(failure.error),
        _ => Ok(run),
    }
}

/// Reads a playbook and does what it says, up to its end or to the line that cannot be done.
/// What is only not as the playbook expects is kept, see [`Run::failures`], and the first of
/// it is the failure that is answered.
///
/// # Errors
/// Says which line cannot be read.
pub fn play(text: &str) -> Result<(Run, Option<Failure>), TextError> {
    let mut telling = Telling::of(text)?;
    let failure = telling.go_on(u64::MAX).err();
    let run = telling.run();
    let failure = failure.or_else(|| run.failures().first().copied().cloned());
    Ok((run, failure))
}

/// Plays a playbook as a test, as `raftlab test` does: all that it expects must be so, and no invariant
/// broken but those that it names. A test of another crate can hold a run in this way:
///
/// ```
/// let playbook = "servers 3\ntimeout S1\nrun 100ms\nexpect leader = S1\n";
/// raft_play::test(playbook).unwrap_or_else(|wrong| panic!("{wrong}"));
/// ```
///
/// # Errors
/// Says what is wrong first: a line, or an invariant.
pub fn test(text: &str) -> Result<Run, String> {
    let playbook: Playbook = text.parse().map_err(|error: TextError| error.to_string())?;
    let (run, failure) = play(text).map_err(|error| error.to_string())?;
    if let Some(failure) = failure {
        return Err(failure.error.to_string());
    }
    match playbook.unexpected(run.world()) {
        Some(violation) => Err(violation_found(violation, Language::English)),
        None => Ok(run),
    }
}

/// A playbook that is told to a fresh run, a while at a time. The run keeps its text, and goes on
/// where an expectation fails.
#[derive(Debug)]
pub struct Telling {
    teller: Teller,
    player: Player,
    /// How many lines it has.
    lines: u32,
}

impl Telling {
    /// Reads a playbook; nothing of it has been told yet.
    ///
    /// # Errors
    /// Says which line cannot be read.
    pub fn of(text: &str) -> Result<Self, TextError> {
        let playbook: Playbook = text.parse()?;
        let kept = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self {
            teller: Teller::new(playbook.setup.clone(), kept),
            player: Player::new(&playbook, text),
            lines: u32::try_from(text.lines().count()).unwrap_or(u32::MAX),
        })
    }

    /// Goes on for about `slice` steps of work; answers whether the end has come.
    ///
    /// # Errors
    /// The first line that cannot be done, or the first expectation after too many failed. It
    /// must not go on after that.
    pub fn go_on(&mut self, slice: u64) -> Result<bool, Failure> {
        let is_over = self.player.go_on(&mut self.teller, slice)?;
        if is_over {
            self.teller.finish(self.lines);
        }
        Ok(is_over)
    }

    /// How many steps of work it has taken so far.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.player.work()
    }

    /// The world of the run so far.
    #[must_use]
    pub fn world(&self) -> &World {
        self.teller.world()
    }

    /// The run, at the instant up to which it has been told.
    #[must_use]
    pub fn run(self) -> Run {
        self.teller.run()
    }
}
