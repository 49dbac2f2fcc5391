#!/bin/sh
# `npm run docs [PAGE]` runs every example of the documentation, also live ones (root). `npm run docs -- --write` updates generated parts.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
cd "$root"
vitest="node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts"
if [ "${1-}" = --write ]; then
  KSYS_DOCS=write exec $vitest test/docs/references
fi
KSYS_DOCS=all KSYS_DOCS_PAGE="${1-}" exec $vitest test/docs
