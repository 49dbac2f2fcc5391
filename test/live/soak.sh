#!/bin/sh
# What `npm run soak` runs: a capture under load for MINUTES (60), then the hard runs at full size: 100,000 processes, 20,000
# threads. As root.
# usage: soak.sh [MINUTES]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "$root"
vitest() { node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts "$1"; }
KSYS_SOAK_MINUTES="${1:-60}" vitest test/live/soak.test.ts
KSYS_HARD=1 vitest test/live/hard.test.ts
