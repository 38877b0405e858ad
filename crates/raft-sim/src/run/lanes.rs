//! What each server was over the time of a branch, kept as it is played, so that a whole run can be
//! drawn at once: a server changes its term or its role seldom, and most events change neither.

use raft_core::{Role, Term};

use crate::server::{Life, Server};
use crate::time::Micros;
use crate::world::World;

/// What a server was, from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// After how many events.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// What it was; nothing while it is down.
    pub standing: Option<Standing>,
}

/// What a server that is up was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its term.
    pub term: Term,
    /// Its role.
    pub role: RoleKind,
}

/// The role of a server, without what it knows in it (§5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleKind {
    /// A follower.
    Follower,
    /// A candidate, or a server that asks whether it would win (§9.6 of the dissertation).
    Candidate,
    /// The leader of its term.
    Leader,
}

/// The spans of every server, the first one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lanes(Vec<Vec<Span>>);

impl Lanes {
    /// Those of a cluster as it begins.
    pub(super) fn beginning(world: &World) -> Self {
        let mut lanes = Self(vec![Vec::new(); world.servers().len()]);
        lanes.note(world);
        lanes
    }

    /// Notes what has changed by the last event, after which the world is `world`.
    pub(super) fn note(&mut self, world: &World) {
        for (lane, server) in self.0.iter_mut().zip(world.servers()) {
            let standing = standing(server);
            if lane.last().is_none_or(|last| last.standing != standing) {
                lane.push(Span {
                    position: world.event_count(),
                    at: world.now(),
                    standing,
                });
            }
        }
    }

    /// Forgets what was after so many events.
    pub(super) fn forget_after(&mut self, length: u64) {
        for lane in &mut self.0 {
            lane.truncate(lane.partition_point(|span| span.position <= length));
        }
    }

    /// The spans of each server, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &[Span]> {
        self.0.iter().map(Vec::as_slice)
    }
}

fn standing(server: &Server) -> Option<Standing> {
    match &server.life {
        Life::Running(running) => Some(Standing {
            term: running.node.hard_state().current_term,
            role: match running.node.role() {
                Role::Follower(_) => RoleKind::Follower,
                Role::PreCandidate(_) | Role::Candidate(_) => RoleKind::Candidate,
                Role::Leader(_) => RoleKind::Leader,
            },
        }),
        Life::Crashed => None,
    }
}
