// Part of a line that is the same for all events of one type, thread and CPU: it is copied from where it was last
// written.
import type { Event } from '../../model/event.js'
import type { ByteWriter } from '../../render/bytes/byte-writer.js'
import type { Appender } from './appenders.js'

interface Place {
  epoch: number
  at: number
  length: number
  type: number
  cpu: number
  tid: number
  name: string | undefined
}

/** Number of cached parts; a new one replaces the one in its slot. */
const SLOTS = 1024

/** The same appender with repeated texts copied; `append` must depend on steady fields only. */
export function copyRepeated(append: Appender): Appender {
  const places = new Array<Place | undefined>(SLOTS).fill(undefined)
  return (out: ByteWriter, e: Event) => {
    const { batch, row } = e
    const type = batch.type[row] as number
    const tid = batch.tid[row] as number
    const cpu = batch.cpu[row] as number
    const name = e.thread?.comm
    const slot = (Math.imul(tid, 0x9e3779b1) + Math.imul(type * 64 + cpu, 0x85ebca6b)) >>> 22
    let p = places[slot]
    if (p === undefined) {
      p = { epoch: -1, at: 0, length: 0, type, cpu, tid, name }
      places[slot] = p
    }
    if (p.epoch === out.epoch && p.type === type && p.tid === tid && p.cpu === cpu && p.name === name) {
      out.repeat(p.at, p.length)
      return true
    }
    const at = out.length
    if (!append(out, e)) return false
    p.epoch = out.epoch
    p.at = at
    p.length = out.length - at
    p.type = type
    p.cpu = cpu
    p.tid = tid
    p.name = name
    return true
  }
}
