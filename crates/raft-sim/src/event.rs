//! What happened: when, where, caused by what, by which rules.
//!
//! An [`Event`] keeps what cannot be found again by replaying the run up to
//! it: everything else (which fields changed, what a message carried) is read
//! off the world on both sides of it.

use raft_core::{NodeId, Rule, Timer};

use crate::action::Action;
use crate::client::ClientId;
use crate::ids::MessageId;
use crate::letter::Letter;
use crate::outcome::{Declined, LossReason};
use crate::rules::Rules;
use crate::said::Said;
use crate::time::Micros;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// Its place in the run, counted from 0.
    pub number: u64,
    /// When.
    pub at: Micros,
    /// On which server, if on one.
    pub server: Option<NodeId>,
    /// The earlier event that caused it, if one did.
    pub cause: Option<u64>,
    /// What.
    pub kind: EventKind,
    /// The clauses that acted, in their order.
    pub rules: Rules,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Somebody outside the system did this.
    Acted(Action),
    /// Somebody asked for something and was told why not.
    Declined(Action, Declined),
    /// A message arrived and was taken in.
    Delivered(MessageId, Letter<Said>),
    /// A message arrived at a server that is paused, and waits there.
    Parked(MessageId, Letter<Said>),
    /// A message came to the end of a clogged link, and waits there.
    Clogged(MessageId, Letter<Said>),
    /// A message was lost.
    Lost(MessageId, Letter<Said>, LossReason),
    /// A server's own timer ran out.
    Timer(Timer),
    /// A write reached the disk.
    Written,
    /// A client asks again, or for something new.
    ClientTimer(ClientId),
    /// A write failed, and the server stopped.
    WriteFailed,
}

impl Event {
    /// Why a server does not do what it was asked for, if that is what happened.
    #[must_use]
    pub const fn declined(&self) -> Option<Declined> {
        match self.kind {
            EventKind::Declined(_, why) => Some(why),
            _ => None,
        }
    }

    /// The rules that acted, the deciding ones first: what follows from
    /// nearly every message (a timer reset, a write, entries that wait) would
    /// hide them.
    #[must_use]
    pub fn rules_by_weight(&self) -> Vec<Rule> {
        let (quiet, mut rules): (Vec<Rule>, Vec<Rule>) =
            self.rules.iter().partition(|rule| is_quiet(**rule));
        rules.extend(quiet);
        rules
    }

    /// Whether a reader who skips heartbeats would want to stop here:
    /// somebody acted, an election was started or won, an entry committed by
    /// a leader, a conflict found or repaired, a snapshot installed, an old
    /// answer dropped.
    #[must_use]
    pub fn is_of_note(&self) -> bool {
        matches!(
            self.kind,
            EventKind::Acted(_) | EventKind::Declined(..) | EventKind::WriteFailed
        ) || self.rules.iter().any(|rule| {
            matches!(
                rule,
                Rule::StartElection
                    | Rule::WinElection
                    | Rule::CommitMajority
                    | Rule::ConsistencyCheck
                    | Rule::DeleteConflict
                    | Rule::LoadSnapshot
                    | Rule::OldReply
                    | Rule::IgnoreNonsense
                    | Rule::CheckQuorum
                    | Rule::TimeoutNow
                    | Rule::TransferAbort
                    | Rule::ReadApplied
                    | Rule::LatestConfiguration
                    | Rule::RollBackConfiguration
                    | Rule::LeaveJoint
                    | Rule::RemovedLeader
            )
        })
    }
}

/// Whether a rule is about timers and disks only, and follows from nearly every message.
#[must_use]
pub const fn is_quiet(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ResetOnLeader
            | Rule::ResetOnElection
            | Rule::ResetOnGrant
            | Rule::ResetOnce
            | Rule::RandomTimeout
            | Rule::PersistFirst
            | Rule::HeardWhileWriting
            | Rule::WaitForAnswer
    )
}
