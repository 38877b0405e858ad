//! Turns the compiled WebAssembly module into what the page imports.
//!
//! `pack package WASM OUT_DIR` writes the same files as
//! `wasm-pack build CRATE --target web --out-dir OUT_DIR`. It drives the library
//! behind the `wasm-bindgen` program, whose version `Cargo.lock` pins to the one that the module
//! was compiled with, so nobody has to install a matching program by hand.
//!
//! `pack compress FILE` writes `FILE.xz`, which is a fifth smaller than what gzip makes of it.

#![forbid(unsafe_code)]

use std::error::Error;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use lzma_rust2::{CheckType, LzmaOptions, XzOptions, XzWriter};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (file, done) = match words.as_slice() {
        ["package", wasm, out_dir] => (wasm, package(Path::new(wasm), Path::new(out_dir))),
        ["compress", file] => (file, compress(file)),
        _ => {
            eprintln!("usage: pack package WASM OUT_DIR\n       pack compress FILE");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pack: {file}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the file anew beside itself, as small as it gets.
fn compress(file: &str) -> Result<(), Box<dyn Error>> {
    /// The greatest effort that xz knows.
    const EFFORT: u32 = 9;
    let mut options = XzOptions::with_preset(EFFORT);
    // Neither instructions nor texts begin at multiples of anything.
    options.lzma_options.pb = 0;
    options.lzma_options.nice_len = LzmaOptions::NICE_LEN_MAX;
    options.set_check_sum_type(CheckType::Crc32);
    let mut writer = XzWriter::new(Vec::new(), options)?;
    writer.write_all(&fs::read(file)?)?;
    fs::write(format!("{file}.xz"), writer.finish()?)?;
    Ok(())
}

/// Writes the whole package; what an earlier build left there is replaced.
fn package(wasm: &Path, out_dir: &Path) -> Result<(), Box<dyn Error>> {
    // Every generated file starts with it; wasm-pack derives it from the crate's name, as cargo does.
    let stem = wasm.file_stem().and_then(OsStr::to_str);
    let stem = stem.ok_or("this is not the name of a module")?;
    if out_dir.exists() {
        fs::remove_dir_all(out_dir)?;
    }
    fs::create_dir_all(out_dir)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(stem)
        .web(true)?
        .typescript(true)
        .generate(out_dir)?;
    fs::write(out_dir.join("package.json"), manifest(stem))?;
    // As wasm-pack does: a generated package is nothing to commit.
    fs::write(out_dir.join(".gitignore"), "*")?;
    Ok(())
}

/// The package.json that wasm-pack would write for the crate whose files start so, but for its
/// description.
fn manifest(stem: &str) -> String {
    format!(
        r#"{{
  "name": "{name}",
  "type": "module",
  "version": "{version}",
  "license": "{license}",
  "files": [
    "{stem}_bg.wasm",
    "{stem}.js",
    "{stem}.d.ts"
  ],
  "main": "{stem}.js",
  "types": "{stem}.d.ts",
  "sideEffects": [
    "./snippets/*"
  ]
}}"#,
        name = stem.replace('_', "-"),
        version = env!("CARGO_PKG_VERSION"),
        license = env!("CARGO_PKG_LICENSE"),
    )
}
