//! What can be wrong with blocks, and with what is asked for over and over.

use super::{Fault, say};

impl Fault {
    pub(crate) fn no_end() -> Fault {
        say("This block has no end.", "这个代码块没有结束。")
            .remedy("Close it with: end.", "请用 end 结束它。")
    }

    pub(crate) fn end_alone() -> Fault {
        say(
            "There is no block to end here.",
            "这里没有可以结束的代码块。",
        )
        .remedy("Delete this line.", "请删除这一行。")
    }

    pub(crate) fn otherwise_alone() -> Fault {
        say(
            "“otherwise” may appear once, inside “if” or “chance”.",
            "“otherwise”只能在“if”或“chance”中出现一次。",
        )
        .remedy("Delete this line.", "请删除这一行。")
    }

    pub(crate) fn only_concurrently() -> Fault {
        say(
            "This block must be directly inside “concurrently”.",
            "这个代码块只能直接写在“concurrently”里面。",
        )
        .remedy("Move it there.", "请把它放在那里。")
    }

    pub(crate) fn too_deep(depth_max: usize) -> Fault {
        say(
            format!("Blocks can be nested at most {depth_max} deep."),
            format!("代码块最多嵌套 {depth_max} 层。"),
        )
        .remedy("Nest fewer.", "请减少嵌套。")
    }

    pub(crate) fn idle_meanwhile(rounds: u32) -> Fault {
        say(
            format!("This “meanwhile” block was repeated {rounds} times and no time passed."),
            format!("这个“meanwhile”块重复了 {rounds} 次，而时间没有流逝。"),
        )
        .remedy(
            "Let time pass in it: run 10ms.",
            "请在其中让时间流逝：run 10ms。",
        )
    }

    pub(crate) fn agree_on_too_many(on: u32, servers: u8) -> Fault {
        say(
            format!("{on} servers cannot agree: there are only {servers}."),
            format!("{on} 台服务器无法达成一致：总共只有 {servers} 台。"),
        )
        .remedy(
            format!("Write: agree * on {servers}."),
            format!("写法：agree * on {servers}。"),
        )
    }
}
