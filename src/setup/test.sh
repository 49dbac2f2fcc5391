#!/bin/sh
# What `npm test` runs: the same set-up as `npm start`, then every test.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "$root"
exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts "$@"
