//! The table of the header's lines.

use raft_sim::setup::{SEED_MAX, Size};

use super::{
    A_LINE_OF_TEXT, Header, Says, clients, election, features, heartbeat, labels, print_clients,
    servers, snapshots, voters,
};
use crate::playbook::setting::{Setting, print_rules, rules};
use crate::text::said;

const fn size(
    size: Size,
    forms: &'static [&'static str],
    left_out: &'static str,
    bounds: &'static str,
) -> Header {
    Header {
        name: size.name(),
        forms,
        left_out,
        bounds,
        says: Says::Size(size),
    }
}

/// The most minutes that a lesson may take.
const MINUTES_MAX: u64 = 600;

/// The lines of the header, in the order in which they print.
pub const HEADERS: [Header; 27] = [
    Header {
        name: "title",
        forms: &["title A leader falls silent"],
        left_out: "empty",
        bounds: A_LINE_OF_TEXT,
        says: Says::Cluster(
            |s, setup| {
                s.text().clone_into(&mut setup.title);
                Ok(())
            },
            |setup, f| said("title", &setup.title, false, f),
        ),
    },
    Header {
        name: "title.zh",
        forms: &["title.zh 领导者沉默了"],
        left_out: "empty",
        bounds: A_LINE_OF_TEXT,
        says: Says::Cluster(
            |s, setup| {
                s.text().clone_into(&mut setup.title_zh);
                Ok(())
            },
            |setup, f| said("title.zh", &setup.title_zh, false, f),
        ),
    },
    Header {
        name: "source",
        forms: &["source the paper, Figure 8"],
        left_out: "empty",
        bounds: A_LINE_OF_TEXT,
        says: Says::Cluster(
            |s, setup| {
                s.text().clone_into(&mut setup.source);
                Ok(())
            },
            |setup, f| said("source", &setup.source, false, f),
        ),
    },
    Header {
        name: "minutes",
        forms: &["minutes 9"],
        left_out: "it is no lesson",
        bounds: "1 to 600",
        says: Says::Cluster(
            |s, setup| {
                let minutes = s.number(1, MINUTES_MAX)?;
                setup.minutes = Some(minutes);
                Ok(())
            },
            |setup, f| match setup.minutes {
                Some(minutes) => writeln!(f, "minutes {minutes}"),
                None => Ok(()),
            },
        ),
    },
    Header {
        name: "see",
        forms: &["see seeds/24-five-steps.raft paper/01-split-vote.raft"],
        left_out: "no playbook belongs to the lesson",
        bounds: "paths from the folder of all playbooks on",
        says: Says::Cluster(
            |s, setup| {
                let paths = s.text().split_whitespace();
                setup.see = paths.map(str::to_owned).collect();
                Ok(())
            },
            |setup, f| said("see", &setup.see.join(" "), false, f),
        ),
    },
    Header {
        name: "then",
        forms: &["then build/03-two-leaders.raft"],
        left_out: "the lesson ends with no run to build, and nothing harder follows this one",
        bounds: "a path from the folder of all playbooks on",
        says: Says::Cluster(
            |s, setup| {
                s.text().clone_into(&mut setup.then);
                Ok(())
            },
            |setup, f| said("then", &setup.then, false, f),
        ),
    },
    Header {
        name: "branch",
        forms: &["branch S1"],
        left_out: "empty",
        bounds: A_LINE_OF_TEXT,
        says: Says::Cluster(
            |s, setup| {
                s.text().clone_into(&mut setup.branch);
                Ok(())
            },
            |setup, f| said("branch", &setup.branch, false, f),
        ),
    },
    Header {
        name: "servers",
        forms: &["servers 5"],
        left_out: "`servers 5`",
        bounds: "1 to 9",
        says: Says::Cluster(servers, |setup, f| writeln!(f, "servers {}", setup.servers)),
    },
    Header {
        name: "labels",
        forms: &["labels leader (a) (b)"],
        left_out: "servers have their names alone",
        bounds: "a word a server, from S1 on; below `servers`",
        says: Says::Cluster(labels, |setup, f| {
            said("labels", &setup.labels.join(" "), false, f)
        }),
    },
    Header {
        name: "voters",
        forms: &["voters 3"],
        left_out: "all servers",
        bounds: "1 to `servers`, which stands above it",
        says: Says::Cluster(voters, |setup, f| match setup.voters {
            Some(voters) => writeln!(f, "voters {voters}"),
            None => Ok(()),
        }),
    },
    Header {
        name: "clients",
        forms: &["clients 3", "clients 3 without sessions"],
        left_out: "`clients 0`",
        bounds: "0 to 9",
        says: Says::Cluster(clients, print_clients),
    },
    Header {
        name: "seed",
        forms: &["seed 1"],
        left_out: "`seed 1`",
        bounds: "0 to 2⁵³ − 1",
        says: Says::Cluster(
            |s, setup| s.number(0, SEED_MAX).map(|seed| setup.seed = seed),
            |setup, f| writeln!(f, "seed {}", setup.seed),
        ),
    },
    Header {
        name: "election",
        forms: &["election 500ms..1s"],
        left_out: "`election 500ms..1s`",
        bounds: "1 ms to 24 h",
        says: Says::Servers(election, |own| own.election.map(Setting::Election)),
    },
    Header {
        name: "heartbeat",
        forms: &["heartbeat 100ms"],
        left_out: "`heartbeat 100ms`",
        bounds: "1 ms to 24 h",
        says: Says::Servers(heartbeat, |own| own.heartbeat.map(Setting::Heartbeat)),
    },
    Header {
        name: "snapshots",
        forms: &["snapshots every 10"],
        left_out: "only on request",
        bounds: "2 to 1,000,000,000",
        says: Says::Cluster(snapshots, |setup, f| match setup.snapshot_every {
            Some(every) => writeln!(f, "snapshots every {every}"),
            None => Ok(()),
        }),
    },
    size(
        Size::EntriesMax,
        &["entries_max 2"],
        "1024",
        "1 to 1,000,000,000, as all sizes",
    ),
    size(
        Size::EntriesBytesMax,
        &["entries_bytes_max 100"],
        "1 MiB: commands, and 8 for each entry's term; one entry is sent however big it is",
        "",
    ),
    size(Size::InFlightMax, &["in_flight_max 4"], "1", ""),
    size(Size::UncommittedMax, &["uncommitted_max 10"], "16384", ""),
    size(
        Size::UncommittedBytesMax,
        &["uncommitted_bytes_max 1000"],
        "64 MiB; one entry is taken in however big it is",
        "",
    ),
    size(
        Size::UnwrittenBytesMax,
        &["unwritten_bytes_max 1000"],
        "64 MiB; the last thing accepted may exceed it",
        "",
    ),
    size(Size::ReadsMax, &["reads_max 10"], "16384", ""),
    size(
        Size::SnapshotBytesMax,
        &["snapshot_bytes_max 16"],
        "1 MiB",
        "",
    ),
    size(
        Size::SnapshotWholeBytesMax,
        &["snapshot_whole_bytes_max 1000"],
        "1 GiB",
        "",
    ),
    Header {
        name: "use",
        forms: &["use pre-vote check-quorum lease-reads pipelining"],
        left_out: "plain Raft, as `use none`",
        bounds: "one feature or more",
        says: Says::Servers(
            |s| features(s).map(Setting::Features),
            |own| own.features.map(Setting::Features),
        ),
    },
    Header {
        name: "server",
        forms: &[
            "server S2 election 1s..2s",
            "server S2 entries_max 1",
            "server S2 use pre-vote",
        ],
        left_out: "as the others",
        bounds: "one setting a line; below `servers`",
        says: Says::Single,
    },
    Header {
        name: "ablate",
        forms: &["ablate L4-term"],
        left_out: "no rule is ablated",
        bounds: "one or more; `raftlab rules` lists them",
        says: Says::Cluster(
            |s, setup| rules(s).map(|rules| setup.ablated = rules),
            |setup, f| print_rules(&setup.ablated, f),
        ),
    },
];
