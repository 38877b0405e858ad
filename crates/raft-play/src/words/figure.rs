//! What Figure 2 says of each rule on the page: one line, why the rule is there, and the playbooks of
//! the library that are about it.

use raft_core::Rule;

use super::Language;

/// What is said of a rule where all of them are listed.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The rule in one line: English and Chinese.
    pub line: [&'static str; 2],
    /// Why it is there, likewise.
    pub reason: [&'static str; 2],
    /// The paths of playbooks in which it can be seen at work, or missed, below `playbooks/` and without
    /// their `.raft`.
    pub playbooks: &'static [&'static str],
}

impl Entry {
    /// The one line in a language.
    #[must_use]
    pub const fn line(&self, language: Language) -> &'static str {
        language.pick(self.line[0], self.line[1])
    }

    /// Why the rule is there, in a language.
    #[must_use]
    pub const fn reason(&self, language: Language) -> &'static str {
        language.pick(self.reason[0], self.reason[1])
    }
}

macro_rules! figure {
    ($($rule:ident $line:literal $line_zh:literal $reason:literal $reason_zh:literal
        $($playbook:literal)*;)*) => {
        /// What is said of `rule`.
        #[must_use]
        pub const fn figure(rule: Rule) -> Entry {
            match rule {
                $(Rule::$rule => Entry {
                    line: [$line, $line_zh],
                    reason: [$reason, $reason_zh],
                    playbooks: &[$($playbook),*],
                },)*
            }
        }
    };
}

figure! {
    ApplyCommitted "Apply only up to commitIndex, in order" "只应用到 commitIndex 为止，依次应用"
        "All state machines stay alike only if each applies the same committed entries in the same order."
        "各状态机按同样的顺序应用同样的已提交条目，才会保持一致。" "seeds/03-ae2-second-entry";
    HigherTerm "A higher term: adopt it, become a follower" "更高的任期：采用它，成为跟随者"
        "A leader that was cut off must learn that its term has passed; without this, two leaders could share a term."
        "被隔开的领导者要这样得知自己的任期已过；否则同一任期可能有两个领导者。" "bugs/a2-old-leader-new-term" "seeds/11-term-check";
    PersistFirst "Term, vote and log on disk before anything is sent" "先落盘任期、选票和日志，再发送"
        "A server that forgets in a crash what it has told others may vote twice, or lose an entry that was counted."
        "崩溃后忘记自己说过的话，就可能投两次票，或丢失已被计入的条目。" "bugs/p1-vote-before-disk" "paper/21-crashes";
    HeardWhileWriting "While the disk writes, say that the leader was heard" "写盘期间先告诉领导者：已听到"
        "A server with a slow disk is not down; a leader with CheckQuorum would step down for nothing."
        "磁盘慢不等于宕机；否则启用 CheckQuorum 的领导者会无故退位。";
    FollowerTimeout "Timeout without leader or vote: become a candidate" "超时且未投票：成为候选人"
        "A leader that has crashed says nothing; only its silence can tell the others."
        "崩溃的领导者不会通知别人，只有沉默能说明它已不在。" "paper/01-split-vote" "seeds/05-first-election";
    StartElection "Start an election: new term, own vote, ask all" "发起选举：新任期、投自己、请求全体"
        "A new term makes the votes of each attempt its own: those of an earlier one cannot be mixed in."
        "每次尝试都用新任期，早先的选票就不会混进来。" "seeds/05-first-election" "seeds/14-elections";
    RetryVote "No reply: send RequestVote again" "未答复：再次发送 RequestVote"
        "RPCs get lost. Voting twice for the same candidate does no harm, so asking again is safe."
        "RPC 会丢失。对同一候选人重复投票无害，可以放心重发。" "seeds/13-rpcs-retried" "seeds/14-elections";
    CountVote "Count each granted vote of this term once" "本任期已授予的选票，每台只计一次"
        "A refusal, a duplicate or a vote of another term would give a majority that nobody has given."
        "把拒绝、重复或别的任期的票算进来，会凑出并不存在的多数派。" "bugs/c2-vote-refusal-counted";
    WinElection "Votes from a majority: become leader" "多数派投票：成为领导者"
        "Any two majorities share a server, and it votes once: so there is at most one leader a term."
        "任意两个多数派必有交集，而每台只投一票，所以每个任期至多一个领导者。" "seeds/14-elections" "bugs/rv2-vote-two-votes";
    YieldToLeader "AppendEntries of the same term: become a follower" "收到同任期的 AppendEntries：成为跟随者"
        "Somebody else has won this election; to go on asking for votes would only disturb it."
        "别人已经赢了这次选举，再要票只会干扰它。" "seeds/14-elections";
    CandidateTimeout "Timeout without a winner: start another election" "超时仍无人胜出：再次选举"
        "A split vote elects nobody, and nobody would otherwise try again."
        "选票瓜分时无人当选，否则谁也不会再试。" "paper/01-split-vote" "paper/03-figure-8d";
    RandomTimeout "Draw each election timeout at random" "每次随机抽取选举超时"
        "Equal timeouts would let candidates split the vote again and again."
        "超时相同的候选人会一再瓜分选票。" "paper/01-split-vote" "seeds/23-timers";
    ResetOnLeader "Heard from the leader: reset the election timer" "收到领导者的消息：重置选举计时器"
        "As long as the leader is heard, an election would only interrupt it."
        "只要还能收到领导者的消息，选举就只会打断它。" "seeds/19-election-timer";
    ResetOnElection "Starting an election: reset the election timer" "发起选举：重置选举计时器"
        "The candidate gives its own election time to succeed, and a new random one to the next."
        "候选人要给自己的选举留出时间，并为下一次抽取新的超时。" "seeds/19-election-timer";
    ResetOnGrant "Granting a vote: reset the election timer" "投出选票：重置选举计时器"
        "Who has just voted gives the candidate time to win before it stands itself."
        "刚投完票的服务器要给候选人时间胜出，再考虑自己参选。" "seeds/19-election-timer";
    ResetOnce "The same vote again: leave the timer running" "重复投同一票：不重置计时器"
        "A candidate that can send but not receive would otherwise hold off all others forever."
        "只能发不能收的候选人，否则会让别人永远等下去。" "bugs/t3-once-nobody-can-answer";
    VoteStaleTerm "The candidate's term is old: refuse" "候选人任期过期：拒绝"
        "An election of a past term is over; its candidate has to learn the current term."
        "过去任期的选举已经结束，候选人需要得知现在的任期。" "seeds/08-figure8-2c";
    GrantVote "No other vote this term, log up-to-date: grant" "本任期未投别人且日志够新：投票"
        "This is how a leader gets its majority."
        "领导者就是这样得到多数派的。" "seeds/05-first-election";
    OneVote "This term's vote went to another: refuse" "本任期已投给别人：拒绝"
        "With two votes a term, two candidates could both have a majority."
        "一个任期投两票，两个候选人就可能都有多数派。" "bugs/rv2-vote-two-votes";
    UpToDate "The candidate's log is less up-to-date: refuse" "候选人日志不够新：拒绝"
        "A leader never deletes its own entries, so it must have every committed one before it is elected."
        "领导者不会删除自己的条目，所以当选前就必须拥有所有已提交条目。" "bugs/rv2-log-leader-behind" "seeds/17-up-to-date";
    AppendStaleTerm "The leader's term is old: refuse" "领导者任期过期：拒绝"
        "A deposed leader may still be sending; its entries must not replace those of its successor."
        "已下台的领导者可能还在发送，它的条目不能取代继任者的。" "bugs/ae1-deposed-leader-obeyed" "seeds/07-two-leaders";
    ConsistencyCheck "No entry of prevLogTerm at prevLogIndex: refuse" "prevLogIndex 处没有 prevLogTerm 的条目：拒绝"
        "This is the induction step of Log Matching: what follows an equal entry is equal, too."
        "这是日志匹配的归纳步骤：前一条相同，之后才会相同。" "bugs/ae2-heartbeat-unchecked" "seeds/16-log-matching";
    DeleteConflict "A conflict: delete the entry and all after it" "有冲突：删除它及其后的条目"
        "What conflicts with the leader was never committed, and one index can hold only one entry."
        "与领导者冲突的条目从未提交，而一个索引只能有一个条目。" "bugs/ae3-conflict-kept" "paper/02-figure-7";
    KeepWithoutConflict "No conflict: keep what follows" "没有冲突：保留其后的条目"
        "A delayed AppendEntries is a prefix of what is there. To truncate would lose acknowledged entries."
        "迟到的 AppendEntries 只是已有日志的前一段，截断会丢失已确认的条目。" "bugs/ae3-keep-old-append-shortens" "seeds/18-truncate-only-on-conflict";
    AppendNew "Append the entries that the log lacks" "追加日志里还没有的条目"
        "This is what replication is for."
        "复制的目的就在于此。" "seeds/02-ae1-first-entry";
    FollowerCommit "Commit up to min(leaderCommit, last new entry)" "提交到 min(leaderCommit, 最后的新条目)"
        "Only up to the last entry sent has this log been compared with the leader's."
        "只有到所发来的最后一条为止，才与领导者的日志比对过。" "bugs/ae5-commit-past-verified" "seeds/03-ae2-second-entry";
    Heartbeat "Send AppendEntries once elected and at each interval" "当选时和每个间隔发送 AppendEntries"
        "Silence starts elections: a leader with nothing to say must say so."
        "沉默会引发选举，没有新内容也要说一声。" "seeds/01-ae0-heartbeat" "seeds/23-timers";
    AppendCommand "A command: append it, reply once applied" "收到指令：追加，应用后答复"
        "A reply promises that the command survives; that is true only once it is committed."
        "答复意味着指令不会丢失，提交之后才能这样承诺。" "seeds/02-ae1-first-entry";
    Redirect "Not the leader: tell the client who is" "不是领导者：告诉客户端谁是"
        "Clients do not know who leads, and try any server."
        "客户端不知道谁是领导者，会任选一台来试。" "seeds/12-redirect" "paper/23-client-redirect";
    InitProgress "On election nextIndex = last + 1, matchIndex = 0" "当选时 nextIndex = 末尾 + 1，matchIndex = 0"
        "nextIndex is a guess that may be wrong; matchIndex is a fact that must be proved first."
        "nextIndex 只是猜测，可以猜错；matchIndex 是事实，要先得到证实。" "seeds/04-mismatch-walk" "seeds/25-six-questions";
    SendEntries "last ≥ nextIndex: send the entries from there on" "末尾 ≥ nextIndex：从那里开始发送"
        "A follower that was away needs everything since, and messages get lost."
        "离开过的跟随者需要其间的所有条目，而且消息会丢失。" "seeds/15-replication" "seeds/24-five-steps";
    WaitForAnswer "Entries in flight: hold new ones until the reply" "条目在途：等答复再发新的"
        "Otherwise each new command would carry along all that are not acknowledged yet."
        "否则每条新指令都会带上所有尚未确认的条目。" "lab/b10-count";
    Pipeline "Logs match: send on without waiting" "日志一致：不等答复继续发"
        "On a link with a long delay, waiting for each reply would leave it idle."
        "链路延迟大时，逐个等待答复会让它闲置。" "bugs/append-lost-in-pipeline";
    MatchFromSent "Success: matchIndex is the last index sent" "成功：matchIndex 为所发送的末尾"
        "A reply vouches for what its request held, not for what the log of the leader has become since."
        "答复只为其请求中的内容作保，而不是领导者日志后来的样子。" "bugs/l3a-match-more-than-sent" "seeds/22-old-replies";
    BackToConflictTerm "Refused, has XTerm: back to after its last of it" "被拒绝，有 XTerm：退到其末尾之后"
        "Up to there the logs may agree; one message skips all that cannot."
        "到那里为止日志可能一致，一条消息就跳过不可能一致的部分。" "seeds/09b-fast-backup-case2";
    BackToConflictIndex "Refused, lacks XTerm: back to XIndex" "被拒绝，没有 XTerm：退到 XIndex"
        "None of the follower's entries of that term can be the leader's: skip them all."
        "那个任期的条目领导者一条也没有，可以全部跳过。" "seeds/09a-fast-backup-case1";
    BackToLength "Refused, log too short: back to XLen" "被拒绝，日志太短：退到 XLen"
        "Where the follower has nothing there is nothing to compare."
        "跟随者没有条目的地方无从比较。" "seeds/09c-fast-backup-case3" "seeds/09d-fast-backup-case4";
    CommitMajority "Commit only up to what a majority stores" "只提交到多数派已存有的条目"
        "Whoever is elected next has the vote of a server of that majority, and so has the entry."
        "下一个当选者必有这个多数派中某台的票，因而也有这个条目。" "bugs/l4-committed-alone" "seeds/08b-figure8-2c-committed";
    CommitOwnTermOnly "Commit no earlier term by counting" "不靠计数提交更早任期的条目"
        "A server with a later last term can still be elected, and would replace the entry although a majority stores it."
        "末尾任期更大的服务器仍可能当选，并覆盖这个已在多数派上的条目。" "seeds/08-figure8-2c" "bugs/l4-term-figure-8";
    OldReply "A reply of an earlier term: drop it" "早先任期的答复：丢弃"
        "It answers a question that this term has not asked."
        "它答复的不是本任期提出的问题。" "bugs/o1-old-vote-counted" "seeds/22-old-replies";
    StaleRefusal "A refusal that may be out of date: drop it" "可能已过时的拒绝：丢弃"
        "It would move nextIndex back over entries that are stored or on their way."
        "它会让 nextIndex 退回到已存下或在途的条目之前。" "bugs/backup-put-back";
    CheckQuorum "No majority replied for a timeout: step down" "一个超时内无多数派答复：退位"
        "A leader that is cut off can commit nothing; its clients should look for another."
        "被隔开的领导者无法提交，客户端应去找别的领导者。" "paper/09-check-quorum" "bugs/answers-do-not-arrive";
    NoOp "A new term: append an entry without a command" "新任期：追加一个空条目"
        "Earlier entries can be committed only along with one of the new term; this one comes at once."
        "更早的条目只能随本任期的条目一起提交，空条目马上就有。" "paper/19-no-op";
    BoundUncommitted "Too much uncommitted: refuse commands" "未提交过多：拒绝新指令"
        "A leader without a majority would fill its memory with what it cannot commit."
        "得不到多数派的领导者会让无法提交的条目占满内存。";
    InstallStaleTerm "The leader's term is old: refuse the snapshot" "领导者任期过期：拒绝快照"
        "A deposed leader has no say, whatever it sends."
        "已下台的领导者无论发什么都不算数。" "lab/d3-snapshot-install-unreliable";
    ChunkInPlace "Write a chunk at its offset, or refuse it" "按偏移写入块，不相接则拒绝"
        "A chunk that comes twice or out of order would corrupt the state."
        "重复或乱序的块会破坏状态。" "bugs/is3-chunk-twice";
    AwaitAllChunks "Not the last chunk: wait for more" "不是最后一块：继续等"
        "Part of a state is no state."
        "不完整的状态不能用。" "bugs/is4-first-chunk-installed" "paper/20-snapshot-chunks";
    ResumeSnapshot "A gap: keep what came, resume after it" "不相接：保留已有部分，从其后续传"
        "A lost chunk should not cost the whole snapshot."
        "丢失一块，不必重传整个快照。" "bugs/chunk-answer-lost";
    KeepNewerState "All of it is committed here: keep the own state" "内容都已提交：保留自己的状态"
        "A snapshot that was delayed would take back what has been applied since."
        "迟到的快照会撤回其后已应用的内容。" "bugs/is5-old-snapshot-installed";
    RetainSuffix "The log has its last entry: retain what follows" "日志有其末条：保留其后的条目"
        "Those entries may be acknowledged, and the leader counts on them."
        "那些条目可能已被确认，领导者已把它们计入。" "bugs/is6-snapshot-drops-suffix";
    DiscardLog "The log lacks its last entry: discard the log" "日志没有其末条：丢弃整个日志"
        "What follows something else does not follow the snapshot."
        "接在别的条目之后的，不能接在快照之后。" "bugs/is7-snapshot-keeps-foreign-tail";
    LoadSnapshot "Reset the state machine to the snapshot" "用快照重置状态机"
        "The entries that led to it are gone: only the snapshot knows what they did."
        "产生它的条目已不在，只有快照知道结果。" "bugs/is8-snapshot-not-loaded" "paper/05-snapshot";
    SendSnapshot "The next entry is compacted: send the snapshot" "下一条已被压缩：发送快照"
        "What is no longer in the log cannot be sent as entries."
        "日志里已没有的，无法作为条目发送。" "paper/05-snapshot" "seeds/10-snapshots";
    Compact "A snapshot replaces applied entries" "快照代替已应用的条目"
        "A log that only grows fills the disk, and takes ever longer to replay."
        "只增不减的日志会占满磁盘，重放也越来越久。" "seeds/10-snapshots" "paper/05-snapshot";
    SnapshotConfiguration "A snapshot holds the configuration of its end" "快照含其末条时的配置"
        "The entry that said who votes may be among those it replaces."
        "说明谁能投票的条目，可能正在被它代替之列。" "bugs/sn-conf-snapshot-forgets-change";
    FinishSnapshot "Finish sending a snapshot once begun" "快照开始发送就发完"
        "If each newer one started over, a slow follower would never have any."
        "若每次都改发更新的，慢的跟随者永远收不完。" "lab/d2-snapshot-install";
    AnswerAnybody "Answer any server, whatever the configuration says" "无论配置如何，都答复请求"
        "The own configuration may be the one that is out of date."
        "过时的可能正是自己的配置。" "paper/16-removed-server" "bugs/configuration-forced";
    IgnoreNonsense "No correct server says this: ignore it" "正确的服务器不会这样说：忽略"
        "To believe it could commit what nobody stores."
        "信了它，就可能提交谁也没有存下的条目。" "bugs/ae1-deposed-leader-obeyed";
    PreVoteFirst "Ask who would vote before raising the term" "提高任期之前先问谁会投票"
        "A server that was cut off would come back with a high term and depose a good leader."
        "被隔开过的服务器会带着更高的任期回来，赶走好好的领导者。" "paper/08-return-pre-vote";
    PreVoteGrant "Pre-vote: log up-to-date and no leader heard" "预投票：日志够新且没有领导者"
        "It asks whether a real election could be won, and is needed, now."
        "它问的是：现在真的选举，能否取胜、是否必要。" "paper/08-return-pre-vote";
    StickToLeader "A leader was just heard: ignore candidates" "刚收到过领导者：忽略候选人"
        "A removed server no longer hears the leader; its elections must not disturb the others."
        "已移除的服务器收不到心跳，它的选举不应干扰别人。" "paper/17-removed-server-ignored";
    TransferCatchUp "Bring the successor up to date, then TimeoutNow" "先让接任者跟上，再发 TimeoutNow"
        "A successor whose log lags behind loses the election that it is told to start."
        "日志落后的接任者会输掉让它发起的选举。" "paper/06-transfer" "bugs/transfer-to-one-behind";
    TransferHold "During a transfer, accept no commands" "移交期间不接收指令"
        "While new entries keep coming, the successor never catches up."
        "新条目不断到来，接任者就永远跟不上。" "paper/06-transfer";
    TimeoutNow "TimeoutNow: start an election at once" "收到 TimeoutNow：立即参选"
        "The leader has chosen its successor; to wait for a timeout would only cost time."
        "领导者已选定接任者，再等超时只是浪费时间。" "paper/06-transfer";
    TransferAbort "Not taken over in time: accept commands again" "逾期未接任：恢复接收指令"
        "The successor may have crashed; the cluster must not stand still for it."
        "接任者可能已崩溃，集群不能为它停下。" "bugs/transfer-call-lost";
    ReadOwnTerm "Nothing of this term committed: no reads yet" "本任期尚无提交：暂不读"
        "A new leader has all committed entries, but does not know yet which they are."
        "新领导者拥有所有已提交条目，但还不知道是哪些。" "paper/19-no-op";
    ReadConfirm "Read only after a majority has confirmed" "多数派确认之后才读"
        "Another leader may have been elected, and the value overwritten, without this one knowing."
        "可能已有别的领导者当选并改写了值，而它还不知道。" "paper/10-read-index" "bugs/rd2-deposed-leader-reads";
    ReadApplied "Read once readIndex is applied" "应用到 readIndex 之后才读"
        "Before that, the state is older than what was promised when the read came."
        "在此之前，状态还旧于读请求到来时已作出的承诺。" "paper/10-read-index";
    LeaseRead "Within the lease: read without asking" "租约之内：无需询问即可读"
        "As long as nobody else can be elected, nobody can have written anything newer."
        "只要别人不可能当选，就不会有更新的写入。" "paper/11-read-lease";
    LatestConfiguration "Use the latest configuration in the log" "使用日志中最新的配置"
        "If it counted only once committed, servers could elect by majorities that do not overlap."
        "若提交后才生效，服务器可能用互不相交的多数派选举。" "paper/12-add-server" "bugs/cc1-removed-servers-elect";
    RollBackConfiguration "Its entry is truncated: back to the previous one" "其条目被截断：退回之前的配置"
        "A configuration that is no longer in the log was never committed."
        "日志中已没有的配置，从未提交过。" "bugs/cc2-change-not-rolled-back";
    OneChange "One configuration change at a time" "一次只变更一个配置"
        "Majorities before and after two changes need not share a server."
        "两次变更前后的多数派可能没有交集。" "bugs/cc3-changes-overlap";
    ChangeInOwnTerm "Commit in this term before changing members" "本任期有提交之后才变更成员"
        "A change of an earlier leader may still be around, and overlap with this one."
        "更早领导者的变更可能还在，会与这次重叠。" "paper/18-change-barrier" "bugs/cc4-change-without-barrier";
    JointConsensus "More than one voter: go through C_old,new" "多于一个投票者：经由 C_old,new"
        "In one step, old and new servers could each elect a leader for the same term."
        "一步到位，新旧两边可能在同一任期各选出领导者。" "paper/13-joint-consensus" "bugs/cc5-change-in-one-step";
    BothMajorities "Under C_old,new: a majority of each" "C_old,new 之下：两边各需多数派"
        "Neither side can then decide without the other."
        "这样任何一边都不能单独决定。" "bugs/cc6-one-majority-of-both" "paper/13-joint-consensus";
    LeaveJoint "C_old,new is committed: append C_new" "C_old,new 已提交：追加 C_new"
        "Joint consensus is only a passage; those who leave should not be needed for long."
        "联合共识只是过渡，不应长期依赖要离开的服务器。" "paper/13-joint-consensus";
    VotersOnly "Only voters count for a majority" "多数派只计投票者"
        "A learner, or who was removed, has no vote, so what it stores protects nothing."
        "学习者和已移除者没有投票权，它们存下的保护不了什么。" "bugs/cc8-learner-counted";
    CatchUpFirst "A new voter catches up first" "新投票者先赶上日志"
        "An empty server that votes makes commits wait until it has the log."
        "空的服务器一旦有投票权，提交就要等它收完日志。" "paper/12-add-server";
    OnlyVotersStartElections "Only voters start elections" "只有投票者参选"
        "Whoever has no vote would only raise the term of the others."
        "没有投票权的服务器参选，只会抬高别人的任期。" "paper/14-leader-removes-itself";
    RemovedLeader "A configuration without it is committed: step down" "不含自己的配置已提交：退位"
        "Until then somebody must see to it that it is committed; afterwards others should lead."
        "在此之前需要有人让它提交，之后应由别人领导。" "paper/14-leader-removes-itself" "paper/15-removed-server-needed";
    JoinAnew "Removed and added again: start over" "移除后重新加入：从头开始"
        "It may have come back with an empty disk; old replies would vouch for what it has lost."
        "它可能带着空磁盘回来，旧的答复会为已丢失的内容作保。" "bugs/cc12-old-answer-after-return";
}
