// Bytes moved each second.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Bytes moved each second.',
  details: 'The last line of a file is about its last second, which may not be over.',
  category: 'I/O',
  fields: { read: 'evt.is_io_read', bytes: 'evt.buflen' },
  filter: 'evt.is_io=true and evt.failed=false',
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
