//! Why there is nothing to search, in both languages of the page.

use raft_check::explore::{Unbounded, Unsearchable};
use raft_play::text::TextError;
use raft_play::words::Language;
use serde::Serialize;
use tsify::Tsify;

/// Why nothing is searched, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CheckRefusal {
    /// Why.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// Why, in Chinese.
    pub message_zh: String,
    /// What to do about it, in Chinese.
    pub remedy_zh: String,
}

impl CheckRefusal {
    fn new(message: [String; 2], remedy: [&str; 2]) -> Self {
        let [message, message_zh] = message;
        let [remedy, remedy_zh] = remedy.map(str::to_owned);
        Self {
            message,
            remedy,
            message_zh,
            remedy_zh,
        }
    }

    /// A name that the page has and this module has not.
    pub(crate) fn unknown(name: &str) -> Self {
        Self::new(
            [
                format!("{name} is unknown here."),
                format!("这里不认识 {name}。"),
            ],
            ["Load the page again.", "请重新加载页面。"],
        )
    }

    pub(crate) fn unread(error: &TextError) -> Self {
        Self::new(
            [error.message.clone(), error.chinese.message.clone()],
            [
                "Open the run again, and search from it then.",
                "请重新打开这个运行，再从它开始检查。",
            ],
        )
    }

    pub(crate) fn unbounded(why: Unbounded) -> Self {
        match why {
            Unbounded::Servers(max) => too_many_servers(max),
            Unbounded::TooMany(most) => Self::new(
                [
                    "So much is not searched.".to_owned(),
                    "范围太大，无法检查。".to_owned(),
                ]
                .map(|words| format!("{words} (≤ {most})")),
                ["Lower the bounds.", "请缩小范围。"],
            ),
            Unbounded::Feature(feature) => Self::new(
                [
                    format!(
                        "What {} does depends on how much time passes, and in a search none does: \
                         timers run out whenever they may.",
                        feature.name()
                    ),
                    format!(
                        "{} 的作用取决于经过了多少时间，而检查中没有时间：定时器随时都可能到期。",
                        feature.name()
                    ),
                ],
                [
                    "Leave it out, or choose a run without it.",
                    "请不要启用它，或选一个没有启用它的运行。",
                ],
            ),
        }
    }

    pub(crate) fn unsearchable(why: Unsearchable) -> Self {
        let another = [
            "Go to another instant, or begin with an empty cluster.",
            "请换一个时刻，或从空集群开始。",
        ];
        let words = |english: String, chinese: String| Self::new([english, chinese], another);
        match why {
            Unsearchable::Servers(max) => too_many_servers(max),
            Unsearchable::Clients => words(
                "A run with clients is not searched, since they act as time passes.".into(),
                "有客户端的运行无法检查，因为客户端随时间行动。".into(),
            ),
            Unsearchable::Snapshots => words(
                "A run is not searched whose servers take snapshots by themselves.".into(),
                "服务器会自行做快照的运行无法检查。".into(),
            ),
            Unsearchable::Paused(id) => {
                words(format!("{id} is paused."), format!("{id} 处于暂停状态。"))
            }
            Unsearchable::Slow(id) => words(
                format!("{id} or its disk takes time for what it does."),
                format!("{id} 或它的磁盘做事需要时间。"),
            ),
            Unsearchable::BadDisk(id) => words(
                format!("The disk of {id} does not keep what it is given."),
                format!("{id} 的磁盘没有保存好写入的内容。"),
            ),
            Unsearchable::Orders => words(
                "Something is to befall messages that are yet to be sent.".into(),
                "已安排好要对尚未发送的消息做手脚。".into(),
            ),
            Unsearchable::Broken(invariant) => words(
                format!(
                    "{} is broken already.",
                    Language::English.invariant(invariant)
                ),
                format!("{}已经被破坏。", Language::Chinese.invariant(invariant)),
            ),
            Unsearchable::Lost => words(
                "What was done does not lead to this instant again.".into(),
                "重做一遍到不了这个时刻。".into(),
            ),
        }
    }
}

fn too_many_servers(max: u8) -> CheckRefusal {
    CheckRefusal::new(
        [
            format!("A cluster of more than {max} servers is not searched."),
            format!("超过 {max} 台服务器的集群无法检查。"),
        ],
        ["Choose a smaller one.", "请选小一些的集群。"],
    )
}
