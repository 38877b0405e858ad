//! Bugs that real implementations of Raft have had, and where to see them here.

use std::fmt::Write;

use raft_core::Rule;

/// One of them.
pub(crate) struct Specimen {
    pub(crate) bug: &'static str,
    /// Where it was reported; `owner/repository#number` becomes a link.
    references: &'static [&'static str],
    /// The rules whose absence shows it.
    pub(crate) rules: &'static [Rule],
    /// What else there is to say.
    here: &'static str,
}

const fn by(
    bug: &'static str,
    references: &'static [&'static str],
    rules: &'static [Rule],
    here: &'static str,
) -> Specimen {
    Specimen {
        bug,
        references,
        rules,
        here,
    }
}

const LOG: &[Specimen] = &[
    by(
        "An entry of an earlier term is committed once a majority stores it (Figure 8)",
        &[
            "logcabin/logcabin#44",
            "microsoft/CCF#5674",
            "bakwc/PySyncObj#169",
        ],
        &[Rule::CommitOwnTermOnly],
        "",
    ),
    by(
        "A follower trusts leaderCommit beyond what the message has verified",
        &[
            "atomix/copycat#265",
            "scylladb/scylladb#9965",
            "microsoft/CCF#8172",
        ],
        &[Rule::FollowerCommit],
        "together with `L3`, as explained above",
    ),
    by(
        "A log is truncated by an AppendEntries that is late or from an old term",
        &["zhebrak/raftos#26", "microsoft/CCF#6016"],
        &[Rule::KeepWithoutConflict, Rule::AppendStaleTerm],
        "",
    ),
    by(
        "A conflicting entry is replaced, but those after it are kept",
        &["mofa-org/mofa#1150"],
        &[Rule::DeleteConflict],
        "without the rule the conflicting entry is kept too; replacing it and keeping those after it \
         cannot be expressed, since a `Log` can only be truncated",
    ),
    by(
        "A prevLogIndex that has been compacted away is treated as a conflict",
        &["databendlabs/openraft#511"],
        &[],
        "excluded: `TermAt::Compacted` is a result of its own, which every caller has to handle",
    ),
    by(
        "A follower acknowledges more than it was sent, or than it still stores",
        &["microsoft/CCF#6016", "rabbitmq/ra#637"],
        &[Rule::MatchFromSent],
        "a reply has no index of its own to get wrong, since it names the request that it answers; \
         the second report is a case of number 10",
    ),
    by(
        "A refusal moves commitIndex forward",
        &["“Smart Casual Verification of the Confidential Consortium Framework”, NSDI 2025"],
        &[],
        "excluded: each refusal is a variant of `AppendOutcome` of its own, and only success \
         changes matchIndex",
    ),
    by(
        "matchIndex decreases when an old reply arrives",
        &["zhebrak/raftos#25"],
        &[],
        "not shown: the part of `L3a` that says “never goes back” remains when the rule is ablated",
    ),
    by(
        "nextIndex falls to matchIndex or below",
        &["bakwc/PySyncObj#167"],
        &[Rule::StaleRefusal],
        "allowed here, for a follower whose disk lost what it had acknowledged; the only harm is \
         that entries are sent twice",
    ),
    by(
        "The completion of an old write vouches for an entry that has since been replaced",
        &["the test data of etcd-io/raft"],
        &[],
        "excluded: `Durability::truncated` lowers what every write in progress can vouch for",
    ),
    by(
        "Writes that complete out of order confuse what is durable",
        &["databendlabs/openraft#1964"],
        &[],
        "excluded: a `WriteId` counts as durable only after all smaller ones",
    ),
];

const ELECTIONS: &[Specimen] = &[
    by(
        "Term and vote are sent before they are on disk",
        &[
            "bakwc/PySyncObj#202",
            "bakwc/PySyncObj#84",
            "the Raft example of Stateright",
        ],
        &[Rule::PersistFirst],
        "",
    ),
    by(
        "The vote is forgotten on stepping down within a term",
        &["hazelcast/hazelcast#16643", "camunda/camunda#5356"],
        &[Rule::OneVote],
        "the effect is the same, two votes; here only a higher term clears the vote",
    ),
    by(
        "A term or vote that was merely seen is taken for one that was granted",
        &["databendlabs/openraft#1220"],
        &[Rule::CountVote],
        "",
    ),
    by(
        "One server's vote, delivered twice, counts as two",
        &["xnnyygn/xraft#27"],
        &[],
        "excluded: a candidate keeps a map from voters to replies; without `C2-vote`, refusals \
         count, but each server still counts once",
    ),
    by(
        "A vote from an earlier term is counted",
        &["xnnyygn/xraft#33", "andreev-io/little-raft#44"],
        &[Rule::OldReply],
        "",
    ),
    by(
        "A deposed leader sends its own entries under the new term",
        &[
            "eliben/raft#13",
            "hashicorp/raft#695",
            "camunda/camunda#5360",
        ],
        &[Rule::HigherTerm],
        "",
    ),
    by(
        "Installing a snapshot sets the term back",
        &["willemt/raft#118"],
        &[],
        "excluded: a `Snapshot` holds the term of its last entry and no `HardState`; only a higher \
         term is ever adopted",
    ),
    by(
        "A leader grants a pre-vote just as its timer expires",
        &["daos-stack/raft#70"],
        &[Rule::PreVoteGrant],
        "a leader counts as hearing from a leader for as long as it leads, whatever its timers say",
    ),
    by(
        "Logs are compared by their length alone",
        &[],
        &[Rule::UpToDate],
        "without the rule logs are not compared at all; the playbook *05-first-election* of the lessons has \
         the case where the shorter log is the more up-to-date one",
    ),
];

const MEMBERSHIP: &[Specimen] = &[
    by(
        "Two single-server changes in different terms, the second before the new leader has committed \
         an entry of its own term",
        &["Ongaro on raft-dev, 2015"],
        &[Rule::ChangeInOwnTerm],
        "the paper's playbook *18-change-barrier* is the same scene with the rule on",
    ),
    by(
        "One quorum of the union of two configurations instead of one in each",
        &["“Smart Casual Verification of the Confidential Consortium Framework”, NSDI 2025"],
        &[Rule::BothMajorities],
        "",
    ),
    by(
        "A server starts an election although a configuration change is committed and not yet applied",
        &["etcd-io/raft#456"],
        &[Rule::LatestConfiguration],
        "a configuration takes effect as soon as it is in the log, without being applied; \
         without the rule, it does once it is known to be committed, and a restarted server \
         knows little of that",
    ),
    by(
        "A server is removed and added again in one term, and its earlier replies are counted",
        &["tikv/raft-rs#571"],
        &[Rule::JoinAnew],
        "together with two more, as explained above; the endless loop of the report is excluded, since a \
         refusal decreases nextIndex, even below matchIndex",
    ),
    by(
        "A leader that was removed keeps sending heartbeats",
        &["etcd-io/etcd#11038"],
        &[Rule::RemovedLeader],
        "",
    ),
    by(
        "Removing one of two servers leaves a cluster that cannot make progress",
        &["etcd-io/etcd#10563"],
        &[Rule::LatestConfiguration],
        "if the remaining server has the change in its log, it uses it and needs no other; \
         if not, it gets the change from the removed server, as in the playbook \
         *15-removed-server-needed*",
    ),
    by(
        "A snapshot brings an old configuration back",
        &["databendlabs/openraft#1808"],
        &[Rule::SnapshotConfiguration],
        "the effect is the same; in the report the snapshot was right, but the server that installed \
         it kept a change of its own: here that is discarded with the log that the snapshot replaces",
    ),
    by(
        "A learner that has become a voter but does not know it yet refuses its vote",
        &["the test data of etcd-io/raft"],
        &[Rule::AnswerAnybody],
        "a server that is asked for its vote does not check whether its configuration contains it",
    ),
];

const LIVENESS: &[Specimen] = &[
    by(
        "Pre-votes of lower terms are ignored, so that no server is ever elected",
        &["etcd-io/etcd#8243", "databendlabs/openraft#1796"],
        &[],
        "excluded: every pre-vote request of a lower term gets a reply, which carries the term",
    ),
    by(
        "Servers with and without pre-vote in one cluster block each other",
        &["etcd-io/etcd#8501"],
        &[],
        "excluded: the setting decides which servers ask for pre-votes, not which reply, and a server that asks adopts a higher term from any reply or request",
    ),
    by(
        "A lease meets a partial partition",
        &["databendlabs/openraft#2080"],
        &[Rule::CheckQuorum],
        "a server that hears from a leader ignores candidates, even if that leader has lost its majority; so the leader has to step down by itself",
    ),
    by(
        "The flag of a leadership transfer is never cleared",
        &["hashicorp/raft#696"],
        &[Rule::TransferAbort],
        "that a loss of leadership clears it is no rule here: it is part of the state that only a leader has",
    ),
    by(
        "Snapshots and refusals alternate forever, since the follower keeps a log that conflicts with \
         the snapshot",
        &["hashicorp/raft#697"],
        &[Rule::DiscardLog],
        "but without the loop: what is kept here is the part after the snapshot, and the next \
         AppendEntries checks the snapshot's last entry",
    ),
    by(
        "The election timer is reset by the wrong messages, or a candidate does not start a new election",
        &["resetius/miniraft-cpp#28", "dotnet/dotNext#89"],
        &[
            Rule::VoteStaleTerm,
            Rule::InstallStaleTerm,
            Rule::CandidateTimeout,
        ],
        "accepting a vote request or a snapshot from an old term resets the timer; `C4` is the candidate",
    ),
];

const READS: &[Specimen] = &[
    by(
        "A new leader fixes a read's index before it has committed an entry of its term",
        &["etcd-io/etcd#7331"],
        &[Rule::ReadOwnTerm],
        "",
    ),
    by(
        "Two reads share a context, and one gets the other's answer",
        &["etcd-io/etcd#20418"],
        &[],
        "excluded: the server assigns each `ReadId` from a counter that only grows while it runs",
    ),
    by(
        "A read is answered before a majority has confirmed the leader",
        &["RedisLabs/redisraft#22"],
        &[Rule::ReadConfirm],
        "",
    ),
];

/// The groups in order, 37 bugs in all.
const GROUPS: [(&str, &[Specimen]); 5] = [
    ("Log and commitment", LOG),
    ("Elections", ELECTIONS),
    ("Membership", MEMBERSHIP),
    ("Liveness", LIVENESS),
    ("Reads", READS),
];

/// All specimens.
pub(crate) fn all() -> impl Iterator<Item = &'static Specimen> {
    GROUPS.iter().flat_map(|(_, group)| group.iter())
}

/// Appends the table.
pub(crate) fn write(page: &mut String) {
    let mut number = 0;
    page.push_str("| | bug | where | here |\n|---|---|---|---|\n");
    for (name, group) in GROUPS {
        let _ = writeln!(page, "| | **{name}** | | |");
        for specimen in group {
            number += 1;
            let references: Vec<String> = specimen.references.iter().map(|r| link(r)).collect();
            let ids: Vec<String> = specimen
                .rules
                .iter()
                .map(|rule| format!("`{}`", rule.id()))
                .collect();
            let mut here = ids.join(", ");
            if !here.is_empty() && !specimen.here.is_empty() {
                here.push_str("; ");
            }
            here.push_str(specimen.here);
            let references = if references.is_empty() {
                "–".to_owned()
            } else {
                references.join(", ")
            };
            let _ = writeln!(
                page,
                "| {number} | {} | {references} | {here} |",
                specimen.bug
            );
        }
    }
}

/// A reference to a public tracker as a link; any other as it is.
fn link(reference: &str) -> String {
    match reference.split_once('#') {
        Some((repository, number)) => {
            format!("[{reference}](https://github.com/{repository}/issues/{number})")
        }
        None => reference.to_owned(),
    }
}
