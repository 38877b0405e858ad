//! What can be wrong with a line about the network, a disk, a clock or a client.

use super::{Fault, any_of, say, short};
use raft_sim::network::BANDWIDTH_MAX;

impl Fault {
    pub(crate) fn shape(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is not a valid shape of a Pareto distribution."),
            format!("“{word}”不是帕累托分布的形状参数。"),
        )
        .remedy(
            "Write a number from 0.01 to 100, with at most two decimals: 1.5.",
            "请写 0.01 到 100 之间的数，最多两位小数：1.5。",
        )
    }

    pub(crate) fn bandwidth(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is not a bandwidth from 1B/s to {BANDWIDTH_MAX}B/s."),
            format!("“{word}”不是 1B/s 到 {BANDWIDTH_MAX}B/s 之间的带宽。"),
        )
        .remedy(
            "Write a whole number and B/s, KiB/s or MiB/s: 64KiB/s; or: unlimited.",
            "请写整数加 B/s、KiB/s 或 MiB/s：64KiB/s；或者：unlimited。",
        )
    }

    pub(crate) fn none_under_way(which: &str, forms: &[&str]) -> Fault {
        let [en, zh] = any_of(forms);
        let mut fault = say(
            format!("There is no such message in flight: {which}."),
            format!("没有这样的消息在途中：{which}。"),
        )
        .remedy(
            format!("For one not sent yet, put “next” before it. Write: {en}."),
            format!("若指尚未发送的消息，请在前面写 next。写法：{zh}。"),
        );
        fault.is_refusal = true;
        fault
    }

    pub(crate) fn clock(word: &str, forms: &[&str]) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is neither a rate from 0.1% to 1000% nor a jump."),
            format!("“{word}”既不是 0.1% 到 1000% 的速率，也不是跳变。"),
        )
        .forms(forms)
    }

    pub(crate) fn key(word: &str, bytes_max: usize) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is not the name of a value."),
            format!("“{word}”不是合法的键名。"),
        )
        .remedy(
            format!("Write 1 to {bytes_max} letters, digits or underscores: x."),
            format!("请写 1 到 {bytes_max} 个字母、数字或下划线：x。"),
        )
    }

    pub(crate) fn too_few_for(pattern: &str, servers_min: usize, forms: &[&str]) -> Fault {
        say(
            format!("The pattern “{pattern}” needs at least {servers_min} servers."),
            format!("“{pattern}”模式至少需要 {servers_min} 台服务器。"),
        )
        .forms(forms)
    }
}
