//! The table of questions.

use super::{Asks, Property, Trait};

/// The questions whose answer is no number.
pub const PROPERTIES: [Property; 11] = [
    Property {
        name: "leader",
        forms: &["expect leader = S1", "expect leader = none"],
        doc: [
            "the leader that a client would find",
            "客户端会找到的领导者",
        ],
        asks: Asks::Leader,
    },
    Property {
        name: "role",
        forms: &["expect role S1 = follower"],
        doc: [
            "`follower`, `pre-candidate`, `candidate` or `leader`; `crashed` if it does not run",
            "`follower`、`pre-candidate`、`candidate` 或 `leader`；不在运行时为 `crashed`",
        ],
        asks: Asks::Of(Trait::Role),
    },
    Property {
        name: "voted_for",
        forms: &["expect voted_for S1 = S2", "expect voted_for S1 = none"],
        doc: ["its vote in its term", "它在当前任期中投的票"],
        asks: Asks::Of(Trait::VotedFor),
    },
    Property {
        name: "voters",
        forms: &["expect voters S1 = S1 S2 S3"],
        doc: [
            "who votes in the latest configuration of its log; of a joint one, in C_new",
            "它日志中最新配置里的投票者；若为联合配置，则指 C_new",
        ],
        asks: Asks::Of(Trait::Voters),
    },
    Property {
        name: "outgoing",
        forms: &["expect outgoing S1 = S1 S2 S3", "expect outgoing S1 = none"],
        doc: [
            "who votes in C_old, if the latest configuration of its log is joint (C_old,new)",
            "若它日志中最新的配置是联合配置（C_old,new），则为 C_old 中的投票者",
        ],
        asks: Asks::Of(Trait::Outgoing),
    },
    Property {
        name: "joint",
        forms: &["expect joint S1"],
        doc: [
            "whether the latest configuration of its log is joint",
            "它日志中最新的配置是否为联合配置",
        ],
        asks: Asks::Joint,
    },
    Property {
        name: "learners",
        forms: &["expect learners S1 = S4", "expect learners S1 = none"],
        doc: [
            "who has no vote in the latest configuration of its log",
            "它日志中最新配置里没有投票权的成员",
        ],
        asks: Asks::Of(Trait::Learners),
    },
    Property {
        name: "log",
        forms: &["expect log S1 = 1:x1 2:y1", "expect log S1 = 1 2"],
        doc: [
            "its entries after the snapshot; of a term that stands alone, it does not matter what they hold",
            "它快照之后的条目；任期单独写时，不论条目的内容",
        ],
        asks: Asks::Of(Trait::Log),
    },
    Property {
        name: "value",
        forms: &["expect value S1 x = 3"],
        doc: ["the value of a key on that server", "该服务器上一个键的值"],
        asks: Asks::Value,
    },
    Property {
        name: "answer",
        forms: &["expect answer C1 = 3"],
        doc: ["the last answer to the client", "客户端最近得到的答复"],
        asks: Asks::Answer,
    },
    Property {
        name: "broken",
        forms: &["expect broken log-matching"],
        doc: [
            "whether this invariant has been found broken",
            "是否已发现该不变式被违反",
        ],
        asks: Asks::Broken,
    },
];
