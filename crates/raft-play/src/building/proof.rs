//! Whether a run to build can be built in the way that its playbook says, and in no shorter one.

use raft_sim::Run;
use raft_sim::run::{Begun, Build};

use super::{MARKED_MAX, Marker, Progress};
use crate::text::{Fault, TextError, Wrong};
use crate::{act_line, open};

/// Plays the way of the run that the playbook `text` asks for; nothing is said of another playbook.
///
/// # Errors
/// It is not built in that way; or it is with one of its lines left out, or without any. Of what
/// cannot be built, that it is. If lines stand below the block, that they do not build it.
pub fn prove(text: &str) -> Result<(), TextError> {
    let run = open(text)?;
    let Some(begun) = run.build().cloned() else {
        return Ok(());
    };
    let lines: Vec<&str> = text.lines().collect();
    let proven = proven(&run, &begun);
    proven.map_err(|(fault, way)| {
        let (line, shown) = place(&lines, begun.line, way);
        let at = shown.len() - shown.trim_start().len();
        Wrong { at, fault: *fault }.of_line(line, shown)
    })
}

/// What is wrong, and with which line of the way.
type Unproven = (Box<Fault>, Option<usize>);

fn proven(run: &Run, begun: &Begun) -> Result<(), Unproven> {
    let build = &begun.build;
    let whole = |fault| Err((Box::new(fault), None));
    if (run.position(), run.world().now()) != begun.place {
        let progress = progress(run);
        return match (build.is_impossible, progress.done) {
            (true, Some(_)) => whole(Fault::built_after_all()),
            // What came close shows what is in its way.
            (true, None) | (false, Some(_)) => Ok(()),
            (false, None) => whole(Fault::not_built(&unmet(build, &progress))),
        };
    }
    let tried = tried(run, build, None).map_err(|(error, line)| {
        let fault = Fault::way_fails(&error.message, &error.chinese.message);
        (Box::new(fault), Some(line))
    })?;
    if build.is_impossible {
        return match tried.progress.done {
            Some(_) => whole(Fault::built_after_all()),
            None => Ok(()),
        };
    }
    if tried.progress.done.is_none() {
        return whole(Fault::way_misses(&unmet(build, &tried.progress)));
    }
    for line in tried.acting {
        let without = self::tried(run, build, Some(line));
        if without.is_ok_and(|without| without.progress.done.is_some()) {
            return Err((Box::new(Fault::needless()), Some(line)));
        }
    }
    Ok(())
}

/// What has come of a way.
struct Tried {
    progress: Progress,
    /// The lines that did something.
    acting: Vec<usize>,
}

/// Plays the way, or what is left of it without one of its lines: then what fails is left out, too.
fn tried(run: &Run, build: &Build, without: Option<usize>) -> Result<Tried, (TextError, usize)> {
    let mut run = run.clone();
    let mut acting = Vec::new();
    for (number, line) in build.way.iter().enumerate() {
        if without == Some(number) {
            continue;
        }
        let before = done(&run);
        match act_line(&mut run, line) {
            Err(error) if without.is_none() => return Err((error, number)),
            Ok(_) | Err(_) => {}
        }
        if done(&run) > before {
            acting.push(number);
        }
    }
    let progress = progress(&run);
    Ok(Tried { progress, acting })
}

fn done(run: &Run) -> usize {
    run.branches()[run.current_branch()].externals().len()
}

fn progress(run: &Run) -> Progress {
    let marker = Marker::new(run).map(|mut marker| {
        marker.go_on(run);
        marker.progress(run)
    });
    marker.unwrap_or_default()
}

/// Why it is not built, in English and in Chinese.
fn unmet(build: &Build, progress: &Progress) -> [String; 2] {
    if progress.is_cut_short {
        return [
            format!("only the first {MARKED_MAX} events of it are looked at"),
            format!("只看其中的前 {MARKED_MAX} 个事件"),
        ];
    }
    if let Some(goal) = build.goals.get(progress.met.len()) {
        return [
            format!("{} is never met", goal.when),
            format!("{} 始终没有达成", goal.when),
        ];
    }
    let broken = build.always.iter().zip(&progress.broken);
    if let Some((goal, _)) = broken.into_iter().find(|(_, broken)| broken.is_some()) {
        return [
            format!("{} does not hold all the time", goal.when),
            format!("{} 没有始终成立", goal.when),
        ];
    }
    let (used, max) = (progress.used, build.actions_max);
    if used > max {
        return [
            format!("it takes {used} Actions, and {max} are allowed"),
            format!("用了 {used} 个动作，而最多可用 {max} 个"),
        ];
    }
    if progress.forbidden > 0 {
        return [
            "it has an Action that is not allowed".to_owned(),
            "其中有不允许的动作".to_owned(),
        ];
    }
    [
        "an invariant is broken".to_owned(),
        "有不变式被违反".to_owned(),
    ]
}

/// The line of the text that is complained about: that of the build, or one of its way.
fn place<'t>(lines: &[&'t str], begins: u32, way: Option<usize>) -> (u32, &'t str) {
    let of_way = |(_, line): &(u32, &&str)| line.split_whitespace().next() == Some("way");
    let numbered = (1..).zip(lines).skip_while(|(number, _)| *number < begins);
    let found = match way {
        Some(place) => numbered.filter(of_way).nth(place),
        None => numbered.into_iter().next(),
    };
    found.map_or((begins, ""), |(number, line)| (number, line))
}
