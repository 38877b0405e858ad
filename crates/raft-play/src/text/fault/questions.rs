//! What can be wrong with a question, and with what becomes of it.

use super::{Fault, say};

impl Fault {
    pub(crate) fn ask_inside() -> Fault {
        say(
            "A question must stand between blocks, not inside one.",
            "问题应写在代码块之间，而不是里面。",
        )
        .remedy("End the block first: end.", "请先结束代码块：end。")
    }

    pub(crate) fn not_revealed() -> Fault {
        say(
            "The question above has not been revealed.",
            "前面的问题还没有揭晓。",
        )
        .remedy(
            "Above this line, write what the question is about, and then: reveal.",
            "请在这一行之前写出问题所问的事，然后写 reveal。",
        )
    }

    pub(crate) fn never_revealed() -> Fault {
        say("This question is never revealed.", "这个问题没有揭晓。").remedy(
            "Write what it is about below it, and then: reveal.",
            "请在它下面写出所问的事，然后写 reveal。",
        )
    }

    pub(crate) fn nothing_to_reveal() -> Fault {
        say(
            "There is no question to reveal here.",
            "这里没有可以揭晓的问题。",
        )
        .remedy(
            "Begin one above: ask Does S1 accept it?",
            "请在前面写一个问题：ask S1 会接受吗？",
        )
    }

    pub(crate) fn nothing_between() -> Fault {
        say(
            "Nothing happens between the question and here.",
            "从提问到这里什么也没有发生。",
        )
        .remedy(
            "Write what the question is about in between, such as: step.",
            "请在中间写出问题所问的事，例如 step。",
        )
    }

    pub(crate) fn no_question() -> Fault {
        say(
            "This line belongs to a question or a run to build, and there is none above it.",
            "这一行属于某个问题或要构造的运行，而它上面没有。",
        )
        .remedy(
            "Put it below a line such as: ask Does S1 accept it? Or: build Make S5 lead.",
            "请放在这样的一行下面：ask S1 会接受吗？或：build 让 S5 当领导者。",
        )
    }

    pub(crate) fn no_words(name: &str) -> Fault {
        say(
            format!("“{name}” says nothing here."),
            format!("这里的“{name}”后面没有文字。"),
        )
        .remedy("Write a sentence behind it.", "请在后面写一句话。")
    }

    pub(crate) fn said_twice(name: &str) -> Fault {
        say(
            format!("There is one “{name}” already."),
            format!("已经有一行“{name}”了。"),
        )
        .remedy("Delete one of the two lines.", "请删去其中一行。")
    }

    pub(crate) fn chinese_alone(name: &str) -> Fault {
        say(
            "This line is the Chinese of one that is not above it.",
            "这一行是某行的中文，而那一行不在它上面。",
        )
        .remedy(
            format!("Put it right below its “{name}” line."),
            format!("请放在对应的 {name} 行的下一行。"),
        )
    }

    pub(crate) fn answer_first() -> Fault {
        say(
            "There is no answer above this line.",
            "这一行上面没有回答。",
        )
        .remedy(
            "Write one above: answer Yes, it does.",
            "请先写一个：answer 会。",
        )
    }

    pub(crate) fn no_when() -> Fault {
        say(
            "The answer above does not say when it is right.",
            "上面的回答没有说明何时正确。",
        )
        .remedy(
            "Write below it: when commit S1 = 1.",
            "请在它下面写：when commit S1 = 1。",
        )
    }

    pub(crate) fn no_why() -> Fault {
        say(
            "The question above does not say why its right answer is right.",
            "上面的问题没有说明正确的回答为什么正确。",
        )
        .remedy(
            "Above this line, write: why S1 has no entry there.",
            "请在这一行之前写：why S1 在那里没有条目。",
        )
    }

    pub(crate) fn too_few_answers(found: usize, min: usize) -> Fault {
        say(
            format!("The question above has fewer than {min} answers: {found}."),
            format!("上面的问题只有 {found} 个回答，少于 {min} 个。"),
        )
        .remedy(
            "Above this line, write another one, and when it is right: answer No. / when commit S1 = 0.",
            "请在这一行之前再写一个，并说明何时正确：answer 不会。/ when commit S1 = 0。",
        )
    }

    pub(crate) fn too_many_answers(max: usize) -> Fault {
        say(
            format!("A question has at most {max} answers."),
            format!("一个问题最多有 {max} 个回答。"),
        )
        .remedy("Leave one out.", "请去掉一个。")
    }

    /// The answers under these conditions are right; not one is, or several are.
    pub(crate) fn not_one_answer(held: &[&str], found: &str) -> Fault {
        if held.is_empty() {
            return say(
                format!("No answer of the question is right; got {found}."),
                format!("问题的回答没有一个正确；实际为 {found}。"),
            )
            .remedy(
                "Change a “when” to what is so here, or reveal at another instant.",
                "请把某个 when 改成此刻成立的条件，或在另一时刻揭晓。",
            );
        }
        say(
            format!(
                "Several answers of the question are right ({}); got {found}.",
                held.join("; ")
            ),
            format!(
                "问题有几个回答同时正确（{}）；实际为 {found}。",
                held.join("；")
            ),
        )
        .remedy(
            "Let each “when” hold only where the others do not.",
            "请让每个 when 只在其他条件不成立时成立。",
        )
    }
}
