// The frame of a trace of several hosts. Numbers are little-endian.
//
//   file:      header (16 bytes, that of traces, version 3), directory, members
//   directory: u32 bytes, u32 crc32c of them, MessagePack: { members: [{ offset, bytes }] }, offsets counted from the file's start
//   member:    a whole trace of version 1 or 2, of one host
//
// Batch times of all members count from the same moment; the numbers of their events are unique.
import { codec } from '../trace/codec.js'
import { FILE_HEADER, fileHeader, MERGED_VERSION } from '../trace/format.js'
import { pack, unpack } from '../trace/pack.js'

/** Where a member lies in the file. */
export interface Part {
  readonly offset: number
  readonly bytes: number
}

/** Hosts in one file: each has it open. */
export const MOST_HOSTS = 256
/** Bytes of the directory's own header, and of the directory at most. */
export const DIRECTORY_HEADER = 8
const MOST_DIRECTORY = 64 << 10

/** The bytes before the first member, for members of these sizes. */
export function headOf(sizes: readonly number[]): Buffer {
  // a directory may get longer by what its own length adds to the offsets in it
  let room = 0
  for (;;) {
    let offset = FILE_HEADER + DIRECTORY_HEADER + room
    const members = sizes.map((bytes) => {
      const part = { offset, bytes }
      offset += bytes
      return part
    })
    const directory = pack({ members })
    if (directory.length === room) return Buffer.concat([fileHeader(MERGED_VERSION), framed(directory)])
    room = directory.length
  }
}

function framed(directory: Buffer): Buffer {
  const head = Buffer.alloc(DIRECTORY_HEADER)
  head.writeUInt32LE(directory.length, 0)
  head.writeUInt32LE(codec().crc32c(directory), 4)
  return Buffer.concat([head, directory])
}

/** Bytes of the directory that begins with these, undefined when it can be none. */
export function directoryBytes(head: Buffer): number | undefined {
  if (head.length < DIRECTORY_HEADER) return undefined
  const bytes = head.readUInt32LE(0)
  return bytes <= MOST_DIRECTORY ? bytes : undefined
}

/** The members that a directory names; undefined when it is damaged. Their bytes may be missing in the file. */
export function membersIn(head: Buffer, directory: Buffer): readonly Part[] | undefined {
  if (directory.length !== directoryBytes(head) || codec().crc32c(directory) !== head.readUInt32LE(4)) return undefined
  const value = unpack(directory)
  const members = typeof value === 'object' && value !== null ? (value as { members?: unknown }).members : undefined
  if (!Array.isArray(members) || members.length === 0 || members.length > MOST_HOSTS) return undefined
  const parts = members.map(partOf)
  return parts.every((p) => p !== undefined) ? parts : undefined
}

function partOf(value: unknown): Part | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { offset, bytes } = value as Record<string, unknown>
  const possible = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes)
  if (!possible || (offset as number) < FILE_HEADER || (bytes as number) < 0) return undefined
  return { offset: offset as number, bytes: bytes as number }
}
