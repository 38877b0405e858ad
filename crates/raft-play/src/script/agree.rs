//! The lab's `one`: a command is offered until enough servers have applied it.
//!
//! As the lab has it: for ten seconds, the servers within reach are asked in turn. Once one
//! accepts, it is looked every 20 ms, for two seconds at most, whether enough servers have
//! applied that very command at the index that was answered; then it is offered anew. While
//! there is no leader, 50 ms pass between two rounds of asking.

use raft_core::{Index, NodeId};
use raft_sim::action::{Action, ServerAction};
use raft_sim::command::{Batch, Command};
use raft_sim::run::Stage;
use raft_sim::time::Micros;

use super::Agree;
use super::condition::applied_by;
use super::names::Known;
use super::play::Trouble;
use crate::text::{Fault, Scan, Wrong};

const GIVE_UP_AFTER: Micros = Micros::from_secs(10);
const OFFER_AGAIN_AFTER: Micros = Micros::from_secs(2);
const LOOK_EVERY: Micros = Micros::from_millis(20);
const ASK_EVERY: Micros = Micros::from_millis(50);

/// An agreement that is being sought.
#[derive(Debug)]
pub(super) struct Offering {
    pub(super) command: Command,
    /// When it is looked at next.
    pub(super) next_at: Micros,
    on: u32,
    retries: bool,
    servers: u16,
    give_up_at: Micros,
    /// Who was asked last.
    asked: u16,
    /// Where a leader put it, and until when it is looked for there.
    accepted: Option<(Index, Micros)>,
}

impl Offering {
    pub(super) fn new(
        agree: &Agree,
        servers: u8,
        now: Micros,
        known: &mut Known<'_>,
    ) -> Result<Self, Trouble> {
        let on = u32::try_from(agree.on.value(known)?).unwrap_or(0);
        if on > u32::from(servers) {
            let fault = Fault::agree_on_too_many(on, servers);
            return Err(Wrong { at: 0, fault }.into());
        }
        let command = Scan::new(&agree.text, servers, known).one_command()?;
        let command = command.ok_or_else(|| Wrong {
            at: 0,
            fault: Fault::empty_line(),
        })?;
        Ok(Self {
            command,
            next_at: now,
            on,
            retries: agree.retries,
            servers: u16::from(servers),
            give_up_at: now.saturating_add(GIVE_UP_AFTER),
            asked: 0,
            accepted: None,
        })
    }

    /// What it seeks, as a condition.
    pub(super) fn wanted(&self) -> String {
        format!("applied command {} >= {}", self.command, self.on)
    }

    /// Looks, or asks again; answers the index once enough servers have applied it.
    pub(super) fn go_on(&mut self, stage: &mut dyn Stage) -> Result<Option<Index>, Trouble> {
        let now = stage.world().now();
        if now < self.next_at {
            return Ok(None);
        }
        if let Some((index, look_until)) = self.accepted {
            if self.is_applied(stage, index) {
                return Ok(Some(index));
            }
            if now < look_until {
                self.next_at = now.saturating_add(LOOK_EVERY);
                return Ok(None);
            }
            if !self.retries {
                return Err(self.failed(stage, index));
            }
            self.accepted = None;
        }
        if now >= self.give_up_at {
            return Err(self.failed(stage, Index::ZERO));
        }
        for _ in 0..self.servers {
            self.asked = self.asked % self.servers + 1;
            if let Some(index) = self.offer_to(stage, NodeId(self.asked))? {
                self.accepted = Some((index, now.saturating_add(OFFER_AGAIN_AFTER)));
                self.next_at = now;
                return self.go_on(stage);
            }
        }
        self.next_at = now.saturating_add(ASK_EVERY);
        Ok(None)
    }

    /// Offers it to a server that says that it leads; answers where it was put.
    fn offer_to(&self, stage: &mut dyn Stage, id: NodeId) -> Result<Option<Index>, Trouble> {
        let world = stage.world();
        let running = world.server(id).and_then(|server| server.running());
        let leads =
            running.is_some_and(|running| !running.paused && running.node.role().is_leader());
        if !leads || !world.network().is_connected(id) {
            return Ok(None);
        }
        let last = last_index(stage, id);
        let Some(commands) = Batch::new(vec![self.command.clone()]) else {
            return Ok(None);
        };
        let server = id;
        stage.act(&Action::Server(ServerAction::Propose { server, commands }))?;
        let index = last_index(stage, id);
        Ok((index > last).then_some(index))
    }

    fn is_applied(&self, stage: &dyn Stage, index: Index) -> bool {
        let world = stage.world();
        let applied = applied_by(world, index);
        applied > 0 && applied >= self.on && world.checker().holds(index, &self.command)
    }

    fn failed(&self, stage: &dyn Stage, index: Index) -> Trouble {
        let applied = applied_by(stage.world(), index);
        Trouble::Unexpected(Fault::no_agreement(self.command.as_str(), self.on, applied))
    }
}

fn last_index(stage: &dyn Stage, id: NodeId) -> Index {
    let server = stage.world().server(id);
    let node = server.and_then(|server| server.node());
    node.map_or(Index::ZERO, |node| node.log().last_index())
}
