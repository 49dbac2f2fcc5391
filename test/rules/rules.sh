#!/bin/sh
# `npm run rules` runs the whole corpus of rules, with containers of podman, as root.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "$root"
KSYS_RULES=1 exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts test/rules/corpus
