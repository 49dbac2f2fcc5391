// Builds events that no row represents, from their values.
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
/** Limit of the values' bytes in an event with narrow lengths. libs accepts 64 KB including the headers. */
const MAX_BYTES = 65_000
/** Block flag: the event is only needed for the state. */
const STATE_ONLY = 1

/** A number, a text, or a list of texts, each of which is written with a NUL. */
type Value = number | bigint | string | readonly string[]

interface SyntheticEvent {
  /** libs' code of a declared event */
  readonly code: number
  /** ns since the epoch */
  readonly time: bigint
  readonly tid: number
  readonly cpu?: number
  /** the event is needed for the state and is not shown */
  readonly hidden?: boolean
}

/** The block of an event with these values, by parameter name; missing ones are empty. */
export function eventBlock(e: SyntheticEvent, valuesByName: Readonly<Record<string, Value>>): Buffer {
  const def = EVENTS[e.code] as EventDef
  const wide = ((MARKS[e.code] ?? 0) & MARK.WIDE) !== 0
  const params = libsParams(def)
  const values = new Packer()
  const maxTextBytes = wide ? Number.POSITIVE_INFINITY : share(params.map((p) => valuesByName[p.name]))
  const lengths = params.map((p) => {
    const before = values.length
    put(values, valuesByName[p.name], SIZE[p.type], maxTextBytes)
    return values.length - before
  })
  const length = HEADER_BYTES + lengths.length * (wide ? 4 : 2) + values.length
  const p = new Packer().u16(e.cpu ?? 0)
  if (e.hidden) p.u32(STATE_ONLY)
  p.u64(e.time).u64(e.tid).u32(length).u16(e.code).u32(lengths.length)
  for (const n of lengths) wide ? p.u32(n) : p.u16(n)
  p.raw(values.view)
  if (e.hidden) return p.block(BLOCK.FLAGGED_EVENT)
  return p.block(length > MAX_BYTES ? BLOCK.LARGE_EVENT : BLOCK.EVENT)
}

/** Limit of the bytes of each text or list, so that a long one does not displace the others. */
function share(values: readonly (Value | undefined)[]): number {
  const texts = values.filter((v) => typeof v === 'string' || Array.isArray(v)).length
  return Math.floor((MAX_BYTES - 8 * values.length) / Math.max(1, texts))
}

/**
 * size: bytes of a number; undefined for texts. A text that exceeds maxBytes is cut; a list ends before the text that
 * exceeds it.
 */
function put(to: Packer, value: Value | undefined, size: number | undefined, maxBytes: number): void {
  if (value === undefined) return
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (size === 4) to.u32(Number(value))
    else to.u64(value)
  } else if (typeof value === 'string') to.raw(encodeText(value).subarray(0, maxBytes - 1)).u8(0)
  else {
    let remaining = maxBytes
    for (const text of value) {
      const bytes = encodeText(text)
      remaining -= bytes.length + 1
      if (remaining < 0) return
      to.raw(bytes).u8(0)
    }
  }
}
