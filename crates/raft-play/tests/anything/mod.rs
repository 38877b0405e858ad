//! What is asked of any text as a playbook, by the tests and by the fuzz target: it is played or
//! refused at its place, without a panic and before long, and what can be read can be written.

pub(crate) mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use raft_play::script::{Doing, Statement, play};
use raft_play::text::TextError;
use raft_play::{Playbook, open, save};
use raft_sim::action::TimeAction;
use raft_sim::outcome::Declined;
use raft_sim::run::{RunError, Stage, Trial, WORK_MAX};
use raft_sim::{Action, Micros, Observed, Run};

/// How much may be done for one text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) events: u64,
    pub(crate) work: u64,
    /// Of one line.
    pub(crate) commands: usize,
}

impl Bounds {
    /// What a test has the time for.
    pub(crate) const WIDE: Self = Self {
        events: 20_000,
        work: WORK_MAX,
        commands: usize::MAX,
    };
    /// What can be done thousands of times a second.
    pub(crate) const NARROW: Self = Self {
        events: 200,
        work: 5_000,
        commands: 20,
    };
}

/// A stage that says when it is enough.
struct Bounded<S> {
    stage: S,
    left: Bounds,
}

impl<S: Stage> Bounded<S> {
    fn spend(&mut self) -> Result<(), RunError> {
        self.left.events = self
            .left
            .events
            .checked_sub(1)
            .ok_or(RunError::TooManyEvents)?;
        Ok(())
    }
}

impl<S: Stage> Stage for Bounded<S> {
    fn world(&self) -> &Observed {
        self.stage.world()
    }

    fn act(&mut self, action: &Action) -> Result<Option<Declined>, RunError> {
        if let Action::Time(TimeAction::Step(count)) = action {
            for _ in 0..count.get() {
                if !self.step()? {
                    break;
                }
            }
            return Ok(None);
        }
        if action.commands().count() > self.left.commands {
            return Err(RunError::TooManyEvents);
        }
        self.spend()?;
        self.stage.act(action)
    }

    fn step(&mut self) -> Result<bool, RunError> {
        self.spend()?;
        self.stage.step()
    }

    fn next_at(&self) -> Option<Micros> {
        self.stage.next_at()
    }

    fn pass_to(&mut self, to: Micros) {
        self.stage.pass_to(to);
    }

    fn begin_phase(&mut self, caption: &str, caption_zh: &str) {
        self.stage.begin_phase(caption, caption_zh);
    }

    fn work_max(&self) -> u64 {
        self.left.work
    }
}

/// Plays a text if it can be read; answers whether it came to its end.
///
/// With `and_again` it is played in a run as well, which has to be the same world and can be
/// saved and played again.
pub(crate) fn answered(text: &str, bounds: Bounds, and_again: bool) -> Option<bool> {
    let playbook: Playbook = match text.parse() {
        Ok(playbook) => playbook,
        Err(error) => {
            check_complaint(&error, text);
            // What is wrong is shown, and not an empty place.
            let said = [&error.message, &error.chinese.message];
            assert!(said.iter().all(|said| !said.contains("“”")), "{error:?}");
            return None;
        }
    };
    check_printed(&playbook, text);
    let mut trial = Bounded {
        stage: Trial::new(&playbook.setup),
        left: bounds,
    };
    let outcome = play(&playbook, text, &mut trial);
    if let Err(failure) = &outcome {
        check_complaint(&failure.error, text);
    }
    if and_again {
        let mut run = Bounded {
            stage: Run::new(playbook.setup.clone()),
            left: bounds,
        };
        let again = play(&playbook, text, &mut run);
        assert_eq!(outcome, again, "a run and a trial fail alike");
        let run = run.stage;
        assert_eq!(run.world(), trial.stage.world());
        let saved = save(&run);
        let again = open(&saved).unwrap_or_else(|error| panic!("{error}\n{saved}"));
        assert_eq!(again.digest(), run.digest(), "{saved}");
    }
    Some(outcome.is_ok())
}

/// A complaint is about a line that is there, and says something in both languages that holds wherever a
/// playbook is read: in the page and in a terminal.
pub(crate) fn check_complaint(error: &TextError, text: &str) {
    let lines = text.lines().count().max(1);
    let line = usize::try_from(error.line).expect("a small number");
    assert!((1..=lines).contains(&line), "{error:?} of {lines} lines");
    assert!(error.column > 0, "{error:?}");
    check_typed(error);
    for of_the_page in ["new run", "back in time", "open the file"] {
        assert!(!error.remedy.contains(of_the_page), "{error:?}");
    }
}

/// A complaint about a line that somebody has typed in the page says something in both languages.
pub(crate) fn check_typed(error: &TextError) {
    check_said(&error.message, &error.chinese.message);
    // There is not always a remedy for what is only not as expected.
    if !error.remedy.is_empty() || !error.chinese.remedy.is_empty() {
        check_said(&error.remedy, &error.chinese.remedy);
    }
}

/// What is said is one or two whole sentences, and no command for a terminal.
pub(crate) fn check_said(english: &str, chinese: &str) {
    let begins = |c: char| c.is_uppercase() || c.is_ascii_digit() || "-“".contains(c);
    let is_whole = english.starts_with(begins) && english.ends_with(['.', '?']);
    assert!(is_whole && !english.ends_with(".."), "{english:?}");
    let is_whole = chinese.ends_with(['。', '？']) && !chinese.ends_with("。。");
    assert!(is_whole, "{chinese:?}");
    // What is quoted may have stops of its own.
    let stops = english.match_indices(". ").filter(|(at, _)| {
        let next = english[at + 2..].chars().next();
        next.is_some_and(char::is_uppercase)
    });
    assert!(stops.count() <= 1, "{english:?}");
    assert!(!english.contains("raftlab"), "{english:?}");
}

/// What is printed of a playbook is read as the same one.
fn check_printed(playbook: &Playbook, text: &str) {
    let printed = playbook.to_string();
    let again: Playbook = printed
        .parse()
        .unwrap_or_else(|error| panic!("{error}\n{printed}"));
    assert_eq!(again.to_string(), printed);
    // White space of another kind becomes plain in titles and captions.
    let is_plain = |c: char| !c.is_control() || c == '\n';
    if text.chars().all(is_plain) {
        let (mut one, mut other) = (again, playbook.clone());
        forget_lines(Arc::<Vec<_>>::make_mut(&mut one.lines));
        forget_lines(Arc::<Vec<_>>::make_mut(&mut other.lines));
        assert_eq!(one, other, "{printed}");
    }
}

fn forget_lines(statements: &mut [Statement]) {
    for statement in statements {
        statement.line = 0;
        match &mut statement.doing {
            Doing::Repeat { body, .. }
            | Doing::Concurrently(body)
            | Doing::InTurn(body)
            | Doing::Meanwhile(body) => forget_lines(Arc::make_mut(body).as_mut_slice()),
            Doing::Chance {
                body, otherwise, ..
            }
            | Doing::If {
                body, otherwise, ..
            } => {
                forget_lines(Arc::make_mut(body).as_mut_slice());
                forget_lines(Arc::make_mut(otherwise).as_mut_slice());
            }
            _ => {}
        }
    }
}

/// All playbooks, by their paths.
#[allow(dead_code, reason = "the fuzz target is given them as files")]
pub(crate) fn library() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "raft")
            {
                let text = fs::read_to_string(&path).expect("it can be read");
                files.push((path.display().to_string(), text));
            }
        }
    }
    files.sort_unstable();
    files
}
