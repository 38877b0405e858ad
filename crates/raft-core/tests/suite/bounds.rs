//! What a leader takes in and sends at once (§5.3, §7, and §10.2.1 of the
//! dissertation): each bound holds, and none of them stops anything for good.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::common::members::{ids, of, settled_with};
use crate::common::*;
use proptest::prelude::*;
use raft_core::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Command, Config, Entry, Envelope, HardState,
    Index, Message, Node, NodeId, Payload, Persistent, ProposeError, RequestVoteReply, Settings,
    Term, Ticks,
};

/// A command of so many bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Blob(usize);

impl Command for Blob {
    fn size_bytes(&self) -> usize {
        self.0
    }
}

type Keeper = Node<Blob>;

/// What an entry takes besides its command: its term.
const TERM: usize = size_of::<Term>();

fn blobs(term: u64, sizes: &[usize]) -> Vec<Entry<Blob>> {
    let entry = |size: &usize| Entry {
        term: Term(term),
        payload: Payload::Command(Blob(*size)),
    };
    sizes.iter().map(entry).collect()
}

fn size_of_all(entries: &[Entry<Blob>]) -> usize {
    let size = |entry: &Entry<Blob>| match &entry.payload {
        Payload::Command(command) => command.0 + TERM,
        Payload::NoOp | Payload::Configuration(_) => TERM,
    };
    entries.iter().map(size).sum()
}

fn finish(node: &mut Keeper) -> Vec<Envelope<Blob>> {
    while let Some(write) = node.take_write() {
        node.durable(write.id);
    }
    drain(|| node.poll_message())
}

fn tell(node: &mut Keeper, from: NodeId, message: Message<Blob>) -> Vec<Envelope<Blob>> {
    node.receive(from, message);
    finish(node)
}

/// The AppendEntries with entries to `S2`.
fn batches(said: &[Envelope<Blob>]) -> Vec<AppendEntries<Blob>> {
    let one = |envelope: &Envelope<Blob>| match &envelope.message {
        Message::AppendEntries(m) if envelope.to == S2 && !m.entries.is_empty() => Some(m.clone()),
        _ => None,
    };
    said.iter().filter_map(one).collect()
}

/// `S1` of three, the leader of term 2, with commands of these sizes of term 1.
fn keeper(settings: Settings, sizes: &[usize]) -> Keeper {
    let disk = Persistent {
        hard_state: HardState {
            current_term: Term(1),
            voted_for: None,
        },
        entries: blobs(1, sizes).into(),
        ..Persistent::bootstrap(of(&[1, 2, 3], &[]))
    };
    let mut node = Node::restart(config(S1, settings), disk, 1);
    node.fire(raft_core::Timer::Election);
    finish(&mut node);
    let yes = RequestVoteReply {
        term: Term(2),
        vote_granted: true,
    };
    tell(&mut node, S3, Message::RequestVoteReply(yes));
    assert!(node.role().is_leader());
    node
}

fn says(m: &AppendEntries<Blob>, outcome: AppendOutcome) -> Message<Blob> {
    Message::AppendEntriesReply(AppendEntriesReply {
        term: m.term,
        request: m.request(),
        outcome,
    })
}

/// `S2` turns out to have nothing, and agrees to what it is then sent; how
/// many entries each message has.
fn sizes_of_batches(settings: Settings, sizes: &[usize]) -> Vec<usize> {
    let mut node = keeper(settings, sizes);
    let last = node.log().last_index();
    let heartbeat = AppendEntries {
        term: Term(2),
        prev_log_index: last,
        prev_log_term: Term(1),
        entries: Vec::new().into(),
        leader_commit: Index::ZERO,
        round: raft_core::Round::default(),
        attempt: raft_core::Attempt::default(),
    };
    let empty = AppendOutcome::TooShort { x_len: Index(1) };
    let mut said = tell(&mut node, S2, says(&heartbeat, empty));
    let mut counts = Vec::new();
    while let [batch] = &batches(&said)[..] {
        counts.push(batch.entries.len());
        said = tell(&mut node, S2, says(batch, AppendOutcome::Success));
    }
    assert_eq!(counts.iter().sum::<usize>(), sizes.len(), "all of it");
    counts
}

/// §5.3: a message carries as many entries as there is room for, by number and
/// by size, and one entry where there is room for none.
/// Fails without L3.
#[test]
fn a_message_carries_what_fits_and_one_entry_at_least() {
    let bounded = |entries_max, bytes| Settings {
        entries_max,
        entries_bytes_max: bytes,
        ..settings()
    };
    let sizes = [10, 10, 10, 500, 1, 1, 1, 1];
    for (entries_max, bytes, expected) in [
        (100, 10_000, &[8][..]),
        (3, 10_000, &[3, 3, 2]),
        (100, 2 * (10 + TERM), &[2, 1, 1, 4]),
        (100, 2 * (10 + TERM) - 1, &[1, 1, 1, 1, 3, 1]),
        (2, 2 * (10 + TERM), &[2, 1, 1, 2, 2]),
        (100, 500 + TERM, &[3, 1, 4]),
        (100, 499 + TERM, &[3, 1, 4]),
        (100, 1, &[1; 8]),
        (1, 10_000, &[1; 8]),
    ] {
        let counts = sizes_of_batches(bounded(entries_max, bytes), &sizes);
        assert_eq!(counts, expected, "{entries_max} entries, {bytes} bytes");
    }
}

/// §5.3: a size that a command makes up cannot make anything overflow.
#[test]
fn sizes_without_end_are_taken_for_what_they_are() {
    let sizes = [usize::MAX, usize::MAX, 1, usize::MAX - 1];
    assert_eq!(sizes_of_batches(settings(), &sizes), [1, 1, 1, 1]);
    let unbounded = Settings {
        entries_bytes_max: usize::MAX,
        ..settings()
    };
    assert_eq!(sizes_of_batches(unbounded, &sizes), [4]);
}

/// A leader that sends one entry a message and `in_flight_max` messages ahead,
/// and `S2`, whose log agrees with the leader's so far.
fn pipelining(in_flight_max: usize) -> Keeper {
    let settings = Settings {
        entries_max: 1,
        in_flight_max,
        ..settings()
    };
    let mut node = keeper(settings, &[]);
    node.propose(Blob(0)).expect("it leads");
    let said = finish(&mut node);
    let first = batches(&said);
    tell(&mut node, S2, says(&first[0], AppendOutcome::Success));
    assert_eq!(node.commit_index(), Index(1));
    node
}

/// Proposes so many commands one after the other; what `S2` is sent of them.
fn propose_each(node: &mut Keeper, commands: usize) -> Vec<AppendEntries<Blob>> {
    let mut sent = Vec::new();
    for _ in 0..commands {
        node.propose(Blob(0)).expect("there is room");
        sent.extend(batches(&finish(node)));
    }
    sent
}

/// §10.2.1, L3-pipe: no more messages are under way than allowed, whatever is
/// proposed; each answer makes room for one.
#[test]
fn no_more_is_under_way_than_allowed() {
    for in_flight_max in [1, 2, 3] {
        let mut node = pipelining(in_flight_max);
        let mut under_way: VecDeque<_> = propose_each(&mut node, 6).into();
        assert_eq!(under_way.len(), in_flight_max);
        let mut got = 0;
        while let Some(batch) = under_way.pop_front() {
            got += batch.entries.len();
            let said = tell(&mut node, S2, says(&batch, AppendOutcome::Success));
            assert!(
                said.len() <= 1,
                "an empty message is one too many: {said:?}"
            );
            under_way.extend(batches(&said));
            assert!(under_way.len() <= in_flight_max);
        }
        assert_eq!((got, node.commit_index()), (6, Index(7)));
    }
}

/// §10.2.1, L3-pipe: what has gathered fills the pipeline at once.
#[test]
fn what_has_gathered_is_pipelined_too() {
    for in_flight_max in [1, 2, 3] {
        let mut node = pipelining(in_flight_max);
        for _ in 0..6 {
            node.propose(Blob(0)).expect("there is room");
        }
        let sent = batches(&finish(&mut node));
        assert_eq!(sent.len(), in_flight_max);
        let first: Vec<u64> = sent.iter().map(|m| m.prev_log_index.0).collect();
        assert_eq!(first, (1..=in_flight_max as u64).collect::<Vec<_>>());
    }
}

/// §10.2.1, L3-pipe: nor do heartbeats add to it when nobody answers.
#[test]
fn heartbeats_do_not_fill_the_pipeline_any_further() {
    let mut node = pipelining(2);
    let sent = propose_each(&mut node, 6);
    assert_eq!(sent.len(), 2);
    for _ in 0..5 {
        node.advance(HEARTBEAT);
        let said = finish(&mut node);
        assert!(said.iter().any(|said| said.to == S2), "it is still alive");
        assert_eq!(batches(&said), [], "two are under way already");
    }
    // They were lost. The next heartbeat finds out, and all goes on.
    let lost = AppendOutcome::TooShort { x_len: Index(2) };
    let heartbeat = AppendEntries {
        prev_log_index: Index(3),
        prev_log_term: Term(2),
        entries: Vec::new().into(),
        ..sent[0].clone()
    };
    let said = tell(&mut node, S2, says(&heartbeat, lost));
    let again = AppendEntries {
        attempt: raft_core::Attempt(1),
        ..sent[0].clone()
    };
    assert_eq!(batches(&said), [again]);
}

/// L2-bound: what is proposed beyond the bound is refused, and leaves nothing
/// behind; once the first are committed there is room again.
#[test]
fn a_leader_takes_in_no_more_than_it_may() {
    let bounded = Settings {
        uncommitted_max: 3,
        ..settings()
    };
    let mut node = keeper(bounded, &[]);
    for _ in 0..3 {
        node.propose(Blob(1)).expect("there is room");
    }
    let said = finish(&mut node);
    let before = node.clone();
    let refused = node.propose(Blob(1));
    assert_eq!(
        refused,
        Err(ProposeError::TooMuchInFlight { uncommitted: 3 })
    );
    assert!(node == before && finish(&mut node).is_empty());
    node.advance(Ticks(5 * HEARTBEAT.0));
    assert!(node.propose(Blob(1)).is_err(), "time makes no room");
    let batch = &batches(&said)[0];
    tell(&mut node, S2, says(batch, AppendOutcome::Success));
    assert_eq!(node.commit_index(), Index(3));
    assert_eq!(node.propose(Blob(1)), Ok((Index(4), Term(2))));
}

/// L2-bound, §5.4.2: what is left of earlier terms is committed only with an
/// entry of this one, so that one at least has to be taken in, however much
/// is left: as after a restart of all, which knows nothing to be committed.
#[test]
fn what_is_left_of_earlier_terms_does_not_stop_a_leader() {
    let bounded = Settings {
        uncommitted_max: 3,
        ..settings()
    };
    let mut node = keeper(bounded, &[1; 5]);
    assert_eq!(node.commit_index(), Index::ZERO);
    assert_eq!(node.propose(Blob(1)), Ok((Index(6), Term(2))));
    let said = finish(&mut node);
    assert!(node.propose(Blob(1)).is_err(), "one is enough for that");
    let batch = &batches(&said)[0];
    tell(&mut node, S2, says(batch, AppendOutcome::Success));
    assert_eq!(node.commit_index(), Index(6));
    node.propose(Blob(1)).expect("there is room");
}

/// L2-bound, §4.1: a change of the configuration is no command: it may be what
/// makes a cluster whose servers have failed commit again.
#[test]
fn the_configuration_can_be_changed_with_no_room_left() {
    let bounded = Settings {
        uncommitted_max: 2,
        ..settings()
    };
    let mut node = settled_with(bounded, of(&[1, 2], &[]));
    for command in [102, 103] {
        node.propose(command).expect("there is room");
    }
    let _ = flush(&mut node);
    assert!(node.propose(104).is_err());
    node.reconfigure(&ids(&[1]), &[]).expect("S2 has failed");
    let _ = flush(&mut node);
    assert_eq!(commit(&node), 4);
    node.propose(105).expect("there is room again");
}

/// Settings with which nothing could ever be done are refused.
#[test]
fn a_bound_of_nothing_is_refused() {
    let changes: [fn(&mut Settings); 5] = [
        |settings| settings.entries_max = 0,
        |settings| settings.entries_bytes_max = 0,
        |settings| settings.in_flight_max = 0,
        |settings| settings.uncommitted_max = 0,
        |settings| settings.snapshot_bytes_max = 0,
    ];
    let mut refusals = Vec::new();
    for change in changes {
        let mut settings = settings();
        change(&mut settings);
        refusals.push(Config::new(S1, settings).expect_err("nothing could be done"));
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 5, "each says which: {refusals:?}");
}

/// Three servers with small bounds, on a wire that loses and reorders.
struct Net {
    nodes: Vec<Keeper>,
    wire: Vec<(NodeId, Envelope<Blob>)>,
    settings: Settings,
}

impl Net {
    fn new(settings: Settings) -> Self {
        let start = |id: u16| {
            let disk = Persistent::bootstrap(of(&[1, 2, 3], &[]));
            Node::restart(config(NodeId(id), settings.clone()), disk, id.into())
        };
        Self {
            nodes: (1..=3).map(start).collect(),
            wire: Vec::new(),
            settings,
        }
    }

    fn node(&mut self, id: NodeId) -> &mut Keeper {
        &mut self.nodes[usize::from(id.0) - 1]
    }

    /// One thing happens, then what follows is checked and put on the wire.
    fn step(&mut self, kind: u8, n: usize) {
        let id = NodeId(u16::try_from(n % 3).expect("small") + 1);
        match kind {
            0..8 if !self.wire.is_empty() => {
                let (from, Envelope { to, message }) = self.wire.remove(n % self.wire.len());
                self.node(to).receive(from, message);
            }
            8 if !self.wire.is_empty() => drop(self.wire.remove(n % self.wire.len())),
            9..12 => self
                .nodes
                .iter_mut()
                .for_each(|node| node.advance(HEARTBEAT)),
            12 if n.is_multiple_of(8) => self.node(id).fire(raft_core::Timer::Election),
            13 => {
                let data = Arc::from(vec![0; n]);
                let last = self.node(id).last_applied();
                let _ = self.node(id).compact(last, data);
            }
            _ => self.propose(n),
        }
        self.collect();
    }

    fn propose(&mut self, n: usize) {
        let bound = self.settings.uncommitted_max as u64;
        for node in &mut self.nodes {
            if node.propose(Blob(n % 40)).is_ok() && node.log().last_term() == Term(1) {
                let uncommitted = node.log().last_index().0 - node.commit_index().0;
                assert!(uncommitted <= bound);
            }
        }
    }

    fn collect(&mut self) {
        for node in &mut self.nodes {
            let said = finish(node);
            while node.poll_apply().is_some() {}
            let from = node.config().id();
            for one in said {
                check(&self.settings, &one.message);
                self.wire.push((from, one));
            }
        }
    }
}

/// No message is bigger than it may be.
fn check(settings: &Settings, message: &Message<Blob>) {
    match message {
        Message::AppendEntries(m) => {
            assert!(m.entries.len() <= settings.entries_max, "{m:?}");
            let fits = size_of_all(&m.entries) <= settings.entries_bytes_max;
            assert!(fits || m.entries.len() == 1, "{m:?}");
        }
        Message::InstallSnapshot(m) => {
            assert!(m.data.len() <= settings.snapshot_bytes_max, "{m:?}");
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(crate::cases::cases(2_000))]

    /// Whatever happens, no message is bigger than it may be; and once all
    /// messages arrive, everybody gets everything in spite of the bounds.
    #[test]
    fn no_message_is_bigger_than_it_may_be(
        bounds in (1_usize..5, 1_usize..60, 1_usize..4, 1_usize..6, 1_usize..9),
        no_op: bool,
        steps in prop::collection::vec((0_u8..20, 0_usize..64), 0..80),
    ) {
        let mut net = Net::new(Settings {
            entries_max: bounds.0,
            entries_bytes_max: bounds.1,
            in_flight_max: bounds.2,
            uncommitted_max: bounds.3,
            snapshot_bytes_max: bounds.4,
            no_op,
            ..settings()
        });
        net.node(S1).fire(raft_core::Timer::Election);
        net.collect();
        for (kind, n) in steps {
            net.step(kind, n);
        }
        let leads = |net: &Net| net.nodes.iter().position(|node| node.role().is_leader());
        for round in 0..2_000 {
            if leads(&net).is_none() {
                net.nodes[round % 3].fire(raft_core::Timer::Election);
            }
            net.propose(1);
            net.nodes.iter_mut().for_each(|node| node.advance(HEARTBEAT));
            net.collect();
            while !net.wire.is_empty() {
                net.step(0, 0);
            }
            let ends = net.nodes.iter().map(|node| (node.commit_index(), node.log().last_index()));
            if ends.clone().all(|(commit, last)| commit > Index(2) && last.0 - commit.0 <= 2) {
                return Ok(());
            }
        }
        prop_assert!(false, "they never get anywhere: {:?}", net.nodes);
    }
}

/// §6.4: a read asks everybody anew, and sends nothing again that is under
/// way; what may be lost is for the heartbeat to send.
#[test]
fn a_read_does_not_send_again_what_is_under_way() {
    let mut node = leader(2, &[]);
    node.propose(1).expect("it leads");
    flush(&mut node);
    hear(&mut node, S2, stored(2, 0, 1));
    node.propose(2).expect("it leads");
    flush(&mut node);
    let entries = |said: &[Envelope<u64>], to| {
        let sent = appends(said, to);
        sent.iter().map(|m| m.entries.len()).collect::<Vec<_>>()
    };
    node.read().expect("an entry of its term is committed");
    let said = flush(&mut node);
    assert_eq!((entries(&said, S2), entries(&said, S3)), (vec![0], vec![0]));
    node.advance(HEARTBEAT);
    let said = flush(&mut node);
    assert_eq!((entries(&said, S2), entries(&said, S3)), (vec![1], vec![2]));
}
