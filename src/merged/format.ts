// The framing of a trace of several hosts. Numbers are little-endian.
//
//   file:      header (16 bytes, that of traces, version 3), directory, members
//   directory: u32 bytes, u32 crc32c of them, MessagePack: { members: [{ offset, bytes }] }, offsets in the file
//   member:    a complete trace of version 1 or 2, of one host
//
// Batch times of all members count from the same time; the numbers of their events are unique.
import { codec } from '../trace/codec.js'
import { FILE_HEADER, fileHeader, MERGED_VERSION } from '../trace/format.js'
import { pack, unpack } from '../trace/pack.js'

/** The extent of a member in the file. */
export interface MemberExtent {
  readonly offset: number
  readonly bytes: number
}

/** Limit of hosts in one file: each one opens the file. */
export const MAX_HOSTS = 256
/** Size of the directory's own header, and limit of the directory's size. */
export const DIRECTORY_HEADER = 8
const MAX_DIRECTORY = 64 << 10

/** The bytes before the first member, for members of these sizes. */
export function headOf(sizes: readonly number[]): Buffer {
  // the directory's length is added to the offsets in it, which can make it longer
  let directoryLength = 0
  for (;;) {
    let offset = FILE_HEADER + DIRECTORY_HEADER + directoryLength
    const members = sizes.map((bytes) => {
      const extent = { offset, bytes }
      offset += bytes
      return extent
    })
    const directory = pack({ members })
    if (directory.length === directoryLength) return Buffer.concat([fileHeader(MERGED_VERSION), framed(directory)])
    directoryLength = directory.length
  }
}

function framed(directory: Buffer): Buffer {
  const head = Buffer.alloc(DIRECTORY_HEADER)
  head.writeUInt32LE(directory.length, 0)
  head.writeUInt32LE(codec().crc32c(directory), 4)
  return Buffer.concat([head, directory])
}

/** Size of the directory according to its header, undefined if the header is invalid. */
export function directoryBytes(head: Buffer): number | undefined {
  if (head.length < DIRECTORY_HEADER) return undefined
  const bytes = head.readUInt32LE(0)
  return bytes <= MAX_DIRECTORY ? bytes : undefined
}

/** The members in a directory; undefined if it is damaged. The file may end before their bytes. */
export function membersIn(head: Buffer, directory: Buffer): readonly MemberExtent[] | undefined {
  if (directory.length !== directoryBytes(head) || codec().crc32c(directory) !== head.readUInt32LE(4)) return undefined
  const value = unpack(directory)
  const members = typeof value === 'object' && value !== null ? (value as { members?: unknown }).members : undefined
  if (!Array.isArray(members) || members.length === 0 || members.length > MAX_HOSTS) return undefined
  const extents = members.map(extentOf)
  return extents.every((p) => p !== undefined) ? extents : undefined
}

function extentOf(value: unknown): MemberExtent | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { offset, bytes } = value as Record<string, unknown>
  const possible = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes)
  if (!possible || (offset as number) < FILE_HEADER || (bytes as number) < 0) return undefined
  return { offset: offset as number, bytes: bytes as number }
}
