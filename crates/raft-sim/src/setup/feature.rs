//! What the servers of a playbook can do besides plain Raft.

/// What the dissertation adds to plain Raft, to be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Servers ask before they stand (§9.6).
    PreVote,
    /// Leaders check that a majority answers, and servers stick to a leader
    /// that they hear (§6.2, §4.2.3).
    CheckQuorum,
    /// Leaders read by lease (§6.4.1).
    LeaseReads,
    /// New entries are sent before the earlier ones are answered (§10.2.2).
    Pipelining,
    /// A new leader begins its term with an entry without a command (§8).
    NoOp,
    /// Snapshots are sent in chunks (§7).
    SnapshotChunks,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 6] = [
        Self::PreVote,
        Self::CheckQuorum,
        Self::LeaseReads,
        Self::Pipelining,
        Self::NoOp,
        Self::SnapshotChunks,
    ];

    /// Its word in a playbook's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreVote => "pre-vote",
            Self::CheckQuorum => "check-quorum",
            Self::LeaseReads => "lease-reads",
            Self::Pipelining => "pipelining",
            Self::NoOp => "no-op",
            Self::SnapshotChunks => "snapshot-chunks",
        }
    }
}

/// Some of the features.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features(u8);

impl Feature {
    /// The feature without which this one cannot be: leases rest on CheckQuorum (§6.4.1).
    #[must_use]
    pub const fn needs(self) -> Option<Self> {
        match self {
            Self::LeaseReads => Some(Self::CheckQuorum),
            Self::PreVote
            | Self::CheckQuorum
            | Self::Pipelining
            | Self::NoOp
            | Self::SnapshotChunks => None,
        }
    }
}

impl Features {
    /// Whether a feature is among them.
    #[must_use]
    pub const fn contains(&self, feature: &Feature) -> bool {
        self.0 & bit(*feature) != 0
    }

    /// Adds a feature.
    pub const fn insert(&mut self, feature: Feature) {
        self.0 |= bit(feature);
    }

    /// Takes a feature away, and with CheckQuorum the leases that rest on it.
    pub const fn remove(&mut self, feature: &Feature) {
        self.0 &= !bit(*feature);
        if matches!(feature, Feature::CheckQuorum) {
            self.remove(&Feature::LeaseReads);
        }
    }

    /// Takes all those away that are not to be kept, asked in their order.
    pub fn retain(&mut self, mut keep: impl FnMut(&Feature) -> bool) {
        for feature in self.iter().collect::<Vec<_>>() {
            if !keep(&feature) {
                self.remove(&feature);
            }
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Those that there are, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Feature> + use<> {
        let features = *self;
        let all = Feature::ALL.into_iter();
        all.filter(move |feature| features.contains(feature))
    }
}

const fn bit(feature: Feature) -> u8 {
    1 << feature as u8
}

impl FromIterator<Feature> for Features {
    fn from_iter<I: IntoIterator<Item = Feature>>(list: I) -> Self {
        let mut features = Self::default();
        list.into_iter()
            .for_each(|feature| features.insert(feature));
        features
    }
}

impl<const N: usize> From<[Feature; N]> for Features {
    fn from(list: [Feature; N]) -> Self {
        list.into_iter().collect()
    }
}
