//! Which server hears which: all networks that one-way and two-way cuts can produce.

use std::fmt::Write;

/// The links of a cluster, in one direction each. Servers are counted from 0 here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern {
    pub(crate) servers: usize,
    /// A bit for each ordered pair, see [`bit`].
    links: u32,
}

/// The place of the link `from` → `to` among all that start at `from` and before.
const fn bit(servers: usize, from: usize, to: usize) -> u32 {
    let among = if to > from { to - 1 } else { to };
    1 << (from * (servers - 1) + among)
}

impl Pattern {
    /// No link is cut.
    pub(crate) const fn whole(servers: usize) -> Self {
        let links = (1 << (servers * (servers - 1))) - 1;
        Self { servers, links }
    }

    /// Every pattern of this many servers, up to renaming: of patterns that differ only by the names
    /// of the servers, the one with the smallest number.
    pub(crate) fn all(servers: usize) -> Vec<Self> {
        let whole = Self::whole(servers);
        let renamings = renamings(servers);
        let mut seen = vec![false; whole.links as usize + 1];
        let mut all = Vec::new();
        for links in 0..=whole.links {
            if seen[links as usize] {
                continue;
            }
            let pattern = Self { servers, links };
            for names in &renamings {
                seen[pattern.renamed(names).links as usize] = true;
            }
            all.push(pattern);
        }
        all
    }

    /// Whether `to` hears `from`.
    pub(crate) const fn has(self, from: usize, to: usize) -> bool {
        from != to && self.links & bit(self.servers, from, to) != 0
    }

    /// Whether both hear each other.
    pub(crate) const fn both(self, one: usize, other: usize) -> bool {
        self.has(one, other) && self.has(other, one)
    }

    /// Without the links of one server.
    pub(crate) fn without(self, server: usize) -> Self {
        let mut left = self;
        for other in (0..self.servers).filter(|other| *other != server) {
            left.links &= !bit(self.servers, server, other);
            left.links &= !bit(self.servers, other, server);
        }
        left
    }

    /// The same with server `n` renamed to `names[n]`.
    pub(crate) fn renamed(self, names: &[usize]) -> Self {
        let mut links = 0;
        for (from, to) in self.pairs() {
            if self.has(from, to) {
                links |= bit(self.servers, names[from], names[to]);
            }
        }
        Self { links, ..self }
    }

    /// Whether some majority is fully connected: any two of its servers hear each other.
    pub(crate) fn leaves_a_majority(self) -> bool {
        (0..1_u32 << self.servers).any(|set| {
            let of_it = |server: &usize| set >> server & 1 == 1;
            let is_majority = set.count_ones() as usize * 2 > self.servers;
            let mut pairs = self.pairs();
            is_majority && pairs.all(|(a, b)| !of_it(&a) || !of_it(&b) || self.has(a, b))
        })
    }

    /// One server of each group that the pattern does not distinguish.
    pub(crate) fn unlike_servers(self) -> Vec<usize> {
        let same: Vec<_> = renamings(self.servers)
            .into_iter()
            .filter(|names| self.renamed(names) == self)
            .collect();
        (0..self.servers)
            .filter(|server| same.iter().all(|names| names[*server] >= *server))
            .collect()
    }

    /// How many links are cut.
    pub(crate) const fn cuts(self) -> u32 {
        Self::whole(self.servers).links.count_ones() - self.links.count_ones()
    }

    /// The cuts as lines of a playbook, those of both directions as one.
    pub(crate) fn lines(self) -> String {
        let mut text = String::new();
        for (from, to) in self.pairs() {
            let (cut, back) = (!self.has(from, to), !self.has(to, from));
            let way = if !cut || (back && from > to) {
                continue;
            } else if back {
                "S"
            } else {
                "-> S"
            };
            let space = if text.is_empty() { "" } else { "; " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{space}cut S{} {way}{}", from + 1, to + 1);
        }
        text
    }

    /// Every ordered pair of two servers.
    fn pairs(self) -> impl Iterator<Item = (usize, usize)> {
        let servers = 0..self.servers;
        let pairs = servers.flat_map(move |from| (0..self.servers).map(move |to| (from, to)));
        pairs.filter(|(from, to)| from != to)
    }
}

/// All renamings of this many servers.
pub(crate) fn renamings(servers: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..servers {
        let longer = all.iter().flat_map(|names: &Vec<usize>| {
            let free = (0..servers).filter(|name| !names.contains(name));
            free.map(|name| [names.as_slice(), &[name]].concat())
        });
        all = longer.collect();
    }
    all
}
