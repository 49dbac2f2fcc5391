// Programs: how the bytes of a row are put together from the parameters of recorded events, step by step. native/scap/walk
// runs them.
import { WIRE_SIZE } from '../schema/layout.js'
import type { EventDef, ParamDef, ParamType } from '../schema/types.js'

/** Steps of a program, four numbers each: operation, source parameter, size and sign or 0, parameter of the row. */
export const enum Op {
  /** a number of the exit event; of the enter event */
  Number,
  EnterNumber,
  /** bytes; text that ends with a NUL; the same of the enter event */
  Bytes,
  Text,
  EnterBytes,
  EnterText,
  /** the call's result; the same behind the selector byte of a dyn parameter */
  Result,
  DynResult,
  /** no result; nothing of that size; nothing variable */
  NoResult,
  NoNumber,
  NoBytes,
}
export const STEP = 4
/** Added to the size of a signed number. */
export const SIGNED = 16

export interface Program {
  /** code of the row */
  readonly type: number
  readonly steps: Int32Array
  /** index into the batch's forms */
  readonly form: number
  /** changes the state when it succeeds */
  readonly state: boolean
  /** an enter event that is the call's only one */
  readonly noReturn: boolean
  /** a fork or exec: parameters 3 and 4 are the ids of the thread and its process */
  readonly announces: boolean
}

const NUL_ENDED = new Set<ParamType>(['charbuf', 'fspath', 'fsrelpath'])
const SIGNED_TYPES = new Set<ParamType>(['int8', 'int16', 'int32', 'int64', 'errno', 'fd', 'pid', 'fd32', 'pid32'])

export type Step = [op: Op, source: number, size: number]

/** A parameter that was not recorded. */
export function nothing(p: ParamDef): Step {
  if (p.wire === 'ret') return [Op.NoResult, 0, 0]
  return p.wire === 'var' ? [Op.NoBytes, 0, 0] : [Op.NoNumber, 0, WIRE_SIZE[p.wire]]
}

/** A parameter that is the source-th of the exit or of the enter event, where it was declared as `recordedAs`. */
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

/** Orders the steps as the row lies: fixed parameters first, then the variable ones. */
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

/** Parameters of the row that have a source. */
export function sourced(made: Program): number[] {
  const found: number[] = []
  for (let i = 0; i < made.steps.length; i += STEP) {
    const op = made.steps[i] as Op
    if (op !== Op.NoResult && op !== Op.NoNumber && op !== Op.NoBytes) found.push(made.steps[i + 3] as number)
  }
  return found.sort((a, b) => a - b)
}
