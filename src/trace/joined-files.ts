// Whole traces one behind the other as one input: an offset in it means a byte of one of them. A file is opened when its first byte
// is asked for.
import { closeSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { systemCode } from '../source/reason.js'
import { openRegular } from '../source/rotation-files.js'
import type { ByteSource } from './byte-source.js'

const readFrom = promisify(read)
/** bytes that are read at once without another thread: of many small files, handing them over takes longer than reading */
const SMALL = 64 << 10

/** One of the files. */
export interface JoinedFile {
  readonly path: string
  /** bytes of it */
  readonly size: number
  /** offset of its last piece of the index, as its end block has it */
  readonly index: number
}

/** A file's place among the others. */
export interface Part {
  readonly file: JoinedFile
  /** offsets of its first byte, and behind its last one */
  readonly from: number
  readonly to: number
}

export class JoinedFiles implements ByteSource {
  readonly parts: readonly Part[]
  readonly size: number
  /** the part that an offset was last looked for in */
  private last = 0
  /** the file that is open: of which part, and its descriptor, undefined when it could not be opened */
  private opened: { readonly part: number; readonly fd: number | undefined } | undefined

  /** Opens the first file; throws the system's error. */
  constructor(files: readonly JoinedFile[]) {
    let from = 0
    this.parts = files.map((file) => {
      const part = { file, from, to: from + file.size }
      from = part.to
      return part
    })
    this.size = from
    this.opened = { part: 0, fd: openRegular((files[0] as JoinedFile).path) }
  }

  async read(into: Buffer, at: number, most: number, offset: number): Promise<number> {
    const part = this.partAt(offset)
    const { from } = this.parts[part] as Part
    const fd = this.fdOf(part)
    if (fd === undefined) return 0
    if (most <= SMALL) return readSync(fd, into, at, most, offset - from)
    return (await readFrom(fd, into, at, most, offset - from)).bytesRead
  }

  endBehind(offset: number): number {
    return (this.parts[this.partAt(offset)] as Part).to
  }

  placeOf(offset: number): { file: string; offset: number } {
    const { file, from } = this.parts[this.partAt(offset)] as Part
    return { file: file.path, offset: offset - from }
  }

  /** Where the file behind the one that an offset is in begins; undefined: it is in the last. */
  nextFrom(offset: number): number | undefined {
    return this.parts[this.partAt(offset) + 1]?.from
  }

  /** Whether a file other than the first begins at an offset. */
  begins(offset: number): boolean {
    return offset > 0 && offset < this.size && (this.parts[this.partAt(offset)] as Part).from === offset
  }

  async close(): Promise<void> {
    this.closeFile()
  }

  private closeFile(): void {
    const fd = this.opened?.fd
    this.opened = undefined
    if (fd !== undefined) closeSync(fd)
  }

  /** The part that an offset is in; the last one for those behind it. */
  private partAt(offset: number): number {
    const { parts } = this
    let i = this.last
    while (i > 0 && offset < (parts[i] as Part).from) i--
    while (i + 1 < parts.length && offset >= (parts[i] as Part).to) i++
    this.last = i
    return i
  }

  /** Undefined when the file has gone. Throws the system's error when it cannot be opened. */
  private fdOf(part: number): number | undefined {
    if (this.opened?.part === part) return this.opened.fd
    this.closeFile()
    let fd: number | undefined
    try {
      fd = openRegular((this.parts[part] as Part).file.path)
    } catch (e) {
      if (systemCode(e) !== 'ENOENT') throw e
    }
    this.opened = { part, fd }
    return fd
  }
}
