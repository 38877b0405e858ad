//! What people write by mistake, and whether they are told what to write.

use raft_play::Playbook;

const LED: &str = "servers 3\nclients 1\ntimeout S1\nrun 100ms\npropose S1 a b\nrun 300ms\n";

/// What is wrong with these lines and what to do about it, whenever that shows.
#[track_caller]
fn complaint(lines: &str) -> String {
    let text = format!("{LED}{lines}");
    let error = if let Err(error) = text.parse::<Playbook>() {
        error
    } else {
        let failure = raft_play::play(&text).expect("it is a playbook").1;
        failure
            .unwrap_or_else(|| panic!("{lines}: nothing fails"))
            .error
    };
    assert!(
        !error.chinese.message.is_empty() && !error.chinese.remedy.is_empty(),
        "{error}"
    );
    format!("{} {}", error.message, error.remedy)
}

#[test]
fn words_of_other_languages_are_told_the_ones_of_this() {
    for (lines, words) in [
        ("kill S1", "Write: crash S1"),
        ("stop S1", "Write: crash S1"),
        ("start S1", "Write: restart S1"),
        ("sleep 5s", "Write: run 500ms"),
        ("isolate S1", "Write: partition isolate S1"),
        ("submit S1 x", "Write: propose S1 x1"),
        ("expect leaders == 1", "Write “=” instead"),
        ("expect leaders <> 1", "Write “!=” instead"),
        ("expect leader == S1", "Write “=” instead"),
        ("expect leaders = 1 && terms = 1", "Write “and” instead"),
        ("expect (leaders = 2 || terms = 1)", "Write “or” instead"),
        ("expect !(leaders = 2)", "Write “not” instead"),
        (
            "expect (leaders + 1) = 2",
            "Brackets can enclose conditions, but not sums",
        ),
        (
            "expect 2 = (leaders + 1)",
            "Brackets can enclose conditions, but not sums",
        ),
        ("loss request C1 50%", "loss clients 10%"),
        ("loss client 10%", "loss clients 10%"),
        ("latency C1 5ms", "latency clients 1ms..5ms"),
        ("duplication clients 5%", "loss clients 10%"),
    ] {
        let told = complaint(lines);
        assert!(told.contains(words), "{lines}: {told}");
    }
}

#[test]
fn no_word_is_said_to_be_meant_for_itself() {
    for (lines, word) in [
        ("expect not refused propose S1 x", "refused"),
        ("if refused\nend", "refused"),
        ("drop next next AppendEntries", "next"),
    ] {
        let told = complaint(lines);
        assert!(
            !told.contains(&format!("Did you mean “{word}”")),
            "{lines}: {told}"
        );
    }
    assert!(complaint("expect not refused propose S1 x").contains("expect accepted propose S1 x1"));
}

#[test]
fn bounds_and_finest_units_are_named() {
    for (lines, words) in [
        ("run 0.5us", "Write whole microseconds: 1us."),
        ("loss 0.0001%", "in steps of 0.1%"),
        ("propose S1 *2:1048576", "or 1024 KiB of them"),
        ("rewrite S3 commit 99", "index from 0 to 2"),
        ("rewrite S3 delete 99", "index from 1 to 2"),
        ("rewrite S3 entry 99 1:x", "index from 1 to 3"),
        ("agree x on 4", "4 servers cannot agree: there are only 3."),
        (
            "concurrently\nmeanwhile\npropose S1 x\nend\nrun 1s\nend",
            "Let time pass in it: run 10ms",
        ),
    ] {
        let told = complaint(lines);
        assert!(told.contains(words), "{lines}: {told}");
    }
}

#[test]
fn a_count_of_servers_can_begin_a_sum() {
    let lines = "let x = leaders + 1\nexpect x = 2\nlet y = running S1 S2 - 1\nexpect y = 1\n\
                 let z = running mod 2\nexpect z = 1\nlet who = leaders\ncrash who\nexpect leaders = 0";
    let failure = raft_play::play(&format!("{LED}{lines}"))
        .expect("a playbook")
        .1;
    assert_eq!(failure.map(|failure| failure.error.to_string()), None);
}
