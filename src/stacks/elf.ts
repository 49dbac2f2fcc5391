// Symbol tables of ELF files of 64 bits (System V ABI, chapters 4 and 5). The files are other people's: whatever lies outside of the
// file or is too large is taken for absent.
import { fstatSync, readSync } from 'node:fs'
import { type SymbolEntry, SymbolTable } from './symbol-table.js'

const MAGIC = 0x464c457f
const CLASS_64 = 2
const LITTLE_ENDIAN = 1
const HEADER = 64
const SECTION = 64
const SEGMENT = 56
const SYMBOL = 24
const SECTION_TYPE = { SYMTAB: 2, NOTE: 7, DYNSYM: 11 } as const
const SEGMENT_TYPE = { LOAD: 1, INTERP: 3 } as const
/** PF_X */
const EXECUTABLE = 1
/** STT_FUNC and STT_GNU_IFUNC */
const FUNCTIONS = [2, 10]
const BUILD_ID = 3
const MOST_HEADERS = 4096
const LONGEST_PATH = 4096
const MOST_BYTES = 64 << 20
/** bytes of notes that are looked through */
const MOST_NOTES = 4096

/** A part of the file and where it is in memory, as the file counts addresses. */
interface Segment {
  readonly type: number
  readonly executable: boolean
  readonly offset: number
  readonly address: number
  readonly size: number
}

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  /** index of the section with its texts */
  readonly link: number
}

export interface ElfFile {
  /** functions by the file's own addresses; undefined: the file has no symbols */
  readonly symbols: SymbolTable | undefined
  /** in hexadecimal digits; undefined: none */
  readonly buildId: string | undefined
  /** the file's own address of its first segment of code; undefined: it has none */
  readonly firstCode: number | undefined
  /** path of the program that loads it; undefined: it has none */
  readonly interpreter: string | undefined
  /** The file's own address of what is at an offset; undefined: it is not mapped. */
  addressOf(offset: number): number | undefined
}

/** Reads an open file; undefined when it is no ELF file of 64 bits. Throws what reading throws. */
export function readElf(fd: number): ElfFile | undefined {
  const { size } = fstatSync(fd)
  const header = read(fd, 0, HEADER, size)
  if (header === undefined || header.readUInt32LE(0) !== MAGIC) return undefined
  if (header[4] !== CLASS_64 || header[5] !== LITTLE_ENDIAN) return undefined
  const segments = segmentsOf(fd, header, size)
  const loaded = segments.filter((s) => s.type === SEGMENT_TYPE.LOAD)
  const sections = sectionsOf(fd, header, size)
  return {
    symbols: symbolsOf(fd, sections, size),
    buildId: buildIdOf(fd, sections, size),
    firstCode: loaded.find((s) => s.executable)?.address,
    interpreter: interpreterOf(fd, segments, size),
    addressOf: (offset) => {
      const s = loaded.find((s) => offset >= s.offset && offset - s.offset < s.size)
      return s && offset - s.offset + s.address
    },
  }
}

/** Bytes [at, at + length); undefined when they are not all in the file, or too many. */
function read(fd: number, at: number, length: number, fileSize: number): Buffer | undefined {
  if (length > MOST_BYTES || at + length > fileSize) return undefined
  const bytes = Buffer.alloc(length)
  for (let got = 0; got < length; ) {
    const n = readSync(fd, bytes, got, length - got, at + got)
    if (n === 0) return undefined
    got += n
  }
  return bytes
}

function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 4294967296
}

function segmentsOf(fd: number, header: Buffer, fileSize: number): Segment[] {
  const count = header.readUInt16LE(56)
  if (count > MOST_HEADERS || header.readUInt16LE(54) !== SEGMENT) return []
  const table = read(fd, u64(header, 32), count * SEGMENT, fileSize) ?? Buffer.alloc(0)
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

function interpreterOf(fd: number, segments: readonly Segment[], fileSize: number): string | undefined {
  const segment = segments.find((s) => s.type === SEGMENT_TYPE.INTERP)
  if (segment === undefined || segment.size > LONGEST_PATH) return undefined
  const text = read(fd, segment.offset, segment.size, fileSize)?.toString('latin1').replace(/\0.*$/s, '')
  return text?.startsWith('/') && !text.split('/').includes('..') ? text : undefined
}

function sectionsOf(fd: number, header: Buffer, fileSize: number): Section[] {
  const count = header.readUInt16LE(60)
  if (count > MOST_HEADERS || header.readUInt16LE(58) !== SECTION) return []
  const table = read(fd, u64(header, 40), count * SECTION, fileSize) ?? Buffer.alloc(0)
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

function symbolsOf(fd: number, sections: readonly Section[], fileSize: number): SymbolTable | undefined {
  const symbols: SymbolEntry[] = []
  const names: { readonly texts: Buffer; readonly at: number }[] = []
  let bytes = 0
  for (const section of sections) {
    if (section.type !== SECTION_TYPE.SYMTAB && section.type !== SECTION_TYPE.DYNSYM) continue
    const link = sections[section.link]
    const table = read(fd, section.offset, section.size - (section.size % SYMBOL), fileSize)
    const texts = link && read(fd, link.offset, link.size, fileSize)
    if (table === undefined || texts === undefined) continue
    bytes += texts.length
    for (let at = 0; at < table.length; at += SYMBOL) {
      if (!FUNCTIONS.includes((table[at + 4] as number) & 15) || table.readUInt16LE(at + 6) === 0) continue
      symbols.push({ start: u64(table, at + 8), size: u64(table, at + 16) })
      names.push({ texts, at: table.readUInt32LE(at) })
    }
  }
  if (symbols.length === 0) return undefined
  return new SymbolTable(symbols, (i) => nameAt(names[i] as (typeof names)[0]), bytes + symbols.length * 32)
}

function nameAt({ texts, at }: { readonly texts: Buffer; readonly at: number }): string {
  const end = texts.indexOf(0, at)
  return texts.toString('latin1', at, end < 0 ? texts.length : end)
}

function buildIdOf(fd: number, sections: readonly Section[], fileSize: number): string | undefined {
  for (const { type, offset, size } of sections) {
    if (type !== SECTION_TYPE.NOTE || size > MOST_NOTES) continue
    const notes = read(fd, offset, size, fileSize)
    for (let at = 0; notes !== undefined && at + 12 <= notes.length; ) {
      const name = notes.readUInt32LE(at)
      const value = notes.readUInt32LE(at + 4)
      const from = at + 12 + padded(name)
      const isId = notes.readUInt32LE(at + 8) === BUILD_ID && notes.toString('latin1', at + 12, at + 16) === 'GNU\0'
      if (isId && value >= 2 && from + value <= notes.length) return notes.toString('hex', from, from + value)
      at = from + padded(value)
    }
  }
  return undefined
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4
}
