//! The lines that part a playbook, a block of it or a question.

use super::{Place, Reader};
use crate::playbook::question::Said;
use crate::text::{Scan, Wrong};

/// A line that parts a playbook, a block of it or a question.
pub struct Mark {
    /// The word that it begins with.
    pub name: &'static str,
    /// Such a line.
    pub forms: &'static [&'static str],
    /// What it does, in English and in Chinese.
    pub doc: [&'static str; 2],
    /// Whether a sentence for the reader stands behind the word.
    pub is_said: bool,
    pub(super) read: fn(&mut Reader, &mut Scan<'_>, Place) -> Result<(), Wrong>,
}

/// What the lines do that are the Chinese of others.
const CHINESE: [&str; 2] = [
    "the same in Chinese, right below it",
    "同样内容的中文，写在它的下一行",
];

/// The words that such lines begin with.
pub const MARKS: [Mark; 14] = [
    Mark {
        name: "caption",
        forms: &["caption S1 wins the first election."],
        doc: [
            "starts a phase, and says what to look at in it",
            "开始一个阶段，说明其中要看什么",
        ],
        is_said: true,
        read: Reader::caption,
    },
    Mark {
        name: "caption.zh",
        forms: &["caption.zh S1 赢得第一次选举。"],
        doc: CHINESE,
        is_said: true,
        read: Reader::caption_zh,
    },
    Mark {
        name: "ask",
        forms: &["ask Does S1 accept it?"],
        doc: [
            "asks the reader what comes next; outside blocks, and below it stand its answers",
            "向读者提问接下来会怎样；写在代码块之外，回答写在它下面",
        ],
        is_said: true,
        read: Reader::ask,
    },
    Mark {
        name: "answer",
        forms: &["answer Yes, it does."],
        doc: [
            "one of two to four answers to the question",
            "问题的两到四个回答之一",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Answer, scan, place),
    },
    Mark {
        name: "when",
        forms: &["when commit S1 = 1"],
        doc: [
            "the answer above is right if this holds at `reveal`",
            "若此条件在 `reveal` 时成立，上面的回答正确",
        ],
        is_said: false,
        read: Reader::when,
    },
    Mark {
        name: "mistake",
        forms: &["mistake A leader commits whatever a majority stores."],
        doc: [
            "what whoever gives the answer above believes, if it is wrong",
            "若上面的回答错误，选它的人所持的误解",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Mistake, scan, place),
    },
    Mark {
        name: "why",
        forms: &["why The entry is not of the leader's term."],
        doc: [
            "why the right answer is right, shown with it",
            "正确的回答为什么正确，与它一同显示",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Why, scan, place),
    },
    Mark {
        name: "ask.zh",
        forms: &["ask.zh S1 会接受吗？"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Ask, scan, place),
    },
    Mark {
        name: "answer.zh",
        forms: &["answer.zh 会。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Answer, scan, place),
    },
    Mark {
        name: "mistake.zh",
        forms: &["mistake.zh 多数派存有的，领导者都会提交。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Mistake, scan, place),
    },
    Mark {
        name: "why.zh",
        forms: &["why.zh 这个条目不属于领导者的任期。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Why, scan, place),
    },
    Mark {
        name: "reveal",
        forms: &["reveal"],
        doc: [
            "what the question is about has happened: exactly one answer is right, or the playbook fails",
            "问题所问的事已经发生：恰好有一个回答正确，否则剧本失败",
        ],
        is_said: false,
        read: Reader::reveal,
    },
    Mark {
        name: "otherwise",
        forms: &["otherwise"],
        doc: [
            "in `chance` or `if`: starts the other part of the block",
            "在 `chance` 或 `if` 中：开始代码块的另一部分",
        ],
        is_said: false,
        read: Reader::otherwise,
    },
    Mark {
        name: "end",
        forms: &["end"],
        doc: ["ends a block", "结束代码块"],
        is_said: false,
        read: Reader::end,
    },
];
