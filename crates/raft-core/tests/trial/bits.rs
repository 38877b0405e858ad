//! What happens to a server, decoded from numbers or from bytes.
//!
//! A step that is decoded from one number is much faster to draw, and to make
//! smaller after a failure, than a tree of choices. A fuzzer changes bytes
//! here and there, so that from bytes each choice takes its own.

use std::sync::Arc;

use raft_core::{
    AppendEntriesReply, AppendOutcome, Configuration, Entry, HardState, Index, InstallOutcome,
    InstallSnapshot, InstallSnapshotReply, Message, NodeId, Payload, Persistent, PreVote,
    PreVoteReply, Settings, Snapshot, Term, Ticks, TimeoutNow,
};

use crate::common::{Said, append, ask, in_attempt, install, request, settings, vote};

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Pass(u64),
    /// So many ticks at once, as after a long sleep.
    Late(u64),
    Timeout,
    /// Anything, from anybody.
    Receive(u16, Said),
    /// A peer agrees to something that the node has said to it.
    Agree(usize),
    /// A peer turns out to have nothing of what it was sent to go on from.
    Lack(usize),
    /// The next chunk of the snapshot that the node was last sent: so many
    /// bytes, and whether that is all.
    GoOn(u64, bool),
    Propose,
    TakeWrite,
    Durable(usize),
    Apply,
    Compact(u64),
    Read,
    Transfer(u16),
    /// The voters and the learners, a bit for each server.
    Reconfigure(u64, u64),
    /// So many servers, each named as often as the second number says.
    Crowd(u16, u16),
    Restart,
    /// It starts again from a disk that holds anything at all.
    Corrupt(Box<(Persistent<u64>, Settings)>),
    /// The like is put under the running server, with this commit index.
    Overwrite(Box<Persistent<u64>>, u64),
}

/// Where choices are taken from.
enum Source<'a> {
    Number(u128),
    Bytes(&'a [u8]),
}

pub(crate) struct Bits<'a> {
    source: Source<'a>,
    /// Whether there may be anything at all, and not only what a server with
    /// an honest disk can meet.
    wild: bool,
}

impl<'a> Bits<'a> {
    pub(crate) const fn of_number(number: u128) -> Self {
        let source = Source::Number(number);
        Self {
            source,
            wild: false,
        }
    }

    /// The first byte says, among other things, how wild it gets.
    pub(crate) const fn of_bytes(bytes: &'a [u8], wild: bool) -> Self {
        let source = Source::Bytes(bytes);
        Self { source, wild }
    }

    pub(crate) const fn is_spent(&self) -> bool {
        match self.source {
            Source::Number(number) => number == 0,
            Source::Bytes(bytes) => bytes.is_empty(),
        }
    }

    /// A number below `bound`, which is 256 at most; 0 once all is spent.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        match &mut self.source {
            Source::Number(number) => {
                let drawn = *number % u128::from(bound);
                *number /= u128::from(bound);
                u64::try_from(drawn).expect("less than the bound")
            }
            Source::Bytes(bytes) => match bytes.split_first() {
                Some((first, rest)) => {
                    *bytes = rest;
                    u64::from(*first) % bound
                }
                None => 0,
            },
        }
    }

    fn small(&mut self, bound: u64) -> u16 {
        u16::try_from(self.below(bound)).expect("small")
    }

    fn choice(&mut self) -> usize {
        usize::from(self.small(256))
    }

    /// Mostly small, so that messages have to do with one another; sometimes huge.
    fn number(&mut self) -> u64 {
        let huge_from = if self.wild { 208 } else { 254 };
        match self.below(256) {
            huge if huge >= huge_from => u64::MAX - (huge - huge_from) % 8,
            small => small % 7,
        }
    }

    pub(crate) fn step(&mut self) -> Step {
        match self.below(if self.wild { 56 } else { 44 }) {
            32..34 => Step::Read,
            34 => Step::Transfer(self.server()),
            35..38 => Step::Reconfigure(self.below(32), self.below(32)),
            38..40 => Step::Lack(self.choice()),
            40..44 => Step::GoOn(self.below(4), self.below(3) == 0),
            44..48 => Step::Corrupt(Box::new((self.disk(), self.settings()))),
            48..51 => Step::Overwrite(Box::new(self.disk()), self.number()),
            51 => Step::Late(self.number()),
            52 => Step::Crowd(self.small(80), 1 + self.small(2)),
            0..2 => Step::Pass(self.below(250)),
            2 => Step::Timeout,
            3..11 | 53.. => Step::Receive(self.server(), self.message()),
            11..17 => Step::Agree(self.choice()),
            17..19 => Step::Propose,
            19..24 => Step::TakeWrite,
            24..28 => Step::Durable(self.choice()),
            28..30 => Step::Apply,
            30 => Step::Compact(self.number()),
            31 => Step::Restart,
        }
    }

    /// Mostly one of five; the last there can be is among the wild ones.
    fn server(&mut self) -> u16 {
        match self.small(if self.wild { 6 } else { 5 }) {
            5 => u16::MAX,
            id => id,
        }
    }

    fn message(&mut self) -> Said {
        let message = self.any_message();
        match &message {
            Message::AppendEntries(_)
            | Message::AppendEntriesReply(_)
            | Message::InstallSnapshot(_)
            | Message::InstallSnapshotReply(_) => in_attempt(self.below(4), message),
            Message::RequestVote(_)
            | Message::RequestVoteReply(_)
            | Message::PreVote(_)
            | Message::PreVoteReply(_)
            | Message::TimeoutNow(_) => message,
        }
    }

    fn any_message(&mut self) -> Said {
        let kind = self.below(9);
        let (term, index, other_term) = (self.number(), self.number(), self.number());
        match kind {
            0 => ask(term, index, other_term),
            1 => vote(term, self.below(2) == 0),
            2 => {
                let mut message = append(term, (0, other_term), &[], 0);
                if let Message::AppendEntries(m) = &mut message {
                    m.prev_log_index = Index(index);
                    m.entries = self.entries(5).into();
                    m.leader_commit = Index(self.number());
                }
                message
            }
            3 => Message::AppendEntriesReply(AppendEntriesReply {
                term: Term(term),
                request: request(other_term, index, self.number()),
                outcome: self.outcome(),
            }),
            4 => self.chunk(install(term, index, other_term)),
            5 => Message::PreVote(PreVote {
                term: Term(term),
                last_log_index: Index(index),
                last_log_term: Term(other_term),
            }),
            6 => Message::PreVoteReply(PreVoteReply {
                term: Term(term),
                vote_granted: self.below(2) == 0,
            }),
            7 => Message::TimeoutNow(TimeoutNow { term: Term(term) }),
            _ => Message::InstallSnapshotReply(InstallSnapshotReply {
                term: Term(term),
                request: request(other_term, index, self.number()),
                outcome: match self.below(4) {
                    0 => InstallOutcome::Installed,
                    1 => InstallOutcome::StaleTerm,
                    2 => InstallOutcome::TooLong,
                    _ => InstallOutcome::Stored {
                        offset: self.number(),
                    },
                },
            }),
        }
    }

    fn chunk(&mut self, whole: Said) -> Said {
        let Message::InstallSnapshot(m) = whole else {
            return whole;
        };
        Message::InstallSnapshot(InstallSnapshot {
            data: self.data(),
            configuration: Arc::new(self.configuration()),
            offset: if self.below(2) == 0 { 0 } else { self.number() },
            done: self.below(2) == 0,
            ..m
        })
    }

    fn data(&mut self) -> Arc<[u8]> {
        let length = usize::from(self.small(4));
        Arc::from(&[7, 8, 9][..length])
    }

    /// Fewer than `bound` entries, some of which hold no command but
    /// something else.
    fn entries(&mut self, bound: u64) -> Vec<Entry<u64>> {
        (0..self.below(bound)).map(|_| self.entry()).collect()
    }

    fn entry(&mut self) -> Entry<u64> {
        let term = if self.wild {
            self.number()
        } else {
            self.below(6)
        };
        let payload = match self.below(8) {
            0 => Payload::NoOp,
            1 | 2 => Payload::Configuration(Arc::new(self.configuration())),
            _ => Payload::Command(term),
        };
        Entry {
            term: Term(term),
            payload,
        }
    }

    /// Any configuration, the empty one and joint ones among them.
    fn configuration(&mut self) -> Configuration {
        let (voters, outgoing, learners) = (self.below(32), self.below(64), self.below(32));
        if self.wild && (voters, outgoing) == (31, 63) {
            // As many as there can be, half of them on their way out.
            let (incoming, leaving) = (0..32, 32..64);
            return Configuration::joint(incoming.map(NodeId), leaving.map(NodeId), [])
                .expect("just few enough");
        }
        let outgoing = if outgoing < 32 {
            servers(outgoing)
        } else {
            vec![]
        };
        let learners = servers(learners & !voters);
        Configuration::joint(servers(voters), outgoing, learners).unwrap_or_default()
    }

    fn outcome(&mut self) -> AppendOutcome {
        let (x_term, x_index, x_len) = (
            Term(self.number()),
            Index(self.number()),
            Index(self.number()),
        );
        match self.below(5) {
            0 => AppendOutcome::StaleTerm,
            1 => AppendOutcome::TooShort { x_len },
            2 => AppendOutcome::Conflict {
                x_term,
                x_index,
                x_len,
            },
            _ => AppendOutcome::Success,
        }
    }

    /// What no server would ever write, as a rule: terms that rise and fall,
    /// a snapshot beyond everything, a term below those of the entries.
    fn disk(&mut self) -> Persistent<u64> {
        let voted_for = match self.below(8) {
            0..3 => None,
            _ => Some(NodeId(self.server())),
        };
        Persistent {
            hard_state: HardState {
                current_term: Term(self.number()),
                voted_for,
            },
            snapshot: Snapshot {
                last_included_index: Index(self.number()),
                last_included_term: Term(self.number()),
                configuration: Arc::new(self.configuration()),
                data: self.data(),
            },
            entries: self.entries(8).into(),
        }
    }

    /// Settings at the ends of what [`raft_core::Config::new`] lets through,
    /// and ordinary ones half of the time.
    fn settings(&mut self) -> Settings {
        if self.below(2) == 0 {
            return settings();
        }
        let (features, ends) = (self.below(16), self.below(256));
        let end = |place: u64| {
            if ends >> place & 1 == 0 {
                1
            } else {
                usize::MAX
            }
        };
        let ticks = |place: u64| Ticks(if ends >> place & 1 == 0 { 1 } else { u64::MAX });
        Settings {
            heartbeat: ticks(0),
            election_timeout: ticks(1).min(ticks(2))..=ticks(2),
            entries_max: end(3),
            entries_bytes_max: end(4),
            in_flight_max: end(5),
            uncommitted_max: end(6),
            uncommitted_bytes_max: end(7),
            unwritten_bytes_max: end(7),
            reads_max: end(7),
            snapshot_whole_bytes_max: end(7),
            snapshot_bytes_max: end(7),
            no_op: features & 1 != 0,
            pre_vote: features & 2 != 0,
            check_quorum: features & 4 != 0,
            lease_reads: features & 0b1100 == 0b1100,
        }
    }
}

/// The servers whose bits are set.
pub(crate) fn servers(bits: u64) -> Vec<NodeId> {
    let is_set = |id: &u16| bits & (1 << id) != 0;
    (0..5).filter(is_set).map(NodeId).collect()
}
