//! The header of a playbook: what its lines are called, how they are read, printed and explained.
//!
//! One table has all of it, in the order in which a header prints. A line of the header that is
//! not in the table does not exist, and one that is there is read.

use std::fmt::{self, Formatter};

use raft_sim::client::CLIENTS_MAX;
use raft_sim::setup::{Feature, Features, Own, SERVERS_MAX, Setup, Size};
use raft_sim::time::Micros;

use super::setting::{NO_FEATURE, Setting, of_all};
use crate::text::names::{One, Several};
use crate::text::{self, Fault, Scan, Wrong};

mod table;

pub use table::HEADERS;

/// A line of the header.
pub struct Header {
    /// The word that it begins with.
    pub name: &'static str,
    /// Lines that begin with it, the plainest first.
    pub forms: &'static [&'static str],
    /// What holds where it is left out.
    pub left_out: &'static str,
    /// Which values it can have.
    pub bounds: &'static str,
    says: Says,
}

/// What stands behind a word of the header that is for the reader only.
const A_LINE_OF_TEXT: &str = "a line of text";

/// What a line of the header speaks of.
enum Says {
    /// Of the cluster.
    Cluster(
        fn(&mut Scan<'_>, &mut Setup) -> Result<(), Wrong>,
        fn(&Setup, &mut Formatter<'_>) -> fmt::Result,
    ),
    /// Of how servers behave: all of them, or behind `server S2` a single one.
    Servers(
        fn(&mut Scan<'_>) -> Result<Setting, Wrong>,
        fn(&Own) -> Option<Setting>,
    ),
    /// The same, of a size.
    Size(Size),
    /// Of a single server: one of those two.
    Single,
}

impl Header {
    /// Whether there may be several such lines.
    pub(super) const fn may_repeat(&self) -> bool {
        matches!(self.says, Says::Single)
    }

    /// Reads what stands behind the word, which begins at `at`.
    pub(super) fn read(
        &self,
        at: usize,
        scan: &mut Scan<'_>,
        setup: &mut Setup,
    ) -> Result<(), Wrong> {
        scan.forms = self.forms;
        match self.says {
            Says::Cluster(read, _) => read(scan, setup)?,
            Says::Servers(read, _) => read(scan)?.give_all(setup),
            Says::Size(size) => sized(size, scan)?.give_all(setup),
            Says::Single => single(scan, setup)?,
        }
        too_few_servers(at, setup)?;
        scan.finish()
    }

    /// Whether a sentence for the reader stands behind the word.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.bounds == A_LINE_OF_TEXT
    }

    /// Writes its lines; none where the cluster is as if it were left out.
    fn print(&self, setup: &Setup, f: &mut Formatter<'_>) -> fmt::Result {
        match self.says {
            Says::Cluster(_, print) => print(setup, f),
            Says::Servers(..) | Says::Size(_) => match self.given(&of_all(setup)) {
                Some(setting) => writeln!(f, "{setting}"),
                None => Ok(()),
            },
            Says::Single => setup.own.iter().try_for_each(|(id, own)| {
                let mut settings = HEADERS.iter().filter_map(|header| header.given(own));
                settings.try_for_each(|setting| writeln!(f, "server {id} {setting}"))
            }),
        }
    }

    /// What it says of servers that have this, if it speaks of servers.
    fn given(&self, own: &Own) -> Option<Setting> {
        match self.says {
            Says::Servers(_, given) => given(own),
            Says::Size(size) => own.sizes.get(size).map(|to| Setting::Size(size, to)),
            Says::Cluster(..) | Says::Single => None,
        }
    }

    /// What it gives a single server, if it can.
    fn setting(&self, scan: &mut Scan<'_>) -> Option<Result<Setting, Wrong>> {
        match self.says {
            Says::Servers(read, _) => Some(read(scan)),
            Says::Size(size) => Some(sized(size, scan)),
            Says::Cluster(..) | Says::Single => None,
        }
    }

    const fn is_setting(&self) -> bool {
        matches!(self.says, Says::Servers(..) | Says::Size(_))
    }
}

/// Prints all lines of the header.
pub(super) fn print(setup: &Setup, f: &mut Formatter<'_>) -> fmt::Result {
    let mut headers = HEADERS.iter();
    headers.try_for_each(|header| header.print(setup, f))
}

fn servers(scan: &mut Scan<'_>, setup: &mut Setup) -> Result<(), Wrong> {
    let servers = scan.number(1, u64::from(SERVERS_MAX))?;
    setup.servers = u8::try_from(servers).unwrap_or(SERVERS_MAX);
    Ok(())
}

/// What the servers of a figure are called there, from the first on.
fn labels(scan: &mut Scan<'_>, setup: &mut Setup) -> Result<(), Wrong> {
    let at = scan.present("a label", "标签")?;
    let labels = scan.text().split_whitespace().map(str::to_owned);
    setup.labels = labels.collect();
    if setup.labels.len() <= usize::from(setup.servers) {
        return Ok(());
    }
    let next = format!("S{}", setup.servers + 1);
    let fault = Fault::no_such_server(&next, setup.servers);
    Err(Wrong { at, fault })
}

fn voters(scan: &mut Scan<'_>, setup: &mut Setup) -> Result<(), Wrong> {
    let voters = scan.number(1, u64::from(SERVERS_MAX))?;
    setup.voters = u8::try_from(voters).ok();
    Ok(())
}

/// Refuses a cluster that begins with more voters than there are servers, or in which a server
/// that there is not has something of its own.
fn too_few_servers(at: usize, setup: &Setup) -> Result<(), Wrong> {
    if let Some((id, _)) = setup.own.last()
        && id.0 > u16::from(setup.servers)
    {
        let fault = Fault::no_such_server(&id.to_string(), setup.servers);
        return Err(Wrong { at, fault });
    }
    if setup.voters.is_none_or(|voters| voters <= setup.servers) {
        return Ok(());
    }
    let fault = Fault::more_voters_than_servers(setup.servers);
    Err(Wrong { at, fault })
}

fn clients(scan: &mut Scan<'_>, setup: &mut Setup) -> Result<(), Wrong> {
    let clients = scan.number(0, u64::from(CLIENTS_MAX))?;
    setup.clients = u8::try_from(clients).unwrap_or(CLIENTS_MAX);
    if !scan.at_end() {
        text::expect(scan, "without")?;
        text::expect(scan, "sessions")?;
        setup.sessions = false;
    }
    Ok(())
}

fn print_clients(setup: &Setup, f: &mut Formatter<'_>) -> fmt::Result {
    match (setup.clients, setup.sessions) {
        (0, true) => Ok(()),
        (clients, true) => writeln!(f, "clients {clients}"),
        (clients, false) => writeln!(f, "clients {clients} without sessions"),
    }
}

fn snapshots(scan: &mut Scan<'_>, setup: &mut Setup) -> Result<(), Wrong> {
    text::expect(scan, "every")?;
    setup.snapshot_every = Some(scan.number(2, text::NUMBER_MAX)?);
    Ok(())
}

fn election(scan: &mut Scan<'_>) -> Result<Setting, Wrong> {
    let at = scan.place();
    let range = scan.range()?;
    long_enough(at, range.min())?;
    Ok(Setting::Election(range))
}

fn heartbeat(scan: &mut Scan<'_>) -> Result<Setting, Wrong> {
    let at = scan.place();
    let time = scan.duration()?;
    long_enough(at, time.get())?;
    Ok(Setting::Heartbeat(time.get()))
}

fn sized(size: Size, scan: &mut Scan<'_>) -> Result<Setting, Wrong> {
    let to = scan.number(1, text::NUMBER_MAX)?;
    Ok(Setting::Size(size, to))
}

/// What one server has of its own: `S2 election 1s..2s`.
fn single(scan: &mut Scan<'_>, setup: &mut Setup) -> Result<(), Wrong> {
    let at = scan.present("a server", "服务器")?;
    let Several::One(One::Server(id), 0) = scan.several()? else {
        let found = scan.since(at).trim_end();
        let fault = Fault::expected("a server by its number", "服务器编号", found, scan.forms);
        return Err(Wrong { at, fault });
    };
    let at = scan.present("a setting", "设置")?;
    let name = scan.word();
    let header = HEADERS.iter().find(|header| header.name == name);
    let Some(setting) = header.and_then(|header| header.setting(scan)) else {
        let settings = HEADERS.iter().filter(|header| header.is_setting());
        let names: Vec<&str> = settings.map(|header| header.name).collect();
        let fault = Fault::no_setting(name, text::nearest(name, &names), &names);
        return Err(Wrong { at, fault });
    };
    if setting?.give_one(setup.own_mut(id)) {
        return Ok(());
    }
    let fault = Fault::header_twice(name);
    Err(Wrong { at, fault })
}

/// The features named on the rest of a line, one at least.
fn features(scan: &mut Scan<'_>) -> Result<Features, Wrong> {
    let line = scan.place();
    let mut features = Features::default();
    if scan.eat_word(NO_FEATURE) {
        return Ok(features);
    }
    while features.is_empty() || !scan.at_end() {
        let at = scan.place();
        let word = scan.word();
        if word.is_empty() {
            let fault = Fault::missing("a feature", "功能", scan.forms);
            return Err(Wrong { at, fault });
        }
        let found = Feature::ALL.iter().find(|feature| feature.name() == word);
        let Some(feature) = found else {
            let names = Feature::ALL.map(Feature::name);
            let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
            return Err(Wrong { at, fault });
        };
        features.insert(*feature);
    }
    if features.contains(&Feature::LeaseReads) && !features.contains(&Feature::CheckQuorum) {
        let fault = Fault::lease_alone();
        return Err(Wrong { at: line, fault });
    }
    Ok(features)
}

/// The shortest timer of a server: one that ran out much more often would leave no time for
/// anything else to happen.
const TIMER_MIN: Micros = Micros::from_millis(1);

fn long_enough(at: usize, time: Micros) -> Result<(), Wrong> {
    if time >= TIMER_MIN {
        return Ok(());
    }
    let fault = Fault::too_short(time, TIMER_MIN);
    Err(Wrong { at, fault })
}
