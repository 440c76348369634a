# Runs tests of the addon's crate under Miri, the interpreter of Rust's nightly toolchain: it finds undefined behaviour, data
# races, deadlocks and leaks. The concurrent tests run once for each of $1 seeds, which decide the schedule.
#
# Not under Miri: what calls C (Lua, TLS) or needs a socket, and password hashes, which would take hours.
set -eu
seeds=${1:-16}
if ! cargo +nightly miri --version >/dev/null 2>&1; then
  echo "Miri is missing: rustup toolchain install nightly --component miri,rust-src" >&2
  exit 1
fi
NAPI_TYPE_DEF_TMP_FOLDER=${NAPI_TYPE_DEF_TMP_FOLDER:-$PWD/.cache/napi-types}
export NAPI_TYPE_DEF_TMP_FOLDER
mkdir -p "$NAPI_TYPE_DEF_TMP_FOLDER"
run() {
  cargo +nightly miri test --package aerospike-napi --lib -- "$@"
}
echo "==> tests with one schedule"
run wire:: requests:: stream:: napi::buffer_loans nodes::gate --skip concurrency_tests
echo "==> concurrent tests, with $seeds schedules"
MIRIFLAGS="-Zmiri-many-seeds=0..$seeds" run concurrency_tests
