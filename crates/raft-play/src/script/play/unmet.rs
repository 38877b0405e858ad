//! The line of an expectation that failed, so that it can be asked for again by itself.

use raft_core::Index;

use super::Player;
use crate::script::names::{Bindings, Bound};
use crate::script::task::{Task, Waiting};
use crate::text::NUMBER_MAX;
use raft_sim::run::{Stage, Unmet};

impl Player {
    /// The expectation at a line, if it means something without the lines before it.
    pub(super) fn unmet(&self, stage: &dyn Stage, line: u32, shown: &str) -> Option<Box<Unmet>> {
        let mut tasks = self.tasks.iter();
        let task = tasks.find(|task| !task.is_done && task.line() == line)?;
        if task.is_at_reveal() {
            // It is about what its question says above.
            let line = without_names(self.misfit.as_ref()?, &task.bound, task.index)?;
            let (position, at) = task.began;
            return Some(Box::new(Unmet { line, position, at }));
        }
        // Something else may have been done while this one waited, and belongs to what fails.
        let has_others = task.parent.is_some();
        if let Some(line) = has_others.then(|| in_the_end(task)).flatten() {
            let world = stage.world();
            let (position, at) = (world.event_count(), world.now());
            return Some(Box::new(Unmet { line, position, at }));
        }
        let (position, at) = task.began;
        Some(Box::new(Unmet {
            line: without_names(shown.trim(), &task.bound, task.index)?,
            position,
            at,
        }))
    }
}

/// The expectation that fails where the line has waited in vain; none if the line does not wait.
fn in_the_end(task: &Task) -> Option<String> {
    match &task.waiting {
        Waiting::Condition { .. } => {
            let line = format!("expect {}", task.condition()?.text);
            without_names(&line, &task.bound, task.index)
        }
        Waiting::Leader { .. } => Some("expect leaders reachable >= 1".to_owned()),
        Waiting::Agreement(offering) => Some(format!("expect {}", offering.wanted())),
        Waiting::Nothing | Waiting::Time(_) | Waiting::Children => None,
    }
}

/// A line with what the names stand for; none where that cannot be written.
fn without_names(line: &str, bound: &Bindings, index: Index) -> Option<String> {
    let mut text = String::new();
    let mut word_before = "";
    for piece in pieces(line) {
        match bound.get(piece) {
            Some(Bound::Number(number)) => {
                let number = u64::try_from(*number).ok();
                text.push_str(&number.filter(|number| *number <= NUMBER_MAX)?.to_string());
            }
            Some(Bound::Servers(ids)) if !ids.is_empty() => {
                let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
                text.push_str(&names.join(" "));
            }
            Some(Bound::Servers(_)) => return None,
            None if piece == "index" && word_before != "applied" => {
                text.push_str(&index.0.to_string());
            }
            None => text.push_str(piece),
        }
        if !piece.trim().is_empty() {
            word_before = piece;
        }
    }
    Some(text)
}

/// The line in words and what is between them; what stands in quotes, or touches a sign that makes
/// it part of a command, is no word.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = if first == '"' {
            let close = rest[1..].find('"');
            close.map_or(rest.len(), |close| close + 2)
        } else if is_of_a_name(first) {
            let end = rest.find(|c| !is_of_a_name(c)).unwrap_or(rest.len());
            let is_name = rest[end..].starts_with(|c: char| c.is_whitespace() || ")+".contains(c))
                || end == rest.len();
            let to_space = rest.find(char::is_whitespace).unwrap_or(rest.len());
            if is_name { end } else { to_space }
        } else {
            first.len_utf8()
        };
        let (piece, behind) = rest.split_at(length);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use raft_core::NodeId;

    use super::*;

    #[test]
    fn what_has_a_name_stands_in_its_place() {
        let mut bound = Bindings::default();
        bound.insert("before", Bound::Number(7));
        bound.insert("below", Bound::Number(-7));
        bound.insert("old", Bound::Servers(vec![NodeId(2)]));
        bound.insert("both", Bound::Servers(vec![NodeId(1), NodeId(3)]));
        bound.insert("nobody", Bound::Servers(Vec::new()));
        for (line, expected) in [
            ("expect term old+1 > before", Some("expect term S2+1 > 7")),
            (
                "expect (leaders both = before)",
                Some("expect (leaders S1 S3 = 7)"),
            ),
            (
                "expect applied index index = 3",
                Some("expect applied index 9 = 3"),
            ),
            (
                "expect log old = 1:before 1:\"old\"",
                Some("expect log S2 = 1:before 1:\"old\""),
            ),
            (
                "expect next_index old -> S3 = 4 # old",
                Some("expect next_index S2 -> S3 = 4 # S2"),
            ),
            (
                "expect rpcs - before <= before-before",
                Some("expect rpcs - 7 <= before-before"),
            ),
            ("expect 1 = below", None),
            ("expect leaders nobody = 1", None),
        ] {
            let text = without_names(line, &bound, Index(9));
            assert_eq!(text.as_deref(), expected, "{line}");
        }
    }
}
