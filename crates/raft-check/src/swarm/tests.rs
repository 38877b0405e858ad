//! Chaos is sound and reproducible, and notices when a cluster does not recover.

use raft_core::{Rule, Timer};
use raft_play::text::Line;
use raft_sim::action::{LinkAction, MachineAction, MessageAction, ServerAction};
use raft_sim::bounded::Permille;

use super::*;
use raft_sim::delay::Delay;
use raft_sim::digest::Digest;
use raft_sim::network::labrpc::Labrpc;
use raft_sim::network::{Bandwidth, Model};
use raft_sim::said::MessageKind;
use raft_sim::time::MicrosRange;
use raft_sim::which::Mishap;

const LENGTH: Micros = Micros::from_secs(5);

#[test]
fn runs_of_chaos_are_sound_and_the_same_again() {
    let mut kinds = BTreeSet::new();
    for seed in 1..=12 {
        let chaos = play(seed, LENGTH, RuleSet::EMPTY);
        assert_eq!(chaos.end, End::Sound, "seed {seed}");
        assert!(chaos.mended.is_some_and(|(faults, _)| faults > 10));
        let again = play(seed, LENGTH, RuleSet::EMPTY);
        assert_eq!(chaos.trial.world(), again.trial.world(), "seed {seed}");
        let run = chaos.run().expect("not too many events");
        assert_eq!(run.world(), chaos.trial.world(), "seed {seed}");
        kinds.insert(Digest::of(&chaos.kinds));
    }
    assert!(kinds.len() >= 11, "the swarms do not differ");
}

#[test]
fn a_cluster_that_gives_no_votes_does_not_recover() {
    let ablated: RuleSet = [Rule::named("RV2").expect("a rule")].into_iter().collect();
    let stuck = (1..=6).filter(|seed| {
        let end = play(*seed, LENGTH, ablated).end;
        matches!(end, End::Stuck(_))
    });
    assert!(stuck.count() >= 4);
}

/// Only as many servers as a majority of the three voters, without the leader, although there are
/// two more servers.
#[test]
fn the_quorum_is_as_small_as_it_can_be() {
    let setup = Setup {
        servers: 5,
        voters: Some(3),
        ..Setup::default()
    };
    let mut trial = Trial::new(&setup);
    trial
        .act(&Action::Server(ServerAction::Fire(
            NodeId(2),
            Timer::Election,
        )))
        .expect("it can");
    trial.live_to(Micros::from_millis(100)).expect("few events");
    assert_eq!(trial.world().leader(), Some(NodeId(2)));
    assert_eq!(quorum(trial.world()), [NodeId(1), NodeId(3)].into());
}

/// Every kind is drawn, and so are the lab's network, every distribution, and every fault of a kind
/// of message.
#[test]
fn there_is_nothing_that_is_never_done() {
    let (mut kinds, mut models, mut curves) = (BTreeSet::new(), 0, BTreeSet::new());
    let (mut of_kind, mut fired) = (BTreeSet::new(), Vec::new());
    for seed in 1..=40 {
        let chaos = play(seed, LENGTH, RuleSet::EMPTY);
        kinds.extend(chaos.kinds);
        for done in chaos.trial.done() {
            let line = Line(&done.action).to_string();
            if line.starts_with("network labrpc") {
                models += 1;
            }
            if let Action::Server(ServerAction::Fire(_, timer)) = done.action {
                fired.push(timer);
            }
            if let Action::Message(MessageAction::Next { .. })
            | Action::Link(LinkAction::OfKind { .. }) = done.action
            {
                of_kind.extend(line.split_once(' ').map(|(verb, _)| verb.to_owned()));
            }
            if let Action::Link(LinkAction::Latency { delay, .. }) = done.action {
                let text = delay.to_string();
                curves.extend(text.split_once(' ').map(|(name, _)| name.to_owned()));
            }
        }
    }
    assert!(Kind::ALL.iter().all(|kind| kinds.contains(kind)));
    assert_eq!(of_kind.len(), 7, "{of_kind:?}");
    assert!(Timer::ALL.iter().all(|timer| fired.contains(timer)));
    assert!(models > 0, "the lab's network was never there");
    let names: Vec<&str> = curves.iter().map(String::as_str).collect();
    assert_eq!(names, ["exponential", "normal", "pareto"]);
}

/// The settings of links mean nothing under the lab's network, so that is removed first.
#[test]
fn a_quorum_is_mended_whatever_the_network_was() {
    let mut trial = Trial::new(&Setup::default());
    let labrpc = Labrpc {
        reliable: false,
        long_reordering: true,
    };
    for action in [
        Action::Link(LinkAction::Latency {
            link: None,
            delay: Delay::fixed(Micros::from_secs(50)),
        }),
        Action::Link(LinkAction::Network(Model::Labrpc(labrpc))),
        Action::Link(LinkAction::Bandwidth {
            link: None,
            bytes_per_second: Some(Bandwidth::MIN),
        }),
        Action::Link(LinkAction::OfKind {
            kind: MessageKind::RequestVote,
            link: None,
            mishap: Mishap::Loss(Permille::MAX),
        }),
        Action::Link(LinkAction::OfKind {
            kind: MessageKind::AppendEntries,
            link: None,
            mishap: Mishap::Reordering(Permille::MAX, MicrosRange::fixed(Micros::from_secs(40))),
        }),
        Action::Machine(MachineAction::DiskFails {
            server: None,
            fails: true,
        }),
    ] {
        trial.act(&action).expect("it can");
    }
    trial.live_to(LENGTH).expect("few events");
    let core = quorum(trial.world());
    let progress = demand_progress(&mut trial, &core, PROGRESS_WITHIN);
    assert_eq!(progress, Ok(Progress::Made));
    assert_eq!(trial.world().network().model(), Model::Plain);
}
