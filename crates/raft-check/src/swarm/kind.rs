//! The kinds of faults, of which each run of chaos has some.

/// A kind of fault, or of work during which faults matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Servers crash, some in the middle of a write, and restart.
    Crash,
    /// Servers pause for a while.
    Pause,
    /// Servers lose their network.
    Disconnect,
    /// Links are cut in one direction.
    Cut,
    /// Messages wait on a link, and arrive all at once.
    Clog,
    /// The cluster falls into two groups.
    Partition,
    /// Each link is cut or not by chance, in one direction each, but a majority stays fully
    /// connected.
    Partial,
    /// Some of all messages are lost.
    Loss,
    /// All messages become slower or faster.
    Latency,
    /// Delays are drawn from a distribution, mostly one with a long tail.
    Curve,
    /// Some of all messages arrive twice, or are overtaken.
    Disorder,
    /// The network is that of the MIT lab, unreliable and with or without long reordering.
    Labrpc,
    /// Disks become slower or faster, and keep the order of writes or not.
    Disk,
    /// Disks finish no write for a while.
    Stall,
    /// Clocks run fast or slow and jump; not if reads rely on leases, which are only as good as
    /// the clocks.
    Clock,
    /// Servers take time for each event, and what arrives meanwhile waits.
    Cpu,
    /// Writes to disks fail, and servers stop.
    Fail,
    /// Links have a limited bandwidth.
    Bandwidth,
    /// Some of the messages of one kind, or only the next one, are lost, duplicated or late.
    OfKind,
    /// Single messages are lost.
    Drop,
    /// Single messages are duplicated.
    Duplicate,
    /// Single messages are delayed.
    Delay,
    /// Timers fire early.
    Timer,
    /// Servers compact their logs.
    Snapshot,
    /// Clients ask for reads.
    Read,
    /// Leaders are asked to transfer their leadership.
    Transfer,
    /// The members of the cluster change.
    Reconfigure,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 27] = [
        Self::Crash,
        Self::Pause,
        Self::Disconnect,
        Self::Cut,
        Self::Clog,
        Self::Partition,
        Self::Partial,
        Self::Loss,
        Self::Latency,
        Self::Curve,
        Self::Disorder,
        Self::Labrpc,
        Self::Disk,
        Self::Stall,
        Self::Clock,
        Self::Cpu,
        Self::Fail,
        Self::Bandwidth,
        Self::OfKind,
        Self::Drop,
        Self::Duplicate,
        Self::Delay,
        Self::Timer,
        Self::Snapshot,
        Self::Read,
        Self::Transfer,
        Self::Reconfigure,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Pause => "pause",
            Self::Disconnect => "disconnect",
            Self::Cut => "cut",
            Self::Clog => "clog",
            Self::Partition => "partition",
            Self::Partial => "partial",
            Self::Loss => "loss",
            Self::Latency => "latency",
            Self::Curve => "curve",
            Self::Disorder => "disorder",
            Self::Labrpc => "labrpc",
            Self::Disk => "disk",
            Self::Stall => "stall",
            Self::Clock => "clock",
            Self::Cpu => "cpu",
            Self::Fail => "fail",
            Self::Bandwidth => "bandwidth",
            Self::OfKind => "kind",
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Delay => "delay",
            Self::Timer => "timer",
            Self::Snapshot => "snapshot",
            Self::Read => "read",
            Self::Transfer => "transfer",
            Self::Reconfigure => "reconfigure",
        }
    }
}
