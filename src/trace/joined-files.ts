// Joins complete traces into one input: each offset refers to a byte of one of them. A file is opened when its first
// byte is read.
import { closeSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { systemCode } from '../source/reason.js'
import { openRegular } from '../source/rotation-files.js'
import type { ByteSource } from './byte-source.js'

const readFrom = promisify(read)
/** Reads up to this size are synchronous: for many small files a worker thread costs more time than the read. */
const SMALL_READ = 64 << 10

/** One of the joined files. */
export interface JoinedFile {
  readonly path: string
  /** its size in bytes */
  readonly size: number
  /** offset of the last piece of its index, according to its end block */
  readonly index: number
}

/** The extent of a file in the input. */
export interface FileExtent {
  readonly file: JoinedFile
  /** offset of its first byte, and the offset after its last */
  readonly from: number
  readonly to: number
}

export class JoinedFiles implements ByteSource {
  readonly extents: readonly FileExtent[]
  readonly size: number
  /** index of the extent found by the last lookup */
  private last = 0
  /** the open file: index of its extent, and its descriptor, undefined if the file did not exist */
  private opened: { readonly index: number; readonly fd: number | undefined } | undefined

  /** Opens the first file. Throws the system's error. */
  constructor(files: readonly JoinedFile[]) {
    let from = 0
    this.extents = files.map((file) => {
      const extent = { file, from, to: from + file.size }
      from = extent.to
      return extent
    })
    this.size = from
    this.opened = { index: 0, fd: openRegular((files[0] as JoinedFile).path) }
  }

  async read(into: Buffer, at: number, most: number, offset: number): Promise<number> {
    const index = this.indexAt(offset)
    const { from } = this.extents[index] as FileExtent
    const fd = this.fdOf(index)
    if (fd === undefined) return 0
    if (most <= SMALL_READ) return readSync(fd, into, at, most, offset - from)
    return (await readFrom(fd, into, at, most, offset - from)).bytesRead
  }

  endBehind(offset: number): number {
    return (this.extents[this.indexAt(offset)] as FileExtent).to
  }

  placeOf(offset: number): { file: string; offset: number } {
    const { file, from } = this.extents[this.indexAt(offset)] as FileExtent
    return { file: file.path, offset: offset - from }
  }

  /** Start of the file after the one that contains an offset; undefined for the last file. */
  nextFrom(offset: number): number | undefined {
    return this.extents[this.indexAt(offset) + 1]?.from
  }

  /** Whether a file other than the first starts at an offset. */
  startsFile(offset: number): boolean {
    return offset > 0 && offset < this.size && (this.extents[this.indexAt(offset)] as FileExtent).from === offset
  }

  async close(): Promise<void> {
    this.closeFile()
  }

  private closeFile(): void {
    const fd = this.opened?.fd
    this.opened = undefined
    if (fd !== undefined) closeSync(fd)
  }

  /** Index of the extent that contains an offset; the last one for offsets after the end. */
  private indexAt(offset: number): number {
    const { extents } = this
    let i = this.last
    while (i > 0 && offset < (extents[i] as FileExtent).from) i--
    while (i + 1 < extents.length && offset >= (extents[i] as FileExtent).to) i++
    this.last = i
    return i
  }

  /** Undefined if the file was removed. Throws the system's error if it cannot be opened. */
  private fdOf(index: number): number | undefined {
    if (this.opened?.index === index) return this.opened.fd
    this.closeFile()
    let fd: number | undefined
    try {
      fd = openRegular((this.extents[index] as FileExtent).file.path)
    } catch (e) {
      if (systemCode(e) !== 'ENOENT') throw e
    }
    this.opened = { index, fd }
    return fd
  }
}
