//! What can be wrong with a line, said in both languages.
//!
//! Each function is one complaint: what is wrong, and what to write instead. The two languages
//! stand side by side, so that neither can be forgotten.

mod asked;
mod blocks;
mod builds;
mod conditions;
mod foreign;
mod instead;
mod questions;
mod values;

pub(super) use instead::instead_in;

use raft_core::NodeId;

use super::names::Nobody;
use raft_sim::time::Micros;

/// A complaint without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) message_zh: String,
    pub(crate) remedy: String,
    pub(crate) remedy_zh: String,
    /// Whether the line means something that there is not now: it may be expected to be refused.
    pub(crate) is_refusal: bool,
    /// Words of the line, and what would mend it in their place.
    pub(crate) instead: Option<Box<[String; 2]>>,
}

fn say(en: impl Into<String>, zh: impl Into<String>) -> Fault {
    Fault {
        message: en.into(),
        message_zh: zh.into(),
        remedy: String::new(),
        remedy_zh: String::new(),
        is_refusal: false,
        instead: None,
    }
}

/// One of these lines, in English and in Chinese: `crash S1, or crash S1 torn`.
fn any_of(forms: &[&str]) -> [String; 2] {
    let [plainest @ .., last] = forms else {
        return [String::new(), String::new()];
    };
    match plainest {
        [] => [(*last).to_owned(), (*last).to_owned()],
        _ => [
            format!("{}, or {last}", plainest.join(", ")),
            format!("{}，或 {last}", plainest.join("，")),
        ],
    }
}

/// Long words are cut short: the excerpt shows them anyway.
fn short(word: &str) -> String {
    shortened(word, 24)
}

fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let head: String = text.chars().take(chars_max).collect();
    format!("{head}…")
}

impl Fault {
    /// Adds what to do about it.
    fn remedy(mut self, en: impl Into<String>, zh: impl Into<String>) -> Fault {
        self.remedy = en.into();
        self.remedy_zh = zh.into();
        self
    }

    /// Adds what the whole line may look like.
    fn forms(self, forms: &[&str]) -> Fault {
        let [en, zh] = any_of(forms);
        self.remedy(format!("Write: {en}."), format!("写法：{zh}。"))
    }

    pub(crate) fn empty_line() -> Fault {
        say("There is no action here.", "这里没有操作。").forms(&["step"])
    }

    pub(crate) fn line_too_long(bytes_max: usize) -> Fault {
        let kib = bytes_max / 1024;
        say(
            format!("This line is longer than {kib} KiB."),
            format!("这一行超过了 {kib} KiB。"),
        )
        .remedy(
            "Split it into several lines, or write commands as a range such as y1..y50.",
            "请拆成几行，或把指令写成 y1..y50 这样的范围。",
        )
    }

    pub(crate) fn control_character(c: char) -> Fault {
        let code = u32::from(c);
        say(
            format!("There is an invisible control character here (U+{code:04X})."),
            format!("这里有一个不可见的控制字符（U+{code:04X}）。"),
        )
        .remedy(
            format!("Delete it; inside a quoted command write \\u{{{code:x}}}."),
            format!("请删掉它；在带引号的指令里写作 \\u{{{code:x}}}。"),
        )
    }

    pub(crate) fn unknown_word(word: &str, near: Option<&str>, all: &[&str]) -> Fault {
        if let Some(fault) = Fault::foreign_verb(word) {
            return fault;
        }
        let fault = say(
            format!("“{}” is not allowed here.", short(word)),
            format!("这里不能写“{}”。", short(word)),
        );
        // A word of the list that stands in the wrong place is no slip for itself.
        let others: Vec<&str> = all.iter().copied().filter(|other| *other != word).collect();
        let near = near.filter(|near| *near != word);
        fault.near_or_any(near, &others).mended_by(word, near)
    }

    pub(crate) fn lease_alone() -> Fault {
        say(
            "Leases are safe only if servers ignore candidates while they hear from a leader.",
            "只有服务器坚持已听到的领导者时，租约才成立。",
        )
        .remedy(
            "Write: use check-quorum lease-reads.",
            "请写：use check-quorum lease-reads。",
        )
    }

    pub(crate) fn unknown_rule(id: &str, near: Option<&str>, all: &[&str]) -> Fault {
        let shown = short(id);
        let fault = say(
            format!("There is no rule “{shown}”."),
            format!("没有“{shown}”这条规则。"),
        );
        fault.near_or_any(near, all).mended_by(id, near)
    }

    /// What to write instead: the word that was probably meant, or any of all.
    fn near_or_any(self, near: Option<&str>, all: &[&str]) -> Fault {
        if let Some(near) = near {
            return self.remedy(
                format!("Did you mean “{near}”?"),
                format!("是不是“{near}”？"),
            );
        }
        let all = all.join(", ");
        self.remedy(format!("Write one of: {all}."), format!("可用：{all}。"))
    }

    pub(crate) fn missing(what: &str, zh: &str, forms: &[&str]) -> Fault {
        say(
            format!("The line ends where {what} should be."),
            format!("这里缺少{zh}。"),
        )
        .forms(forms)
    }

    pub(crate) fn expected(what: &str, zh: &str, found: &str, forms: &[&str]) -> Fault {
        if found.is_empty() {
            return Fault::missing(what, zh, forms);
        }
        let found = short(found);
        say(
            format!("“{found}” is not {what}."),
            format!("“{found}”不是{zh}。"),
        )
        .forms(forms)
    }

    pub(crate) fn leftover(word: &str, forms: &[&str]) -> Fault {
        if let Some(fault) =
            Fault::foreign_join(word).filter(|_| forms.iter().any(|form| form.contains("expect")))
        {
            return fault;
        }
        let word = short(word);
        let [en, zh] = any_of(forms);
        say(
            format!("The line is complete before “{word}”."),
            format!("这一行在“{word}”之前就已完整。"),
        )
        .remedy(
            format!("Delete the rest or put it on its own line. Write: {en}."),
            format!("请删去后面的部分或另起一行。写法：{zh}。"),
        )
    }

    pub(crate) fn no_server(word: &str, near: Option<&str>, forms: &[&str]) -> Fault {
        let fault = Fault::expected("a server", "服务器", word, forms).mended_by(word, near);
        match near {
            Some(near) => fault.remedy(
                format!("Did you mean “{near}”?"),
                format!("你是不是想写“{near}”？"),
            ),
            None => fault,
        }
    }

    pub(crate) fn not_one(found: usize, forms: &[&str]) -> Fault {
        say(
            format!("Exactly one server is needed here; this means {found}."),
            format!("这里应是一台服务器，而这是 {found} 台。"),
        )
        .forms(forms)
    }

    /// No leader can be found; this one says that it leads, but its cable is not plugged in.
    fn no_leader(unplugged: Option<NodeId>) -> Fault {
        if let Some(id) = unplugged {
            return say(
                format!("{id} leads but is disconnected, so “leader” does not find it."),
                format!("{id} 是领导者，但已断开连接，因此用“leader”找不到它。"),
            )
            .remedy(
                format!("Write {id}, or connect it first: connect {id}."),
                format!("请直接写 {id}，或先接上它：connect {id}。"),
            );
        }
        say(
            "There is no leader within reach now.",
            "现在没有可以连上的领导者。",
        )
        .remedy(
            "Wait for one first: wait 5s until leaders reachable >= 1.",
            "请先等待：wait 5s until leaders reachable >= 1。",
        )
    }

    pub(crate) fn too_few(found: usize, asked: usize) -> Fault {
        say(
            format!("Cannot draw {asked} servers from {found}."),
            format!("要从 {found} 台服务器中抽取 {asked} 台。"),
        )
        .remedy("Ask for fewer.", "请减少数量。")
    }

    pub(crate) fn nobody(nobody: &Nobody) -> Fault {
        match nobody {
            Nobody::NoLeader { unplugged } => Fault::no_leader(*unplugged),
            Nobody::TooFew { found, asked } => Fault::too_few(*found, *asked),
        }
    }

    pub(crate) fn long_name(bytes_max: usize) -> Fault {
        say(
            format!("This name is longer than {bytes_max} bytes."),
            format!("名称超过了 {bytes_max} 字节。"),
        )
        .remedy("Use a shorter one.", "请改用更短的名称。")
    }

    pub(crate) fn too_many_names(names_max: usize) -> Fault {
        say(
            format!("The playbook defines more than {names_max} names."),
            format!("剧本中的名称超过了 {names_max} 个。"),
        )
        .remedy("Reuse an earlier one.", "请重新使用已有的名称。")
    }

    pub(crate) fn caption_inside() -> Fault {
        say(
            "A caption must stand between blocks, not inside one.",
            "说明应写在代码块之间，而不是里面。",
        )
        .remedy("End the block first: end.", "请先结束代码块：end。")
    }

    pub(crate) fn bracket_open() -> Fault {
        say("This bracket is not closed.", "这个括号没有收尾。")
            .remedy("Close it with ) on this line.", "请在同一行用 ) 收尾。")
    }

    pub(crate) fn too_many_captions(captions_max: usize) -> Fault {
        say(
            format!("The playbook has more than {captions_max} captions."),
            format!("剧本中的说明超过了 {captions_max} 条。"),
        )
        .remedy(
            "Merge some, or turn them into comments: # words.",
            "请合并几条说明，或改写成注释：# 文字。",
        )
    }

    pub(crate) fn too_many_lines(lines_max: u32) -> Fault {
        say(
            format!("The playbook has more than {lines_max} lines."),
            format!("剧本超过了 {lines_max} 行。"),
        )
        .remedy(
            "Use a block for what repeats: repeat 1000.",
            "请把重复的内容放进块中：repeat 1000。",
        )
    }

    pub(crate) fn too_many_parts(parts_max: usize) -> Fault {
        say(
            format!(
                "Up to here, this playbook has more than {parts_max} blocks, comparisons, and \
                 numbers and servers in them."
            ),
            format!("到这里，剧本中的代码块、比较以及其中的数字和服务器合计超过 {parts_max} 个。"),
        )
        .remedy(
            "Use a block for what repeats, such as repeat 1000, or split it into several playbooks.",
            "请把重复的内容放进 repeat 1000 这样的块中，或拆成几个剧本。",
        )
    }

    pub(crate) fn too_much_work(work_max: u64) -> Fault {
        say(
            format!(
                "This playbook exceeds the limit of {work_max} steps, counting lines executed \
                 and conditions evaluated."
            ),
            format!("剧本的工作量超过了上限：执行的行与查看的条件合计 {work_max} 步。"),
        )
        .remedy(
            "Repeat less, let fewer lines wait at once, or use shorter conditions.",
            "请减少重复次数、减少同时等待的行，或缩短条件。",
        )
    }

    pub(crate) fn unexpected(expected: &str, found: &str) -> Fault {
        say(
            format!("Expected {expected}; got {found}."),
            format!("期望 {expected}；实际为 {found}。"),
        )
    }

    pub(crate) fn waited(expected: &str, found: &str) -> Fault {
        say(
            format!("Timed out waiting for {expected}; got {found}."),
            format!("没有等到 {expected}；实际为 {found}。"),
        )
    }

    pub(crate) fn no_agreement(command: &str, wanted: u32, found: u32) -> Fault {
        let command = short(command);
        say(
            format!("Expected {wanted} servers to have applied {command}; {found} have."),
            format!("{command} 应被 {wanted} 台服务器应用；实际为 {found} 台。"),
        )
    }

    pub(crate) fn only_in_a_playbook(word: &str) -> Fault {
        say(
            format!("“{word}” makes sense only in a playbook."),
            format!("“{word}”只在剧本中有意义。"),
        )
        .remedy(
            "Put it in a file together with the lines that belong to it, and open the file.",
            "请把它和相关的行一起写进文件，再打开该文件。",
        )
    }

    pub(crate) fn only_played() -> Fault {
        say(
            "Here every server must be given by number, and a line does one thing.",
            "这里每台服务器都要写编号，且一行只做一件事。",
        )
        .forms(&["crash S1"])
    }

    pub(crate) fn no_such_server(word: &str, servers: u8) -> Fault {
        let word = short(word);
        say(
            format!("This cluster has no server {word}."),
            format!("这个集群里没有服务器 {word}。"),
        )
        .remedy(
            format!("The servers are S1 to S{servers}."),
            format!("服务器是 S1 到 S{servers}。"),
        )
    }

    pub(crate) fn same_server(server: NodeId) -> Fault {
        say(
            format!("{server} has no link to itself."),
            format!("{server} 与自己之间没有链路。"),
        )
        .remedy("Name two different servers.", "请写两个不同的服务器。")
    }

    pub(crate) fn server_twice(server: NodeId) -> Fault {
        say(
            format!("{server} is named twice."),
            format!("{server} 写了两次。"),
        )
        .remedy("Name each server at most once.", "每个服务器最多写一次。")
    }

    pub(crate) fn more_voters_than_servers(servers: u8) -> Fault {
        say(
            format!("There are only {servers} servers."),
            format!("只有 {servers} 个服务器。"),
        )
        .remedy(
            "Write the “servers” line first, and no more voters than servers.",
            "请先写 servers 行，voters 不能多于服务器数。",
        )
    }

    pub(crate) fn empty_group(forms: &[&str]) -> Fault {
        say(
            "A group of this partition has no servers.",
            "这个分区里有一组没有服务器。",
        )
        .forms(forms)
    }

    pub(crate) fn no_voters() -> Fault {
        let mut fault = say(
            "No server is meant that would vote.",
            "这里没有指明任何投票的服务器。",
        )
        .remedy("Name at least one voter.", "请至少写一个投票者。");
        fault.is_refusal = true;
        fault
    }

    pub(crate) fn one_group(forms: &[&str]) -> Fault {
        say("A partition has at least two groups.", "分区至少要有两组。").forms(forms)
    }

    pub(crate) fn playbook_too_long(bytes_max: usize) -> Fault {
        let kib = bytes_max / 1024;
        say(
            format!("This playbook is longer than {kib} KiB."),
            format!("这个剧本超过了 {kib} KiB。"),
        )
        .remedy("Split it into several playbooks.", "请拆成几个剧本。")
    }

    pub(crate) fn playbook_commands(commands_max: usize, bytes_max: usize) -> Fault {
        let kib = bytes_max / 1024;
        say(
            format!(
                "Up to here, this playbook contains more than {commands_max} commands, or {kib} KiB \
                 of them."
            ),
            format!("到这里，剧本代表的指令超过 {commands_max} 条，或者超过 {kib} KiB。"),
        )
        .remedy("Ask for fewer.", "请减少一些。")
    }

    pub(crate) fn header_late(name: &str) -> Fault {
        say(
            format!(
                "“{name}” describes the cluster at the start, but the run has already started."
            ),
            format!("“{name}”描述集群的初始状态，但运行已经开始。"),
        )
        .remedy(
            "Move this line above the first caption and the first action.",
            "请把这一行移到第一个 caption 和第一个操作之前。",
        )
    }

    pub(crate) fn header_twice(name: &str) -> Fault {
        say(
            format!("“{name}” is given twice."),
            format!("“{name}”写了两次。"),
        )
        .remedy("Delete one of the two lines.", "请删去其中一行。")
    }

    pub(crate) fn caption_alone() -> Fault {
        say(
            "This Chinese caption has no English caption above it.",
            "这条中文说明没有对应的英文 caption。",
        )
        .remedy(
            "Put it right below its “caption” line.",
            "请放在对应的 caption 行的下一行。",
        )
    }

    pub(crate) fn too_short(time: Micros, shortest: Micros) -> Fault {
        say(
            format!("{time} is too short here."),
            format!("{time} 在这里太短。"),
        )
        .remedy(
            format!("Write {shortest} or more."),
            format!("请写 {shortest} 或更长。"),
        )
    }
}
