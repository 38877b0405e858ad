//! What is asked of a server, and what is done to it as a process.

use std::fmt::{self, Formatter};

use raft_core::Timer;
use raft_sim::action::{Action, Members, ServerAction};
use raft_sim::command::Batch;

use super::{Parse, Verb, verb};
use crate::text::commands::{Commands, write_commands};
use crate::text::known::{expect, unknown};
use crate::text::{Fault, Scan, Wrong};

/// The verbs of this family.
pub(super) const VERBS: &[Verb] = &[
    verb(
        "propose",
        &["propose S1 x1 x2 y1..y50"],
        [
            "proposes these commands to the server; a range stands for one command each",
            "向服务器提议这些指令；范围表示其中每一条指令",
        ],
        Parse::Many(propose),
    ),
    verb(
        "crash",
        &["crash S1", "crash S1 torn"],
        [
            "the server loses its memory and every unfinished write; `torn` keeps a part of the running write",
            "服务器崩溃：失去内存和所有未完成的写入；`torn` 保留正在进行的写入的一部分",
        ],
        Parse::Many(crash),
    ),
    verb(
        "restart",
        &["restart S1", "restart S1 empty", "restart S1 backup"],
        [
            "the server runs again, from its disk, from the disk it began with, or from the latest `backup`",
            "服务器重启：用它的磁盘、最初的磁盘，或最近的 `backup`",
        ],
        Parse::Many(restart),
    ),
    verb(
        "pause",
        &["pause S1"],
        [
            "the server freezes; messages to it wait",
            "服务器暂停，发给它的消息等待",
        ],
        Parse::Each(|it| Action::Server(ServerAction::Pause(it))),
    ),
    verb(
        "resume",
        &["resume S1"],
        ["the server continues", "服务器继续运行"],
        Parse::Each(|it| Action::Server(ServerAction::Resume(it))),
    ),
    verb(
        "timeout",
        &["timeout S1"],
        ["the election timer fires now", "选举计时器现在触发"],
        Parse::Each(|it| Action::Server(ServerAction::Fire(it, Timer::Election))),
    ),
    verb(
        "fire",
        &[
            "fire S1 heartbeat",
            "fire S1 election",
            "fire S1 retry",
            "fire S1 transfer",
            "fire S1 quorum",
        ],
        ["that timer fires now", "该计时器现在触发"],
        Parse::Many(fire),
    ),
    verb(
        "read",
        &["read S1"],
        [
            "asks the server for a linearizable read, without a log entry",
            "请求服务器做一次线性一致读，不写日志条目",
        ],
        Parse::Each(|it| Action::Server(ServerAction::Read(it))),
    ),
    verb(
        "transfer",
        &["transfer S1 S2"],
        [
            "asks the first to transfer its leadership to the second; with itself, to cancel that",
            "请求前者把领导权转移给后者；写它自己则取消转移",
        ],
        Parse::Many(transfer),
    ),
    verb(
        "reconfigure",
        &["reconfigure S1 voters S1 S2 learners S3"],
        [
            "asks the server to make these the members",
            "请求服务器把成员改为这些",
        ],
        Parse::Many(reconfigure),
    ),
    verb(
        "snapshot",
        &["snapshot S1"],
        [
            "the server compacts its applied entries into a snapshot",
            "服务器把已应用的条目压缩成快照",
        ],
        Parse::Each(|it| Action::Server(ServerAction::Snapshot(it))),
    ),
];

/// Writes the line of such an Action.
pub(super) fn write(action: &ServerAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        ServerAction::Propose { server, commands } => {
            write!(f, "propose {server}")?;
            write_commands(commands.get(), f)
        }
        ServerAction::Read(server) => write!(f, "read {server}"),
        ServerAction::Transfer { from, to } => write!(f, "transfer {from} {to}"),
        ServerAction::Reconfigure { server, members } => {
            write!(f, "reconfigure {server} ")?;
            write_members(members, f)
        }
        ServerAction::Crash(server) => write!(f, "crash {server}"),
        ServerAction::CrashTorn(server) => write!(f, "crash {server} torn"),
        ServerAction::Restart(server) => write!(f, "restart {server}"),
        ServerAction::RestartEmpty(server) => write!(f, "restart {server} empty"),
        ServerAction::RestartBackup(server) => write!(f, "restart {server} backup"),
        ServerAction::Pause(server) => write!(f, "pause {server}"),
        ServerAction::Resume(server) => write!(f, "resume {server}"),
        ServerAction::Fire(server, Timer::Election) => write!(f, "timeout {server}"),
        ServerAction::Fire(server, timer) => {
            write!(f, "fire {server} {}", timer_name(*timer))
        }
        ServerAction::Snapshot(server) => write!(f, "snapshot {server}"),
    }
}

/// A timer as a line names it.
pub(crate) const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Election => "election",
        Timer::Retry => "retry",
        Timer::Heartbeat => "heartbeat",
        Timer::Transfer => "transfer",
        Timer::Quorum => "quorum",
    }
}

fn propose(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.some(&[])?;
    let at = scan.place();
    let mut commands = Commands::default();
    scan.commands(&mut commands)?;
    while !scan.at_end() {
        scan.commands(&mut commands)?;
    }
    let fault = Fault::too_many_commands;
    let batch = Batch::new(commands.list).ok_or_else(|| Wrong { at, fault: fault() })?;
    let propose = |server| {
        Action::Server(ServerAction::Propose {
            server,
            commands: batch.clone(),
        })
    };
    Ok(servers.into_iter().map(propose).collect())
}

fn crash(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let crash = if scan.eat_word("torn") {
        ServerAction::CrashTorn
    } else {
        ServerAction::Crash
    };
    Ok(servers.into_iter().map(crash).map(Action::Server).collect())
}

fn restart(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let restart = if scan.eat_word("empty") {
        ServerAction::RestartEmpty
    } else if scan.eat_word("backup") {
        ServerAction::RestartBackup
    } else {
        ServerAction::Restart
    };
    Ok(servers
        .into_iter()
        .map(restart)
        .map(Action::Server)
        .collect())
}

fn fire(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let at = scan.present("a timer", "计时器")?;
    let word = scan.word();
    let named = |timer: &Timer| timer_name(*timer) == word;
    let Some(timer) = Timer::ALL.into_iter().find(named) else {
        return Err(unknown(at, word, &Timer::ALL.map(timer_name)));
    };
    let fire = |server| Action::Server(ServerAction::Fire(server, timer));
    Ok(servers.into_iter().map(fire).collect())
}

fn transfer(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.some(&[])?;
    let to = scan.server()?;
    let transfer = |from| Action::Server(ServerAction::Transfer { from, to });
    Ok(servers.into_iter().map(transfer).collect())
}

fn reconfigure(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.some(&[])?;
    let members = members(scan)?;
    let reconfigure = |server| {
        Action::Server(ServerAction::Reconfigure {
            server,
            members: members.clone(),
        })
    };
    Ok(servers.into_iter().map(reconfigure).collect())
}

/// `voters S1 S2 learners S3`.
pub(super) fn members(scan: &mut Scan<'_>) -> Result<Members, Wrong> {
    let at = scan.place();
    let mut named = Vec::new();
    let mut servers = |scan: &mut Scan<'_>| {
        let first = named.len();
        loop {
            let more = scan.some(&named)?;
            named.extend(more);
            if scan.at_end() || scan.sees_word("learners") {
                return Ok(named[first..].to_vec());
            }
        }
    };
    expect(scan, "voters")?;
    let voters = servers(scan)?;
    let mut learners = Vec::new();
    if !scan.at_end() {
        expect(scan, "learners")?;
        learners = servers(scan)?;
    }
    let fault = Fault::no_voters;
    Members::new(voters, learners).ok_or_else(|| Wrong { at, fault: fault() })
}

/// The inverse of [`members`].
pub(super) fn write_members(members: &Members, f: &mut Formatter<'_>) -> fmt::Result {
    let [voters, learners] = [members.voters(), members.learners()];
    f.write_str("voters")?;
    voters.iter().try_for_each(|id| write!(f, " {id}"))?;
    if !learners.is_empty() {
        f.write_str(" learners")?;
    }
    learners.iter().try_for_each(|id| write!(f, " {id}"))
}
