//! The playbooks on changing who takes part, on a leader's first entry and on
//! snapshots in chunks do what their captions say, as `paper.rs` has it of the
//! others.

use raft_core::{InstallOutcome, NodeId, Role, Rule};
use raft_sim::action::MessageAction;
use raft_sim::event::EventKind;
use raft_sim::outcome::Declined;
use raft_sim::said::Said;

use crate::played::{Played, for_every_seed};

/// What these servers go by, as it prints.
#[track_caller]
fn go_by(run: &Played, servers: &[u16], configuration: &str) {
    for server in servers {
        let found = run.node(*server).configuration().to_string();
        assert_eq!(found, configuration, "S{server}, {}", run.at);
    }
}

/// The payloads of a log, without their terms.
fn holds(run: &Played, server: u16) -> Vec<String> {
    let entries = run.node(server).log().entries().iter();
    let text = |entry: &raft_core::Entry<_>| raft_sim::payload_text(&entry.payload);
    entries.map(text).collect()
}

fn commits(run: &Played, servers: &[u16]) -> Vec<u64> {
    servers.iter().map(|server| run.commit(*server)).collect()
}

/// §4.2.1.
#[test]
fn a_server_learns_before_it_votes() {
    for_every_seed("12-add-server", |run| {
        run.after(1);
        assert_eq!(commits(run, &[1, 2, 3, 4]), [20, 20, 20, 0], "{}", run.at);
        go_by(run, &[4], "");
        run.after(2);
        let refused = [Declined::NotCaughtUp(NodeId(4))];
        assert_eq!(run.declined(), refused, "{}", run.at);
        go_by(run, &[1, 2, 3], "S1 S2 S3");
        run.after(3);
        go_by(run, &[1, 2, 3, 4], "S1 S2 S3 + S4");
        assert_eq!(run.acted(4, Rule::ConsistencyCheck), 1, "{}", run.at);
        assert_eq!(holds(run, 4), holds(run, 1), "{}", run.at);
        run.after(4);
        go_by(run, &[1, 2, 3, 4], "S1 S2 S3 S4");
        assert_eq!(commits(run, &[1, 2, 3, 4]), [22; 4], "{}", run.at);
        run.after(5);
        assert_eq!(commits(run, &[1, 2, 4]), [23; 3], "{}", run.at);
        let answers = run.heard().filter(|(_, to, said)| {
            let is_new = matches!(said, Said::AppendEntriesReply { last_index, .. }
                if last_index.0 == 23);
            *to == 1 && is_new
        });
        let answering: Vec<u16> = answers.map(|(from, ..)| from).take(2).collect();
        assert_eq!(answering, [2, 4], "{}", run.at);
    });
}

/// §6, Figure 11.
#[test]
fn three_servers_are_replaced_through_joint_consensus() {
    for_every_seed("13-joint-consensus", |run| {
        run.after(1);
        let all = [1, 2, 3, 4, 5, 6];
        go_by(run, &all, "S1 S2 S3 + S4 S5 S6");
        assert!(
            all.iter().all(|id| run.log(*id) == run.log(1)),
            "{}",
            run.at
        );
        run.after(2);
        run.leads(&[]);
        go_by(run, &all[1..], "S1 S2 S3 → S4 S5 S6");
        assert!(
            commits(run, &all[1..]).iter().all(|at| *at == 2),
            "{}",
            run.at
        );
        run.after(3);
        run.leads(&[]);
        assert_eq!(run.votes(4).0, [5, 6], "{}", run.at);
        run.after(4);
        run.leads(&[(4, 2)]);
        assert_eq!(run.votes(4).0, [2, 3], "{}", run.at);
        assert!(run.acted(4, Rule::CommitOwnTermOnly) > 0, "{}", run.at);
        assert_eq!(run.acted(4, Rule::BothMajorities), 2, "{}", run.at);
        assert_eq!(run.acted(4, Rule::LeaveJoint), 1, "{}", run.at);
        go_by(run, &[4, 5, 6], "S4 S5 S6");
        assert_eq!(run.commit(4), 5, "{}", run.at);
        run.after(5);
        run.leads(&[(4, 2)]);
        assert_eq!(commits(run, &[4, 5, 6]), [6; 3], "{}", run.at);
        let asked = run.heard().all(|(from, to, _)| from > 3 && to > 3);
        assert!(asked, "the old three are left alone, {}", run.at);
    });
}

/// §4.2.2.
#[test]
fn a_leader_removes_itself() {
    for_every_seed("14-leader-removes-itself", |run| {
        run.after(1);
        run.keep(&[1, 2, 3], "1:x1", 1);
        run.after(2);
        run.leads(&[(1, 1)]);
        go_by(run, &[1, 2], "S2 S3");
        go_by(run, &[3], "S1 S2 S3");
        assert_eq!(run.commit(1), 1, "{}", run.at);
        let stored = run.heard().any(|(from, _, said)| {
            let both = matches!(said, Said::AppendEntriesReply { last_index, .. }
                if last_index.0 == 2);
            from == 2 && both
        });
        assert!(stored, "S1 knows that S2 has it, {}", run.at);
        run.after(3);
        run.leads(&[]);
        assert_eq!(run.commit(1), 2, "{}", run.at);
        assert_eq!(run.acted(1, Rule::RemovedLeader), 1, "{}", run.at);
        run.after(4);
        run.leads(&[(2, 2)]);
        assert_eq!(
            run.acted(1, Rule::OnlyVotersStartElections),
            1,
            "{}",
            run.at
        );
        assert_eq!(run.term(1), 1, "{}", run.at);
        assert_eq!(run.votes(2).0, [3], "{}", run.at);
    });
}

/// §4.2.2, Figure 4.6.
#[test]
fn a_removed_server_stands_while_it_is_needed() {
    for_every_seed("15-removed-server-needed", |run| {
        run.after(1);
        go_by(run, &[1], "S2");
        go_by(run, &[2], "S1 S2");
        run.after(2);
        run.leads(&[]);
        assert_eq!(run.votes(2), (vec![], vec![1]), "{}", run.at);
        assert_eq!(run.acted(1, Rule::UpToDate), 1, "{}", run.at);
        run.after(3);
        run.leads(&[(1, 3)]);
        assert_eq!(run.votes(1).0, [2], "{}", run.at);
        run.after(4);
        assert_eq!(run.acted(1, Rule::RemovedLeader), 1, "{}", run.at);
        run.leads(&[(2, 4)]);
        go_by(run, &[1, 2], "S2");
        assert_eq!(holds(run, 2), ["x1", "[S2]", "x3"], "{}", run.at);
        assert_eq!(run.votes(2), (vec![], vec![]), "alone, {}", run.at);
    });
}

/// §4.2.3: what it is against.
#[test]
fn a_removed_server_disturbs() {
    for_every_seed("16-removed-server", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        assert_eq!(run.commit(1), 2, "{}", run.at);
        go_by(run, &[1, 2, 3], "S1 S2 S3");
        go_by(run, &[4], "S1 S2 S3 S4");
        run.after(2);
        run.leads(&[]);
        assert_eq!(run.votes(4), (vec![], vec![1, 2, 3]), "{}", run.at);
        assert!((1..=4).all(|server| run.term(server) == 2), "{}", run.at);
        run.after(3);
        run.leads(&[(1, 3)]);
        assert!(
            matches!(run.node(4).role(), Role::Candidate(_)),
            "{}",
            run.at
        );
    });
}

/// §4.2.3.
#[test]
fn with_check_quorum_a_removed_server_disturbs_nobody() {
    for_every_seed("17-removed-server-ignored", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        for (phase, term) in [(2, 2), (3, 4)] {
            run.after(phase);
            run.leads(&[(1, 1)]);
            assert_eq!(run.term(4), term, "{}", run.at);
            for server in [1, 2, 3] {
                assert!(run.acted(server, Rule::StickToLeader) > 0, "{}", run.at);
                assert_eq!(run.term(server), 1, "{}", run.at);
            }
            assert_eq!(run.votes(4), (vec![], vec![]), "{}", run.at);
        }
        assert_eq!(commits(run, &[1, 2, 3, 4]), [3, 3, 3, 1], "{}", run.at);
    });
}

/// Ongaro on raft-dev, 2015.
#[test]
fn a_change_waits_for_an_entry_of_the_own_term() {
    for_every_seed("18-change-barrier", |run| {
        run.after(1);
        go_by(run, &[5], "S1 S2 S3 S4 S5");
        go_by(run, &[2, 3, 4], "S1 S2 S3 S4 + S5");
        run.after(2);
        run.leads(&[(2, 2)]);
        assert_eq!(run.declined(), [Declined::NotYet], "{}", run.at);
        assert_eq!(run.acted(2, Rule::ChangeInOwnTerm), 1, "{}", run.at);
        run.after(3);
        assert_eq!(run.declined(), [], "{}", run.at);
        assert_eq!(run.commit(2), 4, "{}", run.at);
        go_by(run, &[2, 3, 4], "S2 S3 S4 + S5");
        run.after(4);
        run.leads(&[(2, 2)]);
        go_by(run, &[1], "S1 S2 S3 S4 S5");
        assert_eq!(run.votes(1), (vec![5, 5], vec![4, 4]), "{}", run.at);
        assert_eq!(run.acted(4, Rule::UpToDate), 1, "in term 3, {}", run.at);
    });
}

/// §8.
#[test]
fn a_new_leader_commits_what_it_finds() {
    for_every_seed("19-no-op", |run| {
        run.after(1);
        assert_eq!(holds(run, 2), ["no-op", "x2"], "{}", run.at);
        assert_eq!(commits(run, &[2, 3]), [1, 1], "{}", run.at);
        run.after(2);
        run.leads(&[(2, 2)]);
        assert_eq!(run.acted(2, Rule::NoOp), 1, "{}", run.at);
        assert_eq!(run.declined(), [Declined::NotYet], "{}", run.at);
        assert_eq!(run.commit(2), 1, "{}", run.at);
        run.after(3);
        assert_eq!(run.commit(2), 3, "{}", run.at);
        run.after(4);
        assert!(
            run.read_after().is_some_and(|events| events > 0),
            "{}",
            run.at
        );
    });
}

/// §7, Figure 13.
#[test]
fn a_chunk_that_is_lost_is_sent_again() {
    for_every_seed("20-snapshot-chunks", |run| {
        let chunks = |run: &Played| -> Vec<u64> {
            let arrived = run.heard().filter_map(|(_, to, said)| match said {
                Said::InstallSnapshot { offset, .. } if to == 3 => Some(offset),
                _ => None,
            });
            arrived.collect()
        };
        run.after(1);
        run.keep(&[1], "", 3);
        run.after(2);
        assert_eq!(chunks(run), [0, 4], "{}", run.at);
        let said = run.heard().filter_map(|(_, _, said)| match said {
            Said::InstallSnapshotReply { outcome, .. } => Some(outcome),
            _ => None,
        });
        let offset = |offset| InstallOutcome::Stored { offset };
        assert_eq!(
            said.collect::<Vec<_>>(),
            [offset(4), offset(8)],
            "{}",
            run.at
        );
        assert_eq!(run.commit(3), 0, "{}", run.at);
        run.after(3);
        let dropped = run.phase.iter().any(|event| {
            matches!(
                &event.kind,
                EventKind::Acted(raft_sim::Action::Message(MessageAction::Drop(_)))
            )
        });
        assert!(dropped, "{}", run.at);
        assert_eq!(chunks(run), [8], "{}", run.at);
        assert_eq!(run.acted(3, Rule::LoadSnapshot), 0, "{}", run.at);
        run.after(4);
        assert_eq!(chunks(run), [12], "{}", run.at);
        assert_eq!(run.acted(3, Rule::LoadSnapshot), 1, "{}", run.at);
        run.keep(&[1, 3], "", 3);
    });
}
