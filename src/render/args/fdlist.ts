// The descriptor list of poll: number, kind and events of each entry.
import { pollFlags } from '../../schema/flags/ipc.js'
import { typeChar } from '../../state/fd-name.js'
import { flagCache } from './flags.js'
import type { WriteBytes } from './write.js'

/** Bytes of an entry: a 64-bit descriptor, 16 bits of events. */
const ENTRY = 10
const BLANK = 32
const COLON = 58
const UNKNOWN = 63
/** lower case a, less 10 */
const LOWER_TEN = 87

/** `3:p1 5:?4`: number, letter of the kind (? unknown), libs' event bits in hex; entries beyond the end are omitted. */
export const fdlist: WriteBytes = (out, e, _, at, end) => {
  if (end - at < 2) return
  const { view } = e.batch
  const count = Math.min(view.getUint16(at, true), Math.floor((end - at - 2) / ENTRY))
  const events = flagCache(pollFlags, 'flags', e.batch)
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + i * ENTRY
    const num = view.getInt32(entry, true)
    const fd = e.thread?.fdTable.fds.get(num)
    const bits = events.get(view.getUint16(entry + 8, true)).value
    if (i > 0) out.byte(BLANK)
    out.int(num)
    out.byte(COLON)
    out.byte(fd === undefined ? UNKNOWN : typeChar(fd).charCodeAt(0))
    out.hex(bits, 0, LOWER_TEN)
  }
}
