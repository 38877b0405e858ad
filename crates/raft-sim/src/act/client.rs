//! What clients do, and what their requests and answers meet.

use super::{ClientRefusal, Refusal};
use crate::action::ClientAction;
use crate::client::work::Work;
use crate::client::{Client, ClientId, QUEUE_MAX};
use crate::world::World;

impl World {
    pub(super) fn permits_to_clients(&self, action: &ClientAction) -> Result<(), Refusal> {
        match action {
            ClientAction::Ask { client, .. } => {
                let client = self.check_client(Some(*client))?;
                match client.filter(|client| client.pending() > QUEUE_MAX) {
                    Some(client) => Err(Refusal::Client(ClientRefusal::AsksTooMuch(client.id))),
                    None => Ok(()),
                }
            }
            ClientAction::Work { client, .. } | ClientAction::Rest(client) => {
                self.check_client(*client).map(|_| ())
            }
            ClientAction::Latency(_) | ClientAction::Loss(_) => self.check_client(None).map(|_| ()),
        }
    }

    /// The client that is meant, if it is a single one; `None` means every client.
    pub(super) fn check_client(&self, one: Option<ClientId>) -> Result<Option<&Client>, Refusal> {
        if self.clients().is_empty() {
            return Err(Refusal::Client(ClientRefusal::NoClients));
        }
        one.map(|id| {
            self.client(id)
                .ok_or(Refusal::Client(ClientRefusal::NoClient(id)))
        })
        .transpose()
    }

    pub(super) fn act_on_clients(&mut self, action: &ClientAction) {
        match action {
            ClientAction::Ask { client, operation } => self.want(*client, operation),
            ClientAction::Work {
                client,
                keys,
                every,
                reads_only,
                by,
            } => {
                let work = Work {
                    keys: *keys,
                    every: *every,
                    reads_only: *reads_only,
                    by: *by,
                    next_at: self.now,
                };
                self.set_work(*client, Some(work));
            }
            ClientAction::Rest(client) => self.set_work(*client, None),
            ClientAction::Latency(delay) => {
                self.network.change_lines(|line| line.latency = *delay);
            }
            ClientAction::Loss(permille) => {
                self.network
                    .change_lines(|line| line.loss_permille = *permille);
            }
        }
    }
}
