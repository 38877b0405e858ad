//! A playbook of the paper, played and looked at phase by phase: what the tests
//! of the stories share.

use std::fs;
use std::path::PathBuf;

use raft_core::{NodeId, Payload, Role, Rule};
use raft_play::text::{Line, written_entry};
use raft_sim::Run;
use raft_sim::action::{Action, Edit, Entries, EntryTerm, Held, RewriteAction, ServerAction};
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::outcome::Declined;
use raft_sim::said::Said;
use raft_sim::server::ServerNode;

/// A run looked at from the end of one of its phases.
pub(crate) struct Played {
    pub(crate) run: Run,
    /// The events of that phase.
    pub(crate) phase: Vec<Event>,
    /// For the messages of failing assertions.
    pub(crate) at: String,
}

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/paper")
}

pub(crate) fn text(name: &str) -> String {
    let path = folder().join(name).with_extension("raft");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Looks at the playbook as every seed of a few plays it. The timers of the
/// stories run out when a line says so, or it does not matter whose do.
pub(crate) fn for_every_seed(name: &str, look: impl Fn(&mut Played)) {
    let text = text(name);
    assert!(text.contains("\nseed 1\n"), "{name}");
    for seed in 1..=40 {
        let text = text.replace("\nseed 1\n", &format!("\nseed {seed}\n"));
        let (run, failure) =
            raft_play::play(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if let Some(failure) = failure {
            panic!("{name}, seed {seed}: {}", failure.error);
        }
        let violations = run.world().checker().violations();
        assert!(violations.is_empty(), "{name}, seed {seed}: {violations:?}");
        let at = format!("{name}, seed {seed}");
        let phase = Vec::new();
        look(&mut Played { run, phase, at });
    }
}

impl Played {
    /// Goes to the end of the phase of this number, counted from 1.
    pub(crate) fn after(&mut self, number: usize) {
        let phases = self.run.phases();
        let begin = phases[number - 1].position;
        let end = phases.get(number).map_or(u64::MAX, |next| next.position);
        self.run.go_to(end);
        let events = self.run.events().range(begin..self.run.position());
        self.phase = events.collect();
    }

    pub(crate) fn node(&self, server: u16) -> &ServerNode {
        let server = self.run.world().server(NodeId(server)).expect("it exists");
        server.node().expect("it is running")
    }

    /// The log as a playbook would write it.
    pub(crate) fn log(&self, server: u16) -> String {
        written_log(self.node(server))
    }

    pub(crate) fn commit(&self, server: u16) -> u64 {
        self.node(server).commit_index().0
    }

    /// The `nextIndex` that `leader` has for `follower`.
    pub(crate) fn next_index(&self, leader: u16, follower: u16) -> u64 {
        let Role::Leader(role) = self.node(leader).role() else {
            panic!("S{leader} does not lead");
        };
        let progress = role.progress.get(NodeId(follower)).expect("a member");
        progress.next_index.0
    }

    pub(crate) fn term(&self, server: u16) -> u64 {
        self.node(server).hard_state().current_term.0
    }

    /// What each of these servers keeps: log and commitIndex.
    #[track_caller]
    pub(crate) fn keep(&self, servers: &[u16], log: &str, commit: u64) {
        for server in servers {
            let found = (self.log(*server), self.commit(*server));
            assert_eq!(found, (log.to_owned(), commit), "S{server}, {}", self.at);
        }
    }

    /// Every server that believes it leads, with its term.
    pub(crate) fn leaders(&self) -> Vec<(u16, u64)> {
        let servers = self.run.world().servers().iter();
        let running = servers.filter(|server| server.node().is_some_and(|n| n.role().is_leader()));
        running.map(|s| (s.id.0, self.term(s.id.0))).collect()
    }

    #[track_caller]
    pub(crate) fn leads(&self, leaders: &[(u16, u64)]) {
        assert_eq!(self.leaders(), leaders, "{}", self.at);
    }

    /// How often `server` acted by `rule` in this phase.
    pub(crate) fn acted(&self, server: u16, rule: Rule) -> usize {
        let here = self.phase.iter();
        let here = here.filter(|event| event.server == Some(NodeId(server)));
        here.filter(|event| event.rules.contains(&rule)).count()
    }

    /// What arrived in this phase: from whom, at whom, what.
    pub(crate) fn heard(&self) -> impl Iterator<Item = (u16, u16, Said)> {
        self.phase.iter().filter_map(|event| match &event.kind {
            EventKind::Delivered(_, Letter::Rpc(rpc)) => Some((rpc.from.0, rpc.to.0, rpc.said)),
            _ => None,
        })
    }

    /// Who voted for `candidate` as far as it heard in this phase, and who refused.
    pub(crate) fn votes(&self, candidate: u16) -> (Vec<u16>, Vec<u16>) {
        let (mut granted, mut refused) = (Vec::new(), Vec::new());
        for (from, to, said) in self.heard() {
            if let Said::RequestVoteReply { vote_granted, .. } = said
                && to == candidate
            {
                let votes = if vote_granted {
                    &mut granted
                } else {
                    &mut refused
                };
                votes.push(from);
            }
        }
        (granted, refused)
    }

    /// Why clients were sent away in this phase.
    pub(crate) fn declined(&self) -> Vec<Declined> {
        let kinds = self.phase.iter().map(|event| &event.kind);
        kinds
            .filter_map(|kind| match kind {
                EventKind::Declined(_, why) => Some(*why),
                _ => None,
            })
            .collect()
    }

    /// How many events after the last read of this phase it was answered, if
    /// it was.
    pub(crate) fn read_after(&self) -> Option<usize> {
        let is_read = |event: &Event| {
            matches!(
                event.kind,
                EventKind::Acted(Action::Server(ServerAction::Read(_)))
            )
        };
        let begun = self.phase.iter().rposition(is_read).expect("a read");
        let since = &self.phase[begun..];
        since
            .iter()
            .position(|event| event.rules.contains(&Rule::ReadApplied))
    }
}

/// The log of a server as a playbook would write it.
pub(crate) fn written_log(node: &ServerNode) -> String {
    let (mut texts, mut run) = (Vec::new(), Vec::new());
    for entry in node.log().entries() {
        let held = match &entry.payload {
            Payload::Command(command) => Held::Command(command.clone()),
            Payload::NoOp => Held::NoOp,
            Payload::Configuration(_) => {
                texts.push(written(std::mem::take(&mut run)));
                texts.push(written_entry(entry.term, &entry.payload));
                continue;
            }
        };
        run.push((EntryTerm::clamped(entry.term.0), held));
    }
    texts.push(written(run));
    texts.retain(|text| !text.is_empty());
    texts.join(" ")
}

/// Entries as a line writes them.
fn written(entries: Vec<(EntryTerm, Held)>) -> String {
    let entries = Entries::new(entries).expect("they are few");
    let action = Action::Rewrite(RewriteAction {
        server: NodeId(1),
        edit: Edit::Log(entries),
    });
    let line = Line(&action).to_string();
    let (_, log) = line.split_once("log").expect("it is a log");
    log.trim_start().to_owned()
}
