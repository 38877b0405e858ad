/** What a failing lab test prints, and what people say of it: what that means, and what to look at. */

export interface Symptom {
  /** How it is said. */
  readonly said: RegExp;
  /** What it means, in both languages. */
  readonly en: string;
  readonly zh: string;
  /** The clauses to look at first. */
  readonly rules: readonly string[];
  /** Playbooks that show it. */
  readonly playbooks: readonly string[];
}

export const SYMPTOMS: readonly Symptom[] = [
  {
    said: /apply error: commit index|server=.*!=.*server=|different (?:values|commands|entries).*index/i,
    en: "Two servers applied different commands at one index: State Machine Safety is broken. A committed entry was replaced, or an entry was taken for committed that was not.",
    zh: "两台服务器在同一索引应用了不同的命令：状态机安全性被破坏。要么已提交的条目被替换，要么把未提交的条目当成了已提交。",
    rules: ["RV2-log", "L4-term", "AE3", "AE5"],
    playbooks: [
      "bugs/rv2-log-leader-behind.raft",
      "bugs/l4-term-figure-8.raft",
      "bugs/ae3-conflict-kept.raft",
    ],
  },
  {
    said: /failed to reach agreement|test timed out|无法达成一致|达不成一致|stuck|卡住/i,
    en: "No majority applied the command within ten seconds: there was no leader for long, or a leader that does not bring its followers' logs into line.",
    zh: "十秒内没有多数派应用该命令：要么长时间没有领导者，要么领导者没能让跟随者的日志与自己一致。",
    rules: ["L3b-term", "L3b-index", "L3b-len", "AE2", "T1", "T3-once"],
    playbooks: [
      "seeds/06-test-backup.raft",
      "seeds/04-mismatch-walk.raft",
      "seeds/19-election-timer.raft",
    ],
  },
  {
    said: /term changed even though|leader keeps changing|too many elections|频繁选举|不停地?选举|一直换(?:领导者|leader)/i,
    en: "Elections go on though nothing failed: a timer is not reset by a heartbeat, is reset by what must not reset it, or is shorter than the heartbeats need.",
    zh: "没有故障却不断选举：计时器没有被心跳重置，被不该重置它的事件重置，或比心跳所需的时间还短。",
    rules: ["T1", "T2", "T3", "F2", "L1"],
    playbooks: ["seeds/19-election-timer.raft", "seeds/23-timers.raft", "seeds/14-elections.raft"],
  },
  {
    said: /expected one leader, got none|no leader|can(?:no|')t (?:be )?elect|never elect|选举(?:一直|总是)?失败|没有(?:领导者|leader)|选不出/i,
    en: "Nobody was elected within five seconds: votes are split again and again, given twice or not at all, or a candidate does not start anew when its own timer runs out.",
    zh: "五秒内没有人当选：选票一再被瓜分，投了两次或根本没投，或者候选人在自己的计时器到期时没有重新参选。",
    rules: ["C1", "RV2", "RV2-vote", "A2", "F2"],
    playbooks: [
      "paper/01-split-vote.raft",
      "seeds/20-step-down-then-vote.raft",
      "seeds/14-elections.raft",
    ],
  },
  {
    said: /has \d+ \(>1\) leaders|脑裂|split.?brain|two leaders|two (?:nodes|servers|peers).*leader|more than one leader|两个(?:领导者|leader)|双主/i,
    en: "Two leaders of one term: Election Safety is broken. A server voted twice in a term, a vote was not on disk before it was sent, or a vote of an older term was counted. Two leaders of different terms are no mistake.",
    zh: "同一任期有两个领导者：选举安全性被破坏。某台服务器在一个任期里投了两次票，选票发出前没有落盘，或者旧任期的选票被计入。不同任期各有领导者并不是错误。",
    rules: ["RV2-vote", "P1", "O1", "C2"],
    playbooks: [
      "bugs/rv2-vote-two-votes.raft",
      "bugs/p1-vote-before-disk.raft",
      "seeds/07-two-leaders.raft",
    ],
  },
  {
    said: /out of order|apply.*order|乱序/i,
    en: "A server applied an index twice or skipped one: lastApplied goes forward by one, and only up to commitIndex.",
    zh: "某台服务器重复应用或跳过了一个索引：lastApplied 每次只前进一，且不超过 commitIndex。",
    rules: ["A1", "AE5", "IS8"],
    playbooks: ["seeds/24-five-steps.raft", "bugs/is8-snapshot-not-loaded.raft"],
  },
  {
    said: /too many RPCs|RPC bytes|too many bytes/i,
    en: "More is sent than needed: entries are sent again before the reply to them can have come, or heartbeats are sent more often than ten times a second.",
    zh: "发送得太多：还没等到回复就重发条目，或心跳每秒超过十次。",
    rules: ["L3-wait", "L1", "L3"],
    playbooks: ["lab/b10-count.raft", "lab/b2-rpc-bytes.raft", "seeds/13-rpcs-retried.raft"],
  },
  {
    said: /log(?: size)? too (?:large|big)|persisted.*too large/i,
    en: "The log is not compacted: what a snapshot covers has to be discarded, also from the persisted state.",
    zh: "日志没有压缩：快照覆盖的条目必须丢弃，持久化的状态里也一样。",
    rules: ["IS6", "IS7", "IS8"],
    playbooks: ["seeds/10-snapshots.raft", "paper/05-snapshot.raft"],
  },
  {
    said: /index out of range|slice bounds|panic: runtime/i,
    en: "An index beyond the log: prevLogIndex may be past the follower's last entry, or before the first that a snapshot has left.",
    zh: "索引越界：prevLogIndex 可能超过跟随者的最后一条，也可能在快照之前。",
    rules: ["AE2", "L3b-len", "IS6"],
    playbooks: ["seeds/21-past-the-end.raft", "seeds/10-snapshots.raft"],
  },
  {
    said: /(?:committed|acknowledged) (?:entry|entries|value) (?:was |is |are )?(?:lost|vanish)|lost (?:a )?committed|丢失?已提交|提交的?(?:条目|日志)?丢/i,
    en: "A committed entry is gone: somebody without it was elected, or it was never safe to count it.",
    zh: "已提交的条目丢失：没有它的服务器当选了，或者它本来就不该被计为已提交。",
    rules: ["RV2-log", "L4-term", "P1"],
    playbooks: [
      "bugs/rv2-log-leader-behind.raft",
      "seeds/08-figure8-2c.raft",
      "paper/03-figure-8d.raft",
    ],
  },
  {
    said: /stale read|reads? (?:is |are )?stale|旧数据|读到(?:了)?(?:旧|过期)|过期(?:的)?读/i,
    en: "A server answered a read though it no longer leads, or from what it happened to have applied. Before it answers, a leader has to know that it still leads.",
    zh: "某台服务器已不是领导者却答复了读取，或用自己碰巧应用到的状态答复。答复之前，领导者必须确认自己仍在领导。",
    rules: ["RD2"],
    playbooks: [
      "bugs/rd2-deposed-leader-reads.raft",
      "paper/10-read-index.raft",
      "bugs/client-local-read.raft",
      "course/14-what-clients-may-believe.raft",
    ],
  },
  {
    said: /\bwiped|(?:lost|losing|loses|deleted?) (?:its |the )?(?:data|disk|log|state)\b|empty (?:data|disk)|without its (?:data|disk|log)|(?:数据|磁盘|日志)(?:目录)?(?:被)?(?:清空|丢失|删除)|清空(?:了)?(?:数据|磁盘)|丢(?:了|失)(?:磁盘|数据|日志)/i,
    en: "A server that comes back without its disk has forgotten its vote and the entries that were counted as its own. It must not return as the same server: it joins as a new one.",
    zh: "丢了磁盘再回来的服务器，忘了自己投过的票，也忘了曾算作由它存下的条目。它不能以原来的身份回来，只能作为新成员加入。",
    rules: ["P1", "RV2-vote", "RV2-log"],
    playbooks: [
      "build/17-a-lost-log.raft",
      "bugs/backup-put-back.raft",
      "course/09-what-must-be-on-disk.raft",
      "paper/21-crashes.raft",
    ],
  },
  {
    said: /vot(?:es?|ed|ing) twice|(?:double|duplicate).{0,10}vote|vote.{0,20}counted twice|重复投票|投(?:了)?两次|重复计票/i,
    en: "A term has two winners if a server votes twice in it or if a vote is counted twice: one vote a term, on disk before the reply, and one count for each voter.",
    zh: "一台服务器在一个任期投了两次，或一票数了两次，一个任期就可能有两个当选者：每个任期一票，回复之前写盘，每个投票者只数一次。",
    rules: ["RV2-vote", "P1", "C2-vote", "O1"],
    playbooks: [
      "bugs/rv2-vote-two-votes.raft",
      "bugs/p1-vote-before-disk.raft",
      "bugs/o1-old-vote-counted.raft",
    ],
  },
  {
    said: /removed (?:node|server|peer|member).*(?:elect|vot|campaign|disrupt)|(?:移除|删除)的?(?:节点|服务器|成员).*(?:选举|投票)/i,
    en: "A server that was removed hears no leader any more, so it asks for votes in ever higher terms, and all others adopt each higher term.",
    zh: "被移除的服务器再也听不到领导者，于是以越来越高的任期要票，而更高的任期人人都要服从。",
    rules: ["A2", "CC1"],
    playbooks: ["paper/16-removed-server.raft", "paper/17-removed-server-ignored.raft"],
  },
  {
    said: /disruptive|disturb|rejoin.*(?:step|depos)|(?:step(?:s|ped)? down|depos).*(?:rejoin|return|partition)|(?:恢复|归队|重新加入).*(?:退位|下台)/i,
    en: "A server that was away comes back with a higher term, and whoever leads steps down for a higher term, though it has a majority behind it. Raft stays safe; Pre-Vote keeps it undisturbed.",
    zh: "离开过的服务器带着更高的任期回来；领导者即使有多数派支持，遇到更高的任期也要退位。安全性无损；预投票可避免打扰。",
    rules: ["A2"],
    playbooks: [
      "paper/07-return.raft",
      "paper/08-return-pre-vote.raft",
      "course/12-a-server-comes-back.raft",
    ],
  },
  {
    said: /(?:executed|applied|done|run) twice|重复执行|执行(?:了)?两次|重复应用/i,
    en: "A client that hears nothing asks again, and the log then holds its request twice. The state machine has to know each client's last operation by its number.",
    zh: "客户端没收到答复会再问一次，日志里就有两次它的请求。状态机要靠编号认得每个客户端的最后一个操作。",
    rules: [],
    playbooks: [
      "bugs/client-without-sessions.raft",
      "paper/22-client-session.raft",
      "course/14-what-clients-may-believe.raft",
    ],
  },
  {
    said: /snapshot.*(?:roll|go(?:es)? back|old|stale|revert)|快照.*(?:回退|倒退|变旧)|旧快照/i,
    en: "An old snapshot was installed: it takes back what was applied and acknowledged since. A snapshot up to an index that is known already is to be ignored.",
    zh: "装上了旧快照：之后应用并确认过的都被收回。快照只到已知的索引，就要忽略。",
    rules: ["IS5", "IS6"],
    playbooks: [
      "bugs/is5-old-snapshot-installed.raft",
      "bugs/is6-snapshot-drops-suffix.raft",
      "course/13-logs-that-end.raft",
    ],
  },
  {
    said: /DATA RACE|deadlock|goroutine|死锁/i,
    en: "This is a fault of Go code, not of Raft: no run here can show it. A lock is held while an RPC is waited for, or state is read without one.",
    zh: "这是 Go 的问题，与 Raft 算法无关，这里的运行不会出现：等待 RPC 时持有锁，或不加锁就读取状态。",
    rules: [],
    playbooks: [],
  },
];
