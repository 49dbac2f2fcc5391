// Shared by the writers of arguments: their signatures, the text of absent values, and how a meaning is written.

import type { Event } from '../../model/event.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { EncodedText } from '../bytes/encoded-text.js'
import type { TextContext } from '../context.js'

/** Text of an absent text or path. */
export const NO_TEXT = '<NA>'
/** Text of any other absent argument, and of an empty buffer. */
export const NO_VALUE = 'NULL'
export const NOTHING = new EncodedText(NO_VALUE)

/**
 * Appends a number as evt.args shows it: its value and, in parentheses, its meaning (writeMeaning()). `n` is NaN if a
 * Number cannot represent it exactly.
 */
export type WriteNumber = (out: ByteWriter, e: Event, ctx: TextContext, n: number) => void

/** The style of buffers and ports. */
export type Style = Pick<TextContext, 'format'>

/** The same for an argument that consists of the bytes [at, end) of the event's arena. */
export type WriteBytes = (out: ByteWriter, e: Event, ctx: Style, at: number, end: number) => void

const OPEN = 40
const CLOSE = 41

/** Appends the meaning of a value in parentheses, if it has one; untrusted text is escaped. */
export function writeMeaning(out: ByteWriter, resolved: string | undefined): void {
  if (resolved === undefined) return
  openMeaning(out)
  out.text(resolved)
  out.byte(CLOSE)
}

/** Starts a meaning that is written in pieces; closeMeaning() ends it. */
export function openMeaning(out: ByteWriter): void {
  out.byte(OPEN)
  out.resolved = out.length
}

/** Ends a meaning. */
export function closeMeaning(out: ByteWriter): void {
  out.byte(CLOSE)
}
