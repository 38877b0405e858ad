//! What has to hold after each step.

use raft_core::{HardState, Index, Message, NodeId, Role, Ticks};

use super::{Step, Trial, heap};
use crate::common::{S1, Said};

/// What one input may take from the allocator, whatever the server has.
const HEAP_INPUT_BYTES: usize = 64 * 1024;

/// How often it may copy what there is, at the most: once for each server,
/// each of which may need another part of the log, and a few times besides.
const HEAP_COPIES: usize = 4;

/// The kinds of messages that one input can make it send to one server,
/// entries not counted: a heartbeat or two, a request, an answer, a call.
const KINDS: usize = 5;

/// How much of what was said is remembered.
const SAID_MAX: usize = 64;

impl Trial {
    pub(crate) fn step_and_check(&mut self, step: Step) {
        let before = self.node.hard_state();
        let restarts = matches!(step, Step::Restart);
        self.step(step);
        self.check_bounds();
        if !self.is_corrupted {
            let before = if restarts {
                self.disk.hard_state
            } else {
                before
            };
            self.check_rules(before);
        }
        self.check_disk();
    }

    /// Takes what it says, of which there is an end: for each input so much
    /// for each server that takes part, and more only where it was kept back.
    /// To be called after each input.
    pub(super) fn listen(&mut self) {
        let node = &self.node;
        let names = node.configuration();
        let names = [names.voters(), names.outgoing(), names.learners()];
        let servers = names.iter().map(|list| list.len()).sum::<usize>() + 1;
        let settings = node.config().settings();
        let entries = node.log().entries().len() + 1;
        self.credit += servers * (KINDS + settings.in_flight_max.min(entries));
        let (entries_max, bytes_max) = (settings.entries_max, settings.snapshot_bytes_max);
        while let Some(said) = self.node.poll_message() {
            assert!(self.credit > 0, "it never ceases to speak: {said:?}");
            self.credit -= 1;
            match &said.message {
                Message::AppendEntries(m) => assert!(m.entries.len() <= entries_max),
                Message::InstallSnapshot(m) => assert!(m.data.len() <= bytes_max),
                _ => {}
            }
            if !self.is_corrupted {
                self.check_said(&said.message);
            }
            if self.said.len() == SAID_MAX {
                self.said.pop_front();
            }
            self.said.push_back((said.to, said.message));
        }
        let (had, taken) = heap::taken_since_last();
        let bound = HEAP_INPUT_BYTES + (HEAP_COPIES + servers) * had;
        assert!(taken <= bound, "{taken} bytes taken where there were {had}");
    }

    /// What holds of any server whatever.
    fn check_bounds(&self) {
        let node = &self.node;
        assert!(node.log().entries().len() <= self.given, "more than given");
        assert!(node.ticks_to_deadline() > Ticks(0));
    }

    /// What holds of a server with an honest disk; `before` is term and vote
    /// before the step.
    fn check_rules(&self, before: HardState) {
        let node = &self.node;
        let now = node.hard_state();
        assert!(now.current_term >= before.current_term, "the term fell");
        if now.current_term == before.current_term && before.voted_for.is_some() {
            assert_eq!(now.voted_for, before.voted_for, "a second vote");
        }
        let last = node.log().last_index();
        assert!(node.commit_index() <= last, "it commits what it lacks");
        assert!(node.durable_index() <= last, "what it lacks is durable");
        assert_eq!(*node.configuration(), **node.log().configuration());
        if let Role::Leader(leader) = node.role() {
            for progress in leader.progress.values() {
                assert!(progress.next_index >= Index(1) && progress.match_index <= last);
            }
            let mut others: Vec<NodeId> = node.configuration().members().collect();
            others.retain(|id| *id != S1);
            others.sort_unstable();
            assert!(leader.progress.iter().map(|(id, _)| *id).eq(others));
        }
    }

    /// Whatever it says, its disk holds the term and, if it is one, the vote.
    fn check_said(&self, said: &Said) {
        let durable = self.disk.hard_state;
        assert!(said.term() <= durable.current_term, "not durable: {said:?}");
        let granted = matches!(said, Message::RequestVoteReply(m) if m.vote_granted);
        if granted && said.term() == durable.current_term {
            assert!(durable.voted_for.is_some(), "not durable: {said:?}");
        }
    }

    /// Once all is durable, the disk holds all of it, and nothing is kept back.
    fn check_disk(&mut self) {
        if !self.writes.is_empty() || self.node.clone().take_write().is_some() {
            return;
        }
        self.credit = 0;
        if !self.is_corrupted {
            assert_eq!(
                self.disk,
                self.node.persistent(),
                "the writes do not add up"
            );
        }
    }
}
