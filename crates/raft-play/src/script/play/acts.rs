//! What the lines do to the world, and what of that is counted.

use raft_core::{Index, NodeId};
use raft_sim::action::{Action, ServerAction};
use raft_sim::command::Command;
use raft_sim::outcome::Declined;
use raft_sim::run::Stage;

use super::{Player, Trouble};
use crate::playbook::{COMMAND_BYTES_MAX, COMMANDS_MAX};
use crate::text::{Fault, Wrong};

impl Player {
    /// Does something; answers why a server declines it, if one does.
    pub(super) fn act(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        action: &Action,
    ) -> Result<Option<Declined>, Trouble> {
        self.take_commands(action.commands())?;
        self.lot.work.action(action, stage.world());
        let mut before = None;
        if let Action::Server(ServerAction::Propose { server, .. }) = action {
            before = Some((*server, last_index(stage, *server)));
        }
        let declined = stage.act(action)?;
        if let Some((server, before)) = before {
            let last = last_index(stage, server);
            if last > before {
                self.tasks[task].index = last;
            }
        }
        Ok(declined)
    }

    /// Counts commands, so that a playbook cannot fill the memory.
    pub(super) fn take_commands<'c>(
        &mut self,
        commands: impl Iterator<Item = &'c Command>,
    ) -> Result<(), Trouble> {
        for command in commands {
            self.commands.0 += 1;
            self.commands.1 += command.as_str().len();
        }
        if self.commands.0 > COMMANDS_MAX || self.commands.1 > COMMAND_BYTES_MAX {
            let fault = Fault::playbook_commands(COMMANDS_MAX, COMMAND_BYTES_MAX);
            return Err(Trouble::Wrong(Wrong { at: 0, fault }));
        }
        Ok(())
    }
}

fn last_index(stage: &dyn Stage, id: NodeId) -> Index {
    let server = stage.world().server(id);
    let node = server.and_then(|server| server.node());
    node.map_or(Index::ZERO, |node| node.log().last_index())
}
