// Batches made here: what was told of containers and their accounts, as rows like any other.
import { batchBytes, EventBatch, NO_LATENCY, ROW } from '../model/batch.js'
import { encodeText } from '../model/text.js'
import { EVENTS, eventsByName } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'

export interface MadeRow {
  readonly event: 'container' | 'useradded' | 'groupadded'
  /** values in the order of the event's parameters */
  readonly values: readonly (string | number)[]
  /** shown like an event, or only kept */
  readonly shown: boolean
}

const def = (name: string): EventDef => EVENTS[eventsByName(name)[0] as number] as EventDef
const DEFS = { container: def('container'), useradded: def('useradded'), groupadded: def('groupadded') }
/** Longest text in a row. */
const LONGEST = 65_000

/**
 * A batch of these rows, all at one time (batch ns). `num` is the number of the event before; shown rows take the numbers
 * that follow.
 */
export function batchOf(rows: readonly MadeRow[], time: number, num: number): EventBatch {
  const encoded = rows.map(encode)
  const capacity = rows.length + (rows.length & 1)
  const arena = encoded.reduce((sum, bytes) => sum + bytes.length, 0)
  const batch = new EventBatch(new ArrayBuffer(batchBytes(capacity, arena)), capacity, arena)
  let at = 0
  let last = num
  rows.forEach((row, i) => {
    if (row.shown) last++
    batch.num[i] = last
    batch.time[i] = time
    batch.latency[i] = NO_LATENCY
    batch.ret[i] = Number.NaN
    batch.tid[i] = -1
    batch.pid[i] = -1
    batch.type[i] = DEFS[row.event].code
    batch.flags[i] = ROW.STATE | (row.shown ? 0 : ROW.HIDDEN)
    batch.argOff[i] = at
    batch.arena.set(encoded[i] as Buffer, at)
    at += (encoded[i] as Buffer).length
  })
  batch.argOff[rows.length] = at
  batch.count = rows.length
  return batch
}

/** Fixed values first, then texts with their lengths; the fixed ones of these events have four bytes each. */
function encode(row: MadeRow): Buffer {
  const fixed: Buffer[] = []
  const texts: Buffer[] = []
  DEFS[row.event].params.forEach((p, k) => {
    const value = row.values[k]
    if (p.wire === 'var') {
      const bytes = encodeText(String(value ?? '')).subarray(0, LONGEST)
      const length = Buffer.alloc(2)
      length.writeUInt16LE(bytes.length)
      texts.push(length, bytes)
    } else {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE((Number(value) >>> 0) as number)
      fixed.push(bytes)
    }
  })
  return Buffer.concat([...fixed, ...texts])
}

/** A copy of a batch, no larger than it has to be. */
export function copyOf(b: EventBatch): EventBatch {
  const { count } = b
  const capacity = Math.max(2, count + (count & 1))
  const arena = b.argOff[count] as number
  const copy = new EventBatch(new ArrayBuffer(batchBytes(capacity, arena)), capacity, arena)
  for (const key of ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const)
    copy[key].set(b[key].subarray(0, count))
  copy.argOff.set(b.argOff.subarray(0, count + 1))
  copy.argEnd = b.argEnd?.slice(0, count)
  copy.arena.set(b.arena.subarray(0, arena))
  copy.count = count
  copy.resync = b.resync
  copy.native = b.native
  copy.arch = b.arch
  return copy
}
