//! A run as text: what its playbook says as far as it follows it, then what came from outside,
//! and what lets the world go on from one to the next and no further.

use raft_sim::action::{Steps, TimeAction};
use raft_sim::run::{Asked, Branch, Phase, Place};
use raft_sim::time::Duration;
use raft_sim::{Action, Micros, Run};

use crate::playbook::{Lines, Playbook};
use crate::script::{Doing, GivenNames, Statement, simple};

/// The current branch of `run` up to its end, as the text of a playbook.
#[must_use]
pub fn save(run: &Run) -> String {
    text_of(&run.branches()[run.current_branch()], run.end_at())
}

/// The branch `id` up to its end, likewise; nothing if there is none.
#[must_use]
pub fn save_branch(run: &Run, id: usize) -> Option<String> {
    if id == run.current_branch() {
        return Some(save(run));
    }
    let branch = run.branches().get(id)?;
    Some(text_of(branch, branch.end_at()))
}

fn text_of(branch: &Branch, end_at: Micros) -> String {
    let told = branch.lines_told();
    let told = told.map(|(text, place)| (called(text, branch.name()), place));
    let start = told.as_ref().map_or((0, Micros::ZERO), |(_, place)| *place);
    let end = (branch.len() as u64, end_at);
    let lines = lines_between(branch, start, end, told.is_some());
    match told {
        Some((text, _)) if lines.is_empty() => text,
        Some((mut text, _)) => {
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text + &Lines(&lines).to_string()
        }
        None => {
            let setup = branch.setup().clone();
            let lines = lines.into();
            Playbook { setup, lines }.to_string()
        }
    }
}

/// A text under the name of its branch: what it was played from may have had another, or none.
fn called(text: String, name: &str) -> String {
    let says = |line: &str| line.split_whitespace().next() == Some("branch");
    let mut said = text.lines().filter(|line| says(line));
    let is_so = match (said.next(), said.next()) {
        (None, None) => name.is_empty(),
        (Some(line), None) => {
            let words = line.split_whitespace().skip(1);
            words.eq(name.split_whitespace()) && !name.is_empty()
        }
        _ => false,
    };
    if is_so {
        return text;
    }
    let first = (!name.is_empty()).then(|| format!("branch {name}\n"));
    let others = text.split_inclusive('\n').filter(|line| !says(line));
    first.into_iter().chain(others.map(str::to_owned)).collect()
}

/// What happened from `start` to `end`; `is_told` where a text leads to the start.
fn lines_between(branch: &Branch, start: Place, end: Place, is_told: bool) -> Vec<Statement> {
    let mut phases = branch.phases().to_vec();
    let is_captioned = phases.last().is_some_and(|last| !last.caption.is_empty());
    if let Some(until) = branch
        .told_until()
        .filter(|until| is_captioned && *until < end)
    {
        phases.push(silence(until));
    }
    // A caption at the very start is in the text already, but for the end of all captions.
    phases.retain(|phase| {
        let place = (phase.position, phase.at);
        !is_told || place > start || (place == start && phase.caption.is_empty())
    });
    let mut phases = phases.into_iter().peekable();
    // What was typed within the text stays out of it: that is saved word for word.
    let asked = branch.asked().iter().filter(|asked| asked.began >= start);
    let mut asked = asked
        .filter_map(|asked| Some((asked, expectation(asked, branch.setup().servers)?)))
        .peekable();
    let mut lines = Vec::new();
    let mut place = start;
    let externals = branch.externals().iter();
    let after = externals.filter(|external| external.position >= start.0);
    for external in after.map(Some).chain([None]) {
        let to = external.map_or(end, |external| (external.position, external.at));
        while let Some(phase) = phases.next_if(|phase| (phase.position, phase.at) <= to) {
            let begin = (phase.position, phase.at);
            while let Some((asked, line)) = asked.next_if(|(asked, _)| asked.began < begin) {
                lines_to(branch, &mut lines, &mut place, asked.began);
                lines.push(line);
                place = asked.place();
            }
            lines_to(branch, &mut lines, &mut place, begin);
            let (caption, caption_zh) = (phase.caption, phase.caption_zh);
            let doing = Doing::Phase {
                caption,
                caption_zh,
            };
            lines.push(Statement { line: 0, doing });
        }
        while let Some((asked, line)) = asked.next_if(|(asked, _)| asked.began <= to) {
            lines_to(branch, &mut lines, &mut place, asked.began);
            lines.push(line);
            place = asked.place();
        }
        if to < place {
            // The line that failed does it again.
            continue;
        }
        lines_to(branch, &mut lines, &mut place, to);
        if let Some(external) = external {
            lines.push(action_line(external.action.clone()));
            place.0 += 1;
        }
    }
    lines
}

/// What lets the world go on from `place` to `to` and no further.
fn lines_to(branch: &Branch, lines: &mut Vec<Statement>, place: &mut Place, to: Place) {
    let mut steps = to.0.saturating_sub(place.0);
    if steps > 0 {
        place.1 = branch
            .events()
            .get(to.0 - 1)
            .map_or(place.1, |event| event.at);
    }
    while steps > 0 {
        let some = Steps::clamped(steps);
        lines.push(action_line(Action::Time(TimeAction::Step(some))));
        steps -= some.get();
    }
    let mut wait = to.1.saturating_sub(place.1);
    while wait > Micros::ZERO {
        let some = Duration::clamped(wait);
        lines.push(action_line(Action::Time(TimeAction::Run(some))));
        wait = wait.saturating_sub(some.get());
    }
    *place = to;
}

/// What somebody typed and did not find, to be looked for again.
fn expectation(asked: &Asked, servers: u8) -> Option<Statement> {
    let line = asked.line.as_ref()?;
    let doing = simple(line, servers, &mut GivenNames::default()).ok()?;
    Some(Statement { line: 0, doing })
}

const fn action_line(action: Action) -> Statement {
    let doing = Doing::Action(action);
    Statement { line: 0, doing }
}

/// A caption without words: what comes after it is told by nobody.
fn silence((position, at): Place) -> Phase {
    Phase {
        caption: String::new(),
        caption_zh: String::new(),
        position,
        at,
    }
}
