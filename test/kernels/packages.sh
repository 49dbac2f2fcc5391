# Sourced after src/setup/prepare.sh: the Debian packages that guests need.

# For guests of this machine's own kind.
guest_packages() {
  wanted=
  case $(uname -m) in
    aarch64) command -v qemu-system-aarch64 >/dev/null || wanted="$wanted qemu-system-arm" ;;
    *) command -v qemu-system-x86_64 >/dev/null || wanted="$wanted qemu-system-x86" ;;
  esac
  command -v busybox >/dev/null || wanted="$wanted busybox-static"
  command -v cpio >/dev/null || wanted="$wanted cpio"
  debian_packages "$wanted"
}

# For the others, and for root file systems of Debian's releases.
foreign_packages() {
  wanted=
  command -v qemu-system-aarch64 >/dev/null || wanted="$wanted qemu-system-arm"
  command -v aarch64-linux-gnu-g++ >/dev/null || wanted="$wanted g++-aarch64-linux-gnu"
  command -v ld.lld >/dev/null || wanted="$wanted lld"
  command -v debootstrap >/dev/null || wanted="$wanted debootstrap"
  debian_packages "$wanted"
}
