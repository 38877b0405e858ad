//! A timer that is fired by hand.

use raft_core::NodeId;
use raft_play::act_line;
use raft_play::text::{self, Line};
use raft_sim::Run;

use super::{flights, led, rpc};

#[test]
fn a_leader_whose_heartbeat_fires_sends_to_everybody_now() {
    let mut run = led("run 30ms");
    let now = run.world().now();
    let sent_now = |run: &Run| -> Vec<NodeId> {
        let sent = flights(run).into_iter();
        let now_by_leader = sent.filter(|(_, f)| rpc(f).from == NodeId(1) && f.sent_at == now);
        now_by_leader.map(|(_, f)| rpc(&f).to).collect()
    };
    assert_eq!(sent_now(&run), []);
    act_line(&mut run, "fire S1 heartbeat").expect("a leader has this timer");
    assert_eq!(sent_now(&run), [NodeId(2), NodeId(3)]);
}

#[test]
fn a_timer_that_does_not_run_is_refused_with_those_that_do() {
    for (line, message, message_zh, remedy) in [
        (
            "fire S2 heartbeat",
            "S2 has no heartbeat timer running.",
            "S2 没有正在运行的 heartbeat 计时器。",
            "fire S2 election",
        ),
        (
            "timeout S1",
            "S1 has no election timer running.",
            "S1 没有正在运行的 election 计时器。",
            "fire S1 heartbeat",
        ),
        (
            "fire S1 hartbeat",
            "“hartbeat” is not allowed here.",
            "这里不能写“hartbeat”。",
            "Did you mean “heartbeat”?",
        ),
    ] {
        let mut run = led("");
        let digest = run.digest();
        let error = act_line(&mut run, line).expect_err(line);
        assert_eq!(error.message, message);
        assert_eq!(error.chinese.message, message_zh);
        assert!(error.remedy.contains(remedy), "{}", error.remedy);
        assert_eq!(run.digest(), digest, "{line}");
    }
}

#[test]
fn timeout_is_the_short_form_for_the_election_timer() {
    for (written, printed) in [
        ("fire S2 election", "timeout S2"),
        ("timeout S2", "timeout S2"),
        ("fire S2 quorum", "fire S2 quorum"),
    ] {
        let action = text::action(written).expect("the line is right");
        assert_eq!(Line(&action).to_string(), printed);
    }
}
