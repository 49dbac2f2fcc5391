// Chisels that print the bytes moved in each second.
import { type Category, type Chisel, defineChisel } from './define.js'

/** A line for each second: bytes in, out and together, of the events that pass the filter. */
export function defineBytesBySecond(def: { description: string; category: Category; filter: string }): Chisel {
  return defineChisel({
    ...def,
    details: 'The last line of a file is about its last second, which may not be over.',
    fields: { read: 'evt.is_io_read', bytes: 'evt.buflen' },
    hooks(c) {
      let bytesIn = 0
      let bytesOut = 0
      let open = false
      const show = (time: number) => {
        const total = bytesIn + bytesOut
        if (c.json) c.emit({ time: c.timeOfDay(time), in: bytesIn, out: bytesOut, total })
        else c.print(`${c.timeOfDay(time)} in:${bytesIn} out:${bytesOut} tot:${total}`)
        bytesIn = bytesOut = 0
        open = false
      }
      return {
        event(v) {
          open = true
          if (v.read === true) bytesIn += v.bytes ?? 0
          else bytesOut += v.bytes ?? 0
        },
        interval: show,
        end(time) {
          if (open) show(time)
        },
      }
    },
  })
}
