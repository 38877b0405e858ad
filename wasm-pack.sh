#!/usr/bin/env bash
# Builds the page: compiles crates/raft-wasm and crates/raft-check-wasm to WebAssembly, writes
# web/pkg and web/pkg-check as wasm-pack would, optimises them, and bundles web/dist. See --help.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
web=$root/web
cache=$web/.cache
target=wasm32-unknown-unknown
least_rust=88 # The minor version in `rust-version` of Cargo.toml.
least_node=20
# The lowest memory is the end of the stack. The rest is what rustc's WebAssembly
# target emits by default; wasm-opt must be told.
wasm_opt=(
  -O3
  # What is called from one place only is inlined by LLVM where that pays; more only takes room.
  --one-caller-inline-max-function-size=0
  --converge
  # Neighbours that are alike are packed smaller; nobody asks who made it.
  --reorder-functions
  --strip-producers
  --strip-target-features
  --low-memory-unused
  --enable-bulk-memory
  --enable-multivalue
  --enable-mutable-globals
  --enable-nontrapping-float-to-int
  --enable-reference-types
  --enable-sign-ext
)

usage() {
  cat <<'TEXT'
./wasm-pack.sh               build web/pkg, web/pkg-check and web/dist
./wasm-pack.sh single        build, and write the page as one file, web/raft-laboratory.html
./wasm-pack.sh serve [PORT]  build, then serve web/ on 127.0.0.1 (PORT defaults to 8000)
./wasm-pack.sh --help        this text

It needs Rust (rustup) with its C linker, and Node.js 20 or newer. What did not
change since the last build is not built again. web/ is the whole site then:
open web/index.html, or copy web/index.html, web/sw.js and web/dist/ to any static host.
TEXT
}

# fail WHAT REMEDY...: says what is wrong and what to type, and ends the script.
fail() {
  printf '\nwasm-pack.sh: %s\n' "$1" >&2
  shift
  if (($# > 0)); then printf '    %s\n' "$@" >&2; fi
  exit 1
}

# have PROGRAM...: whether each can be called.
have() { command -v "$@" >/dev/null && [[ $(command -v "$@" | wc -l) -eq $# ]]; }

say() { printf '• %s\n' "$1"; }

# fingerprint WORD-OR-FILE...: one hash over the contents of files and over other words.
fingerprint() {
  node -e '
    const { createHash } = require("node:crypto");
    const { existsSync, readFileSync } = require("node:fs");
    const hash = createHash("sha256");
    for (const word of process.argv.slice(1)) hash.update(existsSync(word) ? readFileSync(word) : word);
    console.log(hash.digest("hex"));
  ' "$@"
}

# unchanged NAME FINGERPRINT: whether the step NAME was last finished with this fingerprint.
unchanged() { [[ -f $cache/$1 && $(<"$cache/$1") == "$2" ]]; }

# finished NAME FINGERPRINT: remembers it.
finished() {
  mkdir -p "$cache"
  printf '%s\n' "$2" >"$cache/$1"
}

check_rust() {
  # A shell opened before rustup was installed does not have its folder in PATH yet.
  if ! have cargo && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
  fi
  have cargo rustc ||
    fail "Rust is missing." \
      "Install it from https://rustup.rs:" \
      "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
  local version minor
  version=$(rustc --version | cut -d' ' -f2)
  minor=$(cut -d. -f2 <<<"$version")
  ((minor >= least_rust)) ||
    fail "Rust $version is too old; 1.$least_rust or newer is needed." "rustup update stable"
  have cc || have gcc || have clang ||
    fail "A C linker is missing, which Rust links its programs with." \
      "Debian, Ubuntu:  sudo apt-get install gcc libc6-dev" \
      "Fedora:          sudo dnf install gcc" \
      "macOS:           xcode-select --install"
}

check_node() {
  have node npm ||
    fail "Node.js (node and npm) is missing." \
      "Install version $least_node or newer from https://nodejs.org, or:" \
      "Debian, Ubuntu:  sudo apt-get install nodejs npm" \
      "macOS:           brew install node"
  local version
  version=$(node --version)
  local major=${version#v}
  ((${major%%.*} >= least_node)) ||
    fail "Node.js $version is too old; version $least_node or newer is needed." \
      "Install it from https://nodejs.org, or:  nvm install $least_node"
}

add_target() {
  [[ -d $(rustc --print target-libdir --target "$target") ]] && return
  have rustup ||
    fail "This Rust has no $target target, and rustup is not there to add it." \
      "Install Rust from https://rustup.rs, or your system's package for it:" \
      "Debian, Ubuntu:  sudo apt-get install libstd-rust-dev-wasm32"
  say "adding the $target target"
  rustup target add "$target" ||
    fail "The $target target could not be fetched. Is there a network?" \
      "rustup target add $target" \
      "then run ./wasm-pack.sh again"
}

# cargo_build ARGUMENT...: like cargo build, with a word about the network where that failed.
cargo_build() {
  local log
  log=$(mktemp)
  # Continuous integration must build what the lock file says, and nothing newer.
  if cargo build ${CI:+--locked} "$@" 2>&1 | tee "$log"; then
    rm -f "$log"
    return
  fi
  local network='failed to (download|fetch|get)|could not resolve|network|unable to update registry'
  if grep -qiE "$network" "$log"; then
    rm -f "$log"
    fail "Cargo could not fetch a package. Is there a network?" \
      "cargo fetch" "then run ./wasm-pack.sh again"
  fi
  rm -f "$log"
  fail "The Rust code does not compile; the errors are above."
}

npm_packages() {
  local print
  print=$(fingerprint "$web/package-lock.json" "$(node --version)")
  [[ -d $web/node_modules ]] && unchanged npm "$print" && return
  say "npm ci"
  (cd "$web" && npm ci --no-audit --no-fund --loglevel=error) ||
    fail "npm could not install the packages of web/package-lock.json. Is there a network?" \
      "cd web && npm ci" "then run ./wasm-pack.sh again"
  finished npm "$print"
}

# wasm_package CRATE FOLDER: writes the folder as wasm-pack would for the crate, optimised.
wasm_package() {
  local crate=$1 stem=${1//-/_} folder=$2
  local wasm=$built/$target/wasm/$stem.wasm
  local print
  print=$(fingerprint "$wasm" "$built/debug/pack" "$web/package-lock.json" "${wasm_opt[*]}")
  [[ -f $folder/${stem}_bg.wasm ]] && unchanged "$crate" "$print" && return
  say "writing ${folder#"$root/"}"
  "$built/debug/pack" package "$wasm" "$folder"
  say "wasm-opt"
  local optimised=$cache/optimised.wasm
  mkdir -p "$cache"
  node "$web/node_modules/binaryen/bin/wasm-opt" "${wasm_opt[@]}" \
    "$folder/${stem}_bg.wasm" -o "$optimised" ||
    fail "wasm-opt refused the module; its errors are above."
  mv "$optimised" "$folder/${stem}_bg.wasm"
  finished "$crate" "$print"
}

wasm_packages() {
  cd "$root"
  local built=${CARGO_TARGET_DIR:-$root/target}
  say "compiling crates/raft-wasm and crates/raft-check-wasm"
  cargo_build --profile wasm -p raft-wasm -p raft-check-wasm --target "$target"
  cargo_build -p pack
  wasm_package raft-wasm "$web/pkg"
  wasm_package raft-check-wasm "$web/pkg-check"
}

main() {
  case ${1:-} in
    "" | serve | single) ;;
    -h | --help | help)
      usage
      return
      ;;
    *)
      usage >&2
      fail "there is no '$1'."
      ;;
  esac
  check_rust
  check_node
  add_target
  npm_packages
  wasm_packages
  say "bundling web/dist"
  (cd "$web" && node build.mjs ${1:+"$1"}) || fail "The page could not be bundled; the errors are above."
  local page=index.html
  [[ ${1:-} != single ]] || page=raft-laboratory.html
  printf '\nOpen %s in a browser' "web/$page"
  if [[ ${1:-} == serve ]]; then
    printf ', or the address below.\n'
    exec node "$web/serve.mjs" "${2:-8000}"
  fi
  printf ', or type: ./wasm-pack.sh serve\n'
}

main "$@"
