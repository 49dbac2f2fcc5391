// Where the parameters of an event are stored in its rows.
import type { EventDef, Wire } from './types.js'

/** Row layout of an event, derived once per definition from its parameters. */
export interface RowLayout {
  /** byte offset of parameter p in the row's fixed part; -1 for `ret`, -2 - k for the k-th variable parameter */
  readonly offset: Int32Array
  /** how parameter p is stored: its index in WIRES */
  readonly wire: Uint8Array
  /** bytes of the fixed part */
  readonly fixed: number
  /** number of variable parameters */
  readonly vars: number
}

/** Ways to store a parameter, numbered. */
export const WIRES: readonly Wire[] = ['ret', 'var', 'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64']
const NUMBER_OF = Object.fromEntries(WIRES.map((wire, i) => [wire, i])) as Record<Wire, number>

/** Bytes of a parameter in the fixed part of a row. */
export const WIRE_SIZE: Readonly<Record<Wire, number>> = {
  ret: 0,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  var: 0,
}

/** Computes the layout of an event's rows. */
export function rowLayout(def: Pick<EventDef, 'params'>): RowLayout {
  const offset = new Int32Array(def.params.length)
  const wire = new Uint8Array(def.params.length)
  let fixed = 0
  let vars = 0
  def.params.forEach((p, i) => {
    wire[i] = NUMBER_OF[p.wire]
    if (p.wire === 'ret') offset[i] = -1
    else if (p.wire === 'var') offset[i] = -2 - vars++
    else {
      offset[i] = fixed
      fixed += WIRE_SIZE[p.wire]
    }
  })
  return { offset, wire, fixed, vars }
}
