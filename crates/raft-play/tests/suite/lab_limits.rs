//! The limits that the lab puts on how much is said: `TestCount` on the number
//! of RPCs, `TestRPCBytes` on their bytes. A core that sends an entry once a
//! proposal and again once a commit is over both.

use raft_core::{Message, NodeId};
use raft_sim::action::{Action, LinkAction, ServerAction};
use raft_sim::command::Batch;
use raft_sim::delay::Delay;
use raft_sim::ids::MessageId;
use raft_sim::said::Said;
use raft_sim::setup::Setup;
use raft_sim::{Command, Micros, MicrosRange, Run};

/// What has been sent, besides replies: the lab counts an RPC with its reply.
#[derive(Default)]
struct Wire {
    /// The number of the last message that was looked at.
    last: u64,
    rpcs: u64,
    command_bytes: usize,
}

/// A cluster and what has gone over its wires.
struct Lab {
    run: Run,
    wire: Wire,
}

impl Lab {
    /// Three servers on the lab's reliable network.
    fn new(seed: u64) -> Self {
        let mut lab = Self {
            run: Run::new(Setup {
                servers: 3,
                seed,
                ..Setup::default()
            }),
            wire: Wire::default(),
        };
        lab.act(&Action::Link(LinkAction::Latency {
            link: None,
            delay: Delay::Even(MicrosRange::between(Micros(50), Micros(500))),
        }));
        lab
    }

    fn act(&mut self, action: &Action) {
        self.run.act(action).expect("it can be done");
        self.look();
    }

    /// Lets time pass until `enough`, for five seconds at most.
    fn pass_until(&mut self, enough: impl Fn(&Run) -> bool) {
        let limit = self.run.world().now().0 + 5_000_000;
        while !enough(&self.run) {
            assert!(self.run.world().now().0 < limit, "it takes too long");
            self.run.step().expect("the run is not full");
            self.look();
        }
    }

    /// Counts what has been sent since the last look.
    fn look(&mut self) {
        let flights = self.run.world().network().flights();
        for (id, flight) in flights.range(MessageId(self.wire.last + 1)..) {
            self.wire.last = id.0;
            let Some(rpc) = flight.letter.rpc() else {
                continue;
            };
            if !Said::of(&rpc.said).is_reply() {
                self.wire.rpcs += 1;
            }
            if let Message::AppendEntries(m) = &rpc.said {
                let commands = m.entries.iter().filter_map(|entry| entry.command());
                let bytes: usize = commands.map(|command| command.as_str().len()).sum();
                self.wire.command_bytes += bytes;
            }
        }
    }

    fn leader(&mut self) -> NodeId {
        self.pass_until(|run| run.world().leader().is_some());
        self.run.world().leader().expect("it was just there")
    }

    fn propose(&mut self, server: NodeId, command: String) {
        self.act(&Action::Server(ServerAction::Propose {
            server,
            commands: Batch::new(vec![Command::new(command)]).expect("one"),
        }));
    }

    /// How many RPCs were sent meanwhile.
    fn rpcs(&mut self, meanwhile: impl FnOnce(&mut Self)) -> u64 {
        let before = self.wire.rpcs;
        meanwhile(self);
        self.wire.rpcs - before
    }
}

fn all_applied(run: &Run, index: u64) -> bool {
    let nodes = run
        .world()
        .servers()
        .iter()
        .filter_map(|server| server.node());
    nodes.map(|node| node.last_applied().0).min() >= Some(index)
}

/// The first election: 1 to 30 RPCs. Twelve commands, ten of them waited for:
/// at most 42. A second of idleness: at most 60.
#[test]
fn the_rpcs_of_the_lab_s_count_test_stay_below_its_limits() {
    for seed in 1..=100 {
        let mut lab = Lab::new(seed);
        let election = lab.rpcs(|lab| {
            lab.leader();
        });
        assert!((1..=30).contains(&election), "seed {seed}: {election}");

        let leader = lab.leader();
        let agreeing = lab.rpcs(|lab| {
            for number in 1..=12 {
                lab.propose(leader, format!("c{number}"));
            }
            lab.pass_until(|run| all_applied(run, 10));
        });
        assert!(agreeing <= 42, "seed {seed}: {agreeing}");

        let until = lab.run.world().now().0 + 1_000_000;
        let idle = lab.rpcs(|lab| lab.pass_until(|run| run.world().now().0 >= until));
        assert!(idle <= 60, "seed {seed}: {idle}");
    }
}

/// Ten commands of 5000 bytes, each agreed on before the next: each goes once
/// to each follower.
#[test]
fn the_bytes_of_the_lab_s_rpc_bytes_test_stay_below_its_limit() {
    const COMMAND_BYTES: usize = 5000;
    for seed in 1..=100 {
        let mut lab = Lab::new(seed);
        let leader = lab.leader();
        let (mut index, mut sent) = (0, 0);
        for number in 0..10 {
            let command = format!("{number:0>COMMAND_BYTES$}");
            sent += command.len();
            index += 1;
            lab.propose(leader, command);
            lab.pass_until(|run| all_applied(run, index));
        }
        assert_eq!(sent, 50_000);
        let bytes = lab.wire.command_bytes;
        assert!(bytes <= 3 * sent + 50_000, "the lab's limit: {bytes}");
        assert_eq!(
            bytes,
            2 * sent,
            "seed {seed}: once to each of two followers"
        );
    }
}
