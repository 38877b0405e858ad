//! What can be wrong with a run to build, and with a contrast.

use super::{Fault, say};

impl Fault {
    pub(crate) fn not_of_block(word: &str) -> Fault {
        say(
            format!("“{word}” does not belong to the lines above it."),
            format!("这里的“{word}”不属于上面的几行。"),
        )
        .remedy(
            "Below a question (ask) stand answer and mistake; below a run to build (build) actions, goal, \
             always, hint, rules, cannot and way; below a contrast same, alike and principle.",
            "answer 和 mistake 属于问题（ask）；actions、goal、always、hint、rules、cannot 和 way \
             属于要构造的运行（build）；same、alike 和 principle 属于对照（contrast）。",
        )
    }

    pub(crate) fn build_inside() -> Fault {
        say(
            "This must stand between blocks, not inside one.",
            "这一行应写在代码块之间，而不是里面。",
        )
        .remedy("End the block first: end.", "请先结束代码块：end。")
    }

    pub(crate) fn second_build() -> Fault {
        say(
            "A playbook asks for one run to build, and has one already.",
            "一个剧本只有一个要构造的运行，而前面已经有了。",
        )
        .remedy("Put it into a playbook of its own.", "请另写一个剧本。")
    }

    pub(crate) fn goal_first() -> Fault {
        say(
            "There is no goal above this line that waits for its condition.",
            "这一行上面没有等待条件的目标。",
        )
        .remedy(
            "Write one above: goal Three servers store x.",
            "请先写一个：goal 三台服务器存有 x。",
        )
    }

    pub(crate) fn goal_without_when() -> Fault {
        say(
            "The goal above does not say when it is met.",
            "上面的目标没有说明何时达成。",
        )
        .remedy(
            "Write below it: when stored x >= 3.",
            "请在它下面写：when stored x >= 3。",
        )
    }

    pub(crate) fn too_many_goals(word: &str, max: usize) -> Fault {
        say(
            format!("There are more than {max} lines “{word}”."),
            format!("“{word}”超过了 {max} 行。"),
        )
        .remedy("Leave one out.", "请去掉一行。")
    }

    pub(crate) fn goals_too_long(parts_max: usize) -> Fault {
        say(
            format!("The conditions of these goals have more than {parts_max} parts in all."),
            format!("这些目标的条件合计超过 {parts_max} 个部分。"),
        )
        .remedy(
            "Shorten them: they are looked at after every event.",
            "请缩短：每个事件之后都要查看它们。",
        )
    }

    pub(crate) fn not_in_a_way(word: &str) -> Fault {
        say(
            format!("“{word}” cannot stand here: only what could be typed by itself can."),
            format!("这里不能写“{word}”：只能写可以单独输入的行。"),
        )
        .remedy(
            "Write an action, or let time pass: way run 200ms.",
            "请写一个操作，或让时间流逝：way run 200ms。",
        )
    }

    pub(crate) fn way_too_long(max: usize) -> Fault {
        say(
            format!("A way has at most {max} lines."),
            format!("做法最多有 {max} 行。"),
        )
        .remedy("Leave one out.", "请去掉一行。")
    }

    pub(crate) fn missing_in_build(word: &str, form: &str) -> Fault {
        say(
            format!("The run to build above has no line “{word}”."),
            format!("上面要构造的运行没有“{word}”这一行。"),
        )
        .remedy(
            format!("Above this line, write: {form}."),
            format!("请在这一行之前写：{form}。"),
        )
    }

    pub(crate) fn no_principle() -> Fault {
        say(
            "The contrast above does not say what it teaches.",
            "上面的对照没有说明其中的道理。",
        )
        .remedy(
            "Above this line, write: principle A leader counts only entries of its own term.",
            "请在这一行之前写：principle 领导者只清点自己任期的条目。",
        )
    }

    pub(crate) fn no_contrast() -> Fault {
        say(
            "The other run is the same as this one in all that is compared.",
            "凡是比较的内容，另一个运行都与这一个相同。",
        )
        .remedy(
            "Contrast it with one that goes another way.",
            "请与走向不同的运行对照。",
        )
    }

    pub(crate) fn nothing_happened() -> Fault {
        say(
            "No event has happened since the question.",
            "提问之后还没有发生任何事件。",
        )
        .remedy(
            "Let something happen in between: step.",
            "请让中间发生点什么：step。",
        )
    }

    pub(crate) fn not_built([why, why_zh]: &[String; 2]) -> Fault {
        say(
            format!("The lines below do not build this run: {why}."),
            format!("下面的行没有构造出这个运行：{why_zh}。"),
        )
        .remedy(
            "Go on below them, or delete them to have the way tested.",
            "请在后面继续，或删去它们，以便测试 way 给出的做法。",
        )
    }

    pub(crate) fn way_fails(why: &str, why_zh: &str) -> Fault {
        say(
            format!("This line of the way cannot be done: {why}"),
            format!("做法中的这一行无法执行：{why_zh}"),
        )
        .remedy(
            "Let time pass before it, or change the line.",
            "请在它之前让时间流逝，或修改这一行。",
        )
    }

    pub(crate) fn way_misses([why, why_zh]: &[String; 2]) -> Fault {
        say(
            format!("The way does not build this run: {why}."),
            format!("照 way 的做法没有构造出这个运行：{why_zh}。"),
        )
        .remedy(
            "Change the way or the goals; if it cannot be built, write: cannot.",
            "请修改做法或目标；若无法构造，请写 cannot。",
        )
    }

    pub(crate) fn built_after_all() -> Fault {
        say(
            "This run is said to be impossible, but the way builds it.",
            "这个运行说是无法构造，但照 way 的做法构造出来了。",
        )
        .remedy(
            "Delete the line “cannot”, or change the goals.",
            "请删去 cannot 这一行，或修改目标。",
        )
    }

    pub(crate) fn needless() -> Fault {
        say(
            "The run is built without this line of the way, too.",
            "做法中没有这一行，也能构造出这个运行。",
        )
        .remedy(
            "Delete the line, or ask for more in the goals.",
            "请删去这一行，或提高目标的要求。",
        )
    }
}
