//! A node that is given whatever there is, in whatever order: it never
//! panics, its term never falls, it votes once a term, and it tells nobody
//! what its disk does not hold (§5.1, §5.2, Figure 2). With a disk that holds
//! anything at all it still comes to an end with each input.

// Apart from the rest, since the fuzz target draws no cases.
#[path = "common/cases.rs"]
mod cases;
mod common;
#[path = "hostile/held.rs"]
mod held;
mod trial;

use proptest::prelude::*;
use trial::{Script, Step};

#[global_allocator]
static HEAP: trial::heap::Counted = trial::heap::Counted;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = any::<u128>().prop_map(Step::of_number);
    prop::collection::vec(step, 1..80)
}

fn scripts() -> impl Strategy<Value = Script> {
    let bytes = prop::collection::vec(any::<u8>(), 1..400);
    bytes.prop_map(|bytes| Script::of_bytes(&bytes))
}

proptest! {
    #![proptest_config(cases::cases(10_000))]

    #[test]
    fn whatever_comes_the_rules_hold(extended: bool, leads: bool, steps in steps()) {
        Script { extended, leads, steps }.play();
    }

    /// The inputs of the fuzz target, drawn evenly.
    #[test]
    fn whatever_there_is_it_comes_to_an_end(script in scripts()) {
        script.play();
    }
}

/// What the fuzz target has kept of a failure, step by step.
#[test]
#[ignore = "RAFT_INPUT has to name a file"]
fn one_input() {
    let file = std::env::var("RAFT_INPUT").expect("RAFT_INPUT names a file");
    let script = Script::of_bytes(&std::fs::read(file).expect("a file that can be read"));
    println!("{script:#?}");
    script.play();
}
