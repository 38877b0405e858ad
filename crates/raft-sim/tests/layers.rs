//! The simulator in floors: what a module knows lies below it, or beside it where a comment says
//! why.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors, the ground first. Modules of one floor may know each other.
const FLOORS: &[&[&str]] = &[
    // Names, numbers and texts.
    &[
        "ids",
        "time",
        "digest",
        "command",
        "complaint",
        "rules",
        "outcome",
    ],
    &["random", "said", "setup"],
    // One thing each.
    &["delay", "disk", "clock"],
    // What a client asks and how it is told apart; the network carries that too.
    &["client"],
    &["which"],
    &["network"],
    &["server"],
    &["action"],
    &["event", "change", "invariant"],
    &["checker"],
    // The world, and what is done to it: `act` is the part of `World` that acts.
    &["world", "act"],
    &["run"],
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn a_module_knows_only_what_lies_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let floors: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor)))
        .collect();
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let within = file.strip_prefix(&root).expect("a source");
        let module = within.iter().next().expect("a name").to_string_lossy();
        let module = module.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let Some(floor) = floors.get(module) else {
            wrong.push(format!("{module} stands on no floor: add it to FLOORS"));
            continue;
        };
        let text = fs::read_to_string(&file).expect("a text");
        for (number, line) in text.lines().enumerate() {
            // What the documentation links to is not known by the code.
            if line.trim_start().starts_with("//") {
                continue;
            }
            for named in line.split("crate::").skip(1) {
                let end = named.find(|c: char| !c.is_alphanumeric() && c != '_');
                let named = &named[..end.unwrap_or(named.len())];
                if floors.get(named).is_some_and(|other| other > floor) {
                    let at = within.display();
                    wrong.push(format!(
                        "{at}:{}: {module} knows {named}, which lies above it",
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
