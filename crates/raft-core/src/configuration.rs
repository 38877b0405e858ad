//! Who takes part: voters, learners, and the voters that are on their way out.
//!
//! A configuration is data, and lies in the log like a command (§6, and §4.1
//! of the dissertation). While a cluster changes more than one voter at once
//! it is *joint*: `C_old,new` has the voters of both configurations, and
//! nothing is agreed on without a majority of each. All that depends on that
//! is here and in [`crate::quorum`]; everybody else asks for a majority and
//! does not know of how many.

use alloc::vec::Vec;
use core::fmt;

use crate::types::NodeId;

/// The most servers that one configuration can name.
pub const SERVERS_MAX: usize = 64;

/// The servers of a cluster and what each of them is there for.
///
/// The default names nobody: it is what a server knows that has been started
/// to join a cluster and has not heard from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Parts", into = "Parts")
)]
pub struct Configuration {
    voters: Vec<NodeId>,
    outgoing: Vec<NodeId>,
    learners: Vec<NodeId>,
}

/// Why a [`Configuration`] cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// Nobody could ever lead it.
    #[error("a configuration without voters cannot elect a leader")]
    NoVoters,
    /// A server is named twice among the voters, or among the learners, or is both.
    #[error("{0} is named twice")]
    Twice(NodeId),
    /// It names more servers than [`SERVERS_MAX`].
    #[error("more than {SERVERS_MAX} servers")]
    TooMany,
}

/// In which of the two majorities of a configuration a server counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seat {
    /// Among the voters: all there are, or those of `C_new`.
    pub(crate) incoming: bool,
    /// Among those of `C_old`, while the configuration is joint.
    pub(crate) outgoing: bool,
}

impl Seat {
    /// Whether it counts at all.
    pub(crate) const fn votes(self) -> bool {
        self.incoming || self.outgoing
    }
}

impl Configuration {
    /// A configuration of these servers; a learner is sent the log and has no vote.
    ///
    /// # Errors
    /// Says why such a configuration is impossible.
    pub fn new(
        voters: impl IntoIterator<Item = NodeId>,
        learners: impl IntoIterator<Item = NodeId>,
    ) -> Result<Self, ConfigurationError> {
        Self::joint(voters, [], learners)
    }

    /// A configuration as it was kept on a disk: `outgoing` are the voters of
    /// `C_old`, and nobody unless it is joint. Who is to leave may be a
    /// learner already, or one of the new voters as well.
    ///
    /// # Errors
    /// Says why such a configuration is impossible.
    pub fn joint(
        voters: impl IntoIterator<Item = NodeId>,
        outgoing: impl IntoIterator<Item = NodeId>,
        learners: impl IntoIterator<Item = NodeId>,
    ) -> Result<Self, ConfigurationError> {
        let configuration = Self {
            voters: sorted(voters)?,
            outgoing: sorted(outgoing)?,
            learners: sorted(learners)?,
        };
        if configuration.voters.is_empty() {
            return Err(ConfigurationError::NoVoters);
        }
        let both = |id: &&NodeId| configuration.learners.contains(id);
        if let Some(id) = configuration.voters.iter().find(both) {
            return Err(ConfigurationError::Twice(*id));
        }
        if configuration.members().count() > SERVERS_MAX {
            return Err(ConfigurationError::TooMany);
        }
        Ok(configuration)
    }

    /// The voters in ascending order: those of `C_new` while it is joint.
    #[must_use]
    pub fn voters(&self) -> &[NodeId] {
        &self.voters
    }

    /// The voters of `C_old` in ascending order, while it is joint.
    #[must_use]
    pub fn outgoing(&self) -> &[NodeId] {
        &self.outgoing
    }

    /// Those who are sent the log and have no vote, in ascending order.
    #[must_use]
    pub fn learners(&self) -> &[NodeId] {
        &self.learners
    }

    /// Whether this is `C_old,new`, in which two majorities have to agree (§6).
    #[must_use]
    pub fn is_joint(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// Whether a server has a vote in one of the majorities.
    #[must_use]
    pub fn is_voter(&self, id: NodeId) -> bool {
        self.seat(id).votes()
    }

    /// Whether a server is sent the log.
    #[must_use]
    pub fn is_member(&self, id: NodeId) -> bool {
        self.voters.contains(&id) || self.learners.contains(&id) || self.outgoing.contains(&id)
    }

    /// Everybody who is sent the log, each once.
    pub fn members(&self) -> impl Iterator<Item = NodeId> + '_ {
        let leaving = self
            .outgoing
            .iter()
            .filter(|id| !self.voters.contains(id) && !self.learners.contains(id));
        let all = self.voters.iter().chain(&self.learners).chain(leaving);
        all.copied()
    }

    /// How many bytes it takes on the wire, or about so many.
    #[cold]
    pub(crate) fn size_bytes(&self) -> usize {
        size_of::<NodeId>() * self.members().count()
    }

    pub(crate) fn seat(&self, id: NodeId) -> Seat {
        Seat {
            incoming: self.voters.contains(&id),
            outgoing: self.outgoing.contains(&id),
        }
    }

    /// `C_old,new`: the voters of `old` besides those of this.
    pub(crate) fn joint_from(&self, old: &Self) -> Self {
        Self {
            outgoing: old.voters.clone(),
            ..self.clone()
        }
    }

    /// `C_new`, once `C_old,new` is committed.
    pub(crate) fn leave_joint(&self) -> Self {
        Self {
            outgoing: Vec::new(),
            ..self.clone()
        }
    }

    /// How many voters are in only one of the two.
    pub(crate) fn voters_changed(&self, other: &Self) -> usize {
        let only_in = |a: &[NodeId], b: &[NodeId]| a.iter().filter(|id| !b.contains(id)).count();
        only_in(&self.voters, &other.voters) + only_in(&other.voters, &self.voters)
    }
}

fn sorted(ids: impl IntoIterator<Item = NodeId>) -> Result<Vec<NodeId>, ConfigurationError> {
    let mut ids: Vec<NodeId> = ids.into_iter().take(SERVERS_MAX + 1).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(ConfigurationError::Twice(pair[0])),
        None => Ok(ids),
    }
}

/// `S1 S2 S3`, with learners `S1 S2 S3 + S4`, joint `S1 S2 S3 → S3 S4 S5`.
impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, ids: &[NodeId]| {
            ids.iter().enumerate().try_for_each(|(place, id)| {
                let space = if place > 0 { " " } else { "" };
                write!(f, "{space}{id}")
            })
        };
        if self.is_joint() {
            list(f, &self.outgoing)?;
            f.write_str(" → ")?;
        }
        list(f, &self.voters)?;
        if !self.learners.is_empty() {
            f.write_str(" + ")?;
            list(f, &self.learners)?;
        }
        Ok(())
    }
}

/// What is kept of a configuration, before it is known that it can be.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Parts {
    voters: Vec<NodeId>,
    outgoing: Vec<NodeId>,
    learners: Vec<NodeId>,
}

#[cfg(feature = "serde")]
impl From<Configuration> for Parts {
    fn from(configuration: Configuration) -> Self {
        Self {
            voters: configuration.voters,
            outgoing: configuration.outgoing,
            learners: configuration.learners,
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Parts> for Configuration {
    type Error = ConfigurationError;

    fn try_from(parts: Parts) -> Result<Self, ConfigurationError> {
        if parts.voters.is_empty() && parts.outgoing.is_empty() && parts.learners.is_empty() {
            return Ok(Self::default());
        }
        Self::joint(parts.voters, parts.outgoing, parts.learners)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;
    use std::vec::Vec;

    use super::{Configuration, ConfigurationError, SERVERS_MAX};
    use crate::types::NodeId;

    fn ids(numbers: &[u16]) -> Vec<NodeId> {
        numbers.iter().copied().map(NodeId).collect()
    }

    #[test]
    fn what_no_cluster_can_be_is_refused() {
        let new = |voters: &[u16], learners: &[u16]| Configuration::new(ids(voters), ids(learners));
        assert_eq!(new(&[], &[1]), Err(ConfigurationError::NoVoters));
        assert_eq!(
            new(&[1, 2, 1], &[]),
            Err(ConfigurationError::Twice(NodeId(1)))
        );
        assert_eq!(
            new(&[1, 2], &[2]),
            Err(ConfigurationError::Twice(NodeId(2)))
        );
        let many: Vec<u16> = (0..=u16::try_from(SERVERS_MAX).expect("few")).collect();
        assert_eq!(new(&many, &[]), Err(ConfigurationError::TooMany));
        assert_eq!(new(&[0], &many[1..]), Err(ConfigurationError::TooMany));
    }

    /// Who leaves is a member until it has left (§6).
    #[test]
    fn a_joint_configuration_has_the_members_of_both() {
        let old = Configuration::new(ids(&[1, 2, 3]), []).expect("possible");
        let new = Configuration::new(ids(&[3, 4]), ids(&[1])).expect("possible");
        let joint = new.joint_from(&old);
        assert!(joint.is_joint() && joint.is_voter(NodeId(2)));
        let mut members: Vec<NodeId> = joint.members().collect();
        members.sort_unstable();
        assert_eq!(members, ids(&[1, 2, 3, 4]));
        assert_eq!(joint.to_string(), "S1 S2 S3 → S3 S4 + S1");
        assert_eq!(joint.leave_joint(), new);
        assert_eq!(new.voters_changed(&old), 3);
    }

    #[test]
    fn a_member_is_whoever_is_sent_the_log() {
        let old = Configuration::new(ids(&[1, 2, 3]), []).expect("possible");
        let new = Configuration::new(ids(&[3, 4]), ids(&[5])).expect("possible");
        let joint = new.joint_from(&old);
        let members = (0..7).filter(|id| joint.is_member(NodeId(*id)));
        assert_eq!(members.collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        assert!(!Configuration::default().is_member(NodeId(1)));
    }

    /// What is read back is what was kept, and is checked like any other; the
    /// configuration that names nobody is the only one without voters.
    #[cfg(feature = "serde")]
    #[test]
    fn what_is_kept_in_parts_is_put_together_again() {
        use super::Parts;

        let parts = |voters: &[u16], outgoing: &[u16], learners: &[u16]| Parts {
            voters: ids(voters),
            outgoing: ids(outgoing),
            learners: ids(learners),
        };
        let joint = Configuration::joint(ids(&[1]), ids(&[1, 2]), ids(&[3])).expect("possible");
        for configuration in [joint, Configuration::default()] {
            let kept = Parts::from(configuration.clone());
            assert_eq!(Configuration::try_from(kept), Ok(configuration));
        }
        let no_voters = Err(ConfigurationError::NoVoters);
        assert_eq!(Configuration::try_from(parts(&[], &[1], &[])), no_voters);
        assert_eq!(Configuration::try_from(parts(&[], &[], &[1])), no_voters);
        let twice = Err(ConfigurationError::Twice(NodeId(1)));
        assert_eq!(Configuration::try_from(parts(&[1], &[], &[1])), twice);
    }
}
