//! The kinds of faults, of which each run of chaos has some.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal;)*) => {
        /// A kind of fault, or of work during which faults matter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$kind),*];

            /// Its name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// Servers crash, some in the middle of a write, and restart.
    Crash "crash";
    /// Servers pause for a while.
    Pause "pause";
    /// Servers lose their network.
    Disconnect "disconnect";
    /// Links are cut in one direction.
    Cut "cut";
    /// Messages wait on a link, and arrive all at once.
    Clog "clog";
    /// The cluster falls into two groups.
    Partition "partition";
    /// Each link is cut or not by chance, in one direction each, but a majority stays fully
    /// connected.
    Partial "partial";
    /// Some of all messages are lost.
    Loss "loss";
    /// All messages become slower or faster.
    Latency "latency";
    /// Delays are drawn from a distribution, mostly one with a long tail.
    Curve "curve";
    /// Some of all messages arrive twice, or are overtaken.
    Disorder "disorder";
    /// The network is that of the MIT lab, unreliable and with or without long reordering.
    Labrpc "labrpc";
    /// Disks become slower or faster, and keep the order of writes or not.
    Disk "disk";
    /// Disks finish no write for a while.
    Stall "stall";
    /// Clocks run fast or slow and jump; not if reads rely on leases, which are only as good as
    /// the clocks.
    Clock "clock";
    /// Servers take time for each event, and what arrives meanwhile waits.
    Cpu "cpu";
    /// Writes to disks fail, and servers stop.
    Fail "fail";
    /// Links have a limited bandwidth.
    Bandwidth "bandwidth";
    /// Some of the messages of one kind, or only the next one, are lost, duplicated or late.
    OfKind "kind";
    /// Single messages are lost.
    Drop "drop";
    /// Single messages are duplicated.
    Duplicate "duplicate";
    /// Single messages are delayed.
    Delay "delay";
    /// Timers fire early.
    Timer "timer";
    /// Servers compact their logs.
    Snapshot "snapshot";
    /// Clients ask for reads.
    Read "read";
    /// Leaders are asked to transfer their leadership.
    Transfer "transfer";
    /// The members of the cluster change.
    Reconfigure "reconfigure";
}
