//! What can be wrong with a value or a name: a time, a number, a command in quotes.

use raft_sim::command::{COMMAND_BYTES_MAX, COMMANDS_MAX};
use raft_sim::time::{DURATION_MAX, TimeError};

use super::{Fault, say, short};
use crate::text::NESTED_MAX;

impl Fault {
    pub(crate) fn time(word: &str, error: TimeError) -> Fault {
        let word = short(word);
        let (en, zh) = match error {
            TimeError::NoNumber => ("is not a time", "不是时间"),
            TimeError::NoUnit => ("has no unit of time", "没有时间单位"),
            TimeError::UnknownUnit => ("has an unknown unit of time", "的时间单位无法识别"),
            TimeError::TooFine => ("is finer than a microsecond", "比一微秒还细"),
            TimeError::Order => (
                "has a larger unit after a smaller one",
                "把大单位写在了小单位后面",
            ),
            TimeError::TooLarge => return Fault::time_too_long(&word),
        };
        let fault = say(format!("“{word}” {en}."), format!("“{word}”{zh}。"));
        if error == TimeError::TooFine {
            return fault.remedy("Write whole microseconds: 1us.", "请写整数微秒：1us。");
        }
        fault.remedy(
            "Write numbers with us, ms, s, m or h: 250us, 5ms, 1.5s, 90m, 2h30m.",
            "请写数字加 us、ms、s、m 或 h：250us、5ms、1.5s、90m、2h30m。",
        )
    }

    pub(crate) fn time_too_long(word: &str) -> Fault {
        let word = short(word);
        let hours = DURATION_MAX.as_millis() / 3_600_000;
        say(
            format!("{word} is longer than {hours} hours."),
            format!("{word} 超过了 {hours} 小时。"),
        )
        .remedy(
            format!("Write {DURATION_MAX} or less."),
            format!("请写 {DURATION_MAX} 或更短。"),
        )
    }

    pub(crate) fn no_name(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” cannot be a name here."),
            format!("“{word}”不能用作名称。"),
        )
        .remedy(
            "Use lower-case letters: let old = leader.",
            "请用小写字母：let old = leader。",
        )
    }

    pub(crate) fn name_is_a_word(word: &str) -> Fault {
        say(
            format!("“{word}” already means something in this language."),
            format!("“{word}”在剧本语言中已有含义。"),
        )
        .remedy(
            format!("Use another name: let my_{word} = leader."),
            format!("请换一个名称：let my_{word} = leader。"),
        )
    }

    pub(crate) fn no_setting(word: &str, near: Option<&str>, all: &[&str]) -> Fault {
        let word = short(word);
        let fault = say(
            format!("“{word}” is not a setting of a single server."),
            format!("“{word}”不是单台服务器的设置。"),
        );
        fault.near_or_any(near, all)
    }

    /// A server stands before the word for what is asked of it.
    pub(crate) fn server_stands_behind(word: &str, forms: &[&str]) -> Fault {
        say(
            format!("The server stands behind “{word}”."),
            format!("服务器要写在“{word}”后面。"),
        )
        .forms(forms)
    }

    pub(crate) fn server_is_no_number(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” names servers, but a condition needs one of their properties."),
            format!("“{word}”指服务器，而条件要问它们的某个属性。"),
        )
        .remedy(
            format!("Write: expect leader = {word}, expect role {word} = leader, or expect term {word} = 1."),
            format!("写法：expect leader = {word}、expect role {word} = leader 或 expect term {word} = 1。"),
        )
    }

    pub(crate) fn nested_too_deep() -> Fault {
        say(
            format!("Words can be nested at most {NESTED_MAX} deep."),
            format!("词语最多嵌套 {NESTED_MAX} 层。"),
        )
        .remedy("Nest fewer.", "请减少嵌套。")
    }

    pub(crate) fn range_backwards() -> Fault {
        say(
            "The shorter time of this range must come first.",
            "这个范围把较短的时间写在了后面。",
        )
        .remedy("Swap the two: 1ms..5ms.", "请把两者对调：1ms..5ms。")
    }

    pub(crate) fn number_outside(word: &str, min: u64, max: u64) -> Fault {
        let word = short(word);
        say(
            format!("{word} is outside {min} to {max}."),
            format!("{word} 不在 {min} 到 {max} 之间。"),
        )
        .remedy(
            format!("Write a whole number from {min} to {max}."),
            format!("请写 {min} 到 {max} 之间的整数。"),
        )
    }

    pub(crate) fn percent(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is not a percentage from 0% to 100%."),
            format!("“{word}”不是 0% 到 100% 的百分比。"),
        )
        .remedy(
            "Write a number in steps of 0.1%, which is the finest: 2.5%.",
            "请以 0.1% 为最小单位书写：2.5%。",
        )
    }

    pub(crate) fn quote_open() -> Fault {
        say(
            "This quoted command has no closing quote.",
            "这条带引号的指令没有收尾的引号。",
        )
        .remedy("Close it with \" on this line.", "请在同一行用 \" 收尾。")
    }

    pub(crate) fn quote_inside() -> Fault {
        say(
            "A quote begins or ends in the middle of a word.",
            "引号出现在一个词的中间。",
        )
        .remedy(
            "Quote the whole command, with \\\" for a quote inside: \"say \\\"hi\\\"\".",
            "请把整条指令放进引号，里面的引号写作 \\\"：\"say \\\"hi\\\"\"。",
        )
    }

    pub(crate) fn escape() -> Fault {
        say(
            "This is not an escape in a quoted command.",
            "带引号的指令里没有这种转义。",
        )
        .remedy(
            "The escapes are \\\" \\\\ \\n \\r \\t and \\u{41}.",
            "可用的转义有 \\\" \\\\ \\n \\r \\t 和 \\u{41}。",
        )
    }

    pub(crate) fn command_range(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is not a range of commands."),
            format!("“{word}”不是指令范围。"),
        )
        .remedy(
            "A range counts up after a prefix, like y1..y50; quote a command that contains \
             two dots.",
            "范围是同一前缀后递增的数字，如 y1..y50；含有两个点的指令请放进引号。",
        )
    }

    pub(crate) fn too_many_commands() -> Fault {
        let kib = COMMAND_BYTES_MAX / 1024;
        say(
            format!("This line contains more than {COMMANDS_MAX} commands, or {kib} KiB of them."),
            format!("这一行代表的指令超过 {COMMANDS_MAX} 条，或者超过 {kib} KiB。"),
        )
        .remedy(
            "Split it into several lines or ask for fewer.",
            "请拆成几行或减少一些。",
        )
    }
}
