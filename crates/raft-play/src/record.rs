//! A line that is done at the present instant of a run, written into its text at that place.
//!
//! What stands below it stays, and is done after it. Where the present lies within a line that lets
//! time pass, that line is parted in two.

use raft_sim::Run;
use raft_sim::action::{Action, TimeAction};
use raft_sim::run::Place;

use crate::playbook::{HEADERS, MARKS};
use crate::save::{self, time_between};
use crate::script::{Doing, GivenNames, WORDS, simple};
use crate::text::TextError;

/// A text with a line more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The text.
    pub text: String,
    /// The number of that line, counted from 1.
    pub line: u32,
}

/// The text of the current branch with `action` at the present instant; of the places that are this
/// instant, the one below the line number `below`, if it is among them.
///
/// # Errors
/// Says so where the present lies within a line that cannot be parted.
pub fn recorded(run: &Run, action: &str, below: u32) -> Result<Recorded, TextError> {
    let written = save::written(run);
    let lines: Vec<&str> = written.text.lines().collect();
    let now = (run.position(), run.world().now());
    let until_now = written.begins.partition_point(|(_, place)| *place <= now);
    let last = until_now.checked_sub(1).map(|last| written.begins[last]);
    let (line, began) = last.unwrap_or((1, now));
    let is_here = below > 0 && written.end_of(below) == now;
    if is_here || began == now {
        let after = if is_here { below } else { line - 1 };
        let at = below_what_belongs_together(&lines, after as usize);
        return Ok(with(&lines, at, at, &[action.to_owned()], 0));
    }
    let at = line as usize - 1;
    let shown = lines.get(at).copied().unwrap_or_default();
    let Some((before, after)) = parted(run, shown, began, now) else {
        return Err(cannot_be_parted(line, shown));
    };
    let done = before.len();
    let action = std::iter::once(action.to_owned());
    let new: Vec<String> = before.into_iter().chain(action).chain(after).collect();
    Ok(with(&lines, at, at + 1, &new, done))
}

/// The lines with others in place of those from `from` to `to`, of which the one `of` is asked about.
fn with(lines: &[&str], from: usize, to: usize, new: &[String], of: usize) -> Recorded {
    let before = lines[..from].iter().copied();
    let new = new.iter().map(String::as_str);
    let all: Vec<&str> = before
        .chain(new)
        .chain(lines[to..].iter().copied())
        .collect();
    Recorded {
        text: all.join("\n") + "\n",
        line: u32::try_from(from + of + 1).unwrap_or(u32::MAX),
    }
}

/// What leads from where a line began to the present, and what it still has to do after that.
fn parted(run: &Run, line: &str, began: Place, now: Place) -> Option<(Vec<String>, Vec<String>)> {
    let doing = simple(line, run.setup().servers, &mut GivenNames::default()).ok()?;
    let branch = &run.branches()[run.current_branch()];
    let before = time_between(branch, began, now);
    let after = if let Doing::Action(Action::Time(time)) = doing {
        match time {
            TimeAction::Run(whole) => {
                let end = began.1.saturating_add(whole.get());
                time_between(branch, (u64::MAX, now.1), (u64::MAX, end))
            }
            TimeAction::Step(whole) => {
                let end = began.0.saturating_add(whole.get());
                time_between(branch, now, (end, now.1))
            }
        }
    } else if let Doing::Wait { .. } = doing {
        // It waits for the same, for as long as it would have from here on.
        vec![line.to_owned()]
    } else {
        return None;
    };
    Some((before, after))
}

/// The place below the first `at` lines at which a line can stand: below the header, outside blocks,
/// and not between the lines of one caption or question.
fn below_what_belongs_together(lines: &[&str], at: usize) -> usize {
    let is_of_the_header = |line: &&str| HEADERS.iter().any(|header| header.name == word_of(line));
    let header = lines.iter().rposition(is_of_the_header);
    let mut at = at.min(lines.len()).max(header.map_or(0, |last| last + 1));
    let mut depth = lines[..at].iter().map(|line| deeper_by(line)).sum::<i32>();
    while let Some(line) = lines.get(at) {
        if depth <= 0 && !belongs_to_the_line_above(line) {
            break;
        }
        depth += deeper_by(line);
        at += 1;
    }
    at
}

fn word_of(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

fn deeper_by(line: &str) -> i32 {
    let word = word_of(line);
    let begins = |it: &&crate::script::Word| it.is_block() && it.name == word;
    i32::from(WORDS.iter().any(|it| begins(&it))) - i32::from(word == "end")
}

fn belongs_to_the_line_above(line: &str) -> bool {
    let word = word_of(line);
    !["caption", "ask", "reveal"].contains(&word) && MARKS.iter().any(|mark| mark.name == word)
}

fn cannot_be_parted(number: u32, line: &str) -> TextError {
    let message = [
        format!("line {number} is being played, and cannot be parted here"),
        format!("第 {number} 行正在执行，不能在这里拆开"),
    ];
    let remedy = [
        "Go to the end of that line, or to the one above it, and do it there".to_owned(),
        "请先移到这一行之后，或上一行之后，再做这个动作".to_owned(),
    ];
    TextError::refused(number, line, message, remedy)
}
