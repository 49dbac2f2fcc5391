#!/bin/sh
# Compiles TypeScript when a source has changed since: what tests import and start is what the sources say.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/src/setup/prepare.sh"
js_fresh "$root" && exit
mkdir -p "$root/.build"
(
  flock 9
  js_fresh "$root" || { build_js "$root" && compiled_code "$root"; }
) 9>"$root/.build/lock"
