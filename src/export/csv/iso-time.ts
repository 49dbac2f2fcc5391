// The time of an event as ISO 8601, in UTC with nanoseconds.
import { Clock } from '../../fields/clock.js'
import type { FieldContext } from '../../fields/field.js'
import { EncodedText } from '../../format/bytes/encoded-text.js'
import type { Appender } from '../../format/template/appenders.js'

const LETTER_Z = 90

/** Appends the time; nothing if a damaged file has an invalid date. */
export function isoTime({ info }: FieldContext): Appender {
  const clock = new Clock(info)
  let head: EncodedText | undefined
  let shown = Number.NaN
  return (out, e) => {
    clock.set(e.batch.time[e.row] as number)
    if (clock.sec !== shown) {
      shown = clock.sec
      const date = new Date(clock.sec * 1000)
      head = Number.isNaN(date.getTime()) ? undefined : new EncodedText(`${date.toISOString().slice(0, -5)}.`)
    }
    if (head === undefined) return false
    out.encoded(head)
    out.nine(clock.ns)
    out.byte(LETTER_Z)
    return true
  }
}
