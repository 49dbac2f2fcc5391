#!/bin/sh
# Builds the reader of .scap blocks and the decompressors with the address and undefined-behaviour sanitizers and runs them
# with damaged data.
# usage: scap-blocks.sh [ROUNDS] [SEED]
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# as one unit, for which the headers are compiled once: private names are unique in these files
for file in test/fuzz/scap-blocks.cc native/scap/walk.cc native/scap/row.cc native/scap/thread_events.cc \
  native/scap/decompress.cc native/trace/block_base.cc; do printf '#include "%s"\n' "$PWD/$file"; done >"$out/all.cc"
${CXX:-c++} -std=c++20 -O1 -g1 -Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all -Inative \
  "$out/all.cc" -lzstd -lz -o "$out/fuzz"
"$out/fuzz" "${1:-10000}" "${2:-1}"
