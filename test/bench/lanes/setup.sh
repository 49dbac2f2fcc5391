# Builds what `npm run bench lanes` runs: an addon, and modules that use the compiled ones of ksys.
lanes_setup() {
  native=$1/native
  out=$1/.build/bench/lanes
  rm -rf "$out"
  node "$1/node_modules/typescript/bin/tsc" -p "$1/test/bench/lanes"
  rm -r "$out/src"
  ln -s "$1/.build/js/src" "$out/src"
  c++ -std=c++20 -O2 -fPIC -shared -iquote "$native" -iquote "$1/test/bench" -DNAPI_VERSION=8 -DNAPI_CPP_EXCEPTIONS \
    -DNODE_ADDON_API_DISABLE_DEPRECATED -I"$1/node_modules/node-addon-api" -I"$1/node_modules/node-api-headers/include" \
    -o "$out/lanes.node" "$1/test/bench/lanes/lanes.cc" "$native/capture/merge.cc" "$native/capture/merge_rows.cc" \
    "$native/capture/stacks.cc" "$native/capture/worker.cc"
}
