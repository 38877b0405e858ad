//! The objects that the page draws, in the page's own terms.

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::wasm_bindgen;

use raft_play::words::Language;

mod beside;
mod builds;
mod explanation;
mod logs;
mod questions;
mod server;
mod vocabulary;

pub(crate) use beside::{BesideView, DifferenceView, SameView};
pub(crate) use builds::{
    BuildAction, BuildView, CannotView, ContrastList, ContrastView, GoalView, HintView,
};
pub(crate) use explanation::{ClauseView, DeedView, Explanation, FigureView, RuleView};
pub(crate) use logs::{BracketView, CommittedView, TermRunView};
pub(crate) use questions::{AnswerView, PhaseList, PhaseView, QuestionList, QuestionView};
pub(crate) use server::{
    Answer, EntryKind, EntryView, HalfView, HolderView, ModeName, ProgressView, RoleName,
    ServerView, Standing, State, TallyView, VoteView,
};
pub(crate) use vocabulary::{PhraseList, PhraseView};

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
    /// What would mend it, where that is known word for word.
    pub instead: Option<InsteadView>,
    /// The line, and under it a caret.
    pub excerpt: String,
}

/// A list of problems.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct ProblemList(pub Vec<Problem>);

/// What to write at the place of a problem, in the place of so many characters.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct InsteadView {
    /// How many.
    pub chars: u32,
    /// What to write there.
    pub text: String,
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
        /// For an expectation: that it holds, and the actual values, in English.
        holds: Option<String>,
        /// The same in Chinese.
        holds_zh: Option<String>,
    },
    /// It has begun, and continues on request.
    Going,
    /// It was not done, or not completely.
    Refused {
        /// Why.
        problem: Problem,
        /// How the run is not as the line expects, if that is all.
        unmet: Option<Unmet>,
    },
}

/// How an expectation failed.
#[derive(Debug, Clone, Copy, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Unmet {
    /// It did not hold at the instant of the check.
    Expected,
    /// It did not hold within the time that it had.
    Waited,
}

/// What became of a request to let time pass.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(
    tag = "kind",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum Passage {
    /// It passed.
    Passed {
        /// How many events happened in that time.
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
    /// How often branches have become others under the same numbers.
    pub turn: u64,
    /// The words of the act that can be undone, if there is one.
    pub undoable: Option<String>,
    /// The words of the one that was undone and can be done again, if there is one.
    pub redoable: Option<String>,
    /// The playbook's title in English; empty for a free run.
    pub title: String,
    /// The playbook's title in Chinese.
    pub title_zh: String,
    /// The seed of the run.
    pub seed: u64,
    /// What the servers can do besides plain Raft, as a header names it.
    pub features: Vec<&'static str>,
    /// The ids of the ablated rules.
    pub without: Vec<String>,
    /// Every server, the first one first.
    pub servers: Vec<ServerView>,
    /// Every client, the first one first.
    pub clients: Vec<ClientView>,
    /// Links that are cut.
    pub cut: Vec<CutView>,
    /// Links at whose end messages wait.
    pub clogged: Vec<CutView>,
    /// Messages in flight.
    pub messages: Vec<MessageView>,
    /// How many more messages are in flight than those.
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
    /// The indices that messages name.
    pub brackets: Vec<BracketView>,
    /// What was ever committed at the indices that were asked for.
    pub committed: Vec<CommittedView>,
    /// The last entry that was ever committed.
    pub last_committed: Option<CommittedView>,
    /// What broke an invariant so far.
    pub violations: Vec<ViolationView>,
    /// The phase of the playbook whose caption applies, counted from 0.
    pub phase: Option<usize>,
    /// Where the captions end: at the end of the playbook, or where the branch left it.
    pub told_until: Option<InstantView>,
}

/// A client of the cluster.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ClientView {
    /// Its number: 1 for C1.
    pub id: u16,
    /// Its outstanding request, as a log would show it: `x=3`.
    pub asking: Option<String>,
    /// Which server it asks.
    pub server: Option<u16>,
    /// Where the leader's log holds that request: at several indices if it was asked again.
    pub indices: Vec<u64>,
    /// How many more operations are queued.
    pub queued: usize,
    /// How many it has begun.
    pub begun: u64,
    /// What it was answered last.
    pub last_answer: String,
    /// Whether it generates operations by itself.
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

/// A message in flight.
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
    /// Whether it is a refusal.
    pub refusal: bool,
    /// The RPC.
    #[tsify(
        type = "\"RequestVote\" | \"RequestVoteReply\" | \"AppendEntries\" | \"AppendEntriesReply\" | \"InstallSnapshot\" | \"InstallSnapshotReply\" | \"PreVote\" | \"PreVoteReply\" | \"TimeoutNow\" | \"ClientRequest\" | \"ClientReply\""
    )]
    pub kind: &'static str,
    /// Its contents in a few characters.
    pub label: String,
    /// The same in Chinese.
    pub label_zh: String,
    /// The sender's term.
    pub term: u64,
    /// The first and the last index that it carries, or of an answer those that it says are stored.
    #[tsify(type = "[number, number] | undefined")]
    pub carries: Option<(u64, u64)>,
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
    /// The same in Chinese.
    pub label_zh: String,
    /// Why it was lost.
    #[tsify(type = "\"cut\" | \"loss\" | \"crashed\" | \"dropped\"")]
    pub reason: &'static str,
}

/// A field that an event changed.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
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
    /// How many entries the server's log had before the event.
    pub log_length_before: u64,
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
    /// When.
    pub at: u64,
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
    /// Its kind: one of the words that the numbers in the columns stand for.
    pub kind: String,
    /// What happened, in words.
    pub text: String,
    /// Words besides these by which it can be looked for: those of its headline.
    pub sought: String,
    /// The ids of the rules that acted.
    pub rules: Vec<String>,
    /// Whether it is notable.
    pub of_note: bool,
    /// The event that caused it.
    pub cause: Option<u64>,
    /// Whether it is an Action.
    pub external: bool,
}

/// What a message carries.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct DetailList(pub Vec<DetailView>);

/// A list of events.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct EventList(pub Vec<EventView>);

/// A list of branches.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct BranchList(pub Vec<BranchView>);

/// A list of rules.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FigureList(pub Vec<FigureView>);

/// What servers can do besides plain Raft.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FeatureView {
    /// Its word in a playbook's header.
    pub name: &'static str,
    /// The feature that it requires.
    pub needs: Option<&'static str>,
}

/// A list of features.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct FeatureList(pub Vec<FeatureView>);

/// An instant.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct InstantView {
    /// How many events come before it.
    pub position: u64,
    /// When it is.
    pub at: u64,
}

/// An expectation of the playbook that failed.
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
    /// What it is called; empty where nobody has given it a name.
    pub name: String,
    /// When it left it.
    pub left_at: u64,
    /// The last instant of it that has been seen.
    pub end_at: u64,
    /// Its seed.
    pub seed: u64,
    /// What its servers can do besides plain Raft.
    pub features: Vec<&'static str>,
    /// Whether it is the current one.
    pub current: bool,
    /// The ids of the rules ablated in it.
    pub without: Vec<String>,
    /// The branch of which it is a replay under other rules, if nothing was done since.
    pub replay_of: Option<usize>,
}

/// What remains after a panic.
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
