//! Why something cannot be done, and what to do instead, in both languages.

use raft_core::{Index, NodeId, Timer};

use raft_sim::act::{ClientRefusal, Refusal};
use raft_sim::client::QUEUE_MAX;
use raft_sim::ids::MessageId;
use raft_sim::network::ORDERS_MAX;
use raft_sim::run::{EVENTS_MAX, RunError};

use crate::text::{Source, TextError, timer_name};

/// Why a run could not go on at the line `line` of a source, which reads `shown`.
#[must_use]
pub fn at_line(error: &RunError, line: u32, shown: &str, source: Source) -> TextError {
    let [message, remedy] = match error {
        RunError::Refused(refusal) => words(refusal, source),
        RunError::TooManyEvents => [
            [
                format!("The run would have more than {EVENTS_MAX} events."),
                format!("运行将超过 {EVENTS_MAX} 个事件。"),
            ],
            match source {
                Source::Playbook => [
                    "Let less time pass here or earlier, or repeat less.".to_owned(),
                    "请在这里或前面让时间少流逝一些，或减少重复。".to_owned(),
                ],
                Source::Typed => [
                    "Go back in time and act there, or start a new run.".to_owned(),
                    "请回到过去再操作，或开始新的运行。".to_owned(),
                ],
            },
        ],
    };
    TextError::refused(line, shown, message, remedy)
}

/// The refusal and its remedy where the line of `source` stands, each in English and in
/// Chinese.
#[must_use]
pub fn words(refusal: &Refusal, source: Source) -> [[String; 2]; 2] {
    let [en, zh, remedy_en, remedy_zh]: [String; 4] = match refusal {
        Refusal::NoServer(id) => [
            format!("{id} is not a server of this cluster."),
            format!("本集群没有 {id}。"),
            "Name one of the servers of this cluster.".into(),
            "请写本集群中的服务器。".into(),
        ],
        Refusal::NotRunning(id) => [
            format!("{id} has crashed."),
            format!("{id} 已崩溃。"),
            format!("Restart it first: restart {id}."),
            format!("请先重启：restart {id}。"),
        ],
        Refusal::AlreadyRunning(id) => [
            format!("{id} is running."),
            format!("{id} 正在运行。"),
            format!("Only a crashed server can restart, so crash it first: crash {id}."),
            format!("只有崩溃的服务器才能重启，请先让它崩溃：crash {id}。"),
        ],
        Refusal::AlreadyPaused(id) => [
            format!("{id} is already paused."),
            format!("{id} 已暂停。"),
            format!("Let it continue: resume {id}."),
            format!("可以让它继续：resume {id}。"),
        ],
        Refusal::NotPaused(id) => [
            format!("{id} is not paused."),
            format!("{id} 没有暂停。"),
            format!("Pause it first: pause {id}."),
            format!("请先暂停：pause {id}。"),
        ],
        Refusal::Paused(id) => [
            format!("{id} is paused and does nothing."),
            format!("{id} 已暂停，什么也不做。"),
            format!("Let it continue first: resume {id}."),
            format!("请先让它继续：resume {id}。"),
        ],
        Refusal::NoTimer {
            server,
            timer,
            running,
        } => no_timer(*server, *timer, running),
        Refusal::NoMessage(id) => [
            format!("{id} is not in flight."),
            format!("{id} 不在途中。"),
            "Name a message that is still in flight.".into(),
            "请写仍在途中的消息。".into(),
        ],
        Refusal::NoEntry {
            server,
            index,
            first,
            last,
        } => no_entry(*server, *index, *first, *last),
        Refusal::NothingToCompact(id) => nothing_to_compact(*id),
        Refusal::Client(why) => client_words(*why, source),
        Refusal::Clogged(id) => clogged(*id),
        Refusal::NoBackup(id) => no_backup(*id),
        Refusal::WaitsForTooMany => waits_for_too_many(),
        Refusal::OnlyTime => only_time(),
    };
    [[en, zh], [remedy_en, remedy_zh]]
}

/// The timers `running` at `server`, at least one, are others.
fn no_timer(server: NodeId, timer: Timer, running: &[Timer]) -> [String; 4] {
    let lines = running
        .iter()
        .map(|timer| format!("fire {server} {}", timer_name(*timer)));
    let lines: Vec<String> = lines.collect();
    [
        format!("{server} has no {} timer running.", timer_name(timer)),
        format!("{server} 没有正在运行的 {} 计时器。", timer_name(timer)),
        format!("Fire one that is running there: {}.", lines.join(" or ")),
        format!("请触发那里正在运行的计时器：{}。", lines.join(" 或 ")),
    ]
}

fn no_backup(id: NodeId) -> [String; 4] {
    [
        format!("{id} has no backup of its disk."),
        format!("没有留存过 {id} 磁盘的备份。"),
        format!("Take one while the disk is as it should be again later: backup {id}."),
        format!("请在磁盘内容还是想要恢复的样子时留存备份：backup {id}。"),
    ]
}

fn waits_for_too_many() -> [String; 4] {
    [
        format!("{ORDERS_MAX} faults are already waiting for messages that are not sent yet."),
        format!("已有 {ORDERS_MAX} 条尚未发送的消息等待处理。"),
        "Let time pass until some of them are sent.".into(),
        "请先让时间流逝，直到其中一些发出。".into(),
    ]
}

/// At `server` that can be done from `first` to `last`, and not at `index`.
fn no_entry(server: NodeId, index: Index, first: Index, last: Index) -> [String; 4] {
    let [remedy_en, remedy_zh] = if last < first {
        let line = format!("rewrite {server} entry {first} 1:x");
        [
            format!("Its log is empty, so add its first entry: {line}."),
            format!("它的日志是空的，可以添加第一个条目：{line}。"),
        ]
    } else {
        [
            format!("Write an index from {first} to {last}."),
            format!("请写 {first} 到 {last} 之间的索引。"),
        ]
    };
    [
        format!("{server} cannot do that at index {index}."),
        format!("{server} 在索引 {index} 处做不到。"),
        remedy_en,
        remedy_zh,
    ]
}

/// The refusal and its remedy, each in English and in Chinese.
fn client_words(refusal: ClientRefusal, source: Source) -> [String; 4] {
    match (refusal, source) {
        (ClientRefusal::NoClients, Source::Playbook) => [
            "This cluster has no clients.".into(),
            "本集群没有客户端。".into(),
            "Add some to its header: clients 3.".into(),
            "请在开头写上：clients 3。".into(),
        ],
        (ClientRefusal::NoClients, Source::Typed) => [
            "This cluster has no clients.".into(),
            "本集群没有客户端。".into(),
            "Start a new run with clients.".into(),
            "请开始一次带客户端的新运行。".into(),
        ],
        (ClientRefusal::NoClient(id), Source::Playbook) => [
            format!("{id} is not a client of this cluster."),
            format!("本集群没有 {id}。"),
            "Name one of the clients of this cluster, or give it more of them in its header: clients 3."
                .into(),
            "请写本集群中的客户端，或在开头写更多：clients 3。".into(),
        ],
        (ClientRefusal::NoClient(id), Source::Typed) => [
            format!("{id} is not a client of this cluster."),
            format!("本集群没有 {id}。"),
            "Name one of the clients of this cluster, or start a new run with more.".into(),
            "请写本集群中的客户端，或开始一次客户端更多的新运行。".into(),
        ],
        (ClientRefusal::HasSession(id), _) => [
            format!("This is an operation of {id}, which numbers its operations itself."),
            format!("这是 {id} 的操作，编号由它自己给出。"),
            format!("Let the client send it: put {id} x 3."),
            format!("请让它来请求：put {id} x 3。"),
        ],
        (ClientRefusal::AsksTooMuch(id), _) => [
            format!("{QUEUE_MAX} operations are already waiting at {id}."),
            format!("{id} 已有 {QUEUE_MAX} 个操作在等待。"),
            "Let time pass until some are answered.".into(),
            "请先让时间流逝，直到部分操作得到答复。".into(),
        ],
    }
}

fn only_time() -> [String; 4] {
    [
        "Letting time pass is not something that is done to the cluster.".into(),
        "让时间流逝不是对集群的操作。".into(),
        "Let the run go on instead: step, or run 500ms.".into(),
        "请让运行继续：step 或 run 500ms。".into(),
    ]
}

fn nothing_to_compact(id: NodeId) -> [String; 4] {
    [
        format!("{id} has no applied entries in its log to take a snapshot of."),
        format!("{id} 的日志中没有可做快照的已应用条目。"),
        "Let an entry be applied first.".into(),
        "请先让一个条目被应用。".into(),
    ]
}

fn clogged(id: MessageId) -> [String; 4] {
    [
        format!("{id} is waiting at the end of a clogged link."),
        format!("{id} 在阻塞链路的末端等待。"),
        "Open the link first: unclog.".into(),
        "请先疏通链路：unclog。".into(),
    ]
}
