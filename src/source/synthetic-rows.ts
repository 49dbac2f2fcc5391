// Batches of rows that ksys itself creates, in addition to the kernel's: containers and their accounts, and throttled cgroups.

import { batchBytes, EventBatch, NO_LATENCY, ROW } from '../model/batch.js'
import { encodeText } from '../model/text.js'
import { type BatchNs, batchNs } from '../model/time.js'
import { EVENTS, eventsByName } from '../schema/events/index.js'
import { WIRE_SIZE } from '../schema/layout.js'
import type { EventDef } from '../schema/types.js'

export interface SyntheticRow {
  readonly event: 'container' | 'useradded' | 'groupadded' | 'throttle'
  /** values in the order of the event's parameters */
  readonly values: readonly (string | number)[]
  /** visible as an event, or hidden and only applied to the state */
  readonly shown: boolean
}

/** Limit of a text in a row, in bytes. */
const LONGEST = 65_000

/**
 * A batch of these rows, all at one time (batch ns). `num` is the number of the previous event; shown rows get the numbers that
 * follow.
 */
function batchOf(rows: readonly SyntheticRow[], time: BatchNs, num: number): EventBatch {
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
    const def = defOf(row)
    batch.type[i] = def.code
    batch.flags[i] = (def.state === true ? ROW.STATE : 0) | (row.shown ? 0 : ROW.HIDDEN)
    batch.argOff[i] = at
    batch.arena.set(encoded[i] as Buffer, at)
    at += (encoded[i] as Buffer).length
  })
  batch.argOff[rows.length] = at
  batch.count = rows.length
  return batch
}

function defOf(row: SyntheticRow): EventDef {
  return EVENTS[eventsByName(row.event)[0] as number] as EventDef
}

/** Fixed-size values first, then texts with their lengths. */
function encode(row: SyntheticRow): Buffer {
  const fixed: Buffer[] = []
  const texts: Buffer[] = []
  defOf(row).params.forEach((p, k) => {
    const value = row.values[k]
    if (p.wire === 'var') {
      const bytes = encodeText(String(value ?? '')).subarray(0, LONGEST)
      const length = Buffer.alloc(2)
      length.writeUInt16LE(bytes.length)
      texts.push(length, bytes)
    } else {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64LE(BigInt(Number(value)))
      fixed.push(bytes.subarray(0, WIRE_SIZE[p.wire]))
    }
  })
  return Buffer.concat([...fixed, ...texts])
}

/** Inserts rows between those of a source, and renumbers the source's events accordingly. */
export class Numbering {
  /** number and batch time (ns) of the last event */
  num = 0
  time = batchNs(0)
  /** number of inserted events */
  added = 0

  /** A batch of rows to insert before the source's next batch, all at one time. */
  insert(rows: readonly SyntheticRow[], time: BatchNs): EventBatch {
    const batch = batchOf(rows, time, this.num)
    const shown = rows.filter((row) => row.shown).length
    this.added += shown
    this.num += shown
    return batch
  }

  /** Renumbers the source's next batch. */
  renumber(batch: EventBatch): EventBatch {
    const { count } = batch
    if (count === 0) return batch
    this.time = batch.time[count - 1] as BatchNs
    let last = count - 1
    while (last >= 0 && !hasNumber(batch, last)) last--
    if (last < 0) return batch
    for (let i = 0; this.added > 0 && i <= last; i++) if (hasNumber(batch, i)) batch.num[i]! += this.added
    this.num = batch.num[last] as number
    return batch
  }
}

/** Whether a row has an event number: internal rows have none, and for counted calls `num` is their count. */
function hasNumber({ num, flags }: EventBatch, row: number): boolean {
  return num[row] !== 0 && (flags[row]! & ROW.COUNTED) === 0
}
