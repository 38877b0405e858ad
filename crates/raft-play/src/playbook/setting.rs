//! What a line of a header says of how servers behave, of all of them or of one alone.

use std::fmt;

use raft_sim::setup::{Features, Own, Setup, Size};
use raft_sim::time::{Micros, MicrosRange};

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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
