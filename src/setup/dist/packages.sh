# Sourced by dist.sh, after src/setup/prepare.sh and test/kernels/packages.sh: the Debian packages that a build for download needs.

# check_arches WORDS: refuses processors that ksys is not built for, before anything is installed.
check_arches() {
  for word in "$@"; do
    case $word in
      amd64 | arm64) ;;
      *)
        say "unknown processor $word: ksys is built for amd64 and arm64"
        return 2
        ;;
    esac
  done
}

# dist_packages ARCHES: tools that look at, pack and try files, and for the other processor, if it is wanted, what compiles for it
# and emulates it.
dist_packages() {
  wanted=
  case $(uname -m) in
    aarch64) other='amd64 x86_64-linux-gnu-g++ g++-x86-64-linux-gnu qemu-x86_64' ;;
    *) other='arm64 aarch64-linux-gnu-g++ g++-aarch64-linux-gnu qemu-aarch64' ;;
  esac
  arches=" ${*:-amd64 arm64} "
  # shellcheck disable=SC2086 # a list of words
  set -- $other
  case $arches in
    *" $1 "*)
      command -v "$2" >/dev/null || wanted="$wanted $3"
      command -v "$4" >/dev/null || wanted="$wanted qemu-user"
      ;;
  esac
  command -v podman >/dev/null || wanted="$wanted podman"
  command -v xz >/dev/null || wanted="$wanted xz-utils"
  # what looks at the .deb, and where it is installed and its recorder runs
  command -v lintian >/dev/null || wanted="$wanted lintian"
  command -v debootstrap >/dev/null || wanted="$wanted debootstrap"
  debian_packages "$wanted" && guest_packages
}
