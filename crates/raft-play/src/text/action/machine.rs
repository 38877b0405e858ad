//! What is done to disks, clocks and processors: its verbs, how their lines are read and how they are written.

use std::fmt::{self, Formatter};

use raft_core::NodeId;
use raft_sim::action::{Action, Jump, MachineAction};
use raft_sim::clock::Rate;
use raft_sim::time::Duration;

use super::link::decimal;
use super::{Parse, Percent, Verb, verb};
use crate::text::known::{nearest, unknown};
use crate::text::{Fault, Scan, Wrong};

/// The verbs of this family.
pub(super) const VERBS: &[Verb] = &[
    verb(
        "disk",
        &[
            "disk 1ms",
            "disk S1 0us..2ms",
            "disk S1 unordered",
            "disk S1 ordered",
            "disk S1 unsynced",
            "disk S1 synced",
            "disk S1 failing",
            "disk S1 working",
        ],
        [
            "how long a write takes; whether writes wait for each other; whether a crash loses what was reported as written; whether every write fails",
            "写入需要多久；写入是否依次进行；崩溃是否会丢失已报告写完的内容；写入是否都失败",
        ],
        Parse::Many(disk),
    ),
    verb(
        "backup",
        &["backup S1"],
        [
            "copies the disk, for `restart S1 backup`",
            "留存磁盘的备份，供 `restart S1 backup` 使用",
        ],
        Parse::Each(|it| Action::Machine(MachineAction::Backup(it))),
    ),
    verb(
        "stall",
        &["stall S1"],
        ["the disk finishes no write", "磁盘不再完成任何写入"],
        Parse::Each(|it| Action::Machine(MachineAction::Stall(it))),
    ),
    verb(
        "unstall",
        &["unstall S1"],
        [
            "the disk works again; waiting writes start over",
            "磁盘恢复工作，等待的写入重新开始",
        ],
        Parse::Each(|it| Action::Machine(MachineAction::Unstall(it))),
    ),
    verb(
        "cpu",
        &["cpu S1 5ms", "cpu S1 0"],
        [
            "every event takes that long to handle",
            "处理每个事件都需要这么久",
        ],
        Parse::Many(cpu),
    ),
    verb(
        "clock",
        &["clock S1 110%", "clock S1 +500ms", "clock S1 -500ms"],
        [
            "the rate of the clock, from 0.1% to 1000%, or a jump of it",
            "时钟的速率，从 0.1% 到 1000%，或一次跳变",
        ],
        Parse::Many(clock),
    ),
];

/// Writes the line of such an Action.
pub(super) fn write(action: &MachineAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        MachineAction::Backup(server) => write!(f, "backup {server}"),
        MachineAction::Disk { server, range } => write!(f, "disk {}{range}", Whose(*server)),
        MachineAction::DiskOrder { server, in_order } => {
            let order = if *in_order { "ordered" } else { "unordered" };
            write!(f, "disk {}{order}", Whose(*server))
        }
        MachineAction::DiskSyncs { server, syncs } => {
            let word = if *syncs { "synced" } else { "unsynced" };
            write!(f, "disk {}{word}", Whose(*server))
        }
        MachineAction::DiskFails { server, fails } => {
            let word = if *fails { "failing" } else { "working" };
            write!(f, "disk {}{word}", Whose(*server))
        }
        MachineAction::Stall(server) => write!(f, "stall {server}"),
        MachineAction::Unstall(server) => write!(f, "unstall {server}"),
        MachineAction::Cpu { server, each } if *each == Duration::ZERO => {
            write!(f, "cpu {server} 0")
        }
        MachineAction::Cpu { server, each } => write!(f, "cpu {server} {each}"),
        MachineAction::ClockRate { server, permille } => {
            write!(f, "clock {server} {}", Percent(permille.get()))
        }
        MachineAction::ClockJump { server, jump } => match jump {
            Jump::Ahead(by) => write!(f, "clock {server} +{by}"),
            Jump::Back(by) => write!(f, "clock {server} -{by}"),
        },
    }
}

pub(super) fn is_word(word: &str) -> bool {
    DISKS.iter().any(|(name, _)| *name == word)
}

/// Makes the disk of a server be so, or those of all.
type OfDisk = fn(Option<NodeId>) -> MachineAction;

/// What a disk can be.
const DISKS: [(&str, OfDisk); 6] = [
    ("ordered", |server| MachineAction::DiskOrder {
        server,
        in_order: true,
    }),
    ("unordered", |server| MachineAction::DiskOrder {
        server,
        in_order: false,
    }),
    ("synced", |server| MachineAction::DiskSyncs {
        server,
        syncs: true,
    }),
    ("unsynced", |server| MachineAction::DiskSyncs {
        server,
        syncs: false,
    }),
    ("failing", |server| MachineAction::DiskFails {
        server,
        fails: true,
    }),
    ("working", |server| MachineAction::DiskFails {
        server,
        fails: false,
    }),
];

fn disk(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers: Vec<Option<NodeId>> = if scan.at_server() {
        scan.servers()?.into_iter().map(Some).collect()
    } else {
        vec![None]
    };
    let each = |action: &dyn Fn(Option<NodeId>) -> MachineAction| {
        let servers = servers.iter().copied();
        servers.map(action).map(Action::Machine).collect()
    };
    let at = scan.place();
    if let Some((_, action)) = DISKS.iter().find(|(word, _)| scan.eat_word(word)) {
        return Ok(each(action));
    }
    let word = scan.peek(|c| !c.is_whitespace());
    let range = scan.range().map_err(|wrong| {
        let words = DISKS.map(|(word, _)| word);
        let is_slip = nearest(word, &words).is_some();
        if is_slip {
            unknown(at, word, &words)
        } else {
            wrong
        }
    })?;
    Ok(each(&|server| MachineAction::Disk { server, range }))
}

fn cpu(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let each = if scan.eat_word("0") {
        Duration::ZERO
    } else {
        scan.duration()?
    };
    let cpu = |server| Action::Machine(MachineAction::Cpu { server, each });
    Ok(servers.into_iter().map(cpu).collect())
}

fn clock(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let servers = scan.servers()?;
    let at = scan.present("a rate or a jump", "速率或跳变")?;
    let jump = if scan.eat("+") {
        Some(Jump::Ahead(scan.duration()?))
    } else if scan.eat("-") {
        Some(Jump::Back(scan.duration()?))
    } else {
        None
    };
    if let Some(jump) = jump {
        let jump = |server| Action::Machine(MachineAction::ClockJump { server, jump });
        return Ok(servers.into_iter().map(jump).collect());
    }
    let word = scan.word();
    let permille = word.strip_suffix('%').and_then(|rate| decimal(rate, 1));
    let Some(permille) = permille.and_then(Rate::new) else {
        let fault = Fault::clock(word, scan.forms);
        return Err(Wrong { at, fault });
    };
    let rate = |server| Action::Machine(MachineAction::ClockRate { server, permille });
    Ok(servers.into_iter().map(rate).collect())
}

/// The server that a setting is about, with a space behind it; nothing for all servers.
struct Whose(Option<NodeId>);

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(server) => write!(f, "{server} "),
            None => Ok(()),
        }
    }
}
