#!/bin/sh
# `npm run fleet [PATTERN]` runs the queries of docs/exports-and-fleet.md in their databases, over an S3 server. It first installs both.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
prepare "$root" || exit $?
# an S3 server, in the packages of Debian's own Python
/usr/bin/python3 -c 'import moto.server' 2>/dev/null || debian_packages ' python3-moto python3-flask python3-flask-cors python3-docker'
# ClickHouse as a library: too large for the node_modules of every checkout
chdb=3.4.0
fleet=$root/.build/fleet
if [ "$(node -p "require('$fleet/node_modules/chdb/package.json').version" 2>/dev/null)" != $chdb ]; then
  say "installing chdb $chdb (568 MB) in .build/fleet"
  mkdir -p "$fleet"
  npm install --prefix "$fleet" --no-save --no-package-lock --no-audit --no-fund --loglevel=error "chdb@$chdb" >&2
fi
cd "$root"
KSYS_FLEET=1 exec node node_modules/vitest/vitest.mjs run --config test/vitest.config.ts --project fleet "$@"
