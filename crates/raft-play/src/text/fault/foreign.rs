//! What people write who know other languages, and what it is called in this one.

use super::{Fault, say, short};

/// Words that a line might begin with elsewhere, and such a line as this language has it.
const VERBS: [(&str, &str); 14] = [
    ("kill", "crash S1"),
    ("stop", "crash S1"),
    ("start", "restart S1"),
    ("boot", "restart S1"),
    ("isolate", "partition isolate S1"),
    ("sleep", "run 500ms"),
    ("submit", "propose S1 x1"),
    ("send", "propose S1 x1"),
    ("write", "propose S1 x1"),
    ("elect", "timeout S1"),
    ("assert", "expect leaders = 1"),
    ("while", "repeat 10 until leaders >= 1"),
    ("loop", "repeat 10"),
    ("parallel", "concurrently"),
];

/// Signs between or before conditions elsewhere, and the words for them.
const JOINS: [(&str, &str); 7] = [
    ("&&", "and"),
    ("||", "or"),
    ("!", "not"),
    ("AND", "and"),
    ("OR", "or"),
    ("&", "and"),
    (",", "and"),
];

/// Comparisons elsewhere, and the signs for them.
const OPERATORS: [(&str, &str); 8] = [
    ("==", "="),
    ("<>", "!="),
    ("=>", ">="),
    ("=<", "<="),
    ("≠", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("is", "="),
];

/// What Figure 2 calls a field of a server, how a condition names it, and such a condition.
const FIELDS: [(&str, &str, &str); 6] = [
    ("commitIndex", "commit", "expect commit S1 >= 2"),
    ("currentTerm", "term", "expect term S1 = 1"),
    ("lastApplied", "applied", "expect applied S1 >= 2"),
    ("votedFor", "voted_for", "expect voted_for S1 = S2"),
    ("nextIndex", "next_index", "expect next_index S1 -> S2 = 2"),
    (
        "matchIndex",
        "match_index",
        "expect match_index S1 -> S2 = 1",
    ),
];

/// The pair whose first part begins this text.
fn begins(
    pairs: &'static [(&str, &str)],
    text: &str,
) -> Option<&'static (&'static str, &'static str)> {
    pairs.iter().find(|(foreign, _)| text.starts_with(foreign))
}

impl Fault {
    /// The complaint about a verb of another language, if it is known.
    pub(crate) fn foreign_verb(word: &str) -> Option<Fault> {
        let (_, line) = VERBS.iter().find(|(foreign, _)| *foreign == word)?;
        let fault = say(
            format!("“{word}” is not allowed here."),
            format!("这里不能写“{word}”。"),
        );
        Some(fault.forms(&[line]))
    }

    /// The same about a field that a condition calls otherwise.
    pub(crate) fn foreign_field(word: &str) -> Option<Fault> {
        let (_, name, line) = FIELDS.iter().find(|(field, ..)| *field == word)?;
        let fault = say(
            format!("“{word}” is called “{name}” in a condition, and its server stands behind it."),
            format!("“{word}”在条件中写作“{name}”，服务器写在它后面。"),
        );
        Some(fault.forms(&[line]))
    }

    /// The same about what joins or negates conditions.
    pub(crate) fn foreign_join(rest: &str) -> Option<Fault> {
        let (sign, word) = begins(&JOINS, rest)?;
        Some(Fault::instead(sign, word))
    }

    /// The same about a comparison.
    pub(crate) fn foreign_operator(rest: &str) -> Option<Fault> {
        let (sign, word) = begins(&OPERATORS, rest)?;
        Some(Fault::instead(sign, word))
    }

    fn instead(sign: &str, word: &str) -> Fault {
        say(
            format!("“{sign}” is not part of this language."),
            format!("本语言不用“{sign}”。"),
        )
        .remedy(
            format!("Write “{word}” instead."),
            format!("请改写为“{word}”。"),
        )
        .mended_by(sign, Some(word))
    }

    /// A bracket stands around a sum.
    pub(crate) fn bracketed_sum() -> Fault {
        say(
            "Brackets can enclose conditions, but not sums.",
            "括号里只能是条件，不能是求和。",
        )
        .remedy(
            "Write the sum without them: expect leaders + 1 = 2.",
            "请去掉括号：expect leaders + 1 = 2。",
        )
    }

    /// A file of which no line can be read.
    pub(crate) fn no_playbook(is_go_log: bool) -> Fault {
        let [en, zh] = if is_go_log {
            [
                "This is not a playbook but the output of a Go program, which cannot be read here.",
                "这不是剧本，而是 Go 程序的输出，这里无法读取。",
            ]
        } else {
            [
                "This is not a playbook: none of its lines is one of a playbook.",
                "这不是剧本：其中没有一行是剧本的语句。",
            ]
        };
        say(en, zh).remedy(
            "A playbook is a text with one thing to do on each line: “servers 3”, “timeout S1”, \
             “run 500ms”, “propose S1 x1”, and so on.",
            "剧本是一个文本，每行一个操作，例如“servers 3”“timeout S1”“run 500ms”“propose S1 x1”。",
        )
    }

    /// The messages of clients are not set apart like this.
    pub(crate) fn of_clients(word: &str) -> Fault {
        let word = short(word);
        say(
            format!("“{word}” is not a link between servers."),
            format!("“{word}”不是服务器之间的链路。"),
        )
        .remedy(
            "Messages of clients have a loss and a latency, the same for all of them: \
             loss clients 10%, latency clients 1ms..5ms.",
            "客户端的消息只能统一设置丢失率和延迟：loss clients 10%、latency clients 1ms..5ms。",
        )
    }

    /// `refused` or `accepted` stands somewhere else than behind `expect`.
    pub(crate) fn only_behind_expect(word: &str) -> Fault {
        say(
            format!("“{word}” can stand only right behind “expect”."),
            format!("“{word}”只能紧跟在“expect”之后。"),
        )
        .remedy(
            "Write: expect refused propose S2 x1, or for the contrary: expect accepted propose S1 x1.",
            "写法：expect refused propose S2 x1；相反的期望写 expect accepted propose S1 x1。",
        )
    }
}
