// What writes a value of some shape.
import type { ByteWriter } from '../bytes/byte-writer.js'

/** Appends the bytes from `at` to `end`; false: there are too few for anything of it, and nothing was written. */
export type WriteShape = (out: ByteWriter, view: DataView, at: number, end: number) => boolean
