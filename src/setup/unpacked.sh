# Sourced by prepare.sh: Debian packages for a user who may not install any, unpacked below a folder. Every user may download packages.

# unpack_packages FOLDER WORDS: unpacks them and what they need, except for what the system has.
unpack_packages() {
  [ "$(cat "$1/.packages" 2>/dev/null)" != "$2" ] || return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say "unpacking them in $1 instead"
  rm -rf "$1"
  mkdir -p "$1/.apt"
  (cd "$1/.apt" && { download_packages "$2" || { own_lists && download_packages "$2"; }; }) || {
    rm -rf "$1"
    return 1
  }
  for package in "$1"/.apt/*.deb; do dpkg-deb -x "$package" "$1" || return 1; done
  rm -rf "$1/.apt"
  # the linker's scripts name the libraries by the places where they would be installed
  for script in "$1"/usr/lib/*/libc.so "$1"/usr/lib/*/libm.so; do [ ! -f "$script" ] || sed -i 's| /[^ ]*/| |g' "$script"; done
  printf '%s' "$2" >"$1/.packages"
}

# download_packages WORDS: into the current folder, what apt would install for them. A newer version of what is installed is left out: programs
# of the system would load its libraries.
download_packages() {
  # shellcheck disable=SC2086 # lists of words
  all=$(apt-get -qq --simulate install --no-install-recommends $1 2>/dev/null | sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p') &&
    [ -n "$all" ] && apt-get -qq download $all >&2
}

# Has apt use lists of packages in the current folder. The system's may be missing, or so old that what they name is gone.
own_lists() {
  mkdir -p lists/partial cache/archives/partial
  printf 'Dir::State::lists "%s/lists";\nDir::Cache "%s/cache";\n' "$PWD" "$PWD" >apt.conf
  export APT_CONFIG="$PWD/apt.conf"
  apt-get -qq update >&2
}

# use_unpacked FOLDER: what runs from now on finds the programs that were unpacked, and their libraries; native/Makefile finds headers.
use_unpacked() {
  export UNPACKED="$1" PATH="$1/usr/bin:$PATH"
  for folder in "$1"/usr/lib/*-linux-gnu "$1"/lib/*-linux-gnu; do
    [ ! -d "$folder" ] || export LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  done
}
