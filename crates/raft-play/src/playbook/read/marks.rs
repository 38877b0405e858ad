//! The lines that part a playbook, a block of it or a question.

use super::{Place, Reader};
use crate::playbook::block::Said;
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
pub const MARKS: [Mark; 33] = [
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
            "the answer above is right if this holds at `reveal`; the goal above is met once it does",
            "若此条件在 `reveal` 时成立，上面的回答正确；此条件成立时，上面的目标达成",
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
            "why the right answer is right, shown with it; what the run to build teaches",
            "正确的回答为什么正确，与它一同显示；或构造的运行说明了什么",
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
        name: "build",
        forms: &["build Make S5 delete an entry that a majority stores."],
        doc: [
            "asks the reader to build a run; stands last, and below it how",
            "请读者构造一个运行；写在最后，下面说明要求",
        ],
        is_said: true,
        read: Reader::build,
    },
    Mark {
        name: "build.zh",
        forms: &["build.zh 让 S5 删除一个多数派存有的条目。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Build, scan, place),
    },
    Mark {
        name: "actions",
        forms: &["actions 8", "actions 8 of timeout partition"],
        doc: [
            "how many Actions the run to build may take, and which; without `of`, all but those that no Raft survives",
            "构造的运行最多用多少个动作，以及哪些；没有 `of` 时，除任何 Raft 都经受不住的以外都可以",
        ],
        is_said: false,
        read: Reader::actions,
    },
    Mark {
        name: "goal",
        forms: &["goal Three of five servers store x."],
        doc: [
            "what is to come about, after the goals above it; below it stands `when`",
            "要达成的目标，在上面的目标之后；下面写 `when`",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Goal, scan, place),
    },
    Mark {
        name: "goal.zh",
        forms: &["goal.zh 五台服务器中有三台存有 x。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Goal, scan, place),
    },
    Mark {
        name: "always",
        forms: &["always Every link stays up."],
        doc: [
            "what is to hold after every event; below it stands `when`",
            "每个事件之后都要成立的事；下面写 `when`",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Always, scan, place),
    },
    Mark {
        name: "always.zh",
        forms: &["always.zh 所有链路保持畅通。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Always, scan, place),
    },
    Mark {
        name: "hint",
        forms: &["hint S5 can win only with a later last term."],
        doc: [
            "a step of help for the run to build",
            "对构造运行的一步提示",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Hint, scan, place),
    },
    Mark {
        name: "hint.zh",
        forms: &["hint.zh S5 的最后任期更新时才能当选。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Hint, scan, place),
    },
    Mark {
        name: "rules",
        forms: &["rules L4-term RV2-log"],
        doc: [
            "the clauses that allow the run to build, or that forbid it",
            "使这个运行成为可能或不可能的条款",
        ],
        is_said: false,
        read: Reader::rules,
    },
    Mark {
        name: "way",
        forms: &["way partition S1 | S2 S3 S4 S5", "way run 200ms"],
        doc: [
            "a line of a way to build it; a test plays them",
            "构造方法中的一行；测试会执行它们",
        ],
        is_said: false,
        read: Reader::way,
    },
    Mark {
        name: "cannot",
        forms: &["cannot"],
        doc: [
            "the run cannot be built; a `way` only comes close",
            "这个运行无法构造；`way` 只是接近",
        ],
        is_said: false,
        read: Reader::cannot,
    },
    Mark {
        name: "contrast",
        forms: &[
            "contrast without L4-term",
            "contrast with pre-vote",
            "contrast seed 7",
            "contrast do crash S1",
        ],
        doc: [
            "another run to compare this one with; a line that is done in it is done here",
            "与此对照的另一个运行；其中要做的一行在此处执行",
        ],
        is_said: false,
        read: Reader::contrast,
    },
    Mark {
        name: "same",
        forms: &["same What is the same in both runs up to here?"],
        doc: [
            "asks what both runs have in common",
            "问两个运行有何共同之处",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Same, scan, place),
    },
    Mark {
        name: "same.zh",
        forms: &["same.zh 到这里为止，两个运行有什么相同？"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Same, scan, place),
    },
    Mark {
        name: "alike",
        forms: &["alike Both store b2 on S1, S2 and S3."],
        doc: [
            "the answer to that, said with the first difference",
            "对上一问的回答，与第一处不同一起说出",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Alike, scan, place),
    },
    Mark {
        name: "alike.zh",
        forms: &["alike.zh 两次运行里，S1、S2、S3 都存有 b2。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Alike, scan, place),
    },
    Mark {
        name: "principle",
        forms: &["principle A leader counts only entries of its own term."],
        doc: [
            "what the contrast teaches, said last",
            "对照说明的道理，最后才说",
        ],
        is_said: true,
        read: |reader, scan, place| reader.say(Said::Principle, scan, place),
    },
    Mark {
        name: "principle.zh",
        forms: &["principle.zh 领导者只清点自己任期的条目。"],
        doc: CHINESE,
        is_said: true,
        read: |reader, scan, place| reader.say_in_chinese(Said::Principle, scan, place),
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
