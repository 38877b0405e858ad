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
        "A follower believes leaderCommit beyond what the message has verified",
        &[
            "atomix/copycat#265",
            "scylladb/scylladb#9965",
            "microsoft/CCF#8172",
        ],
        &[Rule::FollowerCommit],
        "with `L3` away, as explained above",
    ),
    by(
        "A log is cut back by an AppendEntries that is late or from an old term",
        &["zhebrak/raftos#26", "microsoft/CCF#6016"],
        &[Rule::KeepWithoutConflict, Rule::AppendStaleTerm],
        "",
    ),
    by(
        "A conflicting entry is replaced, and those behind it stay",
        &["mofa-org/mofa#1150"],
        &[Rule::DeleteConflict],
        "without it the entry stays as well; to replace it and keep what follows cannot be \
         written, since a `Log` can only be truncated",
    ),
    by(
        "A prevLogIndex that is compacted away is taken for a conflict",
        &["databendlabs/openraft#511"],
        &[],
        "excluded: `TermAt::Compacted` is an answer of its own, so that whoever asks has to treat it",
    ),
    by(
        "A follower acknowledges more than it was sent, or than it still stores",
        &["microsoft/CCF#6016", "rabbitmq/ra#637"],
        &[Rule::MatchFromSent],
        "a reply has no index of its own to get wrong, it names the request that it answers; the \
         second report is of the kind of number 10",
    ),
    by(
        "A refusal moves commitIndex forward",
        &["“Smart Casual Verification of the Confidential Consortium Framework”, NSDI 2025"],
        &[],
        "excluded: each refusal is an arm of `AppendOutcome` of its own, and only the arm of \
         success leads to matchIndex",
    ),
    by(
        "matchIndex goes back when an old answer arrives",
        &["zhebrak/raftos#25"],
        &[],
        "not shown: the part of `L3a` that says “never goes back” stays when the rule is away",
    ),
    by(
        "nextIndex falls to matchIndex or below",
        &["bakwc/PySyncObj#167"],
        &[Rule::StaleRefusal],
        "harmless here and allowed, for a follower whose disk lost what it had acknowledged; it \
         costs entries sent twice",
    ),
    by(
        "The completion of an old write vouches for an entry that has since been replaced",
        &["the test data of etcd-io/raft"],
        &[],
        "excluded: `Durability::truncated` lowers what every write under way can vouch for",
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
        "Term and vote are not on disk before they are told",
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
        "with the same effect, two votes; here only a higher term clears the vote",
    ),
    by(
        "A term or vote that was only seen is taken for one that was granted",
        &["databendlabs/openraft#1220"],
        &[Rule::CountVote],
        "",
    ),
    by(
        "One server's grant, delivered twice, counts as two",
        &["xnnyygn/xraft#27"],
        &[],
        "excluded: a candidate keeps a map from voters to answers. Without `C2-vote` refusals \
         count, but each server still counts once",
    ),
    by(
        "A grant of an earlier term is counted",
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
        "A leader says yes to a pre-vote just as its time is up",
        &["daos-stack/raft#70"],
        &[Rule::PreVoteGrant],
        "a leader counts as one that hears a leader, for as long as it leads and whatever its timers say",
    ),
    by(
        "Logs are compared by their length alone",
        &[],
        &[Rule::UpToDate],
        "without it logs are not compared at all; the seed playbook *05-first-election* has the case where the \
         shorter log is the newer one",
    ),
];

const MEMBERSHIP: &[Specimen] = &[
    by(
        "Two single-server changes in different terms, without an entry of the own term between",
        &["Ongaro on raft-dev, 2015"],
        &[Rule::ChangeInOwnTerm],
        "the paper's playbook *18-change-barrier* has the same scene with the rule",
    ),
    by(
        "One quorum of the union of two configurations instead of one in each",
        &["“Smart Casual Verification of the Confidential Consortium Framework”, NSDI 2025"],
        &[Rule::BothMajorities],
        "",
    ),
    by(
        "A candidate stands with a configuration that is committed and not yet applied",
        &["etcd-io/raft#456"],
        &[Rule::LatestConfiguration],
        "a configuration counts from the moment it is in the log, and nothing has to be applied \
         for it; without the rule, what is known to be committed counts, and a restarted server \
         knows of little",
    ),
    by(
        "A server is removed and added again in one term, and answers from before are counted",
        &["tikv/raft-rs#571"],
        &[Rule::JoinAnew],
        "with two more away, as explained above; the endless loop of the report is excluded, since a \
         refusal brings nextIndex down, below matchIndex too",
    ),
    by(
        "A leader that was removed goes on sending heartbeats",
        &["etcd-io/etcd#11038"],
        &[Rule::RemovedLeader],
        "",
    ),
    by(
        "Removing one of two servers leaves a cluster that cannot go on",
        &["etcd-io/etcd#10563"],
        &[Rule::LatestConfiguration],
        "whoever stays and has the change in its log goes by it, and needs nobody else; who has it \
         not yet is brought to it by the removed server, as in the playbook \
         *15-removed-server-needed*",
    ),
    by(
        "A snapshot brings an old configuration back",
        &["databendlabs/openraft#1808"],
        &[Rule::SnapshotConfiguration],
        "with the same effect; in the report the snapshot was right, and the server that installed \
         it kept a change of its own: here that is gone with the log which the snapshot replaces",
    ),
    by(
        "A learner that has become a voter and does not know it yet refuses its vote",
        &["the test data of etcd-io/raft"],
        &[Rule::AnswerAnybody],
        "whoever is asked votes, and does not look for itself in its configuration",
    ),
];

const LIVENESS: &[Specimen] = &[
    by(
        "Pre-votes of lower terms are ignored, so that nobody ever leads",
        &["etcd-io/etcd#8243", "databendlabs/openraft#1796"],
        &[],
        "excluded: every pre-vote of a lower term is answered, and the answer carries the term",
    ),
    by(
        "Servers with and without pre-vote in one cluster block each other",
        &["etcd-io/etcd#8501"],
        &[],
        "excluded: the setting decides who asks and not who answers, and who asks adopts a higher term from any answer or request; a run cannot show it, since one header holds for all servers",
    ),
    by(
        "A lease meets a partial partition",
        &["databendlabs/openraft#2080"],
        &[Rule::CheckQuorum],
        "who hears a leader ignores candidates, even if that leader is without a majority; so it has to step down by itself",
    ),
    by(
        "The flag of a leadership transfer is never cleared",
        &["hashicorp/raft#696"],
        &[Rule::TransferAbort],
        "that it goes when the leadership goes is no rule here: it is part of what only a leader knows",
    ),
    by(
        "Snapshot and refusal follow each other for ever, since the follower kept a log that the \
         snapshot contradicts",
        &["hashicorp/raft#697"],
        &[Rule::DiscardLog],
        "but without the loop: what stays here is the part after the snapshot, and the snapshot's \
         last entry is what the next AppendEntries asks for",
    ),
    by(
        "The election timer is reset by the wrong messages, or a candidate does not stand again",
        &["resetius/miniraft-cpp#28", "dotnet/dotNext#89"],
        &[
            Rule::VoteStaleTerm,
            Rule::InstallStaleTerm,
            Rule::CandidateTimeout,
        ],
        "a vote or a snapshot taken from an old term resets the timer; `C4` is the candidate",
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
        "excluded: a `ReadId` is drawn by the server, from a counter that only grows while it runs",
    ),
    by(
        "A read is answered before a majority has confirmed the leader",
        &["RedisLabs/redisraft#22"],
        &[Rule::ReadConfirm],
        "",
    ),
];

/// The groups in order, which makes 37.
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
