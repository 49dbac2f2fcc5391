# Sourced by start.sh and test.sh: brings packages, addon and compiled TypeScript up to date. Speaks on stderr, and only
# when something is done; with nothing to do it costs three `find`s.

# the versions of Node that package.json declares, in words
node_versions='Node.js 20.19, 22.13, 24 or newer'

say() { printf 'ksys set-up: %s\n' "$*" >&2; }

# prepare ROOT: everything below, under a lock when something is to be done.
prepare() {
  . "$1/src/setup/debian.sh"
  . "$1/src/setup/unpacked.sh"
  node_fits || return 1
  if ! packages_fresh "$1" || ! native_fresh "$1" || ! js_fresh "$1"; then
    mkdir -p "$1/.build"
    (
      flock -n 9 || {
        say 'waiting for another set-up of this folder'
        flock 9
      }
      packages_fresh "$1" || install_packages "$1" || exit 1
      native_fresh "$1" || build_native "$1" &
      js_fresh "$1" || build_js "$1" || { wait; exit 1; }
      wait
      compiled_code "$1"
    ) 9>"$1/.build/lock" || return 1
  fi
}

node_fits() {
  if ! command -v node >/dev/null; then
    say "node was not found: install $node_versions"
    return 1
  fi
  case $(node --version) in
    v20.19.* | v20.[2-9][0-9].* | v22.1[3-9].* | v22.[2-9][0-9].* | v23.[5-9].* | v23.[1-9][0-9].* | v2[4-9].* | v[3-9][0-9].*) ;;
    *)
      say "$node_versions is needed, this is $(node --version)"
      return 1
      ;;
  esac
}

packages_fresh() { [ -f "$1/node_modules/.package-lock.json" ] && ! [ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]; }

install_packages() {
  say 'installing npm packages'
  # `npm ci` refuses when package.json and the lock file disagree; then the lock file is to be renewed
  (cd "$1" && { npm ci --loglevel=error --no-audit --no-fund || npm install --loglevel=error --no-audit --no-fund; }) >&2 || {
    say 'npm could not install the packages (see above)'
    return 1
  }
  touch "$1/node_modules/.package-lock.json"
}

native_fresh() {
  [ -f "$1/.build/native/ksys.node" ] && [ -f "$1/.build/native/.stamp" ] &&
    [ -z "$(find "$1/native" "$1/src/setup" \( -name '*.c' -o -name '*.h' -o -name '*.cc' -o -name '*.S' -o -name 'Makefile' \) -newer "$1/.build/native/.stamp" -print -quit)" ]
}

# The addon is needed to capture and to read captures, not for help and lists: a failure is reported and the set-up continues.
build_native() {
  mkdir -p "$1/.build/native"
  touch "$1/.build/native/.started"
  missing_packages
  if debian_packages "$missing"; then
    :
  elif [ "$(id -u)" -ne 0 ] && unpack_packages "$1/.build/debian" "$missing"; then
    use_unpacked "$1/.build/debian"
  else
    say "nothing can be captured or read: ask the administrator of this machine to install these packages:$missing"
    return 0
  fi
  say 'building the native capture'
  if make -j "$(nproc)" -C "$1/native" --no-print-directory >"$1/.build/native/build.log" 2>&1; then
    mv "$1/.build/native/.started" "$1/.build/native/.stamp"
  else
    tail -n 20 "$1/.build/native/build.log" >&2
    say 'nothing can be captured or read: the native build failed (see above)'
  fi
}

# Sets missing to the Debian packages of the native build that are missing, each after a space.
missing_packages() {
  missing=
  command -v make >/dev/null || missing="$missing make"
  command -v g++ >/dev/null || missing="$missing g++"
  command -v clang-19 >/dev/null || command -v clang >/dev/null || missing="$missing clang"
  [ -f /usr/include/bpf/libbpf.h ] || missing="$missing libbpf-dev"
  [ -f /usr/include/libelf.h ] || missing="$missing libelf-dev"
  [ -f /usr/include/zlib.h ] || missing="$missing zlib1g-dev"
  [ -f /usr/include/zstd.h ] || missing="$missing libzstd-dev"
}

js_fresh() {
  [ -f "$1/.build/js/.stamp" ] &&
    [ -z "$(find "$1/src" "$1/chisels" "$1/tsconfig.json" "$1/package-lock.json" -newer "$1/.build/js/.stamp" \( -type d -o -name '*.ts' -o -name '*.tsx' -o -name '*.json' -o -name '*.txt' \) -print -quit 2>/dev/null)" ]
}

build_js() {
  say 'compiling TypeScript'
  mkdir -p "$1/.build/js"
  touch "$1/.build/js/.started"
  forget_removed "$1"
  (cd "$1" && node node_modules/typescript/bin/tsc) >&2 || {
    say 'the TypeScript sources do not compile (see above)'
    return 1
  }
  (cd "$1" && node .build/js/src/setup/constants.js) >&2 || {
    say 'the tables of constants are not valid (see above)'
    return 1
  }
  (cd "$1" && node .build/js/src/setup/own-table.js) >&2 || {
    say 'the table of events cannot be packed (see above)'
    return 1
  }
  # its first line has the options of the Node that runs it
  chmod +x "$1/.build/js/src/main.js"
  (cd "$1" && node .build/js/src/setup/bundle.js) >&2 || say 'the modules could not be joined (see above); ksys starts a little slower'
  mv "$1/.build/js/.started" "$1/.build/js/.stamp"
}

# Stores the code that Node compiles at each start, for which a capture is read. Without the addon only a part is stored, and ksys starts slower.
compiled_code() {
  [ ! -f "$1/.build/js/src/joined/main.cjs" ] || [ -f "$1/.build/js/src/joined/main.cjs.$(node --version).cache" ] ||
    node "$1/.build/js/src/setup/code-cache.js" "$1" >/dev/null 2>&1 || true
}

# Removes what was compiled of files that are gone: chisels, views and formats of output are whatever lies in their folders.
forget_removed() {
  (cd "$1/.build/js" && find src chisels -name '*.js' ! -path 'src/joined/*' 2>/dev/null) | while read -r file; do
    module=${file%.js}
    [ -e "$1/$module.ts" ] || [ -e "$1/$module.tsx" ] || [ -e "$1/$module.d.ts" ] || rm -f "$1/.build/js/$module".js "$1/.build/js/$module".js.map "$1/.build/js/$module".d.ts
  done
}
