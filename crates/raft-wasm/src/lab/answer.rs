//! Outcomes for the page: views of the engine's results.

use raft_core::Part;

use crate::view::InsteadView;

use super::{
    Failure, FigureView, Held, Language, Outcome, Passage, Problem, Rule, RuleKind, RuleView,
    RunError, Source, TextError, Unmet, refusal, words,
};

pub(super) fn done(held: Option<&Held>) -> Outcome {
    Outcome::Done {
        holds: held.map(|held| words::held(held, Language::English)),
        holds_zh: held.map(|held| words::held(held, Language::Chinese)),
    }
}

pub(super) fn refused(error: &TextError, unmet: Option<Unmet>) -> Outcome {
    Outcome::Refused {
        problem: problem(error),
        unmet,
    }
}

/// How an expectation failed, if that is all that went wrong.
pub(super) fn unmet(failure: &Failure) -> Option<Unmet> {
    let began = failure.unmet.as_ref().map(|unmet| unmet.at);
    match (failure.is_unexpected, began) {
        (false, _) => None,
        (true, Some(began)) if began < failure.at => Some(Unmet::Waited),
        (true, _) => Some(Unmet::Expected),
    }
}

pub(super) fn passage(passed: Result<u64, RunError>, asked: &str) -> Passage {
    match passed {
        Ok(events) => Passage::Passed { events },
        Err(error) => Passage::Refused {
            problem: problem(&refusal::at_line(&error, 1, asked, Source::Typed)),
        },
    }
}

pub(super) fn rule(rule: Rule, language: Language) -> RuleView {
    RuleView {
        id: rule.id().to_owned(),
        section: match language {
            Language::English => rule.section().to_string(),
            Language::Chinese => rule.section().chinese(),
        },
        text: language.rule(rule).to_owned(),
        kind: match rule.kind() {
            RuleKind::Safety => "safety",
            RuleKind::Liveness => "liveness",
            RuleKind::Efficiency => "efficiency",
        },
    }
}

pub(super) fn figure(of: Rule, language: Language) -> FigureView {
    let entry = words::figure(of);
    let paths = entry.playbooks.iter();
    FigureView {
        rule: rule(of, language),
        part: part(of.part()),
        line: entry.line(language),
        reason: entry.reason(language),
        playbooks: paths.map(|path| format!("{path}.raft")).collect(),
    }
}

const fn part(part: Part) -> &'static str {
    match part {
        Part::RequestVote => "requestVote",
        Part::AppendEntries => "appendEntries",
        Part::AllServers => "allServers",
        Part::Followers => "followers",
        Part::Candidates => "candidates",
        Part::Leaders => "leaders",
        Part::InstallSnapshot => "installSnapshot",
        Part::Snapshots => "snapshots",
        Part::PreVote => "preVote",
        Part::Transfer => "transfer",
        Part::Reads => "reads",
        Part::Membership => "membership",
    }
}

pub(super) fn problem(error: &TextError) -> Problem {
    Problem {
        line: error.line,
        column: error.column,
        message: error.message.clone(),
        remedy: error.remedy.clone(),
        message_zh: error.chinese.message.clone(),
        remedy_zh: error.chinese.remedy.clone(),
        instead: error.instead.as_ref().map(|instead| InsteadView {
            chars: instead.chars,
            text: instead.text.clone(),
        }),
        excerpt: error.excerpt.to_string(),
    }
}
