//! Messages with entries, one after the other before the first is answered
//! (§10.2.1 of the dissertation).

use crate::common::members::{boot_with, disk_of, lead, of, settled_with, yes_to};
use crate::common::*;
use raft_core::{AppendEntries, AppendOutcome, Envelope, Index, Message, Settings};

fn two_under_way() -> Settings {
    Settings {
        in_flight_max: 2,
        ..settings()
    }
}

/// The leader of term 1, whose followers agree with its one entry.
fn pipelining() -> Server {
    settled_with(two_under_way(), of(&[1, 2, 3], &[]))
}

/// Proposes a command; answers the AppendEntries to `S2` that leave then, each
/// by the indices before its first and of its last entry.
fn propose(node: &mut Server, command: u64) -> Vec<(u64, u64)> {
    node.propose(command).expect("it leads");
    spans(&flush(node))
}

fn spans(said: &[Envelope<u64>]) -> Vec<(u64, u64)> {
    let span = |m: &AppendEntries<u64>| {
        (
            m.prev_log_index.0,
            m.prev_log_index.0 + m.entries.len() as u64,
        )
    };
    appends(said, S2).iter().map(span).collect()
}

#[test]
fn while_the_logs_agree_entries_are_pipelined_10_2_1() {
    let mut node = pipelining();
    assert_eq!(propose(&mut node, 102), [(1, 2)]);
    assert_eq!(propose(&mut node, 103), [(2, 3)], "before the answer to 2");
    assert_eq!(propose(&mut node, 104), [], "two are under way");
    let said = hear(&mut node, S2, stored(1, 1, 2));
    assert_eq!(spans(&said), [(3, 4)]);
    // One answer speaks for all before it.
    hear(&mut node, S2, stored(1, 3, 4));
    assert_eq!(next_match(&node, S2), (5, 4));
    assert_eq!(propose(&mut node, 105), [(4, 5)]);
}

#[test]
fn entries_wait_until_the_logs_are_known_to_agree_10_2_1() {
    let mut node = boot_with(two_under_way(), disk_of(of(&[1, 2, 3], &[]), 0, Vec::new()));
    lead(&mut node);
    assert_eq!(propose(&mut node, 101), [(0, 1)]);
    assert_eq!(propose(&mut node, 102), []);
}

#[test]
fn a_refusal_ends_the_pipeline_10_2_1() {
    let mut node = pipelining();
    propose(&mut node, 102);
    propose(&mut node, 103);
    // The first was lost: the second does not fit.
    let x_len = Index(2);
    let too_short = AppendOutcome::TooShort { x_len };
    let said = hear(&mut node, S2, reply(1, 2, 3, too_short));
    assert_eq!(spans(&said), [(1, 3)], "both are sent again, as one");
    assert_eq!(propose(&mut node, 104), [], "and the next waits");
    // What else was under way is refused as well, which is no news.
    assert!(hear(&mut node, S2, reply(1, 3, 3, too_short)).is_empty());
    let said = hear(&mut node, S2, stored(1, 1, 3));
    assert_eq!(spans(&said), [(3, 4)]);
}

#[test]
fn a_heartbeat_finds_what_the_pipeline_lost_10_2_1() {
    let mut node = pipelining();
    propose(&mut node, 102);
    pass(&mut node, HEARTBEAT);
    assert_eq!(spans(&flush(&mut node)), [(2, 2)], "with nothing in it");
    let x_len = Index(2);
    let too_short = AppendOutcome::TooShort { x_len };
    let said = hear(&mut node, S2, reply(1, 2, 2, too_short));
    assert_eq!(spans(&said), [(1, 2)]);
}

/// The answer to what was sent before anything was proposed says that the logs
/// agree, and nothing of what is under way since.
#[test]
fn what_was_sent_to_try_is_not_sent_again() {
    let mut node = boot_with(two_under_way(), disk_of(of(&[1, 2, 3], &[]), 0, Vec::new()));
    let heartbeats = lead(&mut node);
    assert_eq!(propose(&mut node, 101), [(0, 1)]);
    let heartbeat = heartbeats
        .iter()
        .find(|one| one.to == S2)
        .expect("one each");
    let said = hear(&mut node, S2, yes_to(heartbeat).expect("entries"));
    assert_eq!(spans(&said), []);
    assert_eq!(
        propose(&mut node, 102),
        [(1, 2)],
        "the pipeline goes on after it"
    );
    // Where it was lost, the next one does not fit.
    let x_len = Index(1);
    let said = hear(
        &mut node,
        S2,
        reply(1, 1, 2, AppendOutcome::TooShort { x_len }),
    );
    assert_eq!(spans(&said), [(0, 2)]);
}

/// §5.3: a refusal of what comes after an entry that the leader does not have
/// says nothing of its log, and entries go on being sent.
#[test]
fn a_refusal_of_what_cannot_have_been_sent_is_nonsense() {
    let mut node = pipelining();
    let x_len = Index(u64::MAX);
    let nonsense = reply(1, u64::MAX, u64::MAX, AppendOutcome::TooShort { x_len });
    assert_eq!(hear(&mut node, S2, nonsense), []);
    assert_eq!(next_match(&node, S2), (2, 1));
    assert_eq!(propose(&mut node, 102), [(1, 2)]);
}

/// §5.3, §10.2.1: a follower that has lost its disk is sent everything again, also where
/// what it is sent is lost half way: below matchIndex, too, a refusal is believed that was
/// asked after matchIndex rose.
#[test]
fn a_wiped_follower_is_sent_all_again_though_some_of_it_is_lost() {
    let mut node = pipelining();
    for index in 2..=12 {
        propose(&mut node, 100 + index);
        hear(&mut node, S2, stored(1, index - 1, index));
    }
    let too_short = |x_len| AppendOutcome::TooShort {
        x_len: Index(x_len),
    };
    let refuses = |node: &mut Server, attempt, x_len, prev| {
        let refusal = reply(1, prev, prev, too_short(x_len));
        spans(&hear(node, S2, in_attempt(attempt, refusal)))
    };
    assert_eq!(
        refuses(&mut node, 0, 1, 12),
        [],
        "it may have been overtaken"
    );
    assert_eq!(
        refuses(&mut node, 1, 1, 12),
        [(0, 12)],
        "it was asked again"
    );
    // The disk is lost once more, and a heartbeat finds that out at once.
    hear(&mut node, S2, in_attempt(2, stored(1, 0, 12)));
    assert_eq!(refuses(&mut node, 2, 3, 12), [(2, 12)]);
}

/// Proposes a command, which S3 stores too, and compacts the log up to it.
fn commit_without_s2_and_compact(node: &mut Server, index: u64) -> Vec<(u64, u64)> {
    let sent = propose(node, 100 + index);
    hear(node, S3, stored(1, index - 1, index));
    applied(node);
    node.compact(Index(index), [].into())
        .expect("it is applied");
    sent
}

/// §7, §5.3: entries that are compacted away while they are in flight are not followed by a
/// snapshot at the next heartbeat, which may overtake them and be refused. At the one after it,
/// they count as lost.
/// Fails without O2.
#[test]
fn entries_in_flight_when_they_are_compacted_need_no_snapshot() {
    for in_flight_max in [1, 2] {
        let settings = Settings {
            in_flight_max,
            ..settings()
        };
        let mut node = settled_with(settings, of(&[1, 2, 3], &[]));
        assert_eq!(commit_without_s2_and_compact(&mut node, 2), [(1, 2)]);
        pass(&mut node, HEARTBEAT);
        assert_eq!(spans(&flush(&mut node)), [(2, 2)], "no snapshot");
        let x_len = Index(2);
        let too_short = reply(1, 2, 2, AppendOutcome::TooShort { x_len });
        assert_eq!(hear(&mut node, S2, too_short.clone()), []);
        let mut lost = node.clone();
        hear(&mut node, S2, stored(1, 1, 2));
        assert_eq!(next_match(&node, S2), (3, 2));
        pass(&mut lost, HEARTBEAT);
        let mut said = flush(&mut lost);
        said.extend(hear(&mut lost, S2, too_short));
        let is_snapshot = |one: &&Envelope<u64>| matches!(one.message, Message::InstallSnapshot(_));
        assert_eq!(said.iter().filter(is_snapshot).count(), 1, "{said:?}");
    }
}

/// §7: what was in flight to a follower before the entries that are compacted away is not all
/// that it lacks.
#[test]
fn a_follower_that_is_sent_too_little_needs_a_snapshot() {
    let mut node = settled_with(
        Settings {
            entries_max: 1,
            ..settings()
        },
        of(&[1, 2, 3], &[]),
    );
    assert_eq!(propose(&mut node, 102), [(1, 2)]);
    hear(&mut node, S3, stored(1, 1, 2));
    assert_eq!(commit_without_s2_and_compact(&mut node, 3), []);
    pass(&mut node, HEARTBEAT);
    let said = flush(&mut node);
    let to_s2 = said.iter().find(|one| one.to == S2).expect("a heartbeat");
    assert!(matches!(to_s2.message, Message::InstallSnapshot(_)));
}
