//! The servers' threads, and the channels between them.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use raft_core::NodeId;

use super::server::{Input, Look, Server};
use super::store;

/// The way to each server that lives. A message to any other is lost, which
/// Raft is made for.
#[derive(Default)]
pub(crate) struct Network {
    inboxes: Mutex<BTreeMap<NodeId, Sender<Input>>>,
}

impl Network {
    pub(crate) fn send(&self, to: NodeId, input: Input) {
        let inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inbox) = inboxes.get(&to) {
            // A server that has just died takes nothing, like one that is dead.
            let _ = inbox.send(input);
        }
    }

    fn set(&self, id: NodeId, inbox: Option<Sender<Input>>) {
        let mut inboxes = self.inboxes.lock().unwrap_or_else(PoisonError::into_inner);
        match inbox {
            Some(inbox) => inboxes.insert(id, inbox),
            None => inboxes.remove(&id),
        };
    }
}

/// All servers, alive or not.
pub(crate) struct Cluster {
    pub(crate) ids: Vec<NodeId>,
    pub(crate) network: Arc<Network>,
    folder: PathBuf,
    threads: BTreeMap<NodeId, JoinHandle<io::Result<()>>>,
    /// How many lives have begun: each has election timeouts of its own.
    lives: u64,
}

impl Cluster {
    /// `servers` servers with their files under `folder`.
    pub(crate) fn start(servers: u16, folder: PathBuf) -> io::Result<Self> {
        let ids: Vec<_> = (1..=servers).map(NodeId).collect();
        let mut cluster = Self {
            ids: ids.clone(),
            network: Arc::default(),
            folder,
            threads: BTreeMap::new(),
            lives: 0,
        };
        for id in ids {
            cluster.revive(id)?;
        }
        Ok(cluster)
    }

    /// Stops the thread of a server, whose memory is lost with it, in the
    /// middle of a write.
    pub(crate) fn kill(&mut self, id: NodeId) -> io::Result<()> {
        self.network.send(id, Input::Crash);
        self.network.set(id, None);
        if let Some(thread) = self.threads.remove(&id) {
            let ended = thread.join();
            ended.map_err(|_| io::Error::other(format!("{id} panicked")))??;
            store::tear(&self.folder_of(id))?;
        }
        Ok(())
    }

    /// Starts a server from its files.
    pub(crate) fn revive(&mut self, id: NodeId) -> io::Result<()> {
        let (sender, inbox) = channel();
        self.lives += 1;
        let folder = self.folder_of(id);
        let network = Arc::clone(&self.network);
        let server = Server::start(id, self.ids.clone(), &folder, self.lives, network)?;
        self.network.set(id, Some(sender));
        let thread = thread::Builder::new().name(id.to_string());
        let thread = thread.spawn(move || server.run(&inbox))?;
        self.threads.insert(id, thread);
        Ok(())
    }

    /// What each server holds; none where one is dead.
    pub(crate) fn look(&self) -> Option<Vec<Look>> {
        let ask = |id: &NodeId| {
            let (sender, answer) = channel();
            self.network.send(*id, Input::Look(sender));
            answer.recv().ok()
        };
        self.ids.iter().map(ask).collect()
    }

    fn folder_of(&self, id: NodeId) -> PathBuf {
        self.folder.join(id.to_string())
    }
}
