// The one place that opens files which somebody else has put there: in containers, in homes, below /tmp, under the root of another process.
// A file is looked at before it is opened, since opening alone can do something (a tape rewinds, a watchdog starts): only regular
// files of file systems that store files are opened, never waiting, and no more is read than a limit.
import { constants, type Stats } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { fdPath } from '../path-parts.js'
import { reason } from '../reason.js'
import { type ForeignPath, find, Refused } from './find.js'
import { close, closePath, doAsync, doSync, fstat, open, statfs, type Work } from './steps.js'
import { upTo } from './up-to.js'

const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = constants

/**
 * Types of file systems whose files the kernel makes up (statfs(2)): reading some of these does something too (/proc/kmsg takes
 * messages out of the log).
 */
const MADE_UP = new Set([
  ...[0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673], // proc, sysfs, debugfs, tracefs, securityfs
  ...[0x27e0eb, 0x63677270, 0xcafe4a11, 0x62656570, 0xde5e81e4], // cgroup, cgroup2, bpf, configfs, efivarfs
  ...[0x6165676c, 0x42494e4d, 0x19800202, 0xf97cff8c, 0x43415d53], // pstore, binfmt_misc, mqueue, selinuxfs, smackfs
])

/** What a file has, or why that is not taken; undefined: there is no such file. */
export type Got = { readonly bytes: Buffer } | { readonly why: string } | undefined

/** Whether a file is wanted, by what it is before it is opened. */
export type Accepts = (file: Stats) => boolean

/** Reads the whole of a regular file that has no more than `most` bytes. */
export function readForeign(place: ForeignPath, most: number): Promise<Got> {
  return doAsync(got(place, most))
}

/** The same with calls that block; nothing is read where `accepts` says no. */
export function readForeignSync(place: ForeignPath, most: number, accepts?: Accepts): Got {
  return doSync(got(place, most, accepts))
}

/**
 * Hands a descriptor of a regular file, open for reading, to `use`, and closes it. Throws Refused, the system's error, or what
 * `use` throws.
 */
export function withForeign<T>(place: ForeignPath, accepts: Accepts, use: (fd: number) => T): T {
  const { fd } = doSync(opened(place, accepts))
  try {
    return use(fd)
  } finally {
    doSync(close(fd))
  }
}

/** Names in a folder, no more than `most`; none where there is no such folder, or it may not be read. */
export async function namesInForeign(place: ForeignPath, most: number): Promise<string[]> {
  const names: string[] = []
  try {
    const fd = await doAsync(find(place))
    try {
      // what is no folder is not opened by this
      for await (const { name } of await opendir(fdPath(fd))) if (names.push(name) >= most) break
    } finally {
      closePath(fd)
    }
  } catch {
    // those that were read count
  }
  return names
}

function* got(place: ForeignPath, most: number, accepts?: Accepts): Work<Got> {
  const small: Accepts = (file) => {
    if (file.size > most) throw new Refused(tooLarge(most))
    return accepts?.(file) !== false
  }
  let fd: number | undefined
  try {
    const file = yield* opened(place, small)
    fd = file.fd
    const bytes = yield* upTo(fd, file.size, most)
    return bytes === undefined ? { why: tooLarge(most) } : { bytes }
  } catch (e) {
    return e instanceof Empty ? { bytes: Buffer.alloc(0) } : refusal(e)
  } finally {
    if (fd !== undefined) yield* close(fd)
  }
}

/** An empty file need not be opened; of many files that the kernel makes up the size is 0. */
class Empty extends Refused {}

function* opened(place: ForeignPath, accepts: Accepts): Work<{ readonly fd: number; readonly size: number }> {
  const found = yield* find(place)
  try {
    const file = yield* fstat(found)
    if (!file.isFile()) throw new Refused('it is no regular file')
    if (place.owner !== undefined && file.uid !== place.owner)
      throw new Refused(`it is not a file of user ${place.owner}`)
    if (!accepts(file)) throw new Refused('it is not the file that is wanted')
    if (file.size === 0) throw new Empty('it is empty')
    if (MADE_UP.has((yield* statfs(fdPath(found))).type)) throw new Refused('it is a file that the kernel makes up')
    return { fd: yield* reopened(found, file), size: file.size }
  } finally {
    closePath(found)
  }
}

/** Opens what an O_PATH descriptor names, for reading. */
function* reopened(found: number, { dev, ino }: Stats): Work<number> {
  const fd = yield* open(fdPath(found), O_RDONLY | O_NONBLOCK | O_NOCTTY)
  try {
    const now = yield* fstat(fd)
    if (now.dev !== dev || now.ino !== ino || !now.isFile()) throw new Refused('it was replaced while it was opened')
    return fd
  } catch (e) {
    yield* close(fd)
    throw e
  }
}

function tooLarge(most: number): string {
  return `it has more than ${most >> 20} MB`
}

function refusal(e: unknown): Got {
  if (e instanceof Refused) return { why: e.message }
  return (e as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : { why: reason(e) }
}
