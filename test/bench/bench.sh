#!/bin/sh
# `npm run bench` runs set-up, the traced program, the benchmark. Arguments: names of cases (default: all),
# `ui` and seconds, `cost` and its options, `halfload` and a load: a part of `cost`, `maxcpu` and loads, `merge`: how fast the lanes of
# many CPUs are merged, `lanes` and their numbers: the same, with everything up to the file, or `processes` and their numbers.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
mkdir -p "$root/.build/bench"
node "$root/node_modules/typescript/bin/tsc" -p "$root/test/bench"
. "$root/test/bench/cost/setup.sh"
[ "${1-}" != halfload ] || set -- cost --parts half --tools rules,record,metrics --loads "${2:-redis}"
if [ "${1-}" = cost ]; then
  shift
  cost_setup "$root" "$@"
  exec node "$root/.build/bench/bench/cost/cost.js" "$@"
fi
if [ "${1-}" = maxcpu ]; then
  shift
  cost_setup "$root" --loads "$(echo "${*:-redis rdwr}" | tr ' ' ,)" --tools write,max-cpu
  exec node "$root/.build/bench/bench/maxcpu.js" "$@"
fi
cc -O2 -o "$root/.build/bench/loop" "$root/test/bench/loop.c"
cc -O2 -o "$root/.build/bench/load" "$root/test/bench/load.c"
if [ "${1-}" = merge ]; then
  native=$root/native
  c++ -std=c++20 -O2 -iquote "$native" -iquote "$root/test/bench" -o "$root/.build/bench/merge" "$root/test/bench/merge.cc" \
    "$native/capture/merge.cc" "$native/capture/merge_rows.cc" "$native/capture/stacks.cc"
  exec "$root/.build/bench/merge" 2000000 2 16 64 128 256
fi
if [ "${1-}" = lanes ]; then
  shift
  . "$root/test/bench/lanes/setup.sh"
  lanes_setup "$root"
  exec node "$root/.build/bench/bench/lanes.js" "$@"
fi
if [ "${1-}" = processes ]; then
  shift
  cc -O2 -o "$root/.build/bench/processes" "$root/test/bench/processes.c"
  exec node "$root/.build/bench/bench/processes.js" "$@"
fi
[ "${1-}" != ui ] || { shift; exec node "$root/.build/bench/bench/ui.js" "$@"; }
exec node "$root/.build/bench/bench/bench.js" "$@"
