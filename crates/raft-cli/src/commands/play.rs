//! `raftlab play`: a link that opens a run in the page.

use std::env;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::arguments::PlayArgs;
use crate::failure;
use crate::link::{TEXT_BYTES_MAX, link};
use crate::output::{Stop, Verdict, heard};
use crate::progress::Progress;
use crate::subject::{Problem, STANDARD_INPUT, Subject};

/// Where the page is, below the root of the repository.
const PAGE: &str = "web/index.html";
/// What that is built from.
const SOURCE: &str = "web/src/index.html";

pub(crate) fn execute(args: &PlayArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let progress = Progress::of(&format!("playing {}", subject.name));
    let (mut run, problem) = subject.run(seed)?;
    // The page plays the text itself, and says what fails in it.
    let text = subject.text(seed)?;
    let end = run.events().len() as u64;
    let of_violation = run.world().checker().violations().first();
    let told = problem.as_ref().map(Problem::event);
    let told = told.or_else(|| of_violation.map(|found| found.event + 1));
    let at = match args.at {
        Some(at) => {
            at.go_to(&mut run)?;
            run.position()
        }
        None => told.unwrap_or(end),
    };
    progress.end();
    let (page, advice) = page(args.page.as_deref());
    if text.len() > TEXT_BYTES_MAX {
        let instead = match subject.text_bytes() {
            Some(_) if subject.name == STANDARD_INPUT => {
                "Save the input as a file, and open that in the page instead."
            }
            Some(_) => "Open the file in the page instead.",
            None => "Choose a shorter --length, or shorten what fails with raftlab shrink.",
        };
        return Err(Stop::BadInput(format!(
            "{}: The playbook has {} bytes, and a link holds at most {TEXT_BYTES_MAX}. {instead}",
            subject.name,
            text.len()
        )));
    }
    let printed = writeln!(anstream::stdout().lock(), "{}", link(&page, &text, at));
    heard(printed.map_err(Stop::from))?;
    let mut complaints = anstream::stderr().lock();
    let verdict = match &problem {
        None => Verdict::Passed,
        Some(problem) => {
            write!(complaints, "{}", failure::told(&subject, seed, problem))?;
            Verdict::Failed
        }
    };
    writeln!(complaints, "{advice}")?;
    Ok(verdict)
}

/// Where the page is, and what to do with a link to it.
pub(super) fn page(asked: Option<&str>) -> (String, &'static str) {
    const BUILD: &str = "Open the link in a browser. Build the page first: ./wasm-pack.sh.";
    if let Some(page) = asked {
        return (page.to_owned(), "Open the link in a browser.");
    }
    let here = env::current_dir().unwrap_or_default();
    // A tree in which nothing is built has what the page is made of.
    let found = here.ancestors().find(|folder| {
        [PAGE, SOURCE]
            .iter()
            .any(|file| folder.join(file).is_file())
    });
    match found {
        Some(folder) => (address(&folder.join(PAGE)), BUILD),
        None => (
            PAGE.to_owned(),
            "There is no web/index.html here or in a folder above. Put the address of the page in \
             front of the #, or name it: --page URL",
        ),
    }
}

/// The address of a file. Whatever means something else in an address is escaped.
fn address(file: &Path) -> String {
    let path = file.to_string_lossy();
    let path = if cfg!(windows) {
        format!("/{}", path.replace('\\', "/"))
    } else {
        path.into_owned()
    };
    let mut address = "file://".to_owned();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~:".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_neither_blanks_nor_marks() {
        let file = Path::new("/my files/a#b/100%/页/index.html");
        if cfg!(not(windows)) {
            let wanted = "file:///my%20files/a%23b/100%25/%E9%A1%B5/index.html";
            assert_eq!(address(file), wanted);
        }
    }
}
