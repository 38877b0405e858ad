//! Why an Action cannot be done, and what to do instead, in both languages.

use raft_core::{Index, NodeId};

use crate::action::MessageId;
use crate::client::{ClientId, QUEUE_MAX};
use crate::network::ORDERS_MAX;
use crate::text::Source;

/// Why an Action cannot be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such server.
    NoServer(NodeId),
    /// The server is not running.
    NotRunning(NodeId),
    /// The server is running already.
    AlreadyRunning(NodeId),
    /// The server is paused already.
    AlreadyPaused(NodeId),
    /// The server is not paused.
    NotPaused(NodeId),
    /// A paused server does nothing until it is resumed.
    Paused(NodeId),
    /// A leader has no election timer.
    Leads(NodeId),
    /// The message is not under way.
    NoMessage(MessageId),
    /// The log has no such entry, and cannot be given one there.
    NoEntry {
        /// Whose log.
        server: NodeId,
        /// Which entry.
        index: Index,
        /// The first entry that can be named.
        first: Index,
        /// The last entry that there is.
        last: Index,
    },
    /// Nothing has been applied that is not in a snapshot already.
    NothingToCompact(NodeId),
    /// It is about a client.
    Client(ClientRefusal),
    /// The message waits at the end of a clogged link.
    Clogged(MessageId),
    /// Nothing was put aside of this server's disk.
    NoBackup(NodeId),
    /// Something is to be done to so many messages already that are not sent yet.
    WaitsForTooMany,
    /// Letting time pass is not something done to a world.
    OnlyTime,
    /// No line can say this, such as a partition that names a server twice.
    NoTextForm,
}

/// Why something cannot be asked of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRefusal {
    /// There are no clients.
    NoClients,
    /// There is no such client.
    NoClient(ClientId),
    /// What was offered is an operation of this client, which alone gives them numbers.
    HasSession(ClientId),
    /// So many operations wait at the client already.
    AsksTooMuch(ClientId),
}

impl Refusal {
    /// The refusal and its remedy where the line of `source` stands, each in English and in
    /// Chinese.
    #[must_use]
    pub fn words(&self, source: Source) -> [[String; 2]; 2] {
        let [en, zh, remedy_en, remedy_zh]: [String; 4] = match self {
            Self::NoServer(id) => [
                format!("there is no {id}"),
                format!("没有 {id}"),
                "name one of the servers of this cluster".into(),
                "请写本集群中的服务器".into(),
            ],
            Self::NotRunning(id) => [
                format!("{id} has crashed"),
                format!("{id} 已崩溃"),
                format!("restart it first: restart {id}"),
                format!("请先重启：restart {id}"),
            ],
            Self::AlreadyRunning(id) => [
                format!("{id} is running"),
                format!("{id} 正在运行"),
                format!("only a crashed server restarts: crash {id}"),
                format!("只有崩溃的服务器才能重启：crash {id}"),
            ],
            Self::AlreadyPaused(id) => [
                format!("{id} is paused already"),
                format!("{id} 已暂停"),
                format!("let it go on with: resume {id}"),
                format!("让它继续：resume {id}"),
            ],
            Self::NotPaused(id) => [
                format!("{id} is not paused"),
                format!("{id} 没有暂停"),
                format!("pause it first: pause {id}"),
                format!("请先暂停：pause {id}"),
            ],
            Self::Paused(id) => [
                format!("{id} is paused and does nothing"),
                format!("{id} 已暂停，什么也不做"),
                format!("let it go on first: resume {id}"),
                format!("请先让它继续：resume {id}"),
            ],
            Self::Leads(id) => [
                format!("{id} leads, and a leader has no election timer"),
                format!("{id} 是领导者，没有选举计时器"),
                "name a follower or a candidate".into(),
                "请写跟随者或候选人".into(),
            ],
            Self::NoMessage(id) => [
                format!("{id} is not under way"),
                format!("{id} 不在途中"),
                "name a message that is still travelling".into(),
                "请写仍在途中的消息".into(),
            ],
            Self::NoEntry {
                server,
                index,
                first,
                last,
            } => no_entry(*server, *index, *first, *last),
            Self::NothingToCompact(id) => [
                format!("{id} has no applied entry in its log to make a snapshot of"),
                format!("{id} 的日志中没有可做快照的已应用条目"),
                "let an entry be applied first".into(),
                "请先让一个条目被应用".into(),
            ],
            Self::Client(why) => why.words(source),
            Self::Clogged(id) => [
                format!("{id} waits at the end of a clogged link"),
                format!("{id} 在阻塞链路的末端等待"),
                "open the link first: unclog".into(),
                "请先疏通链路：unclog".into(),
            ],
            Self::NoBackup(id) => no_backup(*id),
            Self::WaitsForTooMany => waits_for_too_many(),
            Self::NoTextForm => [
                "no line can say this".into(),
                "没有任何一行能表达它".into(),
                "build only what a line can say: each server once, no empty group, no share \
                 above 100%"
                    .into(),
                "请只构造一行文字能表达的操作：每个服务器一次，没有空组，比例不超过 100%".into(),
            ],
            Self::OnlyTime => [
                "letting time pass is not done to a world".into(),
                "让时间流逝不是对世界的操作".into(),
                "step or run the run instead".into(),
                "请在运行上使用 step 或 run".into(),
            ],
        };
        [[en, zh], [remedy_en, remedy_zh]]
    }
}

fn no_backup(id: NodeId) -> [String; 4] {
    [
        format!("no copy of the disk of {id} was put aside"),
        format!("没有留存过 {id} 磁盘的备份"),
        format!("put one aside while it holds what it shall go back to: backup {id}"),
        format!("请在磁盘内容还是想要恢复的样子时留存备份：backup {id}"),
    ]
}

fn waits_for_too_many() -> [String; 4] {
    [
        format!("something is to be done to {ORDERS_MAX} messages already that are not sent yet"),
        format!("已有 {ORDERS_MAX} 条尚未发送的消息等待处理"),
        "let time pass until some of them are sent".into(),
        "请先让时间流逝，直到其中一些发出".into(),
    ]
}

/// The log of `server` runs from `first` to `last`, and has no place for that at `index`.
fn no_entry(server: NodeId, index: Index, first: Index, last: Index) -> [String; 4] {
    let [remedy_en, remedy_zh] = if last < first {
        let line = format!("rewrite {server} entry {first} 1:x");
        [
            format!("its log is empty; its first entry can be added: {line}"),
            format!("它的日志是空的；可以添加第一个条目：{line}"),
        ]
    } else {
        [
            format!("its log runs from {first} to {last}; an entry can be added at its end"),
            format!("它的日志从 {first} 到 {last}；可以在末尾添加条目"),
        ]
    };
    [
        format!("{server} has no place for that at index {index}"),
        format!("{server} 在索引 {index} 处做不到"),
        remedy_en,
        remedy_zh,
    ]
}

impl ClientRefusal {
    /// The refusal and its remedy, each in English and in Chinese.
    fn words(self, source: Source) -> [String; 4] {
        match (self, source) {
            (Self::NoClients, Source::Playbook) => [
                "this cluster has no clients".into(),
                "本集群没有客户端".into(),
                "write in its header: clients 3".into(),
                "请在开头写上：clients 3".into(),
            ],
            (Self::NoClients, Source::Typed) => [
                "this cluster has no clients".into(),
                "本集群没有客户端".into(),
                "begin a new run with clients".into(),
                "请开始一次带客户端的新运行".into(),
            ],
            (Self::NoClient(id), Source::Playbook) => [
                format!("there is no {id}"),
                format!("没有 {id}"),
                "name one of the clients of this cluster, or more of them in its header: clients 3"
                    .into(),
                "请写本集群中的客户端，或在开头写更多：clients 3".into(),
            ],
            (Self::NoClient(id), Source::Typed) => [
                format!("there is no {id}"),
                format!("没有 {id}"),
                "name one of the clients of this cluster, or begin a new run with more".into(),
                "请写本集群中的客户端，或开始一次客户端更多的新运行".into(),
            ],
            (Self::HasSession(id), _) => [
                format!("this is an operation of {id}, which numbers its own"),
                format!("这是 {id} 的操作，编号由它自己给出"),
                format!("let it ask: put {id} x 3"),
                format!("请让它来请求：put {id} x 3"),
            ],
            (Self::AsksTooMuch(id), _) => [
                format!("{QUEUE_MAX} operations wait at {id} already"),
                format!("{id} 已有 {QUEUE_MAX} 个操作在等待"),
                "let time pass until some are answered".into(),
                "请先让时间流逝，直到部分操作得到答复".into(),
            ],
        }
    }
}
