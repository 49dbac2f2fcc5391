// Chisels that print the bytes transferred in each second.
import { type Category, type Chisel, defineChisel } from './define.js'

const SECOND = 1e9

/** A line for each second: bytes in, out and in total, of the events that pass the filter. */
export function defineBytesBySecond(def: { description: string; category: Category; filter: string }): Chisel {
  return defineChisel({
    ...def,
    details:
      'The last line of a file covers its last second, which may be incomplete. A file shorter than a second has one line.',
    fields: { read: 'evt.is_io_read', bytes: 'evt.buflen' },
    hooks(c) {
      let now = { in: 0, out: 0, open: false }
      /** a file's first second; printed once it is known whether the file continues for a second after its first event */
      let first: { in: number; out: number; time: number } | undefined
      let from: number | undefined
      let intervals = 0
      const show = (time: number, bytes: { in: number; out: number }) => {
        const total = bytes.in + bytes.out
        if (c.json) c.emit({ time: c.epoch(time), in: bytes.in, out: bytes.out, total })
        else c.print(`${c.timeOfDay(time)} in:${bytes.in} out:${bytes.out} tot:${total}`)
      }
      const showFirst = () => {
        if (first !== undefined) show(first.time, first)
        first = undefined
      }
      return {
        event(v, e) {
          from ??= e.time
          now.open = true
          if (v.read === true) now.in += v.bytes ?? 0
          else now.out += v.bytes ?? 0
        },
        interval(time) {
          showFirst()
          if (++intervals === 1 && !c.live) first = { ...now, time }
          else show(time, now)
          now = { in: 0, out: 0, open: false }
        },
        end(time) {
          if (first !== undefined && now.open && time - (from ?? time) < SECOND)
            return show(time, { in: first.in + now.in, out: first.out + now.out })
          showFirst()
          if (now.open) show(time, now)
        },
      }
    },
  })
}
