//! Questions that a playbook asks its readers: what is right is decided by the run.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use raft_sim::run::{Answer, Question};

use super::Condition;

/// A question, and what decides which of its answers is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The texts.
    pub(crate) question: Arc<Question>,
    /// One for each answer, in their order.
    pub(crate) conditions: Vec<Condition>,
}

/// Prints the lines of a question up to what it is about.
impl Display for Ask {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Question { text, answers, why } = &*self.question;
        both("ask", text, f)?;
        for answer in answers {
            let Answer {
                text,
                when,
                mistake,
            } = answer;
            both("answer", text, f)?;
            writeln!(f, "when {when}")?;
            both("mistake", mistake, f)?;
        }
        both("why", why, f)
    }
}

/// A text in both languages, as far as there is one.
pub(super) fn both(
    name: &str,
    [english, chinese]: &[String; 2],
    f: &mut Formatter<'_>,
) -> fmt::Result {
    crate::text::said(name, english, false, f)?;
    crate::text::said(&format!("{name}.zh"), chinese, false, f)
}
