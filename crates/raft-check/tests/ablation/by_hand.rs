//! Rules against what no simulated server or host does.
//!
//! No simulated server lies, and no simulated host lets its state machine lag
//! behind, so no run can show what these rules are for. Nodes that are
//! driven by hand can: one message that no correct server sends is enough, or one
//! entry that the host has not applied yet.

use raft_core::{
    Config, Configuration, Envelope, Index, Message, Node, NodeId, Persistent, Role, Rule, Settings,
};
use raft_sim::Invariant;
use raft_sim::rules::Watched;

use crate::harm::set;

/// What was done by hand, and what it breaks.
pub(crate) struct ByHand {
    pub(crate) rule: Rule,
    /// What was done, in words.
    pub(crate) run: &'static str,
    pub(crate) invariant: Invariant,
    /// Whether it breaks the invariant on servers that follow all rules but one.
    pub(crate) breaks: fn(Option<Rule>) -> bool,
}

pub(crate) const BY_HAND: &[ByHand] = &[
    ByHand {
        rule: Rule::IgnoreNonsense,
        run: "a forged message: a follower acknowledges five entries although one was sent",
        invariant: Invariant::LeaderCompleteness,
        breaks: a_lie_commits_an_entry,
    },
    ByHand {
        rule: Rule::ReadApplied,
        run: "a slow host: it may answer a read although it has not applied all committed entries",
        invariant: Invariant::LinearizableRead,
        breaks: a_slow_host_answers_from_an_old_state,
    },
];

/// What was done by hand for `rule`.
pub(crate) fn of(rule: Rule) -> Option<&'static ByHand> {
    BY_HAND.iter().find(|shown| shown.rule == rule)
}

type Server = Node<u64, Watched>;

const S1: NodeId = NodeId(1);
const S2: NodeId = NodeId(2);
const S3: NodeId = NodeId(3);

/// S1 takes a lie for an acknowledgement and commits; S2 then leads without
/// the entry.
fn a_lie_commits_an_entry(ablated: Option<Rule>) -> bool {
    let mut servers = [S1, S2, S3].map(|id| server(id, [S1, S2, S3], ablated));
    let [first, second, third] = &mut servers;
    first.fire(raft_core::Timer::Election);
    exchange(first, second);
    let heartbeat = said(first).swap_remove(0).message;
    second.receive(S1, heartbeat);
    first.propose(7).expect("S1 leads");
    let _ = said(first);
    for answer in said(second) {
        let mut message = answer.message;
        if let Message::AppendEntriesReply(reply) = &mut message {
            reply.request.last_index = Index(5);
        }
        first.receive(S2, message);
    }
    second.fire(raft_core::Timer::Election);
    exchange(second, third);
    first.commit_index() == Index(1) && leads(second) && second.log().get(Index(1)).is_none()
}

/// S1 has committed an entry, which its host has not applied, and says that a
/// read may be answered.
fn a_slow_host_answers_from_an_old_state(ablated: Option<Rule>) -> bool {
    let mut servers = [S1, S2].map(|id| server(id, [S1, S2, S3], ablated));
    let [first, second] = &mut servers;
    first.fire(raft_core::Timer::Election);
    exchange(first, second);
    exchange(first, second);
    first.propose(7).expect("S1 leads");
    exchange(first, second);
    assert_eq!(first.commit_index(), Index(1), "S2 has stored the entry");
    first.read().expect("S1 has committed an entry of its term");
    exchange(first, second);
    let answered = first.poll_read().is_some();
    answered && first.last_applied() < first.commit_index()
}

fn server(id: NodeId, voters: [NodeId; 3], ablated: Option<Rule>) -> Server {
    let config = Config::new(id, Settings::default()).expect("possible settings");
    let voters = Configuration::new(voters, []).expect("a possible cluster");
    let away: Vec<Rule> = ablated.into_iter().collect();
    Node::restart_with(
        config,
        Persistent::bootstrap(voters),
        1,
        Watched::ablated(set(&away)),
    )
}

const fn leads(server: &Server) -> bool {
    matches!(server.role(), Role::Leader(_))
}

/// The messages that a server sends if its disk takes no time.
fn said(server: &mut Server) -> Vec<Envelope<u64>> {
    while let Some(write) = server.take_write() {
        server.durable(write.id);
    }
    core::iter::from_fn(|| server.poll_message()).collect()
}

/// The first message that `asking` sends, to whichever server, and its reply.
fn exchange(asking: &mut Server, asked: &mut Server) {
    let (from, to) = (asking.config().id(), asked.config().id());
    if let Some(question) = said(asking).into_iter().next() {
        asked.receive(from, question.message);
    }
    for answer in said(asked) {
        if answer.to == from {
            asking.receive(to, answer.message);
        }
    }
}
