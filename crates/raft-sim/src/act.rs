//! What can be done to a world from outside.
//!
//! An [`Action`] either makes one event or is refused with a reason and changes nothing. Letting
//! time pass is not done to a world, but by the run that it belongs to. Each family is checked
//! and done in the file of its name.

mod check;
mod client;
mod link;
mod machine;
mod message;
mod refusal;
mod rewrite;
mod server;

use crate::action::Action;
use crate::event::{Event, EventKind};
use crate::fact::Fact;
use crate::world::World;

pub use refusal::{ClientRefusal, Refusal};

impl World {
    /// Does `action`; makes one event.
    ///
    /// # Errors
    /// Says why it cannot be done now; the world is as it was.
    pub fn act(&mut self, action: &Action) -> Result<Event, Refusal> {
        self.permits(action)?;
        self.facts.clear();
        let server = action.server();
        let mut cause = None;
        let mut declined = None;
        let mut rewritten = None;
        match action {
            // It has been refused.
            Action::Time(_) => {}
            Action::Server(action) => declined = self.act_on_server(action),
            Action::Machine(action) => self.act_on_machine(action),
            Action::Link(action) => self.act_on_links(action),
            Action::Message(action) => cause = self.act_on_message(action),
            Action::Client(action) => self.act_on_clients(action),
            Action::Rewrite(action) => rewritten = Some(self.act_on_what_is_kept(action)),
        }
        let action = action.clone();
        let kind = match declined {
            Some(why) => EventKind::Declined(action, why),
            None => EventKind::Acted(action),
        };
        let event = self.finish(server, cause, kind);
        self.facts.extend(rewritten);
        if let EventKind::Acted(Action::Server(action)) = &event.kind
            && let Some(id) = action.restarted()
        {
            self.facts.push(Fact::Rejoined(id));
        }
        self.debug_check();
        Ok(event)
    }

    /// Whether `action` can be done now.
    fn permits(&self, action: &Action) -> Result<(), Refusal> {
        match action {
            Action::Time(_) => Err(Refusal::OnlyTime),
            Action::Server(action) => self.permits_to_server(action),
            Action::Machine(action) => self.permits_to_machine(action),
            Action::Link(action) => self.permits_to_links(action),
            Action::Message(action) => self.permits_to_message(action),
            Action::Client(action) => self.permits_to_clients(action),
            Action::Rewrite(action) => self.permits_rewrite(action),
        }
    }
}
