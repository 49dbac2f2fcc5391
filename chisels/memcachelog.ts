// Requests to memcached.
import { DATA_FIELDS, defineChisel, isPeek, MemcachedReader } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the keys that clients get from and set in memcached, with the size of their values.',
  details:
    'A request within the machine is shown twice, as sent and as received; with the filter proc.name=memcached after the ' +
    'arguments it is shown once. Requests are those of the text protocol (get, gets, set; mg, ms) on port 11211 or of a process ' +
    'named memcached; the binary protocol is not decoded, and encrypted connections are not visible.',
  category: 'Application',
  args: {
    method: { type: 'string', doc: 'only these requests', choices: ['get', 'set'], optional: true },
    size: { type: 'int', doc: 'only set requests with a value of at least this many bytes', optional: true, least: 0 },
  },
  fields: { ...DATA_FIELDS, datetime: 'evt.datetime' },
  filter:
    'fd.type in (ipv4, ipv6, unix) and (fd.sport=11211 or proc.name=memcached) and evt.is_io=true and evt.failed=false and evt.buflen>0',
  needs: { snaplen: 4096 },
  hooks(c) {
    const reader = new MemcachedReader()
    const wanted = (sets: boolean, size: number) =>
      (c.args.method === undefined || (c.args.method === 'set') === sets) &&
      (c.args.size === undefined || (sets && size >= c.args.size))
    return {
      event(v, e) {
        const { raw, bytes = 0, write, datetime, time, proc, pid } = v
        if (!(raw instanceof Uint8Array) || isPeek(e)) return
        for (const { method, sets, key, size } of reader.read(`${e.pid} ${e.fdNum} ${write}`, raw, bytes)) {
          if (!wanted(sets, size)) continue
          if (c.json) c.emit({ time, method, size, key, proc, pid })
          else c.print(`${datetime} method=${method} size=${size}B key=${key}`)
        }
      },
      end() {
        const { binary } = reader
        if (binary > 0)
          c.tell(
            `${binary} ${binary === 1 ? 'message was' : 'messages were'} in memcached's binary protocol, which is not decoded`,
          )
      },
    }
  },
})
