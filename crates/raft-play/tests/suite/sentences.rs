//! What is said about a line is true of that line, and its remedy can be done where it is read.

use raft_core::Rule;
use raft_play::text::TextError;
use raft_play::words::{Answer, Language, clauses, describe, label, sought, violation_found};

use raft_play::{act_line, open};
use raft_sim::Invariant;
use raft_sim::said::Said;

/// What is said of the last line of a playbook.
#[track_caller]
fn of_a_file(text: &str) -> TextError {
    match raft_play::play(text) {
        Err(error) => error,
        Ok((_, failure)) => failure.expect("it fails").error,
    }
}

/// What is said of a line that is typed behind these.
#[track_caller]
fn of_a_line(before: &str, line: &str) -> TextError {
    let mut run = open(before).expect("these play");
    act_line(&mut run, line).expect_err(line)
}

#[track_caller]
fn says(error: &TextError, message: &str, remedy: &str) {
    assert!(error.message.contains(message), "{error}");
    assert!(error.remedy.contains(remedy), "{error}");
    assert!(!error.chinese.message.is_empty() && !error.chinese.remedy.is_empty());
}

#[test]
fn a_server_that_is_named_twice_is_in_no_partition() {
    for line in [
        "reconfigure S1 voters S1 S1",
        "reconfigure S1 voters S1 learners S1",
        "crash S1 S1",
        "partition S1 | S1 S2",
    ] {
        let error = of_a_file(&format!("servers 3\n{line}"));
        says(&error, "S1 is named twice.", "at most once");
    }
}

/// Whoever wonders why nothing is committed is told at the event that could have (§5.4.2).
#[test]
fn that_an_earlier_term_is_not_committed_by_counting_is_said() {
    let text = "servers 3\nrewrite S1 log 6:a\nrewrite S2 log 6:a\ntimeout S1\nrun 200ms";
    let (run, _) = raft_play::play(text).expect("it plays");
    let events = run.events();
    let kept = events
        .iter()
        .find(|event| event.rules.contains(&Rule::CommitOwnTermOnly));
    let kept = kept.expect("a majority stores the entry");
    let said = describe(&kept, Language::English);
    assert!(said.contains("entries of an earlier term"), "{said}");
    assert!(describe(&kept, Language::Chinese).contains("更早的任期"));
}

/// What stands in a headline, and what an Action is called, is what somebody types who looks for it.
#[test]
fn an_event_is_found_by_its_headline() {
    let text = "servers 3\ntimeout S1\nrun 100ms\npropose S1 x\nrun 100ms\ncrash S1\nlatency 5ms";
    let (run, _) = raft_play::play(text).expect("it plays");
    for (english, chinese) in [
        ("becomes leader", "成为领导者"),
        ("commits", "提交"),
        ("crashes", "崩溃"),
        ("proposes", "指令"),
        ("appends a command", "追加一条指令"),
    ] {
        for (words, language) in [(english, Language::English), (chinese, Language::Chinese)] {
            let mut events = run.events().iter();
            let found = events.find(|event| sought(event, language).contains(words));
            assert!(found.is_some(), "{words}");
        }
    }
}

/// Who loses an entry is told who had committed it, and when.
#[test]
fn a_leader_without_a_committed_entry_is_told_who_committed_it() {
    let text = include_str!("../../../../playbooks/bugs/l4-term-figure-8.raft");
    let (run, _) = raft_play::play(text).expect("it plays");
    let violations = run.world().checker().violations();
    let lost = violations
        .iter()
        .find(|it| it.invariant() == Invariant::LeaderCompleteness);
    let lost = lost.expect("b2 is lost");
    let commit = lost.committed.expect("it was committed");
    let event = run.event(commit.event).expect("it happened");
    assert!(event.rules.contains(&Rule::CommitMajority), "{event:?}");
    assert_eq!(event.server, Some(commit.by));
    let said = violation_found(lost, Language::English);
    let number = commit.event + 1;
    assert!(
        said.contains(&format!(
            "where S1 committed 2:b2 in term 4 (event {number})."
        )),
        "{said}"
    );
    let said = violation_found(lost, Language::Chinese);
    assert!(
        said.contains(&format!(
            "S1 在任期 4 已于此提交 2:b2（第 {number} 个事件）"
        )),
        "{said}"
    );
}

#[test]
fn a_share_is_one_of_whatever_it_is() {
    for line in ["chance 50\nend", "loss 50", "duplication 101%"] {
        says(&of_a_file(line), "is not a percentage from 0% to 100%", "%");
    }
}

#[test]
fn a_word_of_playbooks_is_a_word_of_the_language() {
    for line in [
        "servers 3",
        "caption Look",
        "title x",
        "end",
        "let a = S1",
        "repeat 3",
    ] {
        let word = line.split(' ').next().unwrap_or_default();
        let said = format!("“{word}” makes sense only in a playbook.");
        says(&of_a_line("servers 3", line), &said, "open the file");
    }
    says(
        &of_a_file("check two"),
        "“two” is not “one”",
        "check one leader",
    );
    says(&of_a_file("in time"), "“time” is not “turn”", "in turn");
}

/// A word that stands elsewhere is a word, and what is wrong is shown, not an empty place.
#[test]
fn what_stands_there_is_what_is_wrong() {
    for (line, message, remedy) in [
        (
            "get C1 x by leader",
            "“leader” is not allowed here",
            "read-index",
        ),
        ("network ring", "“ring” is not allowed here", "plain"),
        (
            "expect role S1 = S2",
            "“S2” is not allowed here",
            "follower",
        ),
        (
            "expect S1 = leader",
            "“S1” names servers",
            "expect leader = S1",
        ),
        (
            "let old = leader\nexpect old = S1",
            "“old” names servers",
            "expect leader = old",
        ),
        (
            "expect commit S1 == 1",
            "“==” is not part of this language",
            "Write “=” instead",
        ),
        ("let = 3", "“=” cannot be a name", "lower-case letters"),
        (
            "wait 5s leaders = 1",
            "“leaders” is not “until”",
            "wait 5s until",
        ),
        ("wait 5s", "ends where “until”", "wait 5s until"),
        (
            "agree x on 3 without",
            "ends where “retry”",
            "without retry",
        ),
        (
            "agree x on 3 without you",
            "“you” is not “retry”",
            "without retry",
        ),
        ("seed -1", "-1 is outside 0 to", "Write a whole number"),
        (
            "rewrite S1 delete 1",
            "cannot do that at index 1",
            "Its log is empty",
        ),
    ] {
        says(&of_a_file(line), message, remedy);
    }
}

#[test]
fn a_leader_without_a_cable_is_named() {
    let cut = "servers 3\ntimeout S2\nrun 100ms\ndisconnect S2";
    for line in [
        "propose leader hello",
        "crash leader+1",
        "expect term leader = 1",
    ] {
        let error = of_a_line(cut, line);
        says(&error, "S2 leads but is disconnected", "Write S2");
    }
    let error = of_a_line("servers 3", "propose leader hello");
    says(&error, "no leader within reach", "wait 5s");
}

#[test]
fn what_a_cluster_lacks_is_given_to_it_where_that_can_be_done() {
    says(&of_a_file("put C1 x 3"), "no clients", "to its header");
    says(
        &of_a_line("servers 3", "put C1 x 3"),
        "no clients",
        "tart a new run",
    );
    says(
        &of_a_line("clients 1", "put C2 x 3"),
        "C2 is not a client",
        "tart a new run",
    );
}

/// A line that has too much to do is not done in the past either, when nobody is there to go there.
#[test]
fn a_playbook_is_not_told_to_go_back_in_time() {
    let busy = "servers 9\nheartbeat 1ms\nelection 1ms..1ms\n";
    let error = of_a_file(&format!("{busy}latency 0us\nrepeat 99\n  run 24h\nend"));
    says(&error, "more than 1000000 events", "Let less time pass");
}

#[test]
fn an_entry_that_holds_nothing_is_no_command_of_that_name() {
    let text = "servers 3\nuse no-op\ntimeout S1\nrun 100ms\nrewrite S2 entry 1 1:no-op\nrun 300ms";
    let (run, failure) = raft_play::play(text).expect("it can be read");
    assert_eq!(failure, None);
    assert!(run.world().checker().violations().is_empty());
    let named = text.replace("1:no-op", "1:\"no-op\"");
    let (run, _) = raft_play::play(&named).expect("it can be read");
    let violations = run.world().checker().violations();
    let broken = violations
        .iter()
        .find(|found| found.invariant() == Invariant::LogMatching);
    assert!(broken.is_some(), "a command differs from nothing");
}

/// §5.3: what is of one index and one term is one entry, so that two logs of terms alone agree
/// where their terms do.
#[test]
fn logs_of_terms_alone_agree_where_their_terms_do() {
    let text = "servers 3\nrewrite S1 log 4 5 5\nrewrite S2 log 4 6 6 6\nrewrite S3 log 4 5 5\n\
                expect log S1 = 4:t4.1 5:t5.2 5:t5.3\ntimeout S2\nrun 1s\nexpect log S1 = 4:t4.1 6:t6.2 6:t6.3 6:t6.4";
    let (run, failure) = raft_play::play(text).expect("it can be read");
    assert_eq!(failure, None);
    assert!(run.world().checker().violations().is_empty());
}

/// Fifty entries are applied in one event: one line says so.
#[test]
fn what_is_done_again_and_again_is_told_once() {
    let text = "servers 3\ntimeout S1\nrun 100ms\npropose S1 x1..x50\nrun 500ms\n";
    let run = open(text).expect("it plays");
    let mut folded = 0;
    for event in run.events() {
        let weighed = run.weighed(event.number);
        let told = clauses(&event, &weighed, |_| false, Language::English);
        let applied = told
            .iter()
            .filter(|clause| clause.rule == Rule::ApplyCommitted && clause.answer == Answer::Acted);
        let applied: Vec<_> = applied.collect();
        assert!(applied.len() <= 1, "{applied:?}");
        let values = applied.first().and_then(|clause| clause.compared.as_ref());
        let values = values.and_then(|compared| compared.values.as_deref());
        folded += u64::from(values == Some("0…49 < 50 (×50)"));
    }
    assert_eq!(folded, 3, "each server applies them at once");
}

/// Whoever knows the fields of Figure 2 is told how a condition calls them, and where their server
/// stands.
#[test]
fn a_field_of_figure_2_is_known_in_a_condition() {
    for (line, remedy) in [
        ("expect commitIndex >= 2", "Write: expect commit S1 >= 2."),
        (
            "expect S1 commitIndex >= 2",
            "Write: expect commit S1 >= 2.",
        ),
        ("expect S1 commit >= 2", "Write: expect commit S1 = 3."),
        (
            "expect S1 role = leader",
            "Write: expect role S1 = follower.",
        ),
    ] {
        let error = of_a_line("", line);
        assert_eq!(error.remedy, remedy, "{line}: {}", error.message);
        // What it advises can be done.
        let advised = remedy.trim_start_matches("Write: ").trim_end_matches('.');
        let text = format!("servers 3\nrun 1ms\n{advised}\n");
        assert!(raft_play::play(&text).is_ok(), "{advised}");
    }
}

#[test]
fn a_vote_is_told_in_either_language() {
    let said = Said::RequestVoteReply {
        term: raft_core::Term(1),
        vote_granted: false,
    };
    assert_eq!(label(&said, Language::English), "✗ refused");
    assert_eq!(label(&said, Language::Chinese), "✗ 拒绝");
}
