//! `raftlab shrink`: the smallest run that fails in the same way.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use raft_check::{Case, Found, Goal, Shrinking, shrink};
use raft_play::playbook::Playbook;
use raft_play::script::{self, Doing, Statement};
use raft_play::words::{Language, violation_found};
use raft_sim::run::{Done, RunError, Stage, Trial};

use crate::arguments::ShrinkArgs;
use crate::output::{Stop, Verdict, counted, heard};
use crate::subject::{Played, Problem, Subject, typed};
use crate::{failure, interrupt};

pub(crate) fn execute(args: &ShrinkArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let output = args.output.as_deref().map(Output::open).transpose()?;
    let played = subject.play(seed).ok_or(Stop::Interrupted)?;
    let goal = goal(args, &subject, seed, &played)?;
    let case = case(&played, goal)
        .map_err(|error| Stop::BadInput(format!("{}: {error:?}", subject.name)))?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    interrupt::keep_what_is_found();
    let mut last = None;
    let mut watch = |now: &Shrinking| {
        bar.set_message(words(now));
        bar.tick();
        last = Some(now.clone());
        !interrupt::is_asked()
    };
    let Some(smallest) = shrink(&case, goal, &mut watch) else {
        return Err(Stop::BadInput(format!(
            "{}: the failure cannot be reproduced from the run's list of actions.",
            subject.name
        )));
    };
    bar.finish_and_clear();
    if let Some(last) = &last {
        let (actions, length) = (counted(case.moves.len() as u64, "action"), case.end);
        let (servers, played) = (case.setup.servers, counted(last.played, "run"));
        anstream::eprintln!(
            "from {actions}, {servers} servers, {length} to {}, {} servers, {}, in {played}",
            counted(smallest.case.moves.len() as u64, "action"),
            smallest.case.setup.servers,
            smallest.case.end
        );
    }
    let from = format!("raftlab shrink {} --seed {seed}", subject.arguments());
    let text = playbook(smallest.playbook(), smallest.found.as_ref(), &from);
    let next = if let Some(output) = output {
        let name = output.path.display().to_string();
        output.write(&text)?;
        format!("raftlab play {}", typed(&name))
    } else {
        let printed = write!(std::io::stdout().lock(), "{text}");
        heard(printed.map_err(Stop::from))?;
        "write it to a file with --output small.raft, then: raftlab play small.raft".to_owned()
    };
    anstream::eprintln!("to open it in the page: {next}");
    Ok(if interrupt::is_asked() {
        Verdict::Interrupted
    } else {
        Verdict::Passed
    })
}

/// What was done, up to where it is to fail.
fn case(played: &Played, goal: Goal) -> Result<Case, RunError> {
    let (setup, trial) = (&played.setup, &played.trial);
    match (goal, &played.problem) {
        // A recovery that is broken by a violation is part of what was done.
        (Goal::Stuck, _) => Case::of(setup, trial, played.mended),
        (
            Goal::Unmet,
            Some(Problem::Line {
                unmet: Some(unmet), ..
            }),
        ) => {
            let earlier = |done: &&Done| done.position < unmet.position;
            let length = trial.done().iter().filter(earlier).count();
            let case = Case::of(setup, trial, Some((length, unmet.at)))?;
            Ok(case.demanding(&unmet.line))
        }
        (Goal::Breaks(_) | Goal::Unmet, _) => Case::of(setup, trial, None),
    }
}

/// The file that is written in the end: opened before the search, which is long, shows that it can
/// be.
struct Output<'a> {
    path: &'a Path,
    /// Whether it existed before, so that it is not deleted if nothing is found.
    is_old: bool,
    is_written: bool,
}

impl<'a> Output<'a> {
    fn open(path: &'a Path) -> Result<Self, Stop> {
        let is_old = path.exists();
        let opened = OpenOptions::new().append(true).create(true).open(path);
        opened.map_err(|error| Stop::BadInput(format!("{}: {error}", path.display())))?;
        Ok(Self {
            path,
            is_old,
            is_written: false,
        })
    }

    /// Writes it; where that fails all the same, it is printed, since it took long to find.
    fn write(mut self, text: &str) -> Result<(), Stop> {
        self.is_written = true;
        fs::write(self.path, text).map_err(|error| {
            // What cannot be written there may still be read here.
            let _ = write!(std::io::stdout().lock(), "{text}");
            Stop::BadInput(format!("{}: {error}", self.path.display()))
        })
    }
}

impl Drop for Output<'_> {
    fn drop(&mut self) {
        if !self.is_old && !self.is_written {
            // An empty file that stays behind would be no harm.
            let _ = fs::remove_file(self.path);
        }
    }
}

/// In which way it has to fail. An invariant that the playbook expects to break is not a failure,
/// and is shrunk only if it is named.
fn goal(args: &ShrinkArgs, subject: &Subject, seed: u64, played: &Played) -> Result<Goal, Stop> {
    let name = &subject.name;
    let found = played.trial.world().checker().violations();
    if let Some(asked) = args.invariant {
        if found.iter().any(|violation| violation.invariant == asked) {
            return Ok(Goal::Breaks(asked));
        }
        let id = asked.id();
        return Err(Stop::BadInput(format!(
            "{name} with seed {seed} does not break “{id}”. Leave --invariant out."
        )));
    }
    let why = match &played.problem {
        Some(Problem::Broken(violation)) => return Ok(Goal::Breaks(violation.invariant)),
        Some(Problem::Stuck { .. }) => return Ok(Goal::Stuck),
        Some(Problem::Line { unmet: Some(_), .. }) => return Ok(Goal::Unmet),
        Some(problem) => return Err(Stop::BadInput(unshrinkable(subject, seed, problem))),
        None => match found.first() {
            Some(violation) => {
                let (id, arguments) = (violation.invariant.id(), subject.arguments());
                format!(
                    "only what it expects is broken ({id}). Shrink that all the same with: \
                     raftlab shrink {arguments} --seed {seed} --invariant {id}"
                )
            }
            None => format!(
                "nothing fails. Look for a seed that breaks something with: raftlab sweep {} \
                 --seeds 1..1000",
                subject.arguments()
            ),
        },
    };
    Err(Stop::BadInput(format!("{name} with seed {seed}: {why}")))
}

/// What fails, that it cannot be shrunk, and what to do instead.
fn unshrinkable(subject: &Subject, seed: u64, problem: &Problem) -> String {
    let what = failure::what(subject, seed, problem);
    let (kind, remedy) = match problem {
        Problem::Line {
            is_unexpected: true,
            ..
        } => (
            "fails an expectation that depends on the lines before it",
            format!(
                "Open it in the page: raftlab play {} --seed {seed} --at {}",
                subject.arguments(),
                problem.event()
            ),
        ),
        Problem::Line { .. } => (
            "has a line that cannot be carried out, and breaks no invariant before that",
            "Correct that line, or delete it.".to_owned(),
        ),
        _ => (
            "has too many events to be shrunk",
            "End the playbook earlier.".to_owned(),
        ),
    };
    format!(
        "{} with seed {seed} {kind}.\n{what}\n{remedy}",
        subject.name
    )
}

fn words(now: &Shrinking) -> String {
    format!(
        "{}: {}, {} servers, {} ({} played)",
        now.pass,
        counted(now.actions as u64, "action"),
        now.servers,
        now.length,
        now.played
    )
}

/// The text of the playbook, with what it is in its header and its caption.
fn playbook(mut playbook: Playbook, found: Option<&Found>, from: &str) -> String {
    let [title, title_zh, caption, caption_zh] = match found {
        Some(Found::Broken(violation)) => [
            format!("Shrunk: {} breaks", violation.invariant.english()),
            format!("缩减：{}被破坏", violation.invariant.chinese()),
            violation_found(violation, Language::English),
            violation_found(violation, Language::Chinese),
        ],
        Some(Found::Unmet([said, said_zh])) => [
            "Shrunk: an expectation fails".to_owned(),
            "缩减：期望不成立".to_owned(),
            said.clone(),
            said_zh.clone(),
        ],
        Some(Found::Stuck(_)) | None => [
            "Shrunk: no progress".to_owned(),
            "缩减：没有进展".to_owned(),
            "At the end a quorum is repaired, but no command is applied.".to_owned(),
            "最后修复了一个多数派，却仍然没有指令被应用。".to_owned(),
        ],
    };
    (playbook.setup.title, playbook.setup.title_zh) = (title, title_zh);
    from.clone_into(&mut playbook.setup.source);
    let doing = Doing::Phase {
        caption,
        caption_zh,
    };
    playbook.lines.insert(0, Statement { line: 0, doing });
    playbook.lines.extend(expectations(&playbook, found));
    playbook.to_string()
}

/// The lines that say what breaks, so that the playbook passes as long as it shows that. One that
/// comes to no progress, or in which something is not as expected, fails by its last line already,
/// and has to.
fn expectations(playbook: &Playbook, found: Option<&Found>) -> Vec<Statement> {
    if !matches!(found, Some(Found::Broken(_))) {
        return Vec::new();
    }
    let mut trial = Trial::new(&playbook.setup);
    // Plain Actions that were done before can be done again; and what broke is what counts.
    let _ = script::play(playbook, "", &mut trial);
    let mut text = String::new();
    for violation in trial.world().checker().violations() {
        let line = format!("expect broken {}\n", violation.invariant.id());
        if !text.contains(&line) {
            text.push_str(&line);
        }
    }
    text.parse::<Playbook>()
        .map_or_else(|_| Vec::new(), |expected| expected.lines)
}
