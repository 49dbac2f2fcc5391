#!/bin/sh
# Builds the block decoder with the address and undefined-behaviour sanitizers and runs it with damaged blocks.
# usage: trace-block.sh [ROUNDS] [SEED]; a million rounds take some minutes
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# as one unit, for which the headers are compiled once: private names are unique in these files
for file in test/fuzz/trace-block.cc native/trace/block_*.cc; do printf '#include "%s"\n' "$PWD/$file"; done >"$out/all.cc"
${CXX:-c++} -std=c++20 -O1 -g1 -Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all -Inative \
  "$out/all.cc" -lzstd -o "$out/fuzz"
"$out/fuzz" "${1:-100000}" "${2:-1}" captures/*.ksys
