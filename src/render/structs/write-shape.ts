// The signature of a writer of shapes.
import type { ByteWriter } from '../bytes/byte-writer.js'

/** Appends the bytes from `at` to `end`; returns false, having written nothing, if there are too few of them. */
export type WriteShape = (out: ByteWriter, view: DataView, at: number, end: number) => boolean
