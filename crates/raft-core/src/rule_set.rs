//! Sets of rules, as small as they are copied often.

use crate::rule::Rule;

/// A set of rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RuleSet(u128);

impl RuleSet {
    /// The set without any rule.
    pub const EMPTY: Self = Self(0);

    /// Whether `rule` is in the set.
    #[must_use]
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 & Self::bit(rule) != 0
    }

    /// Whether no rule is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Puts `rule` into the set; returns whether it was not there before.
    pub const fn insert(&mut self, rule: Rule) -> bool {
        let is_new = !self.contains(rule);
        self.0 |= Self::bit(rule);
        is_new
    }

    /// The rules that are in one of the two sets and not in the other.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }

    /// The rules of the set, in the order of [`Rule::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        let all = Rule::ALL.iter().copied();
        all.filter(move |rule| self.contains(*rule))
    }

    const fn bit(rule: Rule) -> u128 {
        1 << rule as u32
    }
}

impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        let mut set = Self::EMPTY;
        for rule in rules {
            set.insert(rule);
        }
        set
    }
}

// A rule's place in `Rule::ALL` is its bit in a `RuleSet`.
const _: () = assert!(Rule::ALL.len() <= 128, "a rule set has 128 bits");
