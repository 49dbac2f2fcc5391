// Opens traces of several hosts, for run/file-kinds.ts.
import { closeSync, constants, openSync, readSync, statSync } from 'node:fs'
import type { FileKind, OpenOptions } from '../source/kind.js'
import type { CaptureSource, Damage } from '../source/source.js'
import { TraceError } from '../trace/error.js'
import { FILE_HEADER, fileVersion, headerIntact, MERGED_VERSION } from '../trace/format.js'
import { TraceSource } from '../trace/index.js'
import { Input } from '../trace/input.js'
import { DIRECTORY_HEADER, directoryBytes, type MemberExtent, membersIn } from './format.js'
import { MergedSource } from './source.js'

export const mergedKind: FileKind = {
  name: 'ksys trace of several hosts',
  // the checksum excludes other files whose version number is damaged
  matches: (first) => fileVersion(first) === MERGED_VERSION && headerIntact(Buffer.from(first)),
  open,
}

/** Whether a path is such a trace, according to its first bytes. False if it cannot be read. */
export function isMerged(path: string): boolean {
  let fd: number | undefined
  try {
    // opening a FIFO would let a writer continue, which then finds no reader
    if (!statSync(path).isFile()) return false
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    const first = Buffer.alloc(FILE_HEADER)
    return readSync(fd, first, 0, FILE_HEADER, 0) === FILE_HEADER && mergedKind.matches(first)
  } catch {
    return false
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

async function open(path: string, options: OpenOptions): Promise<CaptureSource> {
  if (options.opened !== undefined || path === '-')
    throw new TraceError(
      'EREAD',
      path,
      `${path === '-' ? 'standard input' : path} is a trace of several hosts, which cannot be read from a pipe: save it as a file first`,
    )
  const { extents, size } = await directoryOf(path)
  const damage: Damage[] = []
  const members: CaptureSource[] = []
  try {
    for (const extent of extents) {
      if (extent.offset + FILE_HEADER > size) damage.push({ file: path, offset: size, what: MISSING })
      else members.push(await memberAt(path, extent, size, options))
    }
    if (members.length === 0) throw new TraceError('EEMPTY', path, `${path} ends before the trace of its first host`)
  } catch (e) {
    await Promise.allSettled(members.map((m) => m.close()))
    throw e
  }
  return new MergedSource(members, damage)
}

const MISSING = 'it ends before the trace of one of its hosts, which is missing'

/** The source of a member. The file may end within it. */
async function memberAt(
  path: string,
  extent: MemberExtent,
  size: number,
  options: OpenOptions,
): Promise<CaptureSource> {
  const bytes = Math.min(extent.bytes, size - extent.offset)
  return TraceSource.open(path, { ...options, part: { offset: extent.offset, bytes } })
}

async function directoryOf(path: string): Promise<{ extents: readonly MemberExtent[]; size: number }> {
  const input = await Input.open(path, 0)
  try {
    await input.skip(FILE_HEADER)
    const head = Buffer.from(await input.peek(DIRECTORY_HEADER))
    const bytes = directoryBytes(head.subarray(0, DIRECTORY_HEADER))
    await input.skip(DIRECTORY_HEADER)
    const directory = bytes === undefined ? undefined : (await input.peek(bytes)).subarray(0, bytes)
    const extents = directory && membersIn(head.subarray(0, DIRECTORY_HEADER), directory)
    if (extents === undefined || input.size === undefined)
      throw new TraceError('EREAD', path, `${path} is a trace of several hosts, and its directory is damaged`)
    return { extents, size: input.size }
  } finally {
    await input.close()
  }
}
