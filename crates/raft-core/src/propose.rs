//! What clients propose, and how it gets into the leader's log (§5.3, §8).
//!
//! A leader appends a command and sends it with whatever else is due; nothing leaves before
//! the host polls, so that what is proposed together travels together. How much may wait to be
//! committed is bounded, since a leader that is cut off would else take commands in for ever.

use crate::condition::{Field, is_true};
use crate::entry::{Command, Entry, Payload};
use crate::error::ProposeError;
use crate::node::Node;
use crate::role::{Broadcast, Role, Transfer, Uncommitted};
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId, Term};

impl<C: Command, K: Conduct> Node<C, K> {
    /// Offers a command. A leader appends it and returns where. It is committed
    /// once [`Node::poll_apply`] gives an entry with that index *and* that term;
    /// one with that index and another term is somebody else's, and this command
    /// is lost. Until either is known it may become the one or the other.
    ///
    /// # Errors
    /// Any other server says who leads, as far as it knows (§8); a leader
    /// that hands its leadership over says to whom, and one that waits for
    /// too many entries, or for its disk, says for how much.
    pub fn propose(&mut self, command: C) -> Result<(Index, Term), ProposeError> {
        let Role::Leader(leader) = &self.role else {
            return Err(ProposeError::NotLeader(self.redirect()));
        };
        let counted = leader.uncommitted;
        let is_transferring = is_true(Field::Transferring, leader.transfer.is_some());
        if let Some(Transfer { to, .. }) = leader.transfer
            && self.rules.follows_if(Rule::TransferHold, is_transferring)
        {
            return Err(ProposeError::TransferUnderWay { to });
        }
        self.make_room_for(&command, counted)?;
        let term = self.stable.current_term();
        if !self.rules.follows(Rule::AppendCommand) {
            return Ok((self.stable.log().last_index().next(), term));
        }
        let index = self.append_own(Payload::Command(command));
        self.debug_check();
        Ok((index, term))
    }

    /// Whether the leader may take another command in. What is left of earlier terms is
    /// committed only with an entry of this one, so that the first is taken in whatever waits.
    #[inline]
    fn make_room_for(&mut self, command: &C, counted: Uncommitted) -> Result<(), ProposeError> {
        let settings = self.config.settings();
        let uncommitted = self
            .stable
            .log()
            .last_index()
            .0
            .saturating_sub(self.commit_index.0);
        let bytes = counted.bytes.saturating_add(command.size_bytes());
        let has_room = usize::try_from(uncommitted).is_ok_and(|n| n < settings.uncommitted_max);
        if has_room && bytes <= settings.uncommitted_bytes_max && !self.is_disk_behind() {
            return Ok(());
        }
        self.find_room_for(command, uncommitted)
    }

    #[cold]
    fn find_room_for(&mut self, command: &C, uncommitted: u64) -> Result<(), ProposeError> {
        if self.is_disk_behind() {
            let unwritten_bytes = self.stable.durability().unwritten_bytes();
            return Err(ProposeError::TooManyBytesUnwritten { unwritten_bytes });
        }
        let settings = self.config.settings();
        let is_full = usize::try_from(uncommitted).map_or(true, |n| n >= settings.uncommitted_max);
        if let Role::Leader(leader) = &self.role
            && leader.uncommitted.counted_at != self.commit_index
            && !is_full
        {
            self.count_uncommitted();
        }
        let Role::Leader(leader) = &self.role else {
            return Ok(());
        };
        let uncommitted_bytes = leader.uncommitted.bytes;
        let settings = self.config.settings();
        let bytes = uncommitted_bytes.saturating_add(command.size_bytes());
        let is_full_of_bytes = uncommitted > 0 && bytes > settings.uncommitted_bytes_max;
        if !is_full && !is_full_of_bytes
            || self.stable.log().last_term() < self.stable.current_term()
            || !self.rules.follows(Rule::BoundUncommitted)
        {
            Ok(())
        } else if is_full {
            Err(ProposeError::TooMuchInFlight { uncommitted })
        } else {
            Err(ProposeError::TooManyBytesInFlight { uncommitted_bytes })
        }
    }

    /// A leader appends an entry of its own term.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "`peers`, batch 1 and 64")]
    pub(crate) fn append_own(&mut self, payload: Payload<C>) -> Index {
        let term = self.stable.current_term();
        let entry = Entry { term, payload };
        let bytes = entry.size_bytes();
        if let Role::Leader(leader) = &mut self.role {
            let uncommitted = &mut leader.uncommitted;
            uncommitted.bytes = uncommitted.bytes.saturating_add(bytes);
            leader.broadcast = Some(Broadcast::From(NodeId(0)));
        }
        self.stable.append(entry, bytes)
    }
}
