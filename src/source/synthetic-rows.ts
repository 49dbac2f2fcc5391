// Batches made here instead of by the kernel: what was told of containers and their accounts, and of cgroups that are throttled, as
// rows like any other.
import { batchBytes, EventBatch, NO_LATENCY, ROW } from '../model/batch.js'
import { encodeText } from '../model/text.js'
import { EVENTS, eventsByName } from '../schema/events/index.js'
import { WIRE_SIZE } from '../schema/layout.js'
import type { EventDef } from '../schema/types.js'

export interface SyntheticRow {
  readonly event: 'container' | 'useradded' | 'groupadded' | 'throttle'
  /** values in the order of the event's parameters */
  readonly values: readonly (string | number)[]
  /** shown like an event, or only kept */
  readonly shown: boolean
}

/** Longest text in a row. */
const LONGEST = 65_000

/**
 * A batch of these rows, all at one time (batch ns). `num` is the number of the event before; shown rows take the numbers
 * that follow.
 */
function batchOf(rows: readonly SyntheticRow[], time: number, num: number): EventBatch {
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

/** Fixed values first, then texts with their lengths. */
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

/** Where rows are put between those of a source: the numbers of events, which go on over what was put in. */
export class Numbering {
  /** of the last event: its number and batch time (ns) */
  num = 0
  time = 0
  /** events that were put in */
  added = 0

  /** Rows before whatever comes next, all at one time. */
  made(rows: readonly SyntheticRow[], time: number): EventBatch {
    const batch = batchOf(rows, time, this.num)
    const shown = rows.filter((row) => row.shown).length
    this.added += shown
    this.num += shown
    return batch
  }

  /** The source's next batch, numbered anew. */
  passed(batch: EventBatch): EventBatch {
    const { count } = batch
    if (count === 0) return batch
    this.time = batch.time[count - 1] as number
    let last = count - 1
    while (last >= 0 && !hasNumber(batch, last)) last--
    if (last < 0) return batch
    for (let i = 0; this.added > 0 && i <= last; i++) if (hasNumber(batch, i)) batch.num[i]! += this.added
    this.num = batch.num[last] as number
    return batch
  }
}

/** Rows of ksys's own have none, and what counted calls have instead says how many they are. */
function hasNumber({ num, flags }: EventBatch, row: number): boolean {
  return num[row] !== 0 && (flags[row]! & ROW.COUNTED) === 0
}
