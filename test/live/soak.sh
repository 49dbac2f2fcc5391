#!/bin/sh
# `npm run soak` runs a capture under load for MINUTES (60), among processes and cgroups that come and go; then the
# extreme runs at full size (100,000 processes, 20,000 threads) and KILLS (100) writers that are killed among 35 busy programs. As root.
# The hour: npm run soak. Shorter: npm run soak -- 10 20
# usage: soak.sh [MINUTES [KILLS]]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "$root"
vitest() { node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts "$1"; }
KSYS_SOAK_MINUTES="${1:-60}" vitest test/live/soak.test.ts
KSYS_HARD=1 vitest test/live/hard.test.ts
KSYS_KILLS="${2:-100}" KSYS_BUSY=35 vitest test/live/kills.test.ts
