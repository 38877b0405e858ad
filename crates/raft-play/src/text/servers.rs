//! Reading who is meant: `S1`, `leader+1`, `any 2 of running`, `S1 -> S2`.

use raft_core::NodeId;
use raft_sim::ids::Pair;

use super::names::{One, SETS, Several};
use super::scan::{Scan, Wrong};
use super::{Fault, nearest};

impl Scan<'_> {
    /// A server, such as `S1` or `leader`.
    pub(crate) fn server(&mut self) -> Result<NodeId, Wrong> {
        let at = self.present("a server", "服务器")?;
        let who = self.several()?;
        let found = self.resolve(at, &who)?;
        let [server] = found.as_slice() else {
            let fault = Fault::not_one(found.len(), self.forms);
            return Err(Wrong { at, fault });
        };
        Ok(*server)
    }

    /// One server or more: all that are named up to something else.
    pub(crate) fn servers(&mut self) -> Result<Vec<NodeId>, Wrong> {
        let mut servers = self.some(&[])?;
        while self.at_server() {
            let more = self.some(&servers)?;
            servers.extend(more);
        }
        Ok(servers)
    }

    /// Those that the next words mean, without the ones that are `taken`. A server that is
    /// named twice by its number is a slip; one that two words happen to mean is not.
    pub(crate) fn some(&mut self, taken: &[NodeId]) -> Result<Vec<NodeId>, Wrong> {
        let at = self.present("a server", "服务器")?;
        let who = self.several()?;
        let mut found = self.resolve(at, &who)?;
        if let Several::One(One::Server(server), 0) = who
            && taken.contains(&server)
            && self.names.is_exact()
        {
            let fault = Fault::server_twice(server);
            return Err(Wrong { at, fault });
        }
        found.retain(|id| !taken.contains(id));
        Ok(found)
    }

    /// The same for all that are named in a row, one at least.
    pub(crate) fn several_in_a_row(&mut self) -> Result<Vec<Several>, Wrong> {
        let mut row = vec![self.several()?];
        while self.at_server() {
            row.push(self.several()?);
        }
        Ok(row)
    }

    fn resolve(&mut self, at: usize, who: &Several) -> Result<Vec<NodeId>, Wrong> {
        let found = self
            .names
            .resolve(who, &self.mentioned)
            .map_err(|nobody| Wrong {
                at,
                fault: Fault::nobody(&nobody),
            })?;
        for server in &found {
            if !self.mentioned.contains(server) {
                self.mentioned.push(*server);
            }
        }
        Ok(found)
    }

    /// Whether the next thing is the name of a server or of several.
    pub(crate) fn at_server(&mut self) -> bool {
        let word = self.peek(|c| c.is_alphanumeric() || c == '_');
        self.is_server(word)
    }

    /// Whether this begins the name of a server or of several.
    pub(crate) fn is_server(&self, word: &str) -> bool {
        let is_number = word
            .strip_prefix(['S', 's'])
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let is_word = matches!(word, "leader" | "any" | "the");
        !word.is_empty()
            && (is_number
                || is_word
                || SETS.iter().any(|(name, _)| *name == word)
                || self.names.knows(word))
    }

    /// The next words as what they are, not as whom they mean.
    pub(crate) fn several(&mut self) -> Result<Several, Wrong> {
        let at = self.present("a server", "服务器")?;
        self.parts += 1;
        let name = self.take(|c| c.is_alphanumeric() || c == '_');
        if let Some((_, set)) = SETS.iter().find(|(word, _)| *word == name) {
            return Ok(Several::Set(*set));
        }
        match name {
            "any" => self.any(),
            "the" => {
                let at = self.present("“rest”", "“rest”")?;
                match self.word() {
                    "rest" => Ok(Several::Rest),
                    found => {
                        let fault = Fault::expected("“rest”", "“rest”", found, self.forms);
                        Err(Wrong { at, fault })
                    }
                }
            }
            "leader" => Ok(Several::One(One::Leader, self.plus()?)),
            name if self.names.knows(name) => {
                Ok(Several::One(One::Named(name.to_owned()), self.plus()?))
            }
            name => {
                let server = self.numbered_server(at, name)?;
                Ok(Several::One(One::Server(server), self.plus()?))
            }
        }
    }

    /// `2 of running`, behind `any`.
    fn any(&mut self) -> Result<Several, Wrong> {
        let count = if self.peek(|c| c.is_ascii_digit()).is_empty() {
            1
        } else {
            self.number(1, u64::from(self.servers))?
        };
        let of = if self.peek(char::is_alphanumeric) == "of" {
            self.word();
            self.inside(Self::several)?
        } else {
            Several::Set(super::names::Set::All)
        };
        Ok(Several::Any(
            usize::try_from(count).unwrap_or(1),
            Box::new(of),
        ))
    }

    /// `+2`, right behind a name.
    fn plus(&mut self) -> Result<u16, Wrong> {
        if !self.touches('+') {
            return Ok(0);
        }
        let at = self.place();
        let word = self.take(|c| c == '+' || c.is_alphanumeric());
        let further = self.number_in(at, &word[1..], 1, u64::from(self.servers))?;
        Ok(u16::try_from(further).unwrap_or(1))
    }

    fn numbered_server(&mut self, at: usize, name: &str) -> Result<NodeId, Wrong> {
        let digits = name.strip_prefix(['S', 's']).unwrap_or("");
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            let found = if name.is_empty() { self.word() } else { name };
            let sets = SETS.iter().map(|(name, _)| *name);
            let names: Vec<&str> = sets.chain(["leader"]).collect();
            let fault = Fault::no_server(found, nearest(found, &names), self.forms);
            return Err(Wrong { at, fault });
        }
        match digits.parse() {
            Ok(number) if number >= 1 && number <= u16::from(self.servers) => Ok(NodeId(number)),
            _ => {
                let fault = Fault::no_such_server(name, self.servers);
                Err(Wrong { at, fault })
            }
        }
    }

    /// The links between servers named before and after the arrow, and whether there is one: from
    /// each to each other.
    pub(crate) fn links(&mut self) -> Result<(Vec<Pair>, bool), Wrong> {
        let from = self.some(&[])?;
        let one_way = self.eat("->");
        let at = self.place();
        let to = self.some(&[])?;
        let pairs = from
            .iter()
            .flat_map(|from| to.iter().map(|to| Pair::new(*from, *to)));
        let mut links: Vec<Pair> = pairs.flatten().collect();
        if !self.names.is_exact() && links.is_empty() {
            // Before it is played, all words mean the same server; a link stands for what they will.
            links.extend(Pair::new(NodeId(1), NodeId(2)));
        }
        match from.first() {
            Some(server) if links.is_empty() && !to.is_empty() => {
                let fault = Fault::same_server(*server);
                Err(Wrong { at, fault })
            }
            _ => Ok((links, one_way)),
        }
    }

    /// `S1 -> S2`, when the next thing looks like it, as each link that it means; otherwise every
    /// link at once.
    pub(crate) fn one_way_links(&mut self) -> Result<Vec<Option<Pair>>, Wrong> {
        if !self.at_server() {
            return Ok(vec![None]);
        }
        let start = self.place();
        let (links, one_way) = self.links()?;
        if one_way {
            return Ok(links.into_iter().map(Some).collect());
        }
        let found = self.since(start).to_owned();
        let fault = Fault::expected(
            "a link from S1 -> S2",
            "S1 -> S2 形式的链路",
            &found,
            self.forms,
        );
        Err(Wrong { at: start, fault })
    }
}

/// Whether this looks like a name that `let` may give.
pub(crate) fn is_like_a_name(word: &str) -> bool {
    let mut letters = word.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_lowercase());
    let goes_on = letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let is_server = word
        .strip_prefix('s')
        .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    begins && goes_on && !is_server
}
