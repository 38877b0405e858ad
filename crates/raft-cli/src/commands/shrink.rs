//! `raftlab shrink`: the smallest run that breaks the same invariant.

use std::fs;
use std::io::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use raft_check::{Case, Found, Goal, Shrinking, shrink};
use raft_sim::playbook::Playbook;
use raft_sim::script::{Doing, Stage, Statement};
use raft_sim::words::{Language, violation_found};

use crate::arguments::ShrinkArgs;
use crate::interrupt;
use crate::output::{Stop, Verdict, counted};
use crate::subject::{Played, Problem, Subject};

pub(crate) fn execute(args: &ShrinkArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let played = subject.play(seed);
    let goal = goal(args, &subject, seed, &played)?;
    // A recovery that is broken by a violation is part of what was done.
    let mended = played.mended.filter(|_| goal == Goal::Stuck);
    let case = Case::of(&played.setup, &played.trial, mended)
        .map_err(|error| Stop::BadInput(format!("{}: {error:?}", subject.name)))?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    let mut last = None;
    let mut watch = |now: &Shrinking| {
        bar.set_message(words(now));
        bar.tick();
        last = Some(now.clone());
        !interrupt::is_asked()
    };
    let Some(smallest) = shrink(&case, goal, &mut watch) else {
        return Err(Stop::BadInput(format!(
            "{}: the run fails only as it was, not when played from its list of actions.",
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
    match &args.output {
        None => write!(std::io::stdout().lock(), "{text}")?,
        Some(path) => fs::write(path, &text)
            .map_err(|error| Stop::BadInput(format!("{}: {error}", path.display())))?,
    }
    Ok(if interrupt::is_asked() {
        Verdict::Interrupted
    } else {
        Verdict::Passed
    })
}

/// In which way it has to fail.
fn goal(args: &ShrinkArgs, subject: &Subject, seed: u64, played: &Played) -> Result<Goal, Stop> {
    let found = played.trial.world().checker().violations();
    if let Some(asked) = args.invariant {
        if found.iter().any(|violation| violation.invariant == asked) {
            return Ok(Goal::Breaks(asked));
        }
        let id = asked.id();
        return Err(Stop::BadInput(format!(
            "{} with seed {seed} does not break “{id}”. Leave --invariant out.",
            subject.name
        )));
    }
    match &played.problem {
        Some(Problem::Broken(violation)) => return Ok(Goal::Breaks(violation.invariant)),
        Some(Problem::Stuck { .. }) => return Ok(Goal::Stuck),
        _ => {}
    }
    // A playbook that breaks what it says it breaks can be shrunk as well.
    let expected = subject.breaks();
    let expected = found
        .iter()
        .find(|violation| expected.contains(&violation.invariant));
    expected.map(|violation| Goal::Breaks(violation.invariant)).ok_or_else(|| {
        let why = match &played.problem {
            None => "nothing fails".to_owned(),
            Some(problem) => format!(
                "what fails is neither an invariant nor a recovery ({}), and only those shrink",
                problem.kind()
            ),
        };
        Stop::BadInput(format!(
            "{} with seed {seed}: {why}. Look for a seed that breaks one with: raftlab sweep {} \
             --seeds 1..1000",
            subject.name,
            subject.arguments()
        ))
    })
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
        _ => [
            "Shrunk: no progress".to_owned(),
            "缩减：没有进展".to_owned(),
            "At the end a quorum is mended, and still no command is applied.".to_owned(),
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
    playbook.to_string()
}
