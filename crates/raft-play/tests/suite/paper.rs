//! The playbooks made from the paper and the dissertation do what their
//! captions say.
//!
//! Each test goes through the phases of one playbook and looks at the end of
//! each for what its caption claims, whatever the seed draws.

use std::fs;

use raft_core::{NodeId, Role, Rule};
use raft_play::open;
use raft_sim::Micros;
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::outcome::{Declined, LossReason};
use raft_sim::said::Said;

use crate::played::{folder, for_every_seed, text};

/// §5.2: each candidate gets two votes of four, and the next term decides.
#[test]
fn a_split_vote_is_settled_by_the_timers() {
    for_every_seed("01-split-vote", |run| {
        run.after(1);
        run.leads(&[]);
        run.after(2);
        run.leads(&[]);
        assert_eq!(run.votes(1), (vec![2], vec![4, 3]), "{}", run.at);
        assert_eq!(run.votes(4), (vec![3], vec![1, 2]), "{}", run.at);
        assert!((1..=4).all(|server| run.term(server) == 1), "{}", run.at);
        run.after(3);
        let leaders = run.leaders();
        assert_eq!(leaders.len(), 1, "{}", run.at);
        assert!(leaders[0].1 >= 2, "{}", run.at);
    });
}

/// Figure 7: the six followers (a) to (f), S2 to S7 here.
#[test]
fn figure_7_is_repaired() {
    for_every_seed("02-figure-7", |run| {
        let figure = [10, 9, 4, 11, 12, 7, 11];
        run.after(1);
        for (server, length) in (1..).zip(figure) {
            assert_eq!(run.node(server).log().last_index().0, length, "{}", run.at);
        }
        run.after(2);
        run.leads(&[(1, 8)]);
        let (granted, refused) = run.votes(1);
        assert_eq!(
            (granted, refused),
            (vec![2, 3, 6, 7], vec![4, 5]),
            "{}",
            run.at
        );
        run.after(3);
        let refusals = run
            .heard()
            .filter(|(_, to, said)| *to == 1 && said.is_refusal());
        let mut refusing: Vec<u16> = refusals.map(|(from, ..)| from).collect();
        refusing.sort_unstable();
        refusing.dedup();
        assert_eq!(refusing, [2, 3, 6, 7], "{}", run.at);
        let agreed = "1:x1..x3 4:x4 4:x5 5:x6 5:x7 6:x8..x10";
        run.keep(&[1, 2, 3, 6, 7], agreed, 0);
        run.keep(&[4], &format!("{agreed} 6:c11"), 0);
        run.keep(&[5], &format!("{agreed} 7:d11 7:d12"), 0);
        run.after(4);
        let servers = [1, 2, 3, 4, 5, 6, 7];
        run.keep(&servers, &format!("{agreed} 8:x11"), 11);
        for server in [4, 5] {
            assert_eq!(run.acted(server, Rule::DeleteConflict), 1, "{}", run.at);
        }
        run.leads(&[(1, 8)]);
    });
}

/// Figure 8, from (a) to (d).
#[test]
fn figure_8_loses_an_entry_that_a_majority_has() {
    for_every_seed("03-figure-8d", |run| {
        run.after(1);
        run.leads(&[(1, 2)]);
        run.keep(&[1, 2], "1:a1 2:b2", 0);
        run.keep(&[3, 4, 5], "1:a1", 0);
        run.after(2);
        run.leads(&[(5, 3)]);
        assert_eq!(run.votes(5).0, [3, 4], "{}", run.at);
        run.keep(&[2], "1:a1 2:b2", 0);
        run.keep(&[5], "1:a1 3:c2", 0);
        run.after(3);
        run.leads(&[(1, 4)]);
        run.keep(&[1], "1:a1 2:b2 4:d3", 0);
        run.keep(&[2, 3], "1:a1 2:b2", 0);
        run.keep(&[4], "1:a1", 0);
        assert!(run.acted(1, Rule::CommitOwnTermOnly) > 0, "{}", run.at);
        run.after(4);
        run.leads(&[(5, 5)]);
        run.keep(&[1, 2, 3, 4, 5], "1:a1 3:c2", 0);
    });
}

/// Figure 8 (e).
#[test]
fn figure_8_keeps_what_an_entry_of_the_own_term_commits() {
    for_every_seed("04-figure-8e", |run| {
        run.after(1);
        run.leads(&[(1, 4)]);
        run.keep(&[1, 2, 3], "1:a1 2:b2", 0);
        run.keep(&[4], "1:a1", 0);
        run.after(2);
        assert_eq!(run.commit(1), 3, "{}", run.at);
        for server in [2, 3] {
            assert_eq!(run.log(server), "1:a1 2:b2 4:d3", "{}", run.at);
        }
        run.after(3);
        run.leads(&[]);
        assert_eq!(run.term(5), 5, "{}", run.at);
        let (granted, _) = run.votes(5);
        assert_eq!(granted, [4], "{}", run.at);
        let refused = run.votes(5).1;
        assert!(refused.contains(&2) && refused.contains(&3), "{}", run.at);
        run.after(4);
        run.leads(&[(2, 6)]);
        run.keep(&[1, 2, 3, 4, 5], "1:a1 2:b2 4:d3 6:e4", 4);
    });
}

/// §7, Figure 13.
#[test]
fn a_follower_far_behind_gets_a_snapshot() {
    for_every_seed("05-snapshot", |run| {
        run.after(1);
        assert_eq!((run.commit(1), run.commit(3)), (50, 0), "{}", run.at);
        run.after(2);
        run.keep(&[1, 2], "", 50);
        assert!(run.next_index(1, 3) <= 50, "{}", run.at);
        run.after(3);
        let installed = run.heard().any(|(from, to, said)| {
            let reaches = matches!(said, Said::InstallSnapshot { last_included_index, .. }
                if last_included_index.0 == 50);
            (from, to) == (1, 3) && reaches
        });
        assert!(installed, "{}", run.at);
        assert_eq!(run.acted(3, Rule::LoadSnapshot), 1, "{}", run.at);
        run.keep(&[3], "", 50);
        run.after(4);
        run.keep(&[1, 2, 3], "1:y51", 51);
        assert_eq!(run.acted(3, Rule::LoadSnapshot), 0, "{}", run.at);
    });
}

/// The dissertation, §3.10.
#[test]
fn leadership_is_handed_over() {
    for_every_seed("06-transfer", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        run.keep(&[1], "1:x1..x3", 3);
        run.keep(&[3], "1:x1", 1);
        run.after(2);
        run.leads(&[(1, 1)]);
        let refused = [Declined::TransferUnderWay(NodeId(3))];
        assert_eq!(run.declined(), refused, "{}", run.at);
        assert_eq!(run.log(3), "1:x1..x3", "{}", run.at);
        assert!(
            run.heard()
                .all(|(_, _, said)| !matches!(said, Said::TimeoutNow { .. }))
        );
        run.after(3);
        run.leads(&[(3, 2)]);
        assert_eq!(run.acted(3, Rule::TimeoutNow), 1, "{}", run.at);
        assert!(
            run.heard()
                .all(|(_, _, said)| !matches!(said, Said::PreVote { .. }))
        );
        assert_eq!(run.votes(3).0.first(), Some(&1), "{}", run.at);
        assert!(run.votes(3).0.contains(&2), "{}", run.at);
        run.after(4);
        run.keep(&[1, 2, 3], "1:x1..x3 2:y4", 4);
    });
}

/// The dissertation, §9.6: what Pre-Vote is against.
#[test]
fn a_server_that_comes_back_deposes_the_leader() {
    for_every_seed("07-return", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        run.after(2);
        run.leads(&[(1, 1)]);
        assert_eq!(run.term(3), 4, "{}", run.at);
        run.after(3);
        run.leads(&[]);
        assert_eq!(
            [1, 2, 3].map(|server| run.term(server)),
            [4; 3],
            "{}",
            run.at
        );
        assert!(run.acted(1, Rule::UpToDate) > 0, "{}", run.at);
        let (granted, mut refused) = run.votes(3);
        refused.sort_unstable();
        assert_eq!((granted, refused), (vec![], vec![1, 2]), "{}", run.at);
        run.after(4);
        run.leads(&[(1, 5)]);
        run.keep(&[1], "1:x1", 1);
    });
}

/// The dissertation, §9.6.
#[test]
fn with_pre_vote_a_server_that_comes_back_disturbs_nobody() {
    for_every_seed("08-return-pre-vote", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        run.after(2);
        assert_eq!(run.term(3), 1, "{}", run.at);
        assert!(
            matches!(run.node(3).role(), Role::PreCandidate(_)),
            "{}",
            run.at
        );
        run.after(3);
        run.leads(&[(1, 1)]);
        assert!(
            matches!(run.node(3).role(), Role::Follower(_)),
            "{}",
            run.at
        );
        assert!((1..=3).all(|server| run.term(server) == 1), "{}", run.at);
        run.keep(&[1, 2, 3], "1:x1", 1);
        let answers = run.heard().filter_map(|(from, to, said)| match said {
            Said::PreVoteReply { vote_granted, .. } => Some((from, to, vote_granted)),
            _ => None,
        });
        let mut answers: Vec<_> = answers.collect();
        answers.sort_unstable();
        assert_eq!(answers, [(1, 3, false), (2, 3, false)], "{}", run.at);
    });
}

/// The dissertation, §6.2.
#[test]
fn a_leader_in_a_minority_steps_down() {
    for_every_seed("09-check-quorum", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        run.after(2);
        run.leads(&[(1, 1)]);
        run.keep(&[1, 2], "1:x1 1:y2", 1);
        run.after(3);
        let leaders = run.leaders();
        assert_eq!(leaders.len(), 1, "{}", run.at);
        let (leader, term) = leaders[0];
        assert!([3, 4, 5].contains(&leader), "{}", run.at);
        assert_eq!(run.acted(1, Rule::CheckQuorum), 1, "{}", run.at);
        let stepped_down = run.phase.iter().find(|event| {
            event.server == Some(NodeId(1)) && event.rules.contains(&Rule::CheckQuorum)
        });
        // The partition came 90 ms into the story: two times 300 ms after it.
        let at = stepped_down.map_or(Micros::ZERO, |event| event.at);
        assert!(at <= Micros::from_millis(690), "{}", run.at);
        run.after(4);
        let nobody = Declined::NotLeader(None);
        let known = Declined::NotLeader(Some(NodeId(leader)));
        assert_eq!(run.declined(), [nobody, known, known], "{}", run.at);
        run.keep(&[leader], &format!("1:x1 {term}:z2"), 2);
        run.after(5);
        run.leads(&[(leader, term)]);
        run.keep(&[1, 2, 3, 4, 5], &format!("1:x1 {term}:z2"), 2);
    });
}

/// The dissertation, §6.4.
#[test]
fn a_deposed_leader_does_not_answer_a_read() {
    for_every_seed("10-read-index", |run| {
        run.after(1);
        run.keep(&[1, 2, 3], "1:x1", 1);
        run.after(2);
        run.leads(&[(1, 1), (3, 2)]);
        assert_eq!((run.commit(1), run.commit(3)), (1, 2), "{}", run.at);
        run.after(3);
        assert_eq!(run.read_after(), None, "{}", run.at);
        let lost = |event: &&Event| matches!(event.kind, EventKind::Lost(.., LossReason::Cut));
        assert!(run.phase.iter().filter(lost).count() >= 2, "{}", run.at);
        run.after(4);
        run.leads(&[(3, 2)]);
        assert_eq!(run.acted(1, Rule::ReadApplied), 0, "{}", run.at);
        run.keep(&[1], "1:x1 2:x2", 2);
        run.after(5);
        assert!(
            run.read_after().is_some_and(|events| events > 0),
            "{}",
            run.at
        );
        assert_eq!(run.acted(3, Rule::ReadConfirm), 1, "{}", run.at);
    });
}

/// The dissertation, §6.4.1.
#[test]
fn within_a_lease_a_read_asks_nobody() {
    for_every_seed("11-read-lease", |run| {
        run.after(1);
        run.leads(&[(1, 1)]);
        assert_eq!(run.commit(1), 1, "{}", run.at);
        run.after(2);
        assert_eq!(run.read_after(), Some(0), "{}", run.at);
        assert_eq!(run.acted(1, Rule::LeaseRead), 1, "{}", run.at);
        run.after(3);
        run.leads(&[(1, 1)]);
        assert_eq!(run.acted(3, Rule::StickToLeader), 1, "{}", run.at);
        assert_eq!(run.read_after(), Some(0), "{}", run.at);
        run.after(4);
        assert_eq!(run.acted(1, Rule::LeaseRead), 0, "{}", run.at);
        let asked = run.phase.iter().filter(|event| {
            matches!(&event.kind, EventKind::Lost(_, Letter::Rpc(arrival), LossReason::Cut)
                if matches!(arrival.said, Said::AppendEntries { .. }))
        });
        assert!(asked.count() >= 2, "{}", run.at);
        assert_eq!(run.read_after(), None, "{}", run.at);
    });
}

/// §5.5: a request that was carried out before the crash comes again, and does no harm.
#[test]
fn whoever_crashes_is_asked_again() {
    for_every_seed("21-crashes", |run| {
        run.after(2);
        assert!(run.acted(2, Rule::KeepWithoutConflict) >= 1, "{}", run.at);
        assert_eq!(run.acted(2, Rule::AppendNew), 0, "{}", run.at);
        run.keep(&[1], "1:x1", 1);
    });
}

/// What the page begins with: its captions name the servers, and they are these whatever the seed.
#[test]
fn a_leader_crashes_and_another_commits_what_it_left() {
    for seed in 1..=20 {
        let text = text("00-a-leader-crashes").replace("\nseed 1\n", &format!("\nseed {seed}\n"));
        let run = open(&text).expect("it plays");
        assert_eq!(
            run.failures(),
            Vec::<&raft_sim::run::Failure>::new(),
            "seed {seed}"
        );
        let servers = run.world().servers().iter();
        let committed: Vec<_> = servers
            .filter_map(|server| Some(server.node()?.commit_index().0))
            .collect();
        assert_eq!(committed, [4; 5], "seed {seed}");
    }
}

/// Every phase says what to look at in both languages, and something happens in it.
#[test]
fn every_phase_has_both_captions_and_an_event() {
    let files = fs::read_dir(folder()).expect("the folder of playbooks");
    let mut seen = 0;
    for file in files {
        let path = file.expect("a file").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        let run = open(&text(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let setup = run.setup();
        for text in [&setup.title, &setup.title_zh, &setup.source] {
            assert!(!text.is_empty(), "{name}");
        }
        let ends = run.phases().iter().skip(1).map(|phase| phase.position);
        for (phase, end) in run.phases().iter().zip(ends.chain([run.position()])) {
            assert!(!phase.caption_zh.is_empty(), "{name}: {}", phase.caption);
            assert!(phase.position < end, "{name}: {}", phase.caption);
        }
        seen += 1;
    }
    assert_eq!(
        seen, 25,
        "a test for each, here, in membership.rs or in clients.rs"
    );
}
