// The flag bits that the state depends on, in both encodings: the kernel's own values, and libs' portable ones in .scap rows.

import type { Arch } from '../schema/types.js'

export interface Bits {
  readonly O_DIRECTORY: number
  readonly O_CLOEXEC: number
  /** of an O_TMPFILE, which includes O_DIRECTORY */
  readonly O_TMPFILE: number
  readonly CLONE_FILES: number
  readonly CLONE_FS: number
  readonly CLONE_THREAD: number
  readonly CLONE_PARENT: number
  readonly CLONE_NEWPID: number
  readonly CLONE_NEWNS: number
  readonly CLONE_NEWUSER: number
  readonly F_DUPFD: number
  readonly F_SETFD: number
  readonly F_DUPFD_CLOEXEC: number
}

const native: Bits = {
  O_DIRECTORY: 0x10000,
  O_CLOEXEC: 0x80000,
  O_TMPFILE: 0x400000,
  CLONE_FILES: 0x400,
  CLONE_FS: 0x200,
  CLONE_THREAD: 0x10000,
  CLONE_PARENT: 0x8000,
  CLONE_NEWPID: 0x20000000,
  CLONE_NEWNS: 0x20000,
  CLONE_NEWUSER: 0x10000000,
  F_DUPFD: 0,
  F_SETFD: 2,
  F_DUPFD_CLOEXEC: 1030,
}

const arm64: Bits = { ...native, O_DIRECTORY: 0x4000 }

const portable: Bits = {
  O_DIRECTORY: 1 << 10,
  O_CLOEXEC: 1 << 12,
  // libs sets its bit for every O_DIRECTORY, which is one of the two bits that the kernel's O_TMPFILE has
  O_TMPFILE: 0,
  CLONE_FILES: 1 << 0,
  CLONE_FS: 1 << 1,
  CLONE_THREAD: 1 << 13,
  CLONE_PARENT: 1 << 8,
  CLONE_NEWPID: 1 << 6,
  CLONE_NEWNS: 1 << 5,
  CLONE_NEWUSER: 1 << 20,
  F_DUPFD: 1,
  F_SETFD: 3,
  F_DUPFD_CLOEXEC: 26,
}

type Values = { readonly native: boolean; readonly arch: Arch }

/** The bits of a batch's rows. */
export function bitsOf(batch: Values): Bits {
  if (!batch.native) return portable
  return batch.arch === 'arm64' ? arm64 : native
}

/** arm64 and x86-64 exchange the values of two pairs of open flags: O_DIRECTORY and O_DIRECT, O_NOFOLLOW and O_LARGEFILE. */
function exchanged(value: number): number {
  const others = value & ~0x3c000
  return others | ((value & 0xc000) << 2) | ((value & 0x30000) >> 2)
}

/** Open flags of a row in x86-64 kernel values (for portable ones: access mode, O_DIRECTORY and O_CLOEXEC only). */
export function kernelOpenFlags(value: number, of: Values): number {
  if (of.native) return of.arch === 'arm64' ? exchanged(value) : value
  // libs numbers access modes from one: O_RDONLY is 1, O_WRONLY 2, O_RDWR 3
  const access = value & 3
  return (
    (access === 0 ? 0 : access - 1) |
    (value & portable.O_DIRECTORY ? native.O_DIRECTORY : 0) |
    (value & portable.O_CLOEXEC ? native.O_CLOEXEC : 0)
  )
}
/** Close-on-exec in Fd.flags. */
export const CLOEXEC = native.O_CLOEXEC

/** Layer of an overlayfs file, in libs' open flags only. */
export const LAYER_UPPER = 1 << 15
export const LAYER_LOWER = 1 << 16
