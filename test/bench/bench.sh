#!/bin/sh
# `npm run bench` runs set-up, the traced program, the benchmark. Arguments: names of cases (default: all),
# `ui` and seconds, or `cost` and its options.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
mkdir -p "$root/.build/bench"
node "$root/node_modules/typescript/bin/tsc" -p "$root/test/bench"
if [ "${1-}" = cost ]; then
  shift
  . "$root/test/bench/cost/setup.sh"
  cost_setup "$root" "$@"
  exec node "$root/.build/bench/bench/cost/cost.js" "$@"
fi
cc -O2 -o "$root/.build/bench/loop" "$root/test/bench/loop.c"
cc -O2 -o "$root/.build/bench/load" "$root/test/bench/load.c"
[ "${1-}" != ui ] || { shift; exec node "$root/.build/bench/bench/ui.js" "$@"; }
exec node "$root/.build/bench/bench/bench.js" "$@"
