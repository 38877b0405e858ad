//! `raftlab shrink`: the smallest run that fails in the same way.

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use raft_check::case::Played as Shrunk;
use raft_check::{Case, Found, Goal, Shrinking, Until, shrink};
use raft_play::playbook::Playbook;
use raft_play::script::{self, Doing, Statement};
use raft_play::words::{Language, violation_found};
use raft_sim::Invariant;
use raft_sim::run::{Done, RunError, Stage, Trial};

use crate::arguments::ShrinkArgs;
use crate::output::{Stop, Verdict, counted, heard};
use crate::output_file::OutputFile;
use crate::progress::Progress;
use crate::subject::{Played, Problem, Subject, command, typed};
use crate::{failure, interrupt};

/// How often it is looked for a signal.
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub(crate) fn execute(args: &ShrinkArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let output = args.output.as_deref().map(OutputFile::open).transpose()?;
    let from = format!("raftlab shrink {} --seed {seed}", subject.arguments());
    let progress = Progress::of(&format!("playing {}", subject.name));
    interrupt::keep_what_is_found();
    let search = Search {
        subject,
        seed,
        invariant: args.invariant,
    };
    let (sender, receiver) = channel();
    thread::spawn(move || search.run(&sender));
    let best = watch(&receiver, &progress)?;
    progress.end();
    let Some(Best { first, now, played }) = best else {
        anstream::eprintln!("interrupted before anything was found");
        return Ok(Verdict::Interrupted);
    };
    let is_whole = !interrupt::is_asked();
    anstream::eprintln!(
        "{}from {} to {}, in {}",
        if is_whole { "" } else { "interrupted: " },
        size(&first),
        size(&now.case),
        counted(played, "run")
    );
    let text = playbook(now.playbook(), now.found.as_ref(), &from);
    let next = if let Some(output) = output {
        output.write(&text)?;
        let name = args
            .output
            .as_deref()
            .map(|path| path.display().to_string());
        format!("raftlab play {}", typed(&name.unwrap_or_default()))
    } else {
        let printed = write!(std::io::stdout().lock(), "{text}");
        heard(printed.map_err(Stop::from))?;
        "write it to a file with --output small.raft, then: raftlab play small.raft".to_owned()
    };
    anstream::eprintln!("to open it in the page: {next}");
    Ok(if is_whole {
        Verdict::Passed
    } else {
        Verdict::Interrupted
    })
}

/// The smallest case so far.
struct Best {
    /// What it was at first.
    first: Case,
    now: Shrunk,
    /// How many have been played.
    played: u64,
}

/// What a search tells.
enum Told {
    /// What it is at, and how many cases have been played.
    Words(String, u64),
    Best(Box<Best>),
    End(Result<(), Stop>),
}

/// Follows a search to its end or to a signal, however long its next step takes; answers the best
/// that it has found.
fn watch(search: &Receiver<Told>, progress: &Progress) -> Result<Option<Best>, Stop> {
    let mut best: Option<Best> = None;
    loop {
        match search.recv_timeout(LOOK_EVERY) {
            Ok(Told::Words(words, played)) => {
                progress.say(words);
                if let Some(best) = &mut best {
                    best.played = played;
                }
            }
            Ok(Told::Best(better)) => best = Some(*better),
            Ok(Told::End(Ok(()) | Err(Stop::Interrupted))) => return Ok(best),
            Ok(Told::End(Err(stop))) => return Err(stop),
            Err(RecvTimeoutError::Timeout) if !interrupt::is_asked() => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(best),
        }
    }
}

/// A search for the smallest run that fails as this one does.
struct Search {
    subject: Subject,
    seed: u64,
    invariant: Option<Invariant>,
}

impl Search {
    fn run(&self, told: &Sender<Told>) {
        let end = self.search(told);
        // Nobody may be there any more to hear of it.
        let _ = told.send(Told::End(end));
    }

    fn search(&self, told: &Sender<Told>) -> Result<(), Stop> {
        let Self { subject, seed, .. } = self;
        let played = subject.play(*seed).ok_or(Stop::Interrupted)?;
        let goal = goal(self.invariant, subject, *seed, &played)?;
        let case = case(&played, goal)
            .map_err(|error| Stop::BadInput(format!("{}: {error:?}", subject.name)))?;
        let mut last = None;
        let mut watch = |now: Shrinking<'_>| {
            if last.as_ref() != Some(&now.best.case) {
                last = Some(now.best.case.clone());
                let best = Best {
                    first: case.clone(),
                    now: now.best.clone(),
                    played: now.played,
                };
                let _ = told.send(Told::Best(Box::new(best)));
            }
            let _ = told.send(Told::Words(words(&now), now.played));
            !interrupt::is_asked()
        };
        if shrink(&case, goal, &mut watch).is_some() {
            return Ok(());
        }
        if interrupt::is_asked() {
            return Err(Stop::Interrupted);
        }
        let look = match &played.problem {
            Some(problem) => failure::look(subject, *seed, problem),
            None => command("play", &subject.arguments(), &format!("--seed {seed}")),
        };
        Err(Stop::BadInput(format!(
            "{}: With seed {seed} it does not fail in the same way when only its actions are repeated, \
             each at its time. Look at it in the page: {look}.",
            subject.name
        )))
    }
}

fn size(case: &Case) -> String {
    let actions = counted(case.moves.len() as u64, "action");
    format!("{actions}, {} servers, {}", case.setup.servers, case.end)
}

/// What was done, up to where it is to fail.
fn case(played: &Played, goal: Goal) -> Result<Case, RunError> {
    let (setup, trial) = (&played.setup, &played.trial);
    match (goal, &played.problem) {
        // A recovery that is broken by a violation is part of what was done.
        (Goal::Stuck, _) => Case::of(setup, trial, Until::of(trial, played.mended)),
        (
            Goal::Unmet,
            Some(Problem::Line {
                unmet: Some(unmet), ..
            }),
        ) => {
            let earlier = |done: &&Done| done.position < unmet.position;
            let until = Until {
                actions: trial.done().iter().filter(earlier).count(),
                events: Some(unmet.position),
                at: unmet.at,
            };
            let case = Case::of(setup, trial, until)?;
            Ok(case.demanding(&unmet.line))
        }
        (Goal::Breaks(_) | Goal::Unmet, _) => Case::of(setup, trial, Until::of(trial, None)),
    }
}

/// In which way it has to fail. An invariant that the playbook expects to break is not a failure,
/// and is shrunk only if it is named.
fn goal(
    asked: Option<Invariant>,
    subject: &Subject,
    seed: u64,
    played: &Played,
) -> Result<Goal, Stop> {
    let name = &subject.name;
    let found = played.trial.world().checker().violations();
    if let Some(asked) = asked {
        if found.iter().any(|violation| violation.invariant() == asked) {
            return Ok(Goal::Breaks(asked));
        }
        let id = asked.id();
        return Err(Stop::BadInput(format!(
            "{name}: With seed {seed} it does not break “{id}”. Leave --invariant out."
        )));
    }
    let why = match &played.problem {
        Some(Problem::Broken(violation)) => return Ok(Goal::Breaks(violation.invariant())),
        Some(Problem::Stuck { .. }) => return Ok(Goal::Stuck),
        Some(Problem::Line { unmet: Some(_), .. }) => return Ok(Goal::Unmet),
        Some(problem) => return Err(Stop::BadInput(unshrinkable(subject, seed, problem))),
        None => {
            let arguments = subject.arguments();
            match found.first().map(|violation| violation.invariant().id()) {
                Some(id) => format!(
                    "only what it expects is broken ({id}). Shrink that all the same: {}.",
                    command(
                        "shrink",
                        &arguments,
                        &format!("--seed {seed} --invariant {id}")
                    )
                ),
                None => format!(
                    "nothing fails. Look for a seed that breaks something: {}.",
                    command("sweep", &arguments, "--seeds 1..1000")
                ),
            }
        }
    };
    Err(Stop::BadInput(format!("{name}: With seed {seed} {why}")))
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
                "Look at it in the page: {}.",
                failure::look(subject, seed, problem)
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
        "{}: With seed {seed} it {kind}.\n{what}\n{remedy}",
        subject.name
    )
}

fn words(now: &Shrinking<'_>) -> String {
    format!(
        "{}: {} ({} played)",
        now.pass,
        size(&now.best.case),
        now.played
    )
}

/// The text of the playbook, with what it is in its header and its caption.
fn playbook(mut playbook: Playbook, found: Option<&Found>, from: &str) -> String {
    let [title, title_zh, caption, caption_zh] = match found {
        Some(Found::Broken(violation)) => [
            format!(
                "Shrunk: {} breaks",
                Language::English.invariant(violation.invariant())
            ),
            format!(
                "缩减：{}被破坏",
                Language::Chinese.invariant(violation.invariant())
            ),
            violation_found(violation, Language::English),
            violation_found(violation, Language::Chinese),
        ],
        Some(Found::Unmet(unmet)) => {
            let [said, said_zh] = unmet.said.clone();
            let title = "Shrunk: an expectation fails".to_owned();
            [title, "缩减：期望不成立".to_owned(), said, said_zh]
        }
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
    Arc::make_mut(&mut playbook.lines).insert(0, Statement { line: 0, doing });
    let expectations = expectations(&playbook, found);
    Arc::make_mut(&mut playbook.lines).extend(expectations);
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
        let line = format!("expect broken {}\n", violation.invariant().id());
        if !text.contains(&line) {
            text.push_str(&line);
        }
    }
    text.parse::<Playbook>()
        .map_or_else(|_| Vec::new(), |expected| expected.lines.to_vec())
}
