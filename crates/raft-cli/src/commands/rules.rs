//! `raftlab rules`: the clauses of the algorithm.

use std::io::Write;

use raft_core::{Rule, RuleKind};

use crate::arguments::RulesArgs;
use crate::output::{Stop, Verdict, bold, dim};

pub(crate) fn execute(args: &RulesArgs) -> Result<Verdict, Stop> {
    let mut out = anstream::stdout().lock();
    let ids = Rule::ALL.iter().map(|rule| rule.id().len());
    let id_width = ids.max().unwrap_or(0);
    let section = |rule: Rule| {
        let section = rule.section();
        if args.zh {
            section.chinese()
        } else {
            section.to_string()
        }
    };
    let sections = Rule::ALL.iter().map(|rule| section(*rule).chars().count());
    let section_width = sections.max().unwrap_or(0);
    for rule in Rule::ALL {
        let sentence = if args.zh {
            rule.chinese()
        } else {
            rule.english()
        };
        let id = format!("{:<id_width$}", rule.id());
        let section = format!("{:<section_width$}", section(*rule));
        let kind = format!("{:<10}", kind(rule.kind(), args.zh));
        writeln!(out, "{}  {}  {}  {sentence}", bold(id), dim(section), kind)?;
        if !args.zh {
            let without = format!("without it: {}", rule.when_ablated());
            writeln!(out, "{:id_width$}  {}", "", dim(without))?;
        }
    }
    Ok(Verdict::Passed)
}

const fn kind(kind: RuleKind, is_chinese: bool) -> &'static str {
    match (kind, is_chinese) {
        (RuleKind::Safety, false) => "Safety",
        (RuleKind::Safety, true) => "安全性",
        (RuleKind::Liveness, false) => "Liveness",
        (RuleKind::Liveness, true) => "活性",
        (RuleKind::Efficiency, false) => "Efficiency",
        (RuleKind::Efficiency, true) => "效率",
    }
}
