#!/bin/sh
# `npm run bench` runs set-up, the traced program, the benchmark. Arguments: names of cases (default: all),
# or `ui` and seconds.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
mkdir -p "$root/.build/bench"
cc -O2 -o "$root/.build/bench/loop" "$root/test/bench/loop.c"
node "$root/node_modules/typescript/bin/tsc" -p "$root/test/bench"
cc -O2 -o "$root/.build/bench/load" "$root/test/bench/load.c"
[ "${1-}" != ui ] || { shift; exec node "$root/.build/bench/ui.js" "$@"; }
exec node "$root/.build/bench/bench.js" "$@"
