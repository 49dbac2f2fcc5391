// Writes compressed pages of columns, and collects their metadata for the footer.
import type { BinaryBuffer } from '../binary-buffer.js'
import { zstd } from '../zstd.js'
import type { Bounds } from './bounds.js'
import { Hybrid } from './hybrid.js'
import { indexBits, type Layout, type Leaf, type Page } from './leaf.js'
import { PageBuffer } from './page-buffer.js'
import type { Values } from './plain.js'
import {
  CODEC,
  DATA_PAGE,
  DICTIONARY_PAGE,
  ENCODING,
  type Encoding,
  META,
  PAGE,
  PAGE_HEADER,
  STATISTICS,
} from './spec.js'
import { Thrift } from './thrift.js'

/** Approximate bytes of the values in a page. */
const PAGE_BYTES = 1 << 20

/** A written column chunk: a column's part of a row group. */
export interface Chunk {
  readonly leaf: Leaf
  readonly encodings: readonly Encoding[]
  readonly dictionaryAt: number | undefined
  readonly dataAt: number
  readonly entries: number
  readonly nulls: number
  /** bytes of pages with their headers, before and after compression */
  readonly bytes: number
  readonly compressedBytes: number
  readonly bounds: Bounds | undefined
}

/** Written data pages: their position in `out`, and their numbers of values. */
interface DataPages {
  readonly from: number
  readonly to: number
  readonly entries: number
  readonly nulls: number
  /** bytes before compression, with headers */
  readonly bytes: number
}

export class PageWriter {
  /** bytes of the file so far */
  offset: number
  private readonly head = new Thrift(256)
  private readonly body = new PageBuffer()
  private readonly repetitionBytes = new PageBuffer(1 << 12)
  private readonly definitionBytes = new PageBuffer(1 << 12)
  private readonly values = new PageBuffer()
  private readonly page: Page = {
    repetitions: new Hybrid(),
    definitions: new Hybrid(),
    values: this.values,
    indexes: new Hybrid(),
    entries: 0,
    nulls: 0,
  }

  constructor(private readonly out: BinaryBuffer) {
    this.offset = out.length
  }

  /** Writes a row group of `rows` rows. */
  writeGroup(leaves: readonly Leaf[], rows: number): Chunk[] {
    const written = new Map<object, DataPages>()
    return leaves.map((leaf) => this.write(leaf, rows, written))
  }

  /** written: the data pages of the group so far, by Layout.indexes */
  private write(leaf: Leaf, rows: number, written: Map<object, DataPages>): Chunk {
    const layout = leaf.plan()
    const { dictionary, encoding, indexes } = layout
    const start = this.offset
    this.bytes = 0
    const dataAt = dictionary === undefined ? start : this.dictionaryPage(dictionary)
    const same = indexes === undefined ? undefined : written.get(indexes)
    const pages = same === undefined ? this.dataPages(leaf, layout, rows) : this.copy(same)
    if (indexes !== undefined) written.set(indexes, pages)
    return {
      leaf,
      encodings: [...new Set([ENCODING.RLE, ...(dictionary === undefined ? [] : [ENCODING.PLAIN]), encoding])],
      dictionaryAt: dictionary === undefined ? undefined : start,
      dataAt,
      entries: pages.entries,
      nulls: pages.nulls,
      bytes: this.bytes,
      compressedBytes: this.offset - start,
      bounds: leaf.bounds(),
    }
  }

  private dataPages(leaf: Leaf, layout: Layout, rows: number): DataPages {
    const { page, out } = this
    const from = out.length
    const before = this.bytes
    let entries = 0
    let nulls = 0
    const pages = Math.max(1, Math.min(rows, Math.ceil(layout.bytes / PAGE_BYTES)))
    for (let p = 0, first = 0; p < pages; p++) {
      const end = Math.round(((p + 1) * rows) / pages)
      this.dataPage(leaf, layout, end - first)
      entries += page.entries
      nulls += page.nulls
      first = end
    }
    return { from, to: out.length, entries, nulls, bytes: this.bytes - before }
  }

  /** Appends a copy of pages. */
  private copy(pages: DataPages): DataPages {
    const { out } = this
    out.bytes(out.view().subarray(pages.from, pages.to))
    this.bytes += pages.bytes
    this.offset += pages.to - pages.from
    return pages
  }

  /** bytes of the chunk's pages so far, before compression */
  private bytes = 0

  /** Returns the position of the data pages. */
  private dictionaryPage(dictionary: Values): number {
    const { body } = this
    body.clear()
    for (let i = 0; i < dictionary.count; i++) dictionary.put(body, i)
    this.emit(PAGE.DICTIONARY, () =>
      this.head.struct(PAGE_HEADER.dictionaryPage, () => {
        this.head.i32(DICTIONARY_PAGE.values, dictionary.count)
        this.head.i32(DICTIONARY_PAGE.encoding, ENCODING.PLAIN)
      }),
    )
    return this.offset
  }

  private dataPage(leaf: Leaf, { encoding, dictionary }: Layout, rows: number): void {
    const { page, body, values, repetitionBytes, definitionBytes } = this
    for (const buffer of [body, values, repetitionBytes, definitionBytes]) buffer.clear()
    page.entries = page.nulls = 0
    if (leaf.repeated) page.repetitions.start(repetitionBytes, 1)
    if (leaf.optional) page.definitions.start(definitionBytes, 1)
    if (dictionary !== undefined) {
      const bits = indexBits(dictionary.count)
      values.byte(bits)
      page.indexes.start(values, bits)
    }
    leaf.read(rows, page)
    if (leaf.repeated) this.levels(page.repetitions, repetitionBytes)
    if (leaf.optional) this.levels(page.definitions, definitionBytes)
    if (dictionary !== undefined) page.indexes.end()
    values.packed()
    body.bytes(values.view())
    this.emit(PAGE.DATA, () =>
      this.head.struct(PAGE_HEADER.dataPage, () => {
        this.head.i32(DATA_PAGE.values, page.entries)
        this.head.i32(DATA_PAGE.encoding, encoding)
        this.head.i32(DATA_PAGE.definitionEncoding, ENCODING.RLE)
        this.head.i32(DATA_PAGE.repetitionEncoding, ENCODING.RLE)
      }),
    )
  }

  private levels(hybrid: Hybrid, bytes: PageBuffer): void {
    hybrid.end()
    this.body.u32(bytes.length)
    this.body.bytes(bytes.view())
  }

  /** Appends the compressed content of `body`, after its header. */
  private emit(type: number, more: () => void): void {
    const { head, body, out } = this
    const packed = zstd(body.view())
    head.clear()
    head.i32(PAGE_HEADER.type, type)
    head.i32(PAGE_HEADER.uncompressedSize, body.length)
    head.i32(PAGE_HEADER.compressedSize, packed.length)
    more()
    head.end()
    out.bytes(head.view())
    out.bytes(packed)
    this.bytes += head.length + body.length
    this.offset += head.length + packed.length
  }
}

/** Appends a chunk's ColumnMetaData. */
export function describe(to: Thrift, chunk: Chunk): void {
  const { leaf, bounds } = chunk
  to.i32(META.type, leaf.type)
  to.i32s(META.encodings, chunk.encodings)
  to.strings(META.path, leaf.path)
  to.i32(META.codec, CODEC.ZSTD)
  to.i64(META.values, chunk.entries)
  to.i64(META.uncompressedBytes, chunk.bytes)
  to.i64(META.compressedBytes, chunk.compressedBytes)
  to.i64(META.dataPageOffset, chunk.dataAt)
  if (chunk.dictionaryAt !== undefined) to.i64(META.dictionaryPageOffset, chunk.dictionaryAt)
  to.struct(META.statistics, () => {
    to.i64(STATISTICS.nullCount, chunk.nulls)
    if (bounds === undefined) return
    to.binary(STATISTICS.max, bounds.max)
    to.binary(STATISTICS.min, bounds.min)
    to.bool(STATISTICS.maxExact, bounds.maxExact)
    to.bool(STATISTICS.minExact, bounds.minExact)
  })
}
