//! The table of verbs.

use raft_sim::action::{Action, LinkAction};

use super::{
    Parse, Verb, bandwidth, between, between_or_all, duplication, each, latency, loss, network,
    partition, reordering, verb,
};

/// The verbs of this family.
pub(in crate::text::action) const VERBS: &[Verb] = &[
    verb(
        "disconnect",
        &["disconnect S1"],
        [
            "no message passes to or from the server, which keeps running",
            "服务器收不到也发不出消息，但继续运行",
        ],
        Parse::Each(|it| Action::Link(LinkAction::Disconnect(it))),
    ),
    verb(
        "connect",
        &["connect S1"],
        [
            "messages pass to and from the server again",
            "服务器又能收发消息",
        ],
        Parse::Each(|it| Action::Link(LinkAction::Connect(it))),
    ),
    verb(
        "cut",
        &["cut S1 S2", "cut S1 -> S2"],
        ["no message passes on the link", "链路上不再通过消息"],
        Parse::Many(|s| Ok(each(between(s)?, LinkAction::Cut))),
    ),
    verb(
        "heal",
        &["heal S1 S2", "heal S1 -> S2", "heal"],
        [
            "messages pass again; alone, every link heals and opens and every server connects",
            "消息重新通过；单独写时，修复并疏通所有链路，接上所有服务器",
        ],
        Parse::Many(|s| Ok(each(between_or_all(s)?, LinkAction::Heal))),
    ),
    verb(
        "partition",
        &[
            "partition S1 S2 | S3 S4 S5",
            "partition halves",
            "partition isolate S3",
            "partition ring",
            "partition bridge S3",
            "partition random",
        ],
        [
            "cuts the links between the groups, and heals those within each",
            "切断各组之间的链路，修复每组内部的链路",
        ],
        Parse::Many(partition),
    ),
    verb(
        "clog",
        &["clog S1 S2", "clog S1 -> S2"],
        ["messages wait at the end of the link", "消息在链路末端等待"],
        Parse::Many(|s| Ok(each(between(s)?, LinkAction::Clog))),
    ),
    verb(
        "unclog",
        &["unclog S1 S2", "unclog S1 -> S2", "unclog"],
        [
            "waiting messages arrive now; alone, on every link",
            "等待的消息现在到达；单独写时指所有链路",
        ],
        Parse::Many(|s| Ok(each(between_or_all(s)?, LinkAction::Unclog))),
    ),
    verb(
        "latency",
        &[
            "latency 1ms..5ms",
            "latency normal 10ms 2ms",
            "latency exponential 10ms",
            "latency pareto 5ms 1.5",
            "latency S1 -> S2 1ms..5ms",
            "latency clients 1ms..5ms",
        ],
        [
            "how long messages sent from now on take",
            "此后发送的消息要走多久",
        ],
        Parse::Many(latency),
    ),
    verb(
        "loss",
        &[
            "loss 10%",
            "loss S1 -> S2 10%",
            "loss AppendEntries S1 -> S2 10%",
            "loss clients 10%",
        ],
        [
            "how many of the messages sent from now on are lost",
            "此后发送的消息丢失的比例",
        ],
        Parse::Many(loss),
    ),
    verb(
        "duplication",
        &[
            "duplication 2%",
            "duplication S1 -> S2 2%",
            "duplication AppendEntries S1 -> S2 2%",
        ],
        [
            "how many of the messages sent from now on arrive twice",
            "此后发送的消息到达两次的比例",
        ],
        Parse::Many(duplication),
    ),
    verb(
        "reordering",
        &[
            "reordering 5% 200ms..2s",
            "reordering S1 -> S2 5% 200ms..2s",
            "reordering AppendEntries 5% 200ms",
        ],
        [
            "how many of the messages sent from now on take longer, and by how much",
            "此后发送的消息中更慢的比例，以及慢多少",
        ],
        Parse::Many(reordering),
    ),
    verb(
        "bandwidth",
        &[
            "bandwidth 64KiB/s",
            "bandwidth S1 -> S2 64KiB/s",
            "bandwidth unlimited",
        ],
        [
            "how much of the messages sent from now on passes per second",
            "此后发送的消息每秒能通过多少",
        ],
        Parse::Many(bandwidth),
    ),
    verb(
        "network",
        &[
            "network labrpc unreliable",
            "network labrpc reliable long-reordering",
            "network plain",
        ],
        [
            "uses the network of the MIT lab; `plain`: again what `latency`, `loss` and the like say",
            "使用 MIT 实验的网络；`plain` 恢复为 `latency`、`loss` 等所说的网络",
        ],
        Parse::One(network),
    ),
];
