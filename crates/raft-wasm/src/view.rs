//! The objects that the page draws, in the page's own terms.

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::wasm_bindgen;

use raft_play::words::Language;

mod server;

pub(crate) use server::{
    Answer, EntryKind, EntryView, ModeName, ProgressView, RoleName, ServerView, Standing, State,
    TallyView, VoteView,
};

/// A language of the page.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy)]
pub enum Lang {
    /// English.
    En = "en",
    /// Chinese.
    Zh = "zh",
}

/// What is wrong, where, and what to do about it.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What to do about it, in Chinese.
    pub remedy_zh: String,
    /// The line, and under it a caret.
    pub excerpt: String,
}

/// What became of an Action.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(
    tag = "kind",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum Outcome {
    /// It was done.
    Done {
        /// Of an expectation, that it holds and what is so, in English.
        holds: Option<String>,
        /// The same in Chinese.
        holds_zh: Option<String>,
    },
    /// It has begun, and goes on when asked to.
    Going,
    /// It was not done, or not to its end.
    Refused {
        /// Why.
        problem: Problem,
        /// How the run is not as the line expects, if that is all.
        unmet: Option<Unmet>,
    },
}

/// How something is not as a line expects.
#[derive(Debug, Clone, Copy, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Unmet {
    /// At the instant at which it was asked.
    Expected,
    /// Not within the time that it was given.
    Waited,
}

/// What became of the wish that time pass.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(
    tag = "kind",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum Passage {
    /// It passed.
    Passed {
        /// How many events happened meanwhile.
        events: u64,
    },
    /// It did not, and nothing has changed.
    Refused {
        /// Why.
        problem: Problem,
    },
}

/// The world as the page draws it.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// The present time.
    pub now: u64,
    /// How many events come before it.
    pub position: u64,
    /// How many events the branch has.
    pub length: u64,
    /// The last instant of the branch that has been seen.
    pub end_at: u64,
    /// Which branch.
    pub branch: usize,
    /// The playbook's title in English; empty for a free run.
    pub title: String,
    /// The playbook's title in Chinese.
    pub title_zh: String,
    /// The seed of the run.
    pub seed: u64,
    /// What the servers can do besides plain Raft, as a header names it.
    pub features: Vec<&'static str>,
    /// The ids of the rules that no server keeps to.
    pub without: Vec<String>,
    /// Every server, the first one first.
    pub servers: Vec<ServerView>,
    /// Every client, the first one first.
    pub clients: Vec<ClientView>,
    /// Links that nothing passes.
    pub cut: Vec<CutView>,
    /// Links at whose end messages wait.
    pub clogged: Vec<CutView>,
    /// Messages under way.
    pub messages: Vec<MessageView>,
    /// How many more messages are under way than those.
    pub messages_more: usize,
    /// Messages lost a short while ago.
    pub losses: Vec<LossView>,
    /// The leader with which the logs are compared.
    pub leader: Option<u16>,
    /// The highest index in any log.
    pub last_index_max: u64,
    /// The lowest index that is not in a snapshot everywhere.
    pub first_index_min: u64,
    /// The fields that the last event changed.
    pub changes: Vec<ChangeView>,
    /// On which server the last event happened.
    pub last_server: Option<u16>,
    /// The index that the last event was about: of the first entry that it changed, else what a
    /// nextIndex was set to, else where it found that a log is too short, or differs.
    pub touched: Option<u64>,
    /// What broke an invariant so far.
    pub violations: Vec<ViolationView>,
    /// The phase of the playbook whose caption has come true, counted from 0.
    pub phase: Option<usize>,
    /// Where the captions end: at the end of the playbook, or where the branch has left it.
    pub told_until: Option<InstantView>,
}

/// Somebody who uses the cluster.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ClientView {
    /// Its number: 1 for C1.
    pub id: u16,
    /// What it asks for now, as it stands in a log: `x=3`.
    pub asking: Option<String>,
    /// Which server it asks.
    pub server: Option<u16>,
    /// How many operations more it has in mind.
    pub queued: usize,
    /// How many it has begun.
    pub begun: u64,
    /// What it was answered last.
    pub last_answer: String,
    /// Whether it makes up operations of its own.
    pub works: bool,
}

/// A key of the store with its value.
#[derive(Debug, Clone, Hash, Serialize, Tsify)]
pub struct ValueView {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// A link, in one direction, by its ends.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct CutView {
    /// From this server.
    pub from: u16,
    /// To this one.
    pub to: u16,
}

/// A link, in one direction.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// Whether nothing passes.
    pub cut: bool,
    /// What each delay is drawn from, as a line would say it.
    pub latency: String,
    /// How many of a thousand messages are lost.
    pub loss_permille: u16,
}

/// A message under way.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Its number: 12 for M12.
    pub id: u64,
    /// From whom; a client by its number below zero.
    pub from: i16,
    /// To whom, likewise.
    pub to: i16,
    /// When it was sent.
    pub sent_at: u64,
    /// When it arrives.
    pub due_at: u64,
    /// Whether it answers another.
    pub reply: bool,
    /// Whether it says no.
    pub refusal: bool,
    /// The RPC.
    #[tsify(
        type = "\"RequestVote\" | \"RequestVoteReply\" | \"AppendEntries\" | \"AppendEntriesReply\" | \"InstallSnapshot\" | \"InstallSnapshotReply\" | \"PreVote\" | \"PreVoteReply\" | \"TimeoutNow\" | \"ClientRequest\" | \"ClientReply\""
    )]
    pub kind: &'static str,
    /// What it says, as short as it can be put.
    pub label: String,
    /// The sender's term.
    pub term: u64,
    /// Whether it will be lost if nothing changes.
    pub doomed: bool,
}

/// A field of a message.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct DetailView {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A message that was lost.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LossView {
    /// Its number.
    pub id: u64,
    /// From whom.
    pub from: u16,
    /// To whom.
    pub to: u16,
    /// When it was lost.
    pub at: u64,
    /// When it was sent.
    pub sent_at: u64,
    /// What it said.
    pub label: String,
    /// Why it was lost.
    #[tsify(type = "\"cut\" | \"loss\" | \"crashed\" | \"dropped\"")]
    pub reason: &'static str,
}

/// A field that an event changed.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct ChangeView {
    /// Of which server.
    pub server: u16,
    /// Its name in Figure 2.
    pub field: String,
    /// Its value before.
    pub before: String,
    /// Its value after.
    pub after: String,
    /// Of entries of the log: the first and the last index.
    #[tsify(type = "[number, number] | undefined")]
    pub entries: Option<(u64, u64)>,
}

/// What broke an invariant.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ViolationView {
    /// The invariant's name in English.
    pub property: String,
    /// The invariant's name in Chinese.
    pub property_zh: String,
    /// What was found, in English.
    pub text: String,
    /// What was found, in Chinese.
    pub text_zh: String,
    /// After which event.
    pub event: u64,
    /// Between which servers.
    pub servers: Vec<u16>,
    /// At which index; 0 where it is about none.
    pub index: u64,
}

/// An event.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Its number, counted from 0.
    pub number: u64,
    /// When.
    pub at: u64,
    /// On which server.
    pub server: Option<u16>,
    /// What kind of thing: one of the words that also number the columns.
    pub kind: String,
    /// What happened, in words.
    pub text: String,
    /// The ids of the rules that acted.
    pub rules: Vec<String>,
    /// Whether one would want to stop here.
    pub of_note: bool,
    /// The event that caused it.
    pub cause: Option<u64>,
    /// Whether somebody outside did it.
    pub external: bool,
}

/// What a message carries.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct DetailList(pub Vec<DetailView>);

/// A list of events.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct EventList(pub Vec<EventView>);

/// A list of phases.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct PhaseList(pub Vec<PhaseView>);

/// A list of branches.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct BranchList(pub Vec<BranchView>);

/// A list of rules.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct RuleList(pub Vec<RuleView>);

/// All that can be said of one event.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct Explanation {
    /// The event.
    pub event: EventView,
    /// The rules that acted.
    pub rules: Vec<RuleView>,
    /// The fields that it changed.
    pub changes: Vec<ChangeView>,
    /// What caused it.
    pub cause: Option<EventView>,
    /// What it broke.
    pub violations: Vec<ViolationView>,
}

/// What servers can do besides plain Raft.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FeatureView {
    /// Its word in a playbook's header.
    pub name: &'static str,
    /// The feature without which it cannot be.
    pub needs: Option<&'static str>,
}

/// A list of features.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FeatureList(pub Vec<FeatureView>);

/// A clause of the algorithm.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct RuleView {
    /// Its stable name.
    pub id: String,
    /// Where the paper or the dissertation states it.
    pub section: String,
    /// What it says.
    pub text: String,
    /// What it is for.
    #[tsify(type = "\"safety\" | \"liveness\" | \"efficiency\"")]
    pub kind: &'static str,
}

/// An instant.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct InstantView {
    /// How many events come before it.
    pub position: u64,
    /// When it is.
    pub at: u64,
}

/// What is not as the playbook expects.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FailureView {
    /// The line, and what is wrong.
    pub problem: Problem,
    /// After how many events.
    pub position: u64,
    /// When.
    pub at: u64,
}

/// A list of failures.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FailureList(pub Vec<FailureView>);

/// A phase of a playbook.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct PhaseView {
    /// What to look at.
    pub caption: String,
    /// After how many events it begins.
    pub position: u64,
    /// When it begins.
    pub at: u64,
    /// After how many events the last thing of note in it has happened.
    pub telling: u64,
}

/// A branch of the run.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct BranchView {
    /// Its number.
    pub id: usize,
    /// The branch that it left.
    pub parent: Option<usize>,
    /// After how many events it left it.
    pub forked_at: u64,
    /// How many events it has.
    pub length: usize,
    /// Whether it is the one that is looked at.
    pub current: bool,
    /// The ids of the rules that no server keeps to in it.
    pub without: Vec<String>,
    /// The branch of which it is a replay under other rules, if nothing was done since.
    pub replay_of: Option<usize>,
}

/// What a panic leaves.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct LastWords {
    /// What it said.
    pub message: String,
    /// The run up to it, as a playbook.
    pub run: String,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        // What is not one of the two words cannot come from typed code.
        match lang {
            Lang::Zh => Self::Chinese,
            _ => Self::English,
        }
    }
}
