#!/bin/sh
# Runs the soak for MINUTES (60), then the hard runs at full size: 100,000 processes, 20,000 threads.
# usage: soak.sh [MINUTES]     as root, after npm test has set everything up
set -eu
cd "$(dirname "$0")/../.."
vitest() { node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts "$1"; }
KSYS_SOAK_MINUTES="${1:-60}" vitest test/live/soak.test.ts
KSYS_HARD=1 vitest test/live/hard.test.ts
