#!/bin/sh
# What `npm run check` runs: types, style, layers, and lists that scripts generate. The compiler of the tests runs beside the linter.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
sh src/setup/compile.sh
node src/schema/constants/from-headers.mjs --check
node node_modules/typescript/bin/tsc -p test &
types=$!
node node_modules/@biomejs/biome/bin/biome check src chisels test || { wait $types || :; exit 1; }
wait $types
exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts test/unit/layers.test.ts test/unit/opens.test.ts test/unit/words.test.ts test/docs/references.test.ts \
  test/unit/schema/facts.test.ts test/unit/cli/derived.test.ts test/unit/container/ test/unit/fields/ test/unit/model/ test/unit/source/
