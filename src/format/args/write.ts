// What the writers of arguments have in common: how they are called, what stands for nothing, and how a meaning is written.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { EncodedText } from '../bytes/encoded-text.js'

/** Prints for an absent text or path. */
export const NO_TEXT = '<NA>'
/** Prints for any other absent argument, and for an empty buffer. */
export const NO_VALUE = 'NULL'
export const NOTHING = new EncodedText(NO_VALUE)

/**
 * Appends a number as evt.args shows it: its value and, in parentheses, what that means (meant()). `n` is NaN where a Number
 * does not hold it exactly.
 */
export type WriteNumber = (out: ByteWriter, e: Event, ctx: FieldContext, n: number) => void

/** How buffers and ports are shown. */
export type Style = Pick<FieldContext, 'format'>

/** The same of an argument that is bytes [at, end) of the event's arena. */
export type WriteBytes = (out: ByteWriter, e: Event, ctx: Style, at: number, end: number) => void

const OPEN = 40
const CLOSE = 41

/** Appends what a value means, in parentheses, when it means anything; text from outside is made safe. */
export function meant(out: ByteWriter, resolved: string | undefined): void {
  if (resolved === undefined) return
  openMeaning(out)
  out.text(resolved)
  out.byte(CLOSE)
}

/** Begins a meaning that is written piece by piece; a closing parenthesis ends it. */
export function openMeaning(out: ByteWriter): void {
  out.byte(OPEN)
  out.resolved = out.length
}

/** Ends it. */
export function closeMeaning(out: ByteWriter): void {
  out.byte(CLOSE)
}
