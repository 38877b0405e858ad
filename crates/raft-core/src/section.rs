//! Where the rules come from: the paper, or the dissertation that came after it. The two count
//! their sections apart: §6 of the one is about members, of the other about clients.

use alloc::format;
use alloc::string::String;
use core::fmt;

/// Where a rule is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Section {
    /// In which of the two.
    pub document: Document,
    /// Under which number or numbers, such as `§5.2, §5.4`.
    pub number: &'static str,
}

/// What Raft is described in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// "In Search of an Understandable Consensus Algorithm (Extended Version)" by Ongaro and
    /// Ousterhout.
    Paper,
    /// "Consensus: Bridging Theory and Practice", Ongaro's dissertation.
    Dissertation,
}

impl Section {
    /// As it is cited in Chinese; [`Display`](fmt::Display) is English.
    #[must_use]
    pub fn chinese(self) -> String {
        match self.document {
            Document::Paper => self.number.into(),
            Document::Dissertation => format!("博士论文 {}", self.number),
        }
    }
}

/// `§5.3`, or `dissertation §6.4`.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.document {
            Document::Paper => f.write_str(self.number),
            Document::Dissertation => write!(f, "dissertation {}", self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;

    use super::Document;
    use crate::rule::Rule;

    #[test]
    fn a_section_says_of_which_document_it_is() {
        let cited = |rule: Rule| (rule.section().to_string(), rule.section().chinese());
        let paper = ("§6".to_string(), "§6".to_string());
        assert_eq!(cited(Rule::JointConsensus), paper);
        let dissertation = ("dissertation §6.4".to_string(), "博士论文 §6.4".to_string());
        assert_eq!(cited(Rule::ReadConfirm), dissertation);
    }

    /// The paper has neither a §3.10 nor anything below §4, §6 and §9.3.
    #[test]
    fn no_section_is_said_to_be_of_a_document_that_has_none_such() {
        for rule in Rule::ALL {
            let section = rule.section();
            for number in section
                .number
                .split(", ")
                .filter(|part| part.starts_with('§'))
            {
                let only_there = ["§3.", "§4.", "§6.", "§9.6", "§10."];
                let is_there = only_there.iter().any(|start| number.starts_with(start));
                let is_dissertation = section.document == Document::Dissertation;
                assert_eq!(is_there, is_dissertation, "{}", rule.id());
            }
        }
    }
}
