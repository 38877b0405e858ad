//! The clauses of an event, with what each compared.

use raft_core::Rule;
use raft_play::words::{self, Answer, Clause, Language};
use raft_sim::event::is_quiet;
use raft_sim::{Event, Run};

use crate::lab::rule;
use crate::view::ClauseView;

pub(super) fn view(run: &Run, event: &Event, language: Language) -> Vec<ClauseView> {
    let weighed = run.weighed(event.number);
    let ablated = run.setup().ablated;
    let told = words::clauses(event, &weighed, |rule| ablated.contains(rule), language);
    let view = |clause: Clause| {
        let quiet = is_quiet(clause.rule) || is_matter_of_course(&clause);
        let (names, values) = match clause.compared {
            Some(compared) => (Some(compared.names), compared.values),
            None => (None, None),
        };
        ClauseView {
            rule: rule(clause.rule, language),
            names,
            values,
            answer: clause.answer.id(),
            quiet,
        }
    };
    told.into_iter().map(view).collect()
}

/// What is asked of nearly every message, and hardly ever so.
fn is_matter_of_course(clause: &Clause) -> bool {
    let rule = clause.rule;
    let course = matches!(
        rule,
        Rule::ApplyCommitted | Rule::AnswerAnybody | Rule::IgnoreNonsense
    );
    course && clause.answer == Answer::No
}
