//! The rules that acted in one event.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;

use raft_core::{Condition, Conduct, Rule, RuleSet};

/// So many rules are kept in place; few events have more.
const IN_PLACE_MAX: usize = 14;

/// Rules in the order of their acting, each once. An event has only a few, so they are kept in
/// place: events are too many for each to have an allocation.
#[derive(Clone)]
pub struct Rules(List);

#[derive(Clone)]
enum List {
    Few(u8, [Rule; IN_PLACE_MAX]),
    Many(Vec<Rule>),
}

impl Rules {
    /// None yet.
    pub const NONE: Self = Self(List::Few(0, [Rule::ALL[0]; IN_PLACE_MAX]));

    /// Adds `rule`, unless it is there already.
    pub(crate) fn note(&mut self, rule: Rule) {
        if self.contains(&rule) {
            return;
        }
        match &mut self.0 {
            List::Few(count, rules) => {
                if let Some(place) = rules.get_mut(usize::from(*count)) {
                    *place = rule;
                    *count += 1;
                } else {
                    let mut many = rules.to_vec();
                    many.push(rule);
                    self.0 = List::Many(many);
                }
            }
            List::Many(rules) => rules.push(rule),
        }
    }
}

impl Deref for Rules {
    type Target = [Rule];

    fn deref(&self) -> &[Rule] {
        match &self.0 {
            List::Few(count, rules) => &rules[..usize::from(*count)],
            List::Many(rules) => rules,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::NONE
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        let mut list = Self::NONE;
        for rule in rules {
            list.note(rule);
        }
        list
    }
}

impl<'a> IntoIterator for &'a Rules {
    type Item = &'a Rule;
    type IntoIter = core::slice::Iter<'a, Rule>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Rules {}

impl Hash for Rules {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// What became of a rule that a server came to while it dealt with one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    /// Which rule.
    pub rule: Rule,
    /// What was compared, and whether it held; nothing where the rule has no condition.
    pub condition: Option<(Condition, bool)>,
    /// Whether the server acted as the rule says. It does not where the rule is ablated.
    pub followed: bool,
}

/// The conduct of a simulated server: it remembers each rule once, in the
/// order of their acting, and does not keep to those taken away.
#[derive(Debug, Clone)]
pub struct Watched {
    noted: Rules,
    ablated: RuleSet,
    /// What was weighed, in its order, where somebody wants to know.
    weighed: Option<Vec<Weighed>>,
}

impl Conduct for Watched {
    fn note(&mut self, rule: Rule) {
        self.noted.note(rule);
        let Some(weighed) = &mut self.weighed else {
            return;
        };
        // The condition that let the server act is the last one that held.
        let holding = |weighed: &&mut Weighed| {
            weighed.rule == rule && weighed.condition.is_none_or(|(_, holds)| holds)
        };
        match weighed.iter_mut().rev().find(holding) {
            Some(weighed) => weighed.followed = true,
            None => weighed.push(Weighed {
                rule,
                condition: None,
                followed: true,
            }),
        }
    }

    fn weigh(&mut self, rule: Rule, condition: Condition, holds: bool) {
        if let Some(weighed) = &mut self.weighed {
            weighed.push(Weighed {
                rule,
                condition: Some((condition, holds)),
                followed: false,
            });
        }
    }

    fn keeps(&self, rule: Rule) -> bool {
        !self.ablated.contains(rule)
    }
}

/// Who watches changes nothing: two are alike if they keep to the same rules.
impl PartialEq for Watched {
    fn eq(&self, other: &Self) -> bool {
        (&self.noted, self.ablated) == (&other.noted, other.ablated)
    }
}

impl Eq for Watched {}

impl Hash for Watched {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.noted, self.ablated).hash(state);
    }
}

impl Watched {
    /// A server that keeps to all rules but these.
    #[must_use]
    pub const fn ablated(rules: RuleSet) -> Self {
        Self {
            noted: Rules::NONE,
            ablated: rules,
            weighed: None,
        }
    }

    /// What was noted since the last call.
    pub fn take(&mut self) -> Rules {
        core::mem::take(&mut self.noted)
    }

    /// Remembers from here on what is weighed.
    pub fn listen(&mut self) {
        self.weighed.get_or_insert_default();
    }

    /// What was weighed since the last call, where it listens.
    pub fn take_weighed(&mut self) -> Vec<Weighed> {
        self.weighed
            .as_mut()
            .map(core::mem::take)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn rules_are_kept_in_order_and_once_however_many() {
        for count in [0, 1, IN_PLACE_MAX, IN_PLACE_MAX + 1, Rule::ALL.len()] {
            let twice = Rule::ALL[..count].iter().rev().flat_map(|rule| [*rule; 2]);
            let rules: Rules = twice.collect();
            let expected: Vec<Rule> = Rule::ALL[..count].iter().rev().copied().collect();
            assert_eq!(*rules, *expected);
            assert_eq!(Digest::of(&rules), Digest::of(&expected), "{count} rules");
        }
    }
}
