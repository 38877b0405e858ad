#!/usr/bin/env bash
# Runs every check, the quick ones first, and closes with what passed. See --help.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1
web=$root/web
logs=$web/.cache/logs
passed=0
failed=0
failures=()
page_built=no

usage() {
  cat <<'TEXT'
./test.sh         every check
./test.sh quick   formatting, lints and the tests that need no browser and no build of the page
./test.sh page    builds the page and tests it in the browsers
./test.sh --help  this text

The page is tested in Chromium and in Firefox. They are looked for in PATH, or
named by CHROMIUM and FIREFOX, and installed with apt-get where that is
possible. The logs of all stages are kept in web/.cache/logs.
TEXT
}

have() { command -v "$1" >/dev/null; }

# sum PATTERN FILE: adds up the first number on every line of FILE that matches PATTERN.
sum() { grep -aoE "$1" "$2" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

# count_results LOG STATUS NAME: reads the numbers that the test runners printed. A stage
# without such numbers, say a formatter, counts as one check.
count_results() {
  local log=$1 status=$2 name=$3 good bad
  good=$(($(sum '^test result: .* [0-9]+ passed' "$log") + $(sum '^(#|ℹ) pass [0-9]+' "$log")))
  bad=$(($(sum '[0-9]+ failed;' "$log") + $(sum '^(#|ℹ) (fail|cancelled) [0-9]+' "$log")))
  if ((status != 0 && bad == 0)); then bad=1; fi
  if ((status == 0 && good + bad == 0)); then good=1; fi
  passed=$((passed + good))
  failed=$((failed + bad))
  if ((bad > 0)); then failures+=("$name"); fi
}

# stage NAME COMMAND...: runs one, shows what it prints and how long it took, and counts.
stage() {
  local name=$1 log=$logs/${1//[^a-zA-Z0-9]/-}.log status begin
  shift
  printf '\n\033[1m── %s\033[0m\n' "$name"
  begin=$(date +%s)
  "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  count_results "$log" "$status" "$name"
  printf '   %s: %s, %d s\n' "$name" \
    "$( ((status == 0)) && echo passed || echo "FAILED ($status)")" "$(($(date +%s) - begin))"
  return "$status"
}

# as_root COMMAND...: with sudo where needed, and only where it does not ask for a password.
as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif have sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# browser_there VARIABLE NAME...: whether the variable or a program of one of the names is there.
browser_there() {
  local variable=$1 name
  shift
  [[ -n ${!variable:-} ]] && return
  for name in "$@"; do have "$name" && return; done
  return 1
}

# Debian's packages for what is missing here: the browsers, a font for Chinese, the shell's linter.
install_missing() {
  local packages=()
  browser_there CHROMIUM chromium chromium-browser google-chrome || packages+=(chromium)
  browser_there FIREFOX firefox-esr firefox || packages+=(firefox-esr)
  if have apt-get; then
    [[ -n $(fc-list :lang=zh 2>/dev/null) ]] || packages+=(fonts-noto-cjk)
    have shellcheck || packages+=(shellcheck)
  fi
  ((${#packages[@]} == 0)) && return
  if have apt-get && as_root true; then
    echo "Installing ${packages[*]}"
    as_root apt-get update -q >"$logs/apt.log" 2>&1
    as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "${packages[@]}" >>"$logs/apt.log" 2>&1 && return
    echo "apt-get failed; its last words:"
    tail -3 "$logs/apt.log"
  fi
  echo "Missing here: ${packages[*]}. To install them:"
  echo "    Debian, Ubuntu:  sudo apt-get install ${packages[*]}"
  echo "    elsewhere:       install Chromium (or Chrome) and Firefox, and name them:"
  echo "                     CHROMIUM=/path/to/chrome FIREFOX=/path/to/firefox ./test.sh"
}

web_packages() {
  [[ -d $web/node_modules ]] || (cd "$web" && npm ci --no-audit --no-fund --loglevel=error)
}

in_web() { (cd "$web" && "$@"); }

# no_std TARGET: raft-core for a machine without an operating system, with and without serde.
no_std() {
  if have rustup && ! [[ -d $(rustc --print target-libdir --target "$1") ]]; then
    rustup target add "$1" || return
  fi
  cargo build -q -p raft-core --target "$1" && cargo build -q -p raft-core --features serde --target "$1"
}

# The oldest Rust that is promised: `rust-version` in Cargo.toml.
oldest_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

# oldest_rust_there: whether that toolchain is here, or can be fetched.
oldest_rust_there() {
  have rustup || return 1
  cargo "+$(oldest_rust)" --version >/dev/null 2>&1 && return
  echo "Fetching Rust $(oldest_rust)"
  rustup toolchain install --profile minimal "$(oldest_rust)" >"$logs/rustup.log" 2>&1
}

# What others would use compiles with the oldest Rust; so do its tests.
check_by_oldest_rust() { cargo "+$(oldest_rust)" check -q --workspace --exclude peers --exclude pack --tests; }

# The packages that others would use, as crates.io would get them.
packages() {
  local package file all=(raft-core raft-sim raft-play raft-check raft-cli)
  for package in "${all[@]}"; do
    cargo package --list -q --allow-dirty -p "$package" >"$logs/$package.list" || return
    for file in Cargo.toml README.md LICENSE-MIT LICENSE-APACHE src/; do
      grep -q "^$file" "$logs/$package.list" || { echo "$package carries no $file" && return 1; }
    done
  done
  # Their code is compiled by the other stages.
  cargo package -q --no-verify --allow-dirty "${all[@]/#/--package=}"
}

documentation() {
  RUSTDOCFLAGS="-D warnings" cargo doc -q --no-deps --workspace --exclude peers --exclude pack
}

quick_checks() {
  stage "cargo fmt" cargo fmt --all --check
  stage "tidy" cargo xtask tidy
  stage "npm packages" web_packages
  stage "biome" in_web node node_modules/@biomejs/biome/bin/biome ci .
  if have shellcheck; then stage "shellcheck" shellcheck wasm-pack.sh test.sh .ci/run; fi
  stage "raft-core" cargo test -q -p raft-core
  stage "clippy" cargo clippy -q --workspace --all-targets -- -D warnings
  stage "workspace tests" cargo test -q --workspace --exclude raft-core --exclude pack
  stage "documentation" documentation
  stage "packages" packages
  if oldest_rust_there; then
    stage "Rust $(oldest_rust)" check_by_oldest_rust
  else
    echo "Rust $(oldest_rust) cannot be had here, so nothing is compiled by it."
  fi
  stage "raft-core without std: ARM" no_std thumbv7em-none-eabihf
  stage "raft-core without std: WebAssembly" no_std wasm32-unknown-unknown
}

page_checks() {
  stage "build of the page" ./wasm-pack.sh && page_built=yes
  if [[ $page_built == no ]]; then
    echo "   The page did not build, so its tests are left out."
    return
  fi
  stage "TypeScript" in_web node node_modules/typescript/bin/tsc --noEmit
  stage "TypeScript unit tests" in_web node tests/run.mjs unit
  stage "WebAssembly boundary" in_web node tests/run.mjs boundary
  stage "page in the browsers" in_web node tests/run.mjs page
  stage "pictures" in_web node tests/screenshots.mjs .cache/images
}

main() {
  case ${1:-all} in
    all | quick | page) ;;
    -h | --help | help) usage && return ;;
    *) usage >&2 && return 2 ;;
  esac
  mkdir -p "$logs"
  rm -f "$logs"/*.log
  local begin
  begin=$(date +%s)
  install_missing
  if [[ ${1:-all} != page ]]; then quick_checks; fi
  if [[ ${1:-all} != quick ]]; then page_checks; fi
  printf '\n%d s in all\n' "$(($(date +%s) - begin))"
  if ((${#failures[@]} > 0)); then printf 'Failed: %s\n' "${failures[@]}"; fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

main "$@"
