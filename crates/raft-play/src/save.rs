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
    written(run).text
}

/// The branch `id` up to its end, likewise; nothing if there is none.
#[must_use]
pub fn save_branch(run: &Run, id: usize) -> Option<String> {
    if id == run.current_branch() {
        return Some(save(run));
    }
    let branch = run.branches().get(id)?;
    Some(written_of(branch, branch.end_at()).text)
}

/// A branch as text, and where in the branch its lines begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text of a playbook.
    pub text: String,
    /// Numbers of lines, counted from 1, and where each begins; the last one is one more than there
    /// are, and stands for the end. A line that is not among them begins where the next of them does.
    pub begins: Vec<(u32, Place)>,
    /// By how much the lines that are the playbook's own stand further down in the text than there.
    pub shift: i32,
}

impl Written {
    /// Where the line `number` is over, and all that begin at once below it are not.
    #[must_use]
    pub fn end_of(&self, number: u32) -> Place {
        let next = self.begins.partition_point(|(line, _)| *line <= number);
        let next = self.begins.get(next).or(self.begins.last());
        next.map_or((0, Micros::ZERO), |(_, place)| *place)
    }
}

/// The current branch of `run` up to its end, as the text of a playbook with its lines' places.
#[must_use]
pub fn written(run: &Run) -> Written {
    written_of(&run.branches()[run.current_branch()], run.end_at())
}

#[inline(never)]
fn written_of(branch: &Branch, end_at: Micros) -> Written {
    let told = branch.lines_told();
    let start = told.as_ref().map_or((0, Micros::ZERO), |(_, place)| *place);
    let end = (branch.len() as u64, end_at);
    let done = lines_between(branch, start, end, told.is_some());
    let mut written = told.map_or_else(|| header_of(branch), |(text, _)| as_told(branch, text));
    if !done.is_empty() && !written.text.is_empty() && !written.text.ends_with('\n') {
        written.text.push('\n');
    }
    let mut line = lines_in(&written.text);
    for (statement, place) in done {
        written.begins.push((line.saturating_add(1), place));
        let said = Lines(std::slice::from_ref(&statement)).to_string();
        line = line.saturating_add(lines_in(&said));
        written.text += &said;
    }
    written.begins.push((line.saturating_add(1), end));
    written
}

/// The lines that are still true, under the name of the branch.
fn as_told(branch: &Branch, text: String) -> Written {
    let before = lines_in(&text);
    let text = called(text, branch.name());
    let shift = lines_in(&text).cast_signed() - before.cast_signed();
    let marks = branch.lines_begun().filter(|(line, _)| *line <= before);
    let begins = marks.map(|(line, place)| (line.saturating_add_signed(shift), place));
    Written {
        begins: begins.collect(),
        text,
        shift,
    }
}

/// Where no text leads to a branch, all of it is told below its header.
fn header_of(branch: &Branch) -> Written {
    let setup = branch.setup().clone();
    let lines = Vec::new().into();
    Written {
        text: Playbook { setup, lines }.to_string(),
        begins: Vec::new(),
        shift: 0,
    }
}

fn lines_in(text: &str) -> u32 {
    u32::try_from(text.lines().count()).unwrap_or(u32::MAX)
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
fn lines_between(
    branch: &Branch,
    start: Place,
    end: Place,
    is_told: bool,
) -> Vec<(Statement, Place)> {
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
                lines.push((line, place));
                place = asked.place();
            }
            lines_to(branch, &mut lines, &mut place, begin);
            let (caption, caption_zh) = (phase.caption, phase.caption_zh);
            let doing = Doing::Phase {
                caption,
                caption_zh,
            };
            lines.push((Statement { line: 0, doing }, place));
        }
        while let Some((asked, line)) = asked.next_if(|(asked, _)| asked.began <= to) {
            lines_to(branch, &mut lines, &mut place, asked.began);
            lines.push((line, place));
            place = asked.place();
        }
        if to < place {
            // The line that failed does it again.
            continue;
        }
        lines_to(branch, &mut lines, &mut place, to);
        if let Some(external) = external {
            lines.push((action_line(external.action.clone()), place));
            place.0 += 1;
        }
    }
    lines
}

/// What lets the world go on from `place` to `to` and no further.
fn lines_to(branch: &Branch, lines: &mut Vec<(Statement, Place)>, place: &mut Place, to: Place) {
    while place.0 < to.0 {
        let some = Steps::clamped(to.0 - place.0);
        lines.push((action_line(Action::Time(TimeAction::Step(some))), *place));
        place.0 += some.get();
        let last = branch.events().get(place.0 - 1);
        place.1 = last.map_or(place.1, |event| event.at);
    }
    while place.1 < to.1 {
        let some = Duration::clamped(to.1.saturating_sub(place.1));
        lines.push((action_line(Action::Time(TimeAction::Run(some))), *place));
        place.1 = place.1.saturating_add(some.get());
    }
    *place = to;
}

/// What lets the world go on from one place to another and no further, as lines; as one, where
/// nothing else happens at the second instant.
pub(crate) fn time_between(branch: &Branch, from: Place, to: Place) -> Vec<String> {
    let mut lines = Vec::new();
    let next = branch.events().get(to.0);
    let is_whole = next.is_none_or(|next| to.1 < next.at);
    let from = if is_whole && from.1 < to.1 {
        (to.0, from.1)
    } else {
        from
    };
    lines_to(branch, &mut lines, &mut { from }, to);
    let lines = lines.into_iter().map(|(line, _)| line).collect::<Vec<_>>();
    let text = Lines(&lines).to_string();
    text.lines().map(str::to_owned).collect()
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
