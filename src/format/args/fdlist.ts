// The descriptor list of poll: number, kind and events of each entry.
import type { Event } from '../../model/event.js'
import { pollFlags } from '../../schema/flags/ipc.js'
import { typeChar } from '../../state/fd-name.js'
import { flagCache } from './flags.js'

/** Bytes of an entry: a descriptor in 64 bits, events in 16. */
const ENTRY = 10

/** `3:p1 5:?4`: number, letter of the kind (? unknown), libs' event bits in hex; entries past the row's end are left out. */
export function fdlistText(e: Event, p: number): string {
  const at = e.varAt(p)
  const length = e.varLen(at)
  if (length < 2) return ''
  const view = e.batch.view
  const count = Math.min(view.getUint16(at, true), Math.floor((length - 2) / ENTRY))
  const events = flagCache(pollFlags, 'flags', e.batch)
  let text = ''
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + i * ENTRY
    const num = view.getInt32(entry, true)
    const fd = e.thread?.fdTable.fds.get(num)
    const bits = events.get(view.getUint16(entry + 8, true)).value
    text += `${i > 0 ? ' ' : ''}${num}:${fd === undefined ? '?' : typeChar(fd)}${bits.toString(16)}`
  }
  return text
}
