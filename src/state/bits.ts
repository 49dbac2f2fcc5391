// The flag bits that state depends on, in both worlds: the kernel's own values, and libs' portable ones of .scap rows.

export interface Bits {
  readonly O_DIRECTORY: number
  readonly O_CLOEXEC: number
  readonly CLONE_FILES: number
  readonly CLONE_FS: number
  readonly CLONE_THREAD: number
  readonly CLONE_PARENT: number
  readonly CLONE_NEWPID: number
  readonly F_DUPFD: number
  readonly F_SETFD: number
  readonly F_DUPFD_CLOEXEC: number
  readonly EPOLL_CLOEXEC: number
}

const native: Bits = {
  O_DIRECTORY: 0x10000,
  O_CLOEXEC: 0x80000,
  CLONE_FILES: 0x400,
  CLONE_FS: 0x200,
  CLONE_THREAD: 0x10000,
  CLONE_PARENT: 0x8000,
  CLONE_NEWPID: 0x20000000,
  F_DUPFD: 0,
  F_SETFD: 2,
  F_DUPFD_CLOEXEC: 1030,
  EPOLL_CLOEXEC: 0x80000,
}

const portable: Bits = {
  O_DIRECTORY: 1 << 10,
  O_CLOEXEC: 1 << 12,
  CLONE_FILES: 1 << 0,
  CLONE_FS: 1 << 1,
  CLONE_THREAD: 1 << 13,
  CLONE_PARENT: 1 << 8,
  CLONE_NEWPID: 1 << 6,
  F_DUPFD: 1,
  F_SETFD: 3,
  F_DUPFD_CLOEXEC: 26,
  EPOLL_CLOEXEC: 1,
}

/** The bits of a batch's rows. */
export function bitsOf(batch: { readonly native: boolean }): Bits {
  return batch.native ? native : portable
}

/** Open flags of a row as the kernel has them (access mode, O_DIRECTORY and O_CLOEXEC of portable ones). */
export function kernelOpenFlags(value: number, isNative: boolean): number {
  if (isNative) return value
  // libs counts access modes from one: O_RDONLY is 1, O_WRONLY 2, O_RDWR 3
  const access = value & 3
  return (
    (access === 0 ? 0 : access - 1) |
    (value & portable.O_DIRECTORY ? native.O_DIRECTORY : 0) |
    (value & portable.O_CLOEXEC ? native.O_CLOEXEC : 0)
  )
}

/** Close-on-exec as Fd.flags keeps it. */
export const CLOEXEC = native.O_CLOEXEC

/** Layer of an overlayfs file, in libs' open flags only. */
export const LAYER_UPPER = 1 << 15
export const LAYER_LOWER = 1 << 16
