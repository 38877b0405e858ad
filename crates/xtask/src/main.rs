//! Turns the compiled WebAssembly module into the package that the page imports.
//!
//! `xtask WASM OUT_DIR` writes the same files as
//! `wasm-pack build crates/raft-wasm --target web --out-dir ../../web/pkg`. It drives the library
//! behind the `wasm-bindgen` program, whose version `Cargo.lock` pins to the one that the module
//! was compiled with, so nobody has to install a matching program by hand.

#![forbid(unsafe_code)]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;

/// The name that every generated file starts with; wasm-pack derives it from the crate's.
const STEM: &str = "raft_wasm";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [wasm, out_dir] = arguments.as_slice() else {
        eprintln!("usage: xtask WASM OUT_DIR");
        return ExitCode::from(2);
    };
    match package(Path::new(wasm), Path::new(out_dir)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {wasm}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the whole package; what an earlier build left there is replaced.
fn package(wasm: &Path, out_dir: &Path) -> Result<(), Box<dyn Error>> {
    if out_dir.exists() {
        fs::remove_dir_all(out_dir)?;
    }
    fs::create_dir_all(out_dir)?;
    Bindgen::new()
        .input_path(wasm)
        .out_name(STEM)
        .web(true)?
        .typescript(true)
        .generate(out_dir)?;
    fs::write(out_dir.join("package.json"), manifest())?;
    // As wasm-pack does: a generated package is nothing to commit.
    fs::write(out_dir.join(".gitignore"), "*")?;
    Ok(())
}

/// The package.json that wasm-pack would write for `crates/raft-wasm`.
fn manifest() -> String {
    format!(
        r#"{{
  "name": "raft-wasm",
  "type": "module",
  "description": "The WebAssembly boundary of the Raft laboratory",
  "version": "{version}",
  "license": "{license}",
  "files": [
    "{STEM}_bg.wasm",
    "{STEM}.js",
    "{STEM}.d.ts"
  ],
  "main": "{STEM}.js",
  "types": "{STEM}.d.ts",
  "sideEffects": [
    "./snippets/*"
  ]
}}"#,
        version = env!("CARGO_PKG_VERSION"),
        license = env!("CARGO_PKG_LICENSE"),
    )
}
