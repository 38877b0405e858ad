//! C6: what a node holds is bounded in bytes, whatever comes in and however long its disk
//! stands still; and once the disk goes on, nobody is left behind.
//!
//! Bytes are those of the allocator, what the host keeps of writes that are under way included.

use std::sync::Arc;

use raft_core::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Attempt, Configuration, Entry, Envelope,
    HardState, Index, InstallSnapshot, Message, Node, NodeId, Payload, Persistent, ProposeError,
    ReadError, RequestVote, RequestVoteReply, Round, Settings, Term, Timer, WriteId,
};

use crate::common::{HEARTBEAT, S1, S2, S3, config, settings};
use crate::trial::heap;

type Keeper = Node<Vec<u8>>;
type Said = Message<Vec<u8>>;

/// How often each attack is repeated.
const MANY: u64 = 100_000;

const KIB: usize = 1024;

/// What a command takes, and what is the most that may wait for the disk.
const COMMAND_BYTES: usize = KIB;
const UNWRITTEN_BYTES_MAX: usize = 64 * KIB;

/// The bound in terms of the allocator: entries lie in the log and in a write, and segments,
/// lists and the message at hand come to that.
const HELD_BYTES_MAX: usize = 4 * UNWRITTEN_BYTES_MAX;

fn bounded() -> Settings {
    Settings {
        unwritten_bytes_max: UNWRITTEN_BYTES_MAX,
        ..settings()
    }
}

/// One of three, with an empty log in term 1.
fn start(id: NodeId, settings: Settings) -> Keeper {
    start_in(Term(1), id, settings)
}

fn start_in(current_term: Term, id: NodeId, settings: Settings) -> Keeper {
    let voters = Configuration::new([S1, S2, S3], []).expect("a possible cluster");
    let disk = Persistent {
        hard_state: HardState {
            current_term,
            voted_for: None,
        },
        ..Persistent::bootstrap(voters)
    };
    Node::restart(config(id, settings), disk, id.0.into())
}

fn command() -> Vec<u8> {
    vec![7; COMMAND_BYTES]
}

/// A command for the end of the node's log, from the leader of this term.
fn one_more(node: &Keeper, term: u64) -> Said {
    append(node, term, node.log().last_index(), command())
}

fn append(node: &Keeper, term: u64, prev_log_index: Index, command: Vec<u8>) -> Said {
    let prev_log_term = match node.log().get(prev_log_index) {
        Some(entry) => entry.term,
        None => node.log().snapshot().last_included_term,
    };
    Message::AppendEntries(AppendEntries {
        term: Term(term),
        prev_log_index,
        prev_log_term,
        entries: vec![Entry {
            term: Term(term),
            payload: Payload::Command(command),
        }]
        .into(),
        leader_commit: Index::ZERO,
        round: Round::default(),
        attempt: Attempt::default(),
    })
}

/// A disk that takes every write and finishes none before it is told to.
#[derive(Default)]
struct Still(Vec<raft_core::Write<Vec<u8>>>);

impl Still {
    fn take(&mut self, node: &mut Keeper) {
        self.0.extend(node.take_write());
    }

    fn go_on(&mut self, node: &mut Keeper) {
        for write in self.0.drain(..) {
            node.durable(write.id);
        }
        finish(node);
    }
}

fn finish(node: &mut Keeper) -> Vec<Envelope<Vec<u8>>> {
    while let Some(write) = node.take_write() {
        node.durable(write.id);
    }
    std::iter::from_fn(|| node.poll_message()).collect()
}

/// The outcome of the last answer to AppendEntries among these.
fn last_outcome(said: &[Envelope<Vec<u8>>]) -> Option<AppendOutcome> {
    said.iter().rev().find_map(|said| match &said.message {
        Message::AppendEntriesReply(m) => Some(m.outcome),
        _ => None,
    })
}

/// How many bytes more there were at some time during this than before.
fn peak_bytes(attack: impl FnOnce()) -> usize {
    let _ = heap::taken_since_last();
    attack();
    heap::taken_since_last().1
}

fn lead(node: &mut Keeper) {
    node.fire(Timer::Election);
    finish(node);
    let term = node.hard_state().current_term;
    let yes = RequestVoteReply {
        term,
        vote_granted: true,
    };
    node.receive(S3, Message::RequestVoteReply(yes));
    assert!(node.role().is_leader());
    finish(node);
}

/// `from` agrees to all AppendEntries that it has been sent.
fn agree(node: &mut Keeper, from: NodeId, said: &[Envelope<Vec<u8>>]) {
    for said in said.iter().filter(|said| said.to == from) {
        if let Message::AppendEntries(m) = &said.message {
            let reply = AppendEntriesReply {
                term: m.term,
                request: m.request(),
                outcome: AppendOutcome::Success,
            };
            node.receive(from, Message::AppendEntriesReply(reply));
        }
    }
}

#[test]
fn a_follower_takes_in_no_more_than_its_disk_may_be_behind() {
    let mut node = start(S1, bounded());
    let mut disk = Still::default();
    let peak = peak_bytes(|| {
        for _ in 0..MANY {
            let message = one_more(&node, 1);
            node.receive(S2, message);
            disk.take(&mut node);
        }
    });
    assert!(peak < HELD_BYTES_MAX, "{peak} bytes");
    // The limit is reached, and with the last command exceeded.
    let held = node.log().last_index();
    assert_eq!(held, Index((UNWRITTEN_BYTES_MAX / COMMAND_BYTES) as u64));
    // Its leader hears that it is there, and no more.
    let message = one_more(&node, 1);
    node.receive(S2, message);
    let said: Vec<_> = std::iter::from_fn(|| node.poll_message()).collect();
    assert_eq!(last_outcome(&said), Some(AppendOutcome::Writing));
    disk.go_on(&mut node);
    let message = one_more(&node, 1);
    node.receive(S2, message);
    assert_eq!(
        last_outcome(&finish(&mut node)),
        Some(AppendOutcome::Success)
    );
    assert_eq!(node.durable_index(), Index(held.0 + 1));
}

/// What one leader's entries take the place of is with the disk still.
#[test]
fn entries_that_replace_each_other_count_until_their_writes_are_done() {
    let mut node = start(S1, bounded());
    let mut disk = Still::default();
    let peak = peak_bytes(|| {
        for term in 2..MANY {
            node.receive(S2, append(&node, term, Index::ZERO, command()));
            disk.take(&mut node);
        }
    });
    assert!(peak < HELD_BYTES_MAX, "{peak} bytes");
    disk.go_on(&mut node);
    node.receive(S2, append(&node, MANY, Index::ZERO, command()));
    assert_eq!(
        last_outcome(&finish(&mut node)),
        Some(AppendOutcome::Success)
    );
    assert_eq!(node.log().last_term(), Term(MANY));
}

/// An entry is taken in however big it is, if nothing waits: else it never would be.
#[test]
fn one_message_is_taken_in_however_big_it_is() {
    let mut node = start(S1, bounded());
    let big = vec![7; 3 * UNWRITTEN_BYTES_MAX];
    for index in 0..3 {
        node.receive(S2, append(&node, 1, Index(index), big.clone()));
        assert_eq!(
            last_outcome(&finish(&mut node)),
            Some(AppendOutcome::Success)
        );
    }
}

/// The others commit what is proposed, so that nothing else bounds what its disk lacks.
#[test]
fn a_leader_takes_in_no_more_than_its_disk_may_be_behind() {
    let mut node = start(S1, bounded());
    lead(&mut node);
    let mut disk = Still::default();
    let mut refused = 0;
    let peak = peak_bytes(|| {
        for _ in 0..MANY {
            match node.propose(command()) {
                Ok(_) => {}
                Err(ProposeError::TooManyBytesUnwritten { unwritten_bytes }) => {
                    assert!(unwritten_bytes >= UNWRITTEN_BYTES_MAX);
                    refused += 1;
                }
                Err(other) => panic!("{other}"),
            }
            disk.take(&mut node);
            let said: Vec<_> = std::iter::from_fn(|| node.poll_message()).collect();
            agree(&mut node, S2, &said);
            agree(&mut node, S3, &said);
            while node.poll_apply().is_some() {}
            // Not even if the log forgets what the disk does not have.
            let _ = node.compact(node.last_applied(), Arc::from([]));
        }
    });
    assert!(peak < HELD_BYTES_MAX, "{peak} bytes");
    assert_eq!(MANY - refused, node.commit_index().0);
    assert_eq!(node.durable_index(), Index::ZERO);
    disk.go_on(&mut node);
    node.propose(command()).expect("there is room again");
}

#[test]
fn snapshots_that_replace_each_other_count_until_their_writes_are_done() {
    let mut node = start(S1, bounded());
    let mut disk = Still::default();
    let data: Arc<[u8]> = vec![7; UNWRITTEN_BYTES_MAX / 4].into();
    let configuration = Arc::new(node.configuration().clone());
    let whole = |index| {
        let chunk = InstallSnapshot {
            term: Term(1),
            last_included_index: Index(index),
            last_included_term: Term(1),
            configuration: configuration.clone(),
            offset: 0,
            // As if it had just come from the network.
            data: Arc::from(&data[..]),
            done: true,
            round: Round::default(),
            attempt: Attempt::default(),
        };
        Message::InstallSnapshot(chunk)
    };
    let peak = peak_bytes(|| {
        for index in 1..MANY {
            node.receive(S2, whole(index));
            disk.take(&mut node);
        }
    });
    assert!(peak < HELD_BYTES_MAX, "{peak} bytes");
    assert_eq!(node.log().snapshot().last_included_index, Index(4));
    disk.go_on(&mut node);
    node.receive(S2, whole(MANY));
    finish(&mut node);
    assert_eq!(node.durable_index(), Index(MANY));
}

/// §6.4: nobody confirms them, nothing is applied, or the host does not ask.
#[test]
fn no_more_reads_wait_than_may() {
    let reads_max = 10;
    let mut node = start(
        S1,
        Settings {
            reads_max,
            ..bounded()
        },
    );
    lead(&mut node);
    node.propose(command()).expect("it leads");
    let said = finish(&mut node);
    agree(&mut node, S2, &said);
    let full = Err(ReadError::TooManyReads { waiting: reads_max });
    let mut asked = Vec::new();
    let peak = peak_bytes(|| {
        for _ in 0..MANY {
            match node.read() {
                Ok(id) => asked.push(id),
                refused => assert_eq!(refused, full),
            }
            // A heartbeat or the round of a read: whatever it says is lost.
            finish(&mut node);
        }
    });
    assert!(peak < 8 * KIB, "{peak} bytes");
    assert_eq!(asked.len(), reads_max);
    node.advance(HEARTBEAT);
    let mut said = finish(&mut node);
    while !said.is_empty() {
        agree(&mut node, S2, &said);
        said = finish(&mut node);
    }
    assert_eq!(node.read(), full, "they are confirmed, and not polled yet");
    while node.poll_apply().is_some() {}
    let answered: Vec<_> = std::iter::from_fn(|| node.poll_read()).collect();
    assert!(answered.iter().all(|read| read.outcome == Ok(Index(1))));
    assert_eq!(
        answered.iter().map(|read| read.id).collect::<Vec<_>>(),
        asked
    );
    node.read().expect("there is room again");
}

/// Whoever asks is answered, since a server may not know all members yet; there is an end to it.
#[test]
fn answers_to_strangers_do_not_pile_up() {
    let mut node = start(S1, bounded());
    let ask = |term| {
        Message::RequestVote(RequestVote {
            term: Term(term),
            last_log_index: Index::ZERO,
            last_log_term: Term(0),
            by_transfer: false,
        })
    };
    // In a term that its disk does not have.
    node.receive(S2, ask(2));
    let write = node.take_write().expect("the term");
    let peak = peak_bytes(|| {
        for number in 0..MANY / 5 {
            let from = NodeId(u16::try_from(number).expect("small") + 10);
            node.receive(from, ask(2));
        }
    });
    assert!(peak < 1024 * KIB, "{peak} bytes");
    node.durable(write.id);
    let said = finish(&mut node);
    let is_granted = |said: &Envelope<Vec<u8>>| {
        said.to == S2 && matches!(&said.message, Message::RequestVoteReply(m) if m.vote_granted)
    };
    assert!(said.iter().any(is_granted), "the vote was given before");
}

/// Three servers and a wire that delivers at once; the disks of some stand still.
struct Cluster {
    nodes: Vec<Keeper>,
    under_way: Vec<Vec<WriteId>>,
    still: [bool; 3],
}

impl Cluster {
    fn new(settings: &Settings) -> Self {
        let nodes = [S1, S2, S3].map(|id| start_in(Term(0), id, settings.clone()));
        let mut cluster = Self {
            nodes: nodes.into(),
            under_way: vec![Vec::new(); 3],
            still: [false; 3],
        };
        cluster.nodes[0].fire(Timer::Election);
        cluster.settle();
        assert!(cluster.nodes[0].role().is_leader());
        cluster
    }

    /// Nothing is left that anybody could say.
    fn settle(&mut self) {
        let mut is_quiet = false;
        while !is_quiet {
            is_quiet = true;
            for place in 0..3 {
                let node = &mut self.nodes[place];
                let write = node.take_write();
                self.under_way[place].extend(write.map(|write| write.id));
                if !self.still[place] {
                    let done = self.under_way[place].drain(..);
                    done.for_each(|write| node.durable(write));
                }
                while node.poll_apply().is_some() {}
                let from = node.config().id();
                let said: Vec<_> = std::iter::from_fn(|| node.poll_message()).collect();
                for Envelope { to, message } in said {
                    is_quiet = false;
                    self.nodes[usize::from(to.0) - 1].receive(from, message);
                }
            }
        }
    }

    fn pass(&mut self) {
        for node in &mut self.nodes {
            node.advance(HEARTBEAT);
        }
        self.settle();
    }
}

/// §6.2: a majority whose disks stand still deposes nobody, and catches up when they go on.
#[test]
fn everybody_catches_up_once_the_disks_go_on() {
    let patterns = [
        [false, true, false],
        [false, true, true],
        [true, false, false],
        [true, true, false],
        [true; 3],
    ];
    for in_flight_max in [1, 16] {
        for still in patterns {
            let mut cluster = Cluster::new(&Settings {
                check_quorum: true,
                in_flight_max,
                entries_max: 8,
                uncommitted_bytes_max: usize::MAX,
                ..bounded()
            });
            cluster.still = still;
            let mut accepted = 0;
            for _ in 0..200 {
                for _ in 0..8 {
                    accepted += u64::from(cluster.nodes[0].propose(command()).is_ok());
                }
                cluster.pass();
                assert!(cluster.nodes[0].role().is_leader(), "{still:?}");
            }
            let full = (UNWRITTEN_BYTES_MAX / COMMAND_BYTES) as u64;
            for (place, node) in cluster.nodes.iter().enumerate() {
                let behind = node.log().last_index().0 - node.durable_index().0;
                assert!(behind < full + 8, "{still:?}: {behind} entries");
                // A follower to which one message at a time is sent takes in no other.
                let fills = place == 0 || in_flight_max > 1;
                assert_eq!(still[place] && fills, behind >= full, "{still:?}: {behind}");
            }
            cluster.still = [false; 3];
            for _ in 0..60 {
                cluster.pass();
            }
            cluster.nodes[0].propose(command()).expect("there is room");
            cluster.pass();
            cluster.pass();
            for node in &cluster.nodes {
                let ends = (node.durable_index().0, node.commit_index().0);
                assert_eq!(ends, (accepted + 1, accepted + 1), "{still:?}");
            }
        }
    }
}
