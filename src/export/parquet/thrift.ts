// Structures in Thrift's compact protocol, which Parquet uses for metadata of pages and of the file.
import { BinaryBuffer } from '../binary-buffer.js'

const KIND = { TRUE: 1, FALSE: 2, I32: 5, I64: 6, BINARY: 8, LIST: 9, STRUCT: 12 } as const
/** Lists with fewer elements have their length in the byte of the type. */
const SHORT_LIST = 15

export class Thrift extends BinaryBuffer {
  /** number of the last field, for each open structure */
  private readonly fields: number[] = [0]

  /** Appends an unsigned number, exact up to 2^53, with seven bits per byte. */
  varint(n: number): void {
    while (n > 0x7f) {
      this.byte((n % 128) | 0x80)
      n = Math.floor(n / 128)
    }
    this.byte(n)
  }

  i32(field: number, n: number): void {
    this.head(field, KIND.I32)
    this.zigzag(n)
  }

  i64(field: number, n: number): void {
    this.head(field, KIND.I64)
    this.zigzag(n)
  }

  bool(field: number, yes: boolean): void {
    this.head(field, yes ? KIND.TRUE : KIND.FALSE)
  }

  binary(field: number, bytes: Uint8Array): void {
    this.head(field, KIND.BINARY)
    this.item(bytes)
  }

  string(field: number, text: string): void {
    this.binary(field, Buffer.from(text))
  }

  /** Appends a structure; `fill` appends its fields. */
  struct(field: number, fill: () => void): void {
    this.head(field, KIND.STRUCT)
    this.structItem(fill)
  }

  /** Appends a list of numbers. */
  i32s(field: number, numbers: readonly number[]): void {
    this.list(field, KIND.I32, numbers.length)
    for (const n of numbers) this.zigzag(n)
  }

  strings(field: number, texts: readonly string[]): void {
    this.list(field, KIND.BINARY, texts.length)
    for (const text of texts) this.item(Buffer.from(text))
  }

  /** Starts a list of structures, each of which is appended by structItem(). */
  structs(field: number, length: number): void {
    this.list(field, KIND.STRUCT, length)
  }

  structItem(fill: () => void): void {
    this.fields.push(0)
    fill()
    this.end()
    this.fields.pop()
  }

  /** Ends the open structure; the outermost one is open from the start. */
  end(): void {
    this.byte(0)
    this.fields[this.fields.length - 1] = 0
  }

  private item(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.bytes(bytes)
  }

  private list(field: number, kind: number, length: number): void {
    this.head(field, KIND.LIST)
    this.byte((Math.min(length, SHORT_LIST) << 4) | kind)
    if (length >= SHORT_LIST) this.varint(length)
  }

  /** Fields must be appended in the order of their numbers. */
  private head(field: number, kind: number): void {
    const { fields } = this
    const last = fields.length - 1
    const step = field - (fields[last] as number)
    fields[last] = field
    this.byte((step << 4) | kind)
  }

  private zigzag(n: number): void {
    this.varint(n < 0 ? -2 * n - 1 : 2 * n)
  }
}
