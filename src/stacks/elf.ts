// Symbol tables of 64-bit ELF files (System V ABI, chapters 4 and 5). The files are not trusted: whatever is outside of the
// file or too large is treated as absent.
import type { Section } from './elf-symbols.js'
import { type Named, symbolsOf } from './elf-symbols.js'
import type { FileBytes } from './file-bytes.js'
import { u64 } from './file-bytes.js'
import { OBJECT } from './limits.js'

const MAGIC = 0x464c457f
const CLASS_64 = 2
const LITTLE_ENDIAN = 1
const HEADER = 64
const SECTION = 64
const SEGMENT = 56
/** SHT_NOTE */
const NOTE = 7
const SEGMENT_TYPE = { LOAD: 1, INTERP: 3 } as const
/** PF_X */
const EXECUTABLE = 1
const BUILD_ID = 3
/** bytes; linkers generate 20, or as many as requested */
const LONGEST_ID = 64
const LONGEST_PATH = 4096
/** bytes of notes that are searched */
const MOST_NOTES = 4096

/** A segment of the file, and its address in memory as the file specifies it. */
interface Segment {
  readonly type: number
  readonly executable: boolean
  readonly offset: number
  readonly address: number
  readonly size: number
}

/** An ELF file; symbols have addresses as in the file. */
export interface ElfFile extends Named {
  /** hexadecimal; undefined: none */
  readonly buildId: string | undefined
  /** address, as in the file, of its first executable segment; undefined: it has none */
  readonly firstCode: number | undefined
  /** path of the dynamic loader; undefined: none */
  readonly interpreter: string | undefined
  /** approximate bytes of memory */
  readonly weight: number
  /** The address, as in the file, of what is at an offset; undefined: it is not mapped. */
  addressOf(offset: number): number | undefined
}

/** Reads a file; undefined if it is not a 64-bit ELF file. Throws Cut, and errors of reading. */
export function readElf(file: FileBytes): ElfFile | undefined {
  const header = file.read(0, HEADER)
  if (header === undefined || header.readUInt32LE(0) !== MAGIC) return undefined
  if (header[4] !== CLASS_64 || header[5] !== LITTLE_ENDIAN) return undefined
  const segments = segmentsOf(file, header)
  const loaded = segments.filter((s) => s.type === SEGMENT_TYPE.LOAD)
  const sections = sectionsOf(file, header)
  const named = symbolsOf(file, sections)
  return {
    ...named,
    weight: OBJECT.ownBytes + loaded.length * SEGMENT + (named.symbols?.weight ?? 0),
    buildId: buildIdOf(file, sections),
    firstCode: loaded.find((s) => s.executable)?.address,
    interpreter: interpreterOf(file, segments),
    addressOf: (offset) => {
      const s = loaded.find((s) => offset >= s.offset && offset - s.offset < s.size)
      return s && offset - s.offset + s.address
    },
  }
}

function segmentsOf(file: FileBytes, header: Buffer): Segment[] {
  const count = header.readUInt16LE(56)
  if (count > OBJECT.headers || header.readUInt16LE(54) !== SEGMENT) return []
  const table = file.read(u64(header, 32), count * SEGMENT) ?? Buffer.alloc(0)
  const found: Segment[] = []
  for (let at = 0; at < table.length; at += SEGMENT)
    found.push({
      type: table.readUInt32LE(at),
      executable: (table.readUInt32LE(at + 4) & EXECUTABLE) !== 0,
      offset: u64(table, at + 8),
      address: u64(table, at + 16),
      size: u64(table, at + 32),
    })
  return found
}

function interpreterOf(file: FileBytes, segments: readonly Segment[]): string | undefined {
  const segment = segments.find((s) => s.type === SEGMENT_TYPE.INTERP)
  if (segment === undefined || segment.size > LONGEST_PATH) return undefined
  const text = file.read(segment.offset, segment.size)?.toString('latin1').replace(/\0.*$/s, '')
  return text?.startsWith('/') && !text.split('/').includes('..') ? text : undefined
}

function sectionsOf(file: FileBytes, header: Buffer): Section[] {
  const count = header.readUInt16LE(60)
  if (count > OBJECT.headers || header.readUInt16LE(58) !== SECTION) return []
  const table = file.read(u64(header, 40), count * SECTION) ?? Buffer.alloc(0)
  const found: Section[] = []
  for (let at = 0; at < table.length; at += SECTION)
    found.push({
      type: table.readUInt32LE(at + 4),
      offset: u64(table, at + 24),
      size: u64(table, at + 32),
      link: table.readUInt32LE(at + 40),
    })
  return found
}

function buildIdOf(file: FileBytes, sections: readonly Section[]): string | undefined {
  for (const { type, offset, size } of sections) {
    if (type !== NOTE || size > MOST_NOTES) continue
    const notes = file.read(offset, size)
    for (let at = 0; notes !== undefined && at + 12 <= notes.length; ) {
      const name = notes.readUInt32LE(at)
      const value = notes.readUInt32LE(at + 4)
      const from = at + 12 + padded(name)
      const isId = notes.readUInt32LE(at + 8) === BUILD_ID && notes.toString('latin1', at + 12, at + 16) === 'GNU\0'
      if (isId && value >= 2 && value <= LONGEST_ID && from + value <= notes.length)
        return notes.toString('hex', from, from + value)
      at = from + padded(value)
    }
  }
  return undefined
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4
}
