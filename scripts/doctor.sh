#!/bin/sh
# Reports tools that are missing for building the project, one per line. Uses POSIX sh so that it runs on bare systems.
bad=0
miss() { echo "doctor: $1" >&2; bad=1; }

# at_least HAVE WANT: compares the first two numbers of dotted versions.
at_least() {
  have_major=${1%%.*}; have_rest=${1#*.}; have_minor=${have_rest%%.*}
  want_major=${2%%.*}; want_rest=${2#*.}; want_minor=${want_rest%%.*}
  case "$have_major$have_minor" in *[!0-9]*|'') return 0 ;; esac # accept version strings that cannot be parsed
  [ "$have_major" -gt "$want_major" ] || { [ "$have_major" -eq "$want_major" ] && [ "$have_minor" -ge "$want_minor" ]; }
}

if command -v node >/dev/null 2>&1; then
  version=$(node -p process.versions.node 2>/dev/null)
  too_old="Node.js $version is too old to build with: install 20.19, 22.12 or later from https://nodejs.org"
  case $version in
    22.*) at_least "$version" 22.12 || miss "$too_old" ;;
    *) at_least "${version:-0.0}" 20.19 || miss "$too_old" ;;
  esac
  command -v npm >/dev/null 2>&1 || miss "npm is missing: install Node.js with npm from https://nodejs.org (or your system's npm package)"
else
  miss "Node.js is missing: install Node.js 20.19, 22.12 or later from https://nodejs.org"
fi

if command -v cargo >/dev/null 2>&1 && command -v rustc >/dev/null 2>&1; then
  version=$(rustc --version 2>/dev/null | cut -d' ' -f2)
  at_least "${version:-0.0}" 1.88 || miss "Rust $version is too old: run 'rustup update stable' to have 1.88 or later"
else
  miss "Rust is missing: install 1.88 or later from https://rustup.rs"
fi

if [ -n "$CC" ]; then
  # shellcheck disable=SC2086 # CC may contain flags
  set -- $CC
  command -v "$1" >/dev/null 2>&1 || miss "the C compiler named by CC ($1) is missing: install it or unset CC"
elif ! command -v cc >/dev/null 2>&1; then
  case $(uname -s) in
    Darwin) miss "a C compiler is missing: run 'xcode-select --install'" ;;
    *) miss "a C compiler is missing: install gcc or clang ('apt-get install gcc libc6-dev', 'dnf install gcc', 'apk add build-base')" ;;
  esac
fi

exit $bad
