// The arguments of recorded calls as the kernel's filters see them: unsigned numbers of 64 bits.
import type { Event } from '../../model/event.js'
import type { EventDef, ParamDef } from '../../schema/types.js'

/** Parameters that special fillers record from an argument, by the name of the call and the argument's index. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = { clone: ['flags'] }

/** The index of the parameter with the value of an argument; -1: it is not recorded as a number. */
export function argumentParam({ name, params }: EventDef, argument: number): number {
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name]?.[argument] : undefined
  if (special !== undefined) return params.findIndex((p) => p.name === special)
  return params.findIndex(({ from, wire }) => from.op === 'arg' && from.n === argument && wire !== 'var')
}

/** Whether files of other tools have another value than the kernel's for some flag of a parameter. */
export function isConverted({ flags }: ParamDef): boolean {
  if (flags === undefined || flags.own) return false
  return flags.fromNative !== undefined || flags.entries.some(([, ppm, native = ppm]) => native !== ppm)
}

/** The value of parameter p as the kernel's filter compares it, if it is below 2^53; otherwise NaN. compat: of a 32-bit program. */
export function unsigned(e: Event, p: number, compat: boolean): number {
  const n = e.number(p)
  if (n === undefined || n > Number.MAX_SAFE_INTEGER) return Number.NaN
  if (n >= 0) return n
  // a negative int of a 32-bit program fills half of the argument
  return compat ? n >>> 0 : Number.NaN
}

/** The same, exactly, for any value; undefined if it was not recorded. */
export function exactUnsigned(e: Event, p: number, compat: boolean): bigint | undefined {
  const n = e.big(p)
  return n === undefined ? undefined : BigInt.asUintN(compat ? 32 : 64, n)
}

/** The calls that profiles of ksys restrict by their first argument: family of a socket, flags of a clone, personality. */
export const RESTRICTED = ['socket', 'clone', 'personality'] as const
export type RestrictedCall = (typeof RESTRICTED)[number]

/** A restricted call, and the reader of its argument. */
export interface Restriction {
  readonly name: RestrictedCall
  /** undefined: the argument was not recorded exactly */
  readonly valueOf: (e: Event) => number | undefined
}

/** The restriction of an event's call, which has this name; undefined: it is not restricted. */
export function restrictionOf(def: EventDef, name: string | undefined): Restriction | undefined {
  const restricted = RESTRICTED.find((r) => r === name)
  if (restricted === undefined) return undefined
  const p = argumentParam(def, 0)
  const param = def.params[p]
  if (param === undefined) return { name: restricted, valueOf: () => undefined }
  const converted = isConverted(param)
  return {
    name: restricted,
    valueOf: (e) => {
      const value = converted && !e.batch.native ? Number.NaN : unsigned(e, p, false)
      return Number.isNaN(value) ? undefined : value
    },
  }
}
