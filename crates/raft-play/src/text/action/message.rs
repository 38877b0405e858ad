//! What is done to messages, one by one: `M12`, `next AppendEntries S1 -> S3`, `answer C1`.

use std::fmt::{self, Formatter};

use raft_sim::action::{Action, MessageAction};
use raft_sim::ids::MessageId;
use raft_sim::said::MessageKind;
use raft_sim::which::{Handling, KindOrLink, Which};

use super::client::{at_client, client};
use super::{Parse, Verb, verb};
use crate::text::known::{nearest, unknown};
use crate::text::{Fault, NUMBER_MAX, Scan, Wrong};

/// The verbs of this family.
pub(super) const VERBS: &[Verb] = &[
    verb(
        "drop",
        &[
            "drop M12",
            "drop AppendEntries S1 -> S3",
            "drop next AppendEntries S1 -> S3",
        ],
        [
            "the message is lost; without `next`, every such message in flight",
            "消息丢失；不写 `next` 时指所有在途的这类消息",
        ],
        Parse::Many(|s| handled(s, |_| Ok(Handling::Drop))),
    ),
    verb(
        "duplicate",
        &[
            "duplicate M12",
            "duplicate RequestVote S1 -> S3",
            "duplicate next RequestVote S1 -> S3",
        ],
        ["the message arrives twice", "消息到达两次"],
        Parse::Many(|s| handled(s, |_| Ok(Handling::Duplicate))),
    ),
    verb(
        "deliver",
        &[
            "deliver M12",
            "deliver S1 -> S3",
            "deliver next AppendEntries S1 -> S3",
        ],
        ["the message arrives now", "消息现在到达"],
        Parse::Many(|s| handled(s, |_| Ok(Handling::Deliver))),
    ),
    verb(
        "delay",
        &[
            "delay M12 5ms",
            "delay AppendEntries S1 -> S3 5ms",
            "delay next AppendEntries reply S3 -> S1 5ms",
        ],
        ["the message arrives that much later", "消息推迟这么久到达"],
        Parse::Many(|s| handled(s, |s| s.duration().map(Handling::Delay))),
    ),
];

/// Writes the line of such an Action.
pub(super) fn write(action: &MessageAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        MessageAction::Drop(message) => write!(f, "drop {message}"),
        MessageAction::Duplicate(message) => write!(f, "duplicate {message}"),
        MessageAction::Deliver(message) => write!(f, "deliver {message}"),
        MessageAction::Delay { message, by } => write!(f, "delay {message} {by}"),
        MessageAction::Next { which, handling } => next(*which, *handling, f),
    }
}

fn next(which: Which, handling: Handling, f: &mut Formatter<'_>) -> fmt::Result {
    match handling {
        Handling::Drop => write!(f, "drop next {which}"),
        Handling::Duplicate => write!(f, "duplicate next {which}"),
        Handling::Deliver => write!(f, "deliver next {which}"),
        Handling::Delay(by) => write!(f, "delay next {which} {by}"),
    }
}

/// The word behind the name of a request that makes it that of the answer.
const REPLY: &str = " reply";

/// What is done to the messages that the rest of the line means: to one with a number, to the
/// next of those that are sent from now on, or to each of those that are under way.
fn handled(
    scan: &mut Scan<'_>,
    handling: fn(&mut Scan<'_>) -> Result<Handling, Wrong>,
) -> Result<Vec<Action>, Wrong> {
    let at = scan.present("a message", "消息")?;
    if is_number(scan.peek(|c| !c.is_whitespace())) {
        let message = MessageId(scan.message_number(NUMBER_MAX)?);
        return Ok(vec![Action::Message(handling(scan)?.of(message))]);
    }
    if scan.eat_word("next") {
        let which = which(scan)?;
        let handling = handling(scan)?;
        let next = |which| Action::Message(MessageAction::Next { which, handling });
        return Ok(which.into_iter().map(next).collect());
    }
    let which = which(scan)?;
    let handling = handling(scan)?;
    let mut found = Vec::new();
    for one in &which {
        found.extend(scan.names.messages(*one, handling));
    }
    if found.is_empty() {
        let which: Vec<String> = which.iter().map(ToString::to_string).collect();
        let fault = Fault::none_under_way(&which.join(", "), scan.forms);
        return Err(Wrong { at, fault });
    }
    Ok(found
        .into_iter()
        .map(|id| Action::Message(handling.of(id)))
        .collect())
}

/// Whether this is meant to be the number of a message.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix(['M', 'm']).unwrap_or(word);
    digits.is_empty() || digits.starts_with(|c: char| c.is_ascii_digit())
}

/// A kind of message, a link, or both; or what a client asks or is answered. Where the link is
/// between several servers, the same for each.
pub(crate) fn which(scan: &mut Scan<'_>) -> Result<Vec<Which>, Wrong> {
    let at = scan.present("a message", "消息")?;
    for (word, of) in [
        ("request", Which::Request as fn(_) -> Which),
        ("answer", Which::Answer),
    ] {
        if scan.eat_word(word) {
            let one = at_client(scan).then(|| client(scan)).transpose()?;
            return Ok(vec![of(one)]);
        }
    }
    let kind = kind(scan)?;
    let links = scan.one_way_links()?;
    let between = |link| match (kind, link) {
        (Some(kind), link) => Some(KindOrLink::of_kind(kind, link)),
        (None, Some(link)) => Some(KindOrLink::on_link(link)),
        (None, None) => None,
    };
    let which: Option<Vec<_>> = links.into_iter().map(between).collect();
    let which = which.ok_or_else(|| {
        let names = MessageKind::ALL.map(MessageKind::name);
        let words = ["next", "request", "answer"];
        let all: Vec<&str> = names.into_iter().chain(words).collect();
        unknown(at, scan.word(), &all)
    })?;
    Ok(which.into_iter().map(Which::Between).collect())
}

/// A kind of message, if the next words name one, or were probably meant to.
pub(super) fn kind(scan: &mut Scan<'_>) -> Result<Option<MessageKind>, Wrong> {
    let at = scan.place();
    let word = scan.peek(|c| !c.is_whitespace());
    let named = |name: &str| {
        MessageKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
    };
    let Some(asked) = named(word) else {
        let all = MessageKind::ALL.map(MessageKind::name);
        // A share or a number is no slip, and is not compared with words.
        let is_slip = word.starts_with(char::is_alphabetic) && !scan.at_server();
        if is_slip && nearest(word, &all).is_some() {
            return Err(unknown(at, word, &all));
        }
        return Ok(None);
    };
    scan.word();
    Ok(match named(&format!("{word}{REPLY}")) {
        Some(reply) if scan.eat_word(REPLY.trim_start()) => Some(reply),
        _ => Some(asked),
    })
}
