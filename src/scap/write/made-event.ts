// An event that no row tells of, put together from its values.
import { encodeText } from '../../model/text.js'
import { EVENTS } from '../../schema/events/index.js'
import type { EventDef } from '../../schema/types.js'
import { BLOCK } from '../blocks.js'
import { MARK, roleTables } from '../roles.js'
import { libsParams } from './events.js'
import { Packer } from './packer.js'
import { SIZE } from './program.js'

const [, , MARKS] = roleTables()
const HEADER_BYTES = 26
/** Bytes of values in an event with narrow lengths, of which libs bears 64 KB with all that stands around them. */
const MOST_BYTES = 65_000
/** Flags of a block: the event is there only to keep the state true. */
const STATE_ONLY = 1

/** A number, a text, or texts that end with a NUL each. */
export type Value = number | bigint | string | readonly string[]

export interface MadeEvent {
  /** libs' code: that of an event that is declared */
  readonly code: number
  /** ns since the epoch */
  readonly time: bigint
  readonly tid: number
  readonly cpu?: number
  /** it keeps the state true and is not shown */
  readonly hidden?: boolean
}

/** The block of an event with these values by the names of its parameters; what is missing is empty. */
export function eventBlock(e: MadeEvent, given: Readonly<Record<string, Value>>): Buffer {
  const def = EVENTS[e.code] as EventDef
  const wide = ((MARKS[e.code] ?? 0) & MARK.WIDE) !== 0
  const params = libsParams(def)
  const values = new Packer()
  const room = wide ? Number.POSITIVE_INFINITY : share(params.map((p) => given[p.name]))
  const lengths = params.map((p) => {
    const before = values.length
    put(values, given[p.name], SIZE[p.type], room)
    return values.length - before
  })
  const length = HEADER_BYTES + lengths.length * (wide ? 4 : 2) + values.length
  const p = new Packer().u16(e.cpu ?? 0)
  if (e.hidden) p.u32(STATE_ONLY)
  p.u64(e.time).u64(e.tid).u32(length).u16(e.code).u32(lengths.length)
  for (const n of lengths) wide ? p.u32(n) : p.u16(n)
  p.raw(values.view)
  if (e.hidden) return p.block(BLOCK.FLAGGED_EVENT)
  return p.block(length > MOST_BYTES ? BLOCK.LARGE_EVENT : BLOCK.EVENT)
}

/** Bytes that each text, or list of them, may take: one that is too long leaves the others theirs. */
function share(values: readonly (Value | undefined)[]): number {
  const texts = values.filter((v) => typeof v === 'string' || Array.isArray(v)).length
  return Math.floor((MOST_BYTES - 8 * values.length) / Math.max(1, texts))
}

/** size: bytes of a number; undefined for texts, of which those that have no room are left out, or cut where it is one. */
function put(to: Packer, value: Value | undefined, size: number | undefined, room: number): void {
  if (value === undefined) return
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (size === 4) to.u32(Number(value))
    else to.u64(value)
  } else if (typeof value === 'string') to.raw(encodeText(value).subarray(0, room - 1)).u8(0)
  else {
    let left = room
    for (const text of value) {
      const bytes = encodeText(text)
      left -= bytes.length + 1
      if (left < 0) return
      to.raw(bytes).u8(0)
    }
  }
}
