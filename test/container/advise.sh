#!/bin/sh
# `npm run advise` makes and uses seccomp profiles of all programs in workloads.ts, in containers of docker, as root.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "$root"
KSYS_ADVISE=all exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts test/container/advise
