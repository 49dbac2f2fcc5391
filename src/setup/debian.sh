# Sourced by prepare.sh: installs Debian packages that are missing.

# how long another process may keep apt busy, in seconds
APT_WAIT=300

# debian_packages WORDS: installs them, unless apt would remove others for them; none is fine.
debian_packages() {
  [ -n "$1" ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "these packages are missing and there is no apt-get to install them:$1"
    return 1
  fi
  if ! find_root; then
    say "these packages are missing and installing them needs root or sudo:$1"
    return 1
  fi
  say "installing Debian packages:$1"
  apt_get update || return 1
  removed=$(removed_for "$1")
  if [ -n "$removed" ]; then
    say "apt would remove other packages, so nothing was installed:$removed"
    say "if you do not need them, run: apt-get install --no-install-recommends$1"
    return 1
  fi
  # shellcheck disable=SC2086 # a list of words
  apt_get install -y --no-install-recommends --no-remove $1
}

# removed_for WORDS: prints the packages that apt would remove to install them, each after a space.
removed_for() {
  # shellcheck disable=SC2086 # a list of words
  LC_ALL=C apt-get -qq --simulate install --no-install-recommends $1 2>/dev/null | sed -n 's/^Remv \([^ ]*\).*/ \1/p' | tr -d '\n'
}

# debian_file PACKAGE PATH FOLDER: a file of a package that is not installed, as that would begin a service; it is FOLDER/PATH then.
debian_file() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say "fetching $2 of the Debian package $1"
  mkdir -p "$3"
  (
    cd "$3" || exit 1
    apt-get -qq download "$1" 2>/dev/null || { find_root && apt_get update && apt-get -qq download "$1"; } || exit 1
    dpkg-deb --fsys-tarfile "$1"_*.deb | tar -x "./$2" || exit 1
    rm -f "$1"_*.deb
  )
}

# Sets as_root to what runs a command as root.
find_root() {
  as_root=
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null || return 1
  # without a terminal no password can be entered
  if [ -t 0 ]; then as_root=sudo; elif sudo -n true 2>/dev/null; then as_root='sudo -n'; else return 1; fi
}

# apt_get ARGS: apt-get, after the process that uses apt now. Its own waiting knows one of its three locks only.
apt_get() {
  waited=0
  # its progress goes to standard error at once, its errors are looked at first
  until { errors=$($as_root env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" 2>&1 >&3 </dev/null); } 3>&2; do
    holder=$(printf '%s\n' "$errors" | sed -n 's/^E: Could not get lock .* held by \(process [0-9]* ([^)]*)\).*/\1/p; t; s/^E: Could not get lock .*/another process/p' | head -n 1)
    if [ -z "$holder" ]; then
      printf '%s\n' "$errors" >&2
      return 1
    fi
    if [ "$waited" -ge "$APT_WAIT" ]; then
      say "apt was in use by $holder for $APT_WAIT seconds: nothing was installed, try again when it is done"
      return 1
    fi
    [ "$waited" -gt 0 ] || say "apt is in use by $holder: waiting until it is done, at most $APT_WAIT seconds"
    sleep 2
    waited=$((waited + 2))
  done
  [ -z "$errors" ] || printf '%s\n' "$errors" >&2
}
