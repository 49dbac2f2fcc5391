#!/bin/sh
# What `npm run bench` runs: set-up, the traced program, the benchmark. Arguments: names of cases (default: all).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
mkdir -p "$root/.build/bench"
cc -O2 -o "$root/.build/bench/loop" "$root/test/bench/loop.c"
node "$root/node_modules/typescript/bin/tsc" -p "$root/test/bench"
exec node "$root/.build/bench/bench.js" "$@"
