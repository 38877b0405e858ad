//! A file that is written whole, or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::output::Stop;

/// A file that is written at the end of a long search, which is begun only if it can be.
#[derive(Debug)]
pub(crate) struct OutputFile {
    name: PathBuf,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// Written beside its place and moved there, so that what was there stays until then.
    Moved(PathBuf),
    /// It is no file (a pipe, a device), or nothing can be made beside it.
    Direct(File),
}

impl OutputFile {
    /// Checks that it can be written.
    pub(crate) fn open(name: &Path) -> Result<Self, Stop> {
        let way = way(name).map_err(|error| Stop::file(name, &error))?;
        Ok(Self {
            name: name.to_owned(),
            way,
        })
    }

    /// Writes it; where that fails all the same, the text is printed, since it took long to find.
    pub(crate) fn write(self, text: &str) -> Result<(), Stop> {
        let written = match self.way {
            Way::Direct(mut file) => {
                // A pipe has no length.
                let _ = file.set_len(0);
                file.write_all(text.as_bytes())
            }
            Way::Moved(path) => moved(&path, text),
        };
        written.map_err(|error| {
            // What cannot be written there may still be read here.
            let _ = write!(io::stdout(), "{text}");
            Stop::file(&self.name, &error)
        })
    }
}

fn way(name: &Path) -> io::Result<Way> {
    let is_there = name.exists();
    let path = if is_there {
        // Whoever opens it must be allowed to write it, and a link stays one.
        let file = OpenOptions::new().append(true).open(name)?;
        let path = fs::canonicalize(name)?;
        if !file.metadata()?.is_file() || File::create_new(beside(&path)).is_err() {
            return Ok(Way::Direct(file));
        }
        path
    } else {
        File::create_new(beside(name))?;
        name.to_owned()
    };
    fs::remove_file(beside(&path))?;
    Ok(Way::Moved(path))
}

/// A file that is hidden and of nobody else, in the same folder.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", process::id()))
}

fn moved(path: &Path, text: &str) -> io::Result<()> {
    let beside = beside(path);
    let written = fs::write(&beside, text).and_then(|()| {
        if let Ok(old) = fs::metadata(path) {
            fs::set_permissions(&beside, old.permissions())?;
        }
        fs::rename(&beside, path)
    });
    if written.is_err() {
        // It may not even exist.
        let _ = fs::remove_file(&beside);
    }
    written
}
