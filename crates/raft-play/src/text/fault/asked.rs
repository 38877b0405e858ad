//! What can be wrong with what is expected to be refused or accepted.

use super::{Fault, say, shortened};

/// How much of a request is shown that was declined.
const SHOWN: usize = 60;

impl Fault {
    pub(crate) fn not_refused(action: &str) -> Fault {
        say(
            format!("Expected {action} to be refused, but it was not."),
            format!("期望 {action} 被拒绝；实际没有被拒绝。"),
        )
    }

    pub(crate) fn nobody_asked() -> Fault {
        say(
            "An answer was expected here, but no server was asked.",
            "这里期望得到答复；实际没有问到任何服务器。",
        )
    }

    pub(crate) fn never_refused(word: &str) -> Fault {
        say(
            format!("“{word}” only lets time pass and is never refused."),
            format!("“{word}”只让时间流逝，不会被拒绝。"),
        )
        .forms(&["expect refused propose S2 x1"])
    }

    pub(crate) fn not_accepted(action: &str, [why, why_zh]: &[String; 2]) -> Fault {
        say(
            format!("Expected {action} to be accepted, but it was declined: {why}."),
            format!("期望 {action} 被接受；实际被拒绝：{why_zh}。"),
        )
    }

    /// Adds what was declined before.
    pub(crate) fn after_declined(
        self,
        line: u32,
        said: &str,
        [why, why_zh]: &[String; 2],
    ) -> Fault {
        let said = shortened(said, SHOWN);
        self.remedy(
            format!("The last request that was declined is in line {line}, {said}: {why}."),
            format!("最近一次被拒绝的请求在第 {line} 行，{said}：{why_zh}。"),
        )
    }

    /// A condition stands behind what is to be refused or accepted.
    pub(crate) fn joined_to_asked(outcome: &str, join: &str) -> Fault {
        say(
            format!("“expect {outcome}” takes one action, and no condition behind it."),
            format!("“expect {outcome}”只带一个操作，后面不能再接条件。"),
        )
        .remedy(
            format!(
                "Put the condition into an “expect” of its own; for a command, write \"{join}\"."
            ),
            format!("请把条件另写成一行 expect；若是指令，请写作 \"{join}\"。"),
        )
    }
}
