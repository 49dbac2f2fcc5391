// Programs, which build the bytes of a row from the parameters of recorded events, step by step. native/scap/walk
// executes them.
import { WIRE_SIZE } from '../schema/layout.js'
import type { EventDef, ParamDef, ParamType } from '../schema/types.js'

/** Steps of a program, as four numbers: operation, source parameter, size and sign or 0, parameter of the row. */
export const enum Op {
  /** a number of the exit event; of the enter event */
  Number,
  EnterNumber,
  /** bytes; text that ends with a NUL; the same from the enter event */
  Bytes,
  Text,
  EnterBytes,
  EnterText,
  /** the call's result; the same after the selector byte of a dyn parameter */
  Result,
  DynResult,
  /** no result; an absent number of that size; no variable data */
  NoResult,
  NoNumber,
  NoBytes,
}
const STEP = 4
/** Added to the size of signed numbers. */
const SIGNED = 16

export interface Program {
  /** event code of the row */
  readonly type: number
  readonly steps: Int32Array
  /** index into the batch's forms */
  readonly form: number
  /** the event changes the state if the call succeeds */
  readonly state: boolean
  /** an enter event that is the call's only event */
  readonly noReturn: boolean
  /** a fork or exec: parameters 3 and 4 are the ids of the thread and its process */
  readonly announces: boolean
}

const NUL_ENDED = new Set<ParamType>(['charbuf', 'fspath', 'fsrelpath'])
const SIGNED_TYPES = new Set<ParamType>(['int8', 'int16', 'int32', 'int64', 'errno', 'fd', 'pid', 'fd32', 'pid32'])

type Step = [op: Op, source: number, size: number]

/** A step for a parameter that was not recorded. */
export function absent(p: ParamDef): Step {
  if (p.wire === 'ret') return [Op.NoResult, 0, 0]
  return p.wire === 'var' ? [Op.NoBytes, 0, 0] : [Op.NoNumber, 0, WIRE_SIZE[p.wire]]
}

/**
 * A step for a parameter from the exit or the enter event, at index `source`, where it was declared as `recordedAs`.
 */
export function from(p: ParamDef, source: number, enter: boolean, recordedAs?: ParamDef): Step {
  if (p.wire === 'ret')
    return [recordedAs?.type === 'dyn' ? Op.DynResult : Op.Result, source, SIGNED_TYPES.has(p.type) ? SIGNED : 0]
  if (p.wire !== 'var') {
    const sign = SIGNED_TYPES.has(p.type) ? SIGNED : 0
    return [enter ? Op.EnterNumber : Op.Number, source, WIRE_SIZE[p.wire] + sign]
  }
  if (NUL_ENDED.has(p.type)) return [enter ? Op.EnterText : Op.Text, source, 0]
  return [enter ? Op.EnterBytes : Op.Bytes, source, 0]
}

/** Orders the steps by the layout of a row: fixed parameters first, then the variable ones. */
export function program(
  target: EventDef,
  step: (p: ParamDef, i: number) => Step,
  form: number,
  more: { noReturn: boolean; state: boolean },
): Program {
  const fixed: number[] = []
  const variable: number[] = []
  target.params.forEach((p, i) => {
    const s = step(p, i)
    ;(p.wire === 'var' ? variable : fixed).push(...s, i)
  })
  return {
    type: target.code,
    steps: Int32Array.from([...fixed, ...variable]),
    form,
    announces: (target.task === 'fork' || target.task === 'exec') && (target.code & 1) === 1,
    ...more,
  }
}

/** Indexes of the row's parameters that have a source. */
export function sourced(p: Program): number[] {
  const indexes: number[] = []
  for (let i = 0; i < p.steps.length; i += STEP) {
    const op = p.steps[i] as Op
    if (op !== Op.NoResult && op !== Op.NoNumber && op !== Op.NoBytes) indexes.push(p.steps[i + 3] as number)
  }
  return indexes.sort((a, b) => a - b)
}
