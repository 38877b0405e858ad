//! The table of numbers.

use super::{Field, Kept, Number, Quantity, applied, command, listed, of, of_another};
use crate::text::which;

/// The numbers that go by words, but for those of servers that are such: `leaders`, `running`.
pub const NUMBERS: [Number; 19] = [
    Number {
        name: "terms",
        forms: &["expect terms reachable = 1"],
        doc: [
            "the number of different terms among these servers, or among all",
            "这些服务器（或所有服务器）有多少个不同的任期",
        ],
        read: |s, _| listed(s).map(Quantity::Terms),
    },
    Number {
        name: "term",
        forms: &["expect term S1 = 3"],
        doc: ["its current term", "它的当前任期"],
        read: |s, _| of(Field::Term, s),
    },
    Number {
        name: "last",
        forms: &["expect last S1 = 3"],
        doc: ["the index of its last entry", "它最后一个条目的索引"],
        read: |s, _| of(Field::Last, s),
    },
    Number {
        name: "commit",
        forms: &["expect commit S1 = 3"],
        doc: [
            "the index of its last committed entry",
            "它最后一个已提交条目的索引",
        ],
        read: |s, _| of(Field::Commit, s),
    },
    Number {
        name: "applied",
        forms: &[
            "expect applied S1 = 3",
            "expect applied index 4 = 5",
            "expect applied command x1 = 5",
        ],
        doc: [
            "the index of its last applied entry; or the number of running servers that have applied the entry at an index, or a command",
            "它最后一个已应用条目的索引；或已应用某个索引处的条目、某条指令的运行中服务器的数量",
        ],
        read: applied,
    },
    Number {
        name: "stored",
        forms: &["expect stored x1 >= 3"],
        doc: [
            "the number of servers with this command in their log; of a crashed one, on its disk",
            "日志中有这条指令的服务器的数量；若已崩溃则看它的磁盘",
        ],
        read: |s, _| command(s).map(Quantity::Stored),
    },
    Number {
        name: "snapshot",
        forms: &["expect snapshot S1 = 3"],
        doc: [
            "the index of the last entry in its snapshot",
            "它快照中最后一个条目的索引",
        ],
        read: |s, _| of(Field::Snapshot, s),
    },
    Number {
        name: "state_bytes",
        forms: &["expect state_bytes S1 < 1000"],
        doc: [
            "the size of Raft's state on its disk without the snapshot: 16, and 8 and the command for each entry",
            "Raft 状态在它磁盘上的大小，不含快照：16，加上每个条目的 8 和指令",
        ],
        read: |s, _| of(Field::StateBytes, s),
    },
    Number {
        name: "next_index",
        forms: &["expect next_index S1 -> S2 = 4"],
        doc: [
            "the next entry that a leader will send to the other server; 0 if the server does not lead",
            "领导者将发给另一台服务器的下一个条目；若该服务器不是领导者则为 0",
        ],
        read: |s, _| of_another(Kept::NextIndex, s),
    },
    Number {
        name: "match_index",
        forms: &["expect match_index S1 -> S2 = 3"],
        doc: [
            "the last entry that a leader knows the other server to have; 0 if the server does not lead",
            "领导者所知另一台服务器拥有的最后一个条目；若该服务器不是领导者则为 0",
        ],
        read: |s, _| of_another(Kept::MatchIndex, s),
    },
    Number {
        name: "index",
        forms: &["expect index = 3"],
        doc: [
            "the index of the last command that a leader accepted from this playbook",
            "领导者最近从本剧本接受的指令的索引",
        ],
        read: |_, _| Ok(Quantity::Index),
    },
    Number {
        name: "rpcs",
        forms: &["expect rpcs < 100"],
        doc: ["requests sent so far", "至今发送的请求数"],
        read: |_, _| Ok(Quantity::Rpcs),
    },
    Number {
        name: "bytes",
        forms: &["expect bytes < 5000"],
        doc: [
            "bytes of commands and snapshots in all messages so far",
            "至今所有消息中指令和快照的字节数",
        ],
        read: |_, _| Ok(Quantity::Bytes),
    },
    Number {
        name: "in_flight",
        forms: &[
            "expect in_flight AppendEntries <= 1",
            "expect in_flight RequestVote reply S2 -> S1 = 0",
        ],
        doc: [
            "the number of such messages in flight",
            "这样的在途消息的数量",
        ],
        read: |s, _| which(s).map(Quantity::InFlight),
    },
    Number {
        name: "cuts",
        forms: &["expect cuts = 0"],
        doc: [
            "over how many links between servers, counted a direction each, no message passes now",
            "服务器之间此刻不能通过消息的链路数，每个方向各计一条",
        ],
        read: |_, _| Ok(Quantity::Cuts),
    },
    Number {
        name: "elapsed",
        forms: &["expect elapsed < 5000"],
        doc: [
            "milliseconds since the run began; in a goal, since the building began",
            "运行开始以来的毫秒数；在目标中，从开始构造时算起",
        ],
        read: |_, _| Ok(Quantity::Elapsed),
    },
    Number {
        name: "pending",
        forms: &["expect pending = 0"],
        doc: [
            "the number of client operations not answered yet",
            "尚未得到答复的客户端操作数",
        ],
        read: |_, _| Ok(Quantity::Pending),
    },
    Number {
        name: "answered",
        forms: &["expect answered > 20"],
        doc: [
            "the number of client operations answered",
            "已得到答复的客户端操作数",
        ],
        read: |_, _| Ok(Quantity::Answered),
    },
    Number {
        name: "violations",
        forms: &["expect violations = 0"],
        doc: [
            "the number of invariants found broken",
            "已发现被违反的不变式的数量",
        ],
        read: |_, _| Ok(Quantity::Violations),
    },
];
