//! Every Action that can be written, for the tests of whoever reads and writes them.

use proptest::prelude::*;
use raft_core::{Index, NodeId, Timer};
use raft_sim::action::{
    Action, ClientAction, Edit, Entries, EntryTerm, Groups, Held, Jump, LinkAction, MachineAction,
    Members, MessageAction, RewriteAction, STEPS_MAX, ServerAction, Steps, TERM_MAX, TimeAction,
    WrittenTerm,
};
use raft_sim::bounded::Permille;
use raft_sim::client::work::{Keys, Pauses, WORK_KEYS_MAX};
use raft_sim::client::{CLIENTS_MAX, ClientId, Key, Operation, ReadBy};
use raft_sim::clock::Rate;
use raft_sim::command::{Batch, Command};
use raft_sim::delay::{Delay, Shape};
use raft_sim::ids::{Between, MessageId, Pair};
use raft_sim::network::labrpc::Labrpc;
use raft_sim::network::{BANDWIDTH_MAX, Bandwidth, Model};
use raft_sim::said::MessageKind;
use raft_sim::setup::SERVERS_MAX;
use raft_sim::time::{DURATION_MAX, Duration, Micros, MicrosRange};
use raft_sim::which::{Handling, KindOrLink, Mishap, Which};

use crate::text::NUMBER_MAX;

fn server() -> impl Strategy<Value = NodeId> {
    (1..=u16::from(SERVERS_MAX)).prop_map(NodeId)
}

/// Different servers: some voters, one at least, and perhaps some learners.
fn members() -> impl Strategy<Value = Members> {
    let servers: Vec<NodeId> = (1..=u16::from(SERVERS_MAX)).map(NodeId).collect();
    let some = prop::sample::subsequence(servers, 1..5).prop_shuffle();
    (some, 1..5_usize).prop_map(|(mut voters, count)| {
        let learners = voters.split_off(count.min(voters.len()));
        Members::new(voters, learners).expect("nobody is twice")
    })
}

fn link() -> impl Strategy<Value = Pair> {
    (server(), server()).prop_filter_map("two servers", |(from, to)| Pair::new(from, to))
}

fn between() -> impl Strategy<Value = Between> {
    (link(), any::<bool>()).prop_map(|(pair, both)| {
        if both {
            Between::Both(pair)
        } else {
            Between::OneWay(pair)
        }
    })
}

fn time() -> impl Strategy<Value = Duration> {
    (0..=DURATION_MAX.0).prop_map(|time| Duration::clamped(Micros(time)))
}

fn range() -> impl Strategy<Value = MicrosRange> {
    (time(), time()).prop_map(|(a, b)| MicrosRange::between(a.get(), b.get()))
}

/// Commands of every sort, and often neighbours that a range could hold.
fn command() -> impl Strategy<Value = Command> {
    let numbered = (prop_oneof!["", "x", "y.", "\"", "#"], 0..12_u8);
    prop_oneof![
        numbered.prop_map(|(prefix, number)| Command::from(format!("{prefix}{number}"))),
        any::<String>().prop_map(Command::from),
    ]
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let counted = (0..20_u64, 1..30_u64)
        .prop_map(|(from, count)| (from..from + count).map(|n| Command::from(format!("x{n}"))));
    prop_oneof![
        prop::collection::vec(command(), 1..8),
        (counted, prop::collection::vec(command(), 0..3))
            .prop_map(|(counted, more)| counted.chain(more).collect()),
    ]
}

fn held() -> impl Strategy<Value = Held> {
    prop_oneof![
        4 => command().prop_map(Held::Command),
        1 => Just(Held::Command(Command::from("no-op"))),
        1 => Just(Held::NoOp),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = (1..=NUMBER_MAX).prop_map(Index);
    let term = (1..TERM_MAX).prop_map(EntryTerm::clamped);
    let entries = (commands(), 1..3_u64, 0..9_usize, 0..20_usize);
    let entries = entries.prop_map(|(commands, term, change, no_op)| {
        let terms = (0..).map(move |at| EntryTerm::clamped(term + u64::from(at >= change)));
        let mut held: Vec<_> = commands.into_iter().map(Held::Command).collect();
        if let Some(place) = held.get_mut(no_op) {
            *place = Held::NoOp;
        }
        Entries::new(terms.zip(held).collect()).expect("they are few")
    });
    prop_oneof![
        (entries, any::<bool>()).prop_map(|(entries, is_log)| {
            if is_log {
                Edit::Log(entries)
            } else {
                Edit::Snapshot(entries)
            }
        }),
        Just(Edit::Log(Entries::new(Vec::new()).expect("none"))),
        Just(Edit::Snapshot(Entries::new(Vec::new()).expect("none"))),
        members().prop_map(Edit::Configuration),
        (index.clone(), term, held()).prop_map(|(index, term, held)| Edit::Entry {
            index,
            term,
            held
        }),
        index.clone().prop_map(Edit::Delete),
        index.prop_map(Edit::Truncate),
        (0..=TERM_MAX).prop_map(|term| Edit::Term(WrittenTerm::clamped(term))),
        prop::option::of(server()).prop_map(Edit::VotedFor),
        (0..=NUMBER_MAX).prop_map(|index| Edit::Commit(Index(index))),
    ]
}

fn groups() -> impl Strategy<Value = Groups> {
    let order = Just((1..=9).map(NodeId).collect::<Vec<_>>()).prop_shuffle();
    (order, 1..4_usize, 1..5_usize).prop_map(|(servers, first, size)| {
        let (one, rest) = servers.split_at(first);
        let others = rest.chunks(size).map(<[NodeId]>::to_vec);
        Groups::new(std::iter::once(one.to_vec()).chain(others).collect()).expect("two")
    })
}

fn delay() -> impl Strategy<Value = Delay> {
    let normal = (time(), time()).prop_map(|(mean, deviation)| Delay::Normal { mean, deviation });
    let shape = (Shape::MIN.get()..=Shape::MAX.get()).prop_map(Shape::clamped);
    let pareto = (time(), shape).prop_map(|(min, shape_hundredths)| Delay::Pareto {
        min,
        shape_hundredths,
    });
    prop_oneof![
        range().prop_map(Delay::Even),
        normal,
        time().prop_map(|mean| Delay::Exponential { mean }),
        pareto,
    ]
}

fn kind() -> impl Strategy<Value = MessageKind> {
    prop::sample::select(MessageKind::ALL.to_vec())
}

fn which() -> impl Strategy<Value = Which> {
    let client = || prop::option::of((1..=CLIENTS_MAX).prop_map(ClientId));
    let of_kind = (kind(), prop::option::of(link()));
    prop_oneof![
        of_kind.prop_map(|(kind, link)| Which::Between(KindOrLink::of_kind(kind, link))),
        link().prop_map(|link| Which::Between(KindOrLink::on_link(link))),
        client().prop_map(Which::Request),
        client().prop_map(Which::Answer),
    ]
}

fn handling() -> impl Strategy<Value = Handling> {
    prop_oneof![
        Just(Handling::Drop),
        Just(Handling::Duplicate),
        Just(Handling::Deliver),
        time().prop_map(Handling::Delay),
    ]
}

fn any_share() -> impl Strategy<Value = Permille> {
    (0..=Permille::MAX.get()).prop_map(Permille::clamped)
}

fn rate() -> impl Strategy<Value = Rate> {
    (Rate::MIN.get()..=Rate::MAX.get()).prop_map(Rate::clamped)
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        any_share().prop_map(Mishap::Loss),
        any_share().prop_map(Mishap::Duplication),
        (any_share(), range()).prop_map(|(permille, by)| Mishap::Reordering(permille, by)),
    ]
}

fn model() -> impl Strategy<Value = Model> {
    let labrpc = (any::<bool>(), any::<bool>()).prop_map(|(reliable, long_reordering)| Labrpc {
        reliable,
        long_reordering,
    });
    prop_oneof![Just(Model::Plain), labrpc.prop_map(Model::Labrpc)]
}

fn of_servers() -> impl Strategy<Value = Action> {
    let jump = prop_oneof![time().prop_map(Jump::Ahead), time().prop_map(Jump::Back)];
    let one: Vec<fn(NodeId) -> Action> = vec![
        |it| Action::Server(ServerAction::Crash(it)),
        |it| Action::Server(ServerAction::CrashTorn(it)),
        |it| Action::Server(ServerAction::Restart(it)),
        |it| Action::Server(ServerAction::RestartEmpty(it)),
        |it| Action::Machine(MachineAction::Backup(it)),
        |it| Action::Server(ServerAction::RestartBackup(it)),
        |it| Action::Server(ServerAction::Pause(it)),
        |it| Action::Server(ServerAction::Resume(it)),
        |it| Action::Link(LinkAction::Disconnect(it)),
        |it| Action::Link(LinkAction::Connect(it)),
        |it| Action::Server(ServerAction::Read(it)),
        |it| Action::Server(ServerAction::Snapshot(it)),
        |it| Action::Machine(MachineAction::Stall(it)),
        |it| Action::Machine(MachineAction::Unstall(it)),
    ];
    let one = prop::sample::select(one);
    prop_oneof![
        10 => (one, server()).prop_map(|(action, server)| action(server)),
        1 => (server(), prop::sample::select(&Timer::ALL))
            .prop_map(|(server, timer)| Action::Server(ServerAction::Fire(server, timer))),
        1 => (server(), server()).prop_map(|(from, to)| Action::Server(ServerAction::Transfer { from, to })),
        1 => (server(), members()).prop_map(|(server, members)| {
            Action::Server(ServerAction::Reconfigure { server, members })
        }),
        1 => (prop::option::of(server()), range())
            .prop_map(|(server, range)| Action::Machine(MachineAction::Disk { server, range })),
        1 => (prop::option::of(server()), any::<bool>())
            .prop_map(|(server, in_order)| Action::Machine(MachineAction::DiskOrder { server, in_order })),
        1 => (prop::option::of(server()), any::<bool>())
            .prop_map(|(server, syncs)| Action::Machine(MachineAction::DiskSyncs { server, syncs })),
        1 => (prop::option::of(server()), any::<bool>())
            .prop_map(|(server, fails)| Action::Machine(MachineAction::DiskFails { server, fails })),
        1 => (server(), rate())
            .prop_map(|(server, permille)| Action::Machine(MachineAction::ClockRate { server, permille })),
        1 => (server(), time()).prop_map(|(server, each)| {
            Action::Machine(MachineAction::Cpu { server, each })
        }),
        1 => (server(), jump).prop_map(|(server, jump)| Action::Machine(MachineAction::ClockJump { server, jump })),
    ]
}

fn of_the_network() -> impl Strategy<Value = Action> {
    let message = || (1..=NUMBER_MAX).prop_map(MessageId);
    let share = || (prop::option::of(link()), any_share());
    prop_oneof![
        between().prop_map(|it| Action::Link(LinkAction::Cut(it))),
        prop::option::of(between()).prop_map(|it| Action::Link(LinkAction::Heal(it))),
        groups().prop_map(|it| Action::Link(LinkAction::Partition(it))),
        between().prop_map(|it| Action::Link(LinkAction::Clog(it))),
        prop::option::of(between()).prop_map(|it| Action::Link(LinkAction::Unclog(it))),
        message().prop_map(|it| Action::Message(MessageAction::Drop(it))),
        message().prop_map(|it| Action::Message(MessageAction::Duplicate(it))),
        message().prop_map(|it| Action::Message(MessageAction::Deliver(it))),
        (message(), time())
            .prop_map(|(message, by)| Action::Message(MessageAction::Delay { message, by })),
        (prop::option::of(link()), delay())
            .prop_map(|(link, delay)| Action::Link(LinkAction::Latency { link, delay })),
        share().prop_map(|(link, permille)| Action::Link(LinkAction::Loss { link, permille })),
        share()
            .prop_map(|(link, permille)| Action::Link(LinkAction::Duplication { link, permille })),
        (share(), range()).prop_map(|((link, permille), by)| Action::Link(
            LinkAction::Reordering { link, permille, by }
        )),
        model().prop_map(|it| Action::Link(LinkAction::Network(it))),
        (
            prop::option::of(link()),
            prop::option::of((1..=BANDWIDTH_MAX).prop_map(Bandwidth::clamped))
        )
            .prop_map(
                |(link, bytes_per_second)| Action::Link(LinkAction::Bandwidth {
                    link,
                    bytes_per_second
                })
            ),
        (which(), handling())
            .prop_map(|(which, handling)| Action::Message(MessageAction::Next { which, handling })),
        (kind(), prop::option::of(link()), mishap()).prop_map(|(kind, link, mishap)| Action::Link(
            LinkAction::OfKind { kind, link, mishap }
        )),
    ]
}

fn of_clients() -> impl Strategy<Value = Action> {
    let client = || (1..=CLIENTS_MAX).prop_map(ClientId);
    let by = || prop::sample::select(ReadBy::ALL.to_vec());
    let key = "[A-Za-z0-9_]{1,32}".prop_filter_map("a key", |name| Key::new(&name));
    let operation = (key, command(), 0..3_u8, by()).prop_map(|(key, value, verb, by)| match verb {
        0 => Operation::Put { key, value },
        1 => Operation::Append { key, value },
        _ => Operation::Get { key, by },
    });
    let pauses = range().prop_filter_map("it pauses", Pauses::new);
    prop_oneof![
        (client(), operation).prop_map(|(client, operation)| Action::Client(ClientAction::Ask {
            client,
            operation
        })),
        (
            prop::option::of(client()),
            (1..=WORK_KEYS_MAX).prop_map(Keys::clamped),
            pauses,
            any::<bool>(),
            by()
        )
            .prop_map(|(client, keys, every, reads_only, by)| Action::Client(
                ClientAction::Work {
                    client,
                    keys,
                    every,
                    reads_only,
                    by
                }
            )),
        prop::option::of(client()).prop_map(|it| Action::Client(ClientAction::Rest(it))),
        delay().prop_map(|it| Action::Client(ClientAction::Latency(it))),
        any_share().prop_map(|it| Action::Client(ClientAction::Loss(it))),
    ]
}

/// Every Action that can be written.
pub(crate) fn any_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        1 => (1..=STEPS_MAX).prop_map(|it| Action::Time(TimeAction::Step(Steps::clamped(it)))),
        1 => time().prop_map(|it| Action::Time(TimeAction::Run(it))),
        1 => (server(), commands()).prop_map(|(server, commands)| {
            let commands = Batch::new(commands).expect("they are few");
            Action::Server(ServerAction::Propose { server, commands })
        }),
        1 => (server(), edit()).prop_map(|(server, edit)| Action::Rewrite(RewriteAction { server, edit })),
        2 => of_servers(),
        2 => of_clients(),
        2 => of_the_network(),
    ]
}
