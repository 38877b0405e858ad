//! What a line of a header says of how servers behave, of all of them or of one alone.

use std::fmt::{self, Formatter};

use raft_core::{Rule, RuleSet};
use raft_sim::setup::{Features, Own, Setup, Size};
use raft_sim::time::{Micros, MicrosRange};

use crate::text::{self, Fault, Scan, Wrong};

/// The word for plain Raft, where others use more.
pub(super) const NO_FEATURE: &str = "none";

/// One of these, as a line of the header gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Election(MicrosRange),
    Heartbeat(Micros),
    Size(Size, u64),
    Features(Features),
}

/// Prints the line.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Election(range) => write!(f, "election {range}"),
            Self::Heartbeat(time) => write!(f, "heartbeat {time}"),
            Self::Size(size, to) => write!(f, "{} {to}", size.name()),
            Self::Features(features) => {
                f.write_str("use")?;
                if features.is_empty() {
                    return write!(f, " {NO_FEATURE}");
                }
                let mut features = features.iter();
                features.try_for_each(|feature| write!(f, " {}", feature.name()))
            }
        }
    }
}

impl Setting {
    /// Gives this to one server; `false` if it has it already.
    pub(super) fn give_one(self, own: &mut Own) -> bool {
        match self {
            Setting::Election(range) => own.election.replace(range).is_none(),
            Setting::Heartbeat(time) => own.heartbeat.replace(time).is_none(),
            Setting::Features(features) => own.features.replace(features).is_none(),
            Setting::Size(size, to) => {
                let is_new = own.sizes.get(size).is_none();
                own.sizes.set(size, Some(to));
                is_new
            }
        }
    }

    /// Gives this to all servers.
    pub(super) fn give_all(self, setup: &mut Setup) {
        match self {
            Setting::Election(range) => setup.election = range,
            Setting::Heartbeat(time) => setup.heartbeat = time,
            Setting::Size(size, to) => setup.sizes.set(size, Some(to)),
            Setting::Features(features) => setup.features = features,
        }
    }
}

/// What all servers have, as if each had it of its own.
pub(super) fn of_all(setup: &Setup) -> Own {
    Own {
        election: Some(setup.election),
        heartbeat: Some(setup.heartbeat),
        sizes: setup.sizes,
        // Plain Raft needs no word here, where nobody has more.
        features: (!setup.features.is_empty()).then_some(setup.features),
    }
}

/// The rules named on the rest of a line, one at least.
pub(super) fn rules(scan: &mut Scan<'_>) -> Result<RuleSet, Wrong> {
    let mut rules = RuleSet::EMPTY;
    while rules.is_empty() || !scan.at_end() {
        let at = scan.place();
        let id = scan.word();
        if id.is_empty() {
            let fault = Fault::missing("a rule", "规则", scan.forms);
            return Err(Wrong { at, fault });
        }
        let Some(rule) = Rule::named(id) else {
            let ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
            let fault = Fault::unknown_rule(id, text::nearest(id, &ids), &ids);
            return Err(Wrong { at, fault });
        };
        rules.insert(rule);
    }
    Ok(rules)
}

pub(super) fn print_rules(rules: &RuleSet, f: &mut Formatter<'_>) -> fmt::Result {
    if rules.is_empty() {
        return Ok(());
    }
    f.write_str("ablate")?;
    for rule in rules.iter() {
        write!(f, " {}", rule.id())?;
    }
    writeln!(f)
}
