//! What a playbook asks of a World: numbers about it, and comparisons of them.
//!
//! `leaders reachable = 1` counts servers, `term S1 > before` looks at one, `applied index 4`
//! counts who has applied an entry, and sums of such things are compared. `role S1 = leader` and its
//! like are asked for what is no number. `and`, `or`, `not` and brackets join all that.

mod asked;
mod numbers;

use super::names::Known;
use super::play::Trouble;
use crate::text::{Fault, Scan, Unplayed, Wrong};
use raft_sim::act::{ClientRefusal, Refusal};
use raft_sim::client::ClientId;
use raft_sim::invariant::Invariant;
use raft_sim::run::RunError;

use asked::{Asked, Expected};

pub use asked::{PROPERTIES, Property};
pub(crate) use numbers::Sum;
pub(super) use numbers::applied_by;
pub use numbers::{NUMBERS, Number};

/// Something that holds or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// As it was written.
    pub(crate) text: String,
    tree: Tree,
}

/// Clauses, joined.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tree {
    One(Box<Clause>),
    Not(Box<Tree>),
    /// Each of them, looked at in their order up to one that does not hold.
    All(Vec<Tree>),
    /// One of them at least, looked at in their order.
    Any(Vec<Tree>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Clause {
    Compare(Side, Operator, Side),
    Broken(Invariant),
    /// Whether these servers go by a configuration that is joint.
    Joint(Asked),
    /// Whether that is so, or is not.
    Is(Asked, bool, Expected),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Side {
    /// As it was written.
    text: String,
    sum: Sum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// The two-character signs first, as the others begin like them.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::MoreOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::More),
];

/// What is compared that is no number either is so or is not.
const EQUALITY: [(&str, Operator); 2] = [("!=", Operator::NotEqual), ("=", Operator::Equal)];

/// What a line with a condition looks like, for complaints.
const FORMS: &[&str] = &["expect leaders reachable = 1 and terms = 1"];

impl Condition {
    /// Reads clauses joined by `and`, `or`, `not` and brackets, up to the end of the line or
    /// another word.
    pub(super) fn read(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Self, Wrong> {
        let start = scan.place();
        let tree = any_of(scan, numbers)?;
        let text = scan.since(start).trim_end().to_owned();
        Ok(Self { text, tree })
    }

    /// Reads a condition that stands by itself, and names nothing that was given a name.
    pub(crate) fn of_goal(text: &str, servers: u8) -> Result<Self, Wrong> {
        let mut names = Unplayed::default();
        let mut scan = Scan::new(text, servers, &mut names);
        Self::read(&mut scan, &[])
    }

    /// Whether it holds now.
    pub(super) fn holds(&self, known: &mut Known<'_>) -> Result<bool, Trouble> {
        self.tree.holds(known)
    }

    /// What is so, in the words in which it was asked.
    pub(super) fn found(&self, known: &mut Known<'_>) -> String {
        let mut found = Vec::new();
        self.tree.found(known, &mut found);
        found.join(", ")
    }

    /// Whether what was found can be expected in the same words: one thing, and as it is written.
    pub(super) fn says(&self, found: &str, servers: u8) -> bool {
        matches!(self.tree, Tree::One(_)) && Self::of_goal(found, servers).is_ok()
    }

    /// The invariants that may be broken where it holds.
    pub(crate) fn broken(&self) -> Vec<Invariant> {
        let mut broken = Vec::new();
        self.tree.broken(true, &mut broken);
        broken
    }
}

impl Tree {
    fn holds(&self, known: &mut Known<'_>) -> Result<bool, Trouble> {
        let (trees, decides) = match self {
            Self::One(clause) => return clause.holds(known),
            Self::Not(tree) => return tree.holds(known).map(|holds| !holds),
            Self::All(trees) => (trees, false),
            Self::Any(trees) => (trees, true),
        };
        for tree in trees {
            if tree.holds(known)? == decides {
                return Ok(decides);
            }
        }
        Ok(!decides)
    }

    /// Adds what is so, each thing once.
    fn found(&self, known: &mut Known<'_>, found: &mut Vec<String>) {
        match self {
            Self::One(clause) => {
                let this = clause.found(known);
                if !found.contains(&this) {
                    found.push(this);
                }
            }
            Self::Not(tree) => tree.found(known, found),
            Self::All(trees) | Self::Any(trees) => {
                for tree in trees {
                    tree.found(known, found);
                }
            }
        }
    }

    fn broken(&self, is_wanted: bool, broken: &mut Vec<Invariant>) {
        match self {
            Self::One(clause) => match **clause {
                Clause::Broken(invariant) if is_wanted => broken.push(invariant),
                Clause::Broken(_) | Clause::Compare(..) | Clause::Joint(_) | Clause::Is(..) => {}
            },
            Self::Not(tree) => tree.broken(!is_wanted, broken),
            Self::All(trees) | Self::Any(trees) => {
                for tree in trees {
                    tree.broken(is_wanted, broken);
                }
            }
        }
    }
}

impl Clause {
    fn holds(&self, known: &mut Known<'_>) -> Result<bool, Trouble> {
        match self {
            Self::Compare(left, operator, right) => {
                Ok(operator.holds(left.sum.value(known)?, right.sum.value(known)?))
            }
            Self::Broken(invariant) => {
                let mut violations = known.world.checker().violations().iter();
                Ok(violations.any(|violation| violation.invariant() == *invariant))
            }
            Self::Joint(asked) => asked.holds(false, &Expected::Servers(Vec::new()), known),
            Self::Is(asked, is_so, expected) => asked.holds(*is_so, expected, known),
        }
    }

    fn found(&self, known: &mut Known<'_>) -> String {
        match self {
            // Nobody needs to be told that 1 is 1.
            Self::Compare(left, _, right) if right.sum.is_plain() => left.found(known),
            Self::Compare(left, _, right) if left.sum.is_plain() => right.found(known),
            Self::Compare(left, _, right) => {
                format!("{}, {}", left.found(known), right.found(known))
            }
            Self::Broken(_) => {
                let broken = known.world.checker().violations().iter();
                let broken: Vec<String> = broken
                    .map(|violation| format!("broken {}", violation.invariant().id()))
                    .collect();
                if broken.is_empty() {
                    return "violations = 0".to_owned();
                }
                broken.join(", ")
            }
            Self::Joint(asked) | Self::Is(asked, ..) => asked.found(known),
        }
    }
}

impl Side {
    fn found(&self, known: &mut Known<'_>) -> String {
        let value = self.sum.value(known);
        let value = value.map_or_else(|_| "?".to_owned(), |value| value.to_string());
        format!("{} = {value}", self.text)
    }
}

fn no_client(id: ClientId, known: &Known<'_>) -> Trouble {
    let why = match known.world.clients() {
        [] => ClientRefusal::NoClients,
        _ => ClientRefusal::NoClient(id),
    };
    Trouble::Run(RunError::Refused(Refusal::Client(why)))
}

impl Operator {
    fn holds(self, left: i128, right: i128) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::More => left > right,
            Self::MoreOrEqual => left >= right,
        }
    }
}

/// The other words that begin what compares no numbers.
const OTHERS: [&str; 3] = ["not", REFUSED, ACCEPTED];
/// The words behind which stands what is expected to be refused, and what is not.
pub(super) const REFUSED: &str = "refused";
pub(super) const ACCEPTED: &str = "accepted";

/// Whether this word means something in a condition.
pub(super) fn is_word(word: &str) -> bool {
    numbers::is_word(word)
        || PROPERTIES.iter().any(|question| question.name == word)
        || OTHERS.contains(&word)
        || asked::ROLES.contains(&word)
}

/// Clauses joined by `or`, which binds less than `and`.
fn any_of(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Tree, Wrong> {
    let first = all_of(scan, numbers)?;
    let mut trees = vec![first];
    while scan.eat_name("or") {
        trees.push(all_of(scan, numbers)?);
    }
    Ok(match <[_; 1]>::try_from(trees) {
        Ok([only]) => only,
        Err(trees) => Tree::Any(trees),
    })
}

/// Clauses joined by `and`.
fn all_of(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Tree, Wrong> {
    let mut trees = vec![one(scan, numbers)?];
    while scan.eat_name("and") {
        trees.push(one(scan, numbers)?);
    }
    Ok(match <[_; 1]>::try_from(trees) {
        Ok([only]) => only,
        Err(trees) => Tree::All(trees),
    })
}

/// A clause, one that must not hold, or several in brackets.
fn one(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Tree, Wrong> {
    scan.forms = FORMS;
    if scan.eat_name("not") {
        let tree = scan.inside(|scan| one(scan, numbers))?;
        return Ok(Tree::Not(Box::new(tree)));
    }
    if scan.sees("(") {
        return scan.bracketed(|scan| any_of(scan, numbers));
    }
    let clause = clause(scan, numbers)?;
    Ok(Tree::One(Box::new(clause)))
}

fn clause(scan: &mut Scan<'_>, numbers: &[String]) -> Result<Clause, Wrong> {
    scan.parts += 1;
    if let Some(asked) = Clause::asked(scan)? {
        return Ok(asked);
    }
    let questions = PROPERTIES.iter().map(|question| question.name);
    let others: Vec<&str> = questions.chain(OTHERS).collect();
    scan.forms = numbers::forms(scan);
    let left = side(scan, numbers, &others)?;
    let operator = operator(scan, &OPERATORS)?;
    let right = side(scan, numbers, &[])?;
    Ok(Clause::Compare(left, operator, right))
}

fn side(scan: &mut Scan<'_>, numbers: &[String], others: &[&str]) -> Result<Side, Wrong> {
    let start = scan.place();
    let sum = Sum::read_beside(scan, numbers, others)?;
    let text = scan.since(start).trim_end().to_owned();
    Ok(Side { text, sum })
}

fn operator(scan: &mut Scan<'_>, known: &[(&str, Operator)]) -> Result<Operator, Wrong> {
    let at = scan.present("a comparison", "比较符")?;
    let foreign = Fault::foreign_operator(scan.peek(|c| !c.is_whitespace()));
    let foreign = foreign.or_else(|| scan.at_bracket().then(Fault::bracketed_sum));
    if let Some(fault) = foreign {
        return Err(Wrong { at, fault });
    }
    let found = known.iter().find(|(sign, _)| scan.eat(sign));
    found.map(|(_, operator)| *operator).ok_or_else(|| {
        let signs: Vec<&str> = known.iter().map(|(sign, _)| *sign).collect();
        let signs = signs.join(" ");
        let word = scan.word();
        let fault = Fault::expected(
            &format!("a comparison ({signs})"),
            &format!("比较符（{signs}）"),
            word,
            scan.forms,
        );
        Wrong { at, fault }
    })
}

#[cfg(test)]
mod tests;
