// From recorded events to rows: for each event version and parameter count a small program that says where every
// parameter of the row comes from: the exit event, the enter event that it is joined with, or nowhere.
import type { RowForm } from '../model/batch.js'
import { CODE_LIMIT, GENERIC } from '../schema/codes.js'
import { EVENTS, eventsByName, isSyscall, LAYOUTS } from '../schema/events/index.js'
import { type RowLayout, rowLayout, WIRE_SIZE } from '../schema/layout.js'
import { SYSCALL_BY_NAME } from '../schema/syscalls.js'
import type { EventDef, ParamDef, ParamType } from '../schema/types.js'
import { recordedEvents } from './recorded.js'
import { SYSCALL_IDS } from './syscall-ids.js'

/** libs' limit. */
export const MAX_PARAMS = 32

/** What a code of the file stands for. */
export const enum Role {
  /** a code of the future, or one that never was: not an event */
  Unknown,
  /** counted, but there is nothing to show */
  Silent,
  Enter,
  Exit,
  /** not a call: one record of its own */
  Single,
  GenericEnter,
  GenericExit,
}

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
  /** index into `forms` */
  readonly form: number
  readonly state: boolean
  readonly noReturn: boolean
  /** a fork or exec: parameters 3 and 4 are the ids of the thread and its process */
  readonly announces: boolean
}

const recorded = recordedEvents(EVENTS)

/** Old codes that are no calls, and the code that took their place. */
const REPLACED: Readonly<Record<number, number>> = { 16: 186, 146: 152, 272: 324 }
const SILENT = new Set([228, 260, 268, 270])
/** Versions whose name is not that of the call. */
const RENAMED: Readonly<Record<number, number>> = { 56: 388, 57: 389, 248: 388, 249: 389 }
/** Parameters of older versions that have another name now. */
const ALIAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dup: { fd: 'oldfd' },
  bpf: { res_or_fd: 'fd' },
}
/** Calls whose enter event has nothing for the exit's parameters, whatever the names are. */
const UNRELATED = new Set(['execveat', 'dup2', 'dup3'])
/** Calls that were not said to be about their descriptor when both directions were recorded. */
const APART_WHEN_RECORDED = new Set(['mmap', 'mmap2'])
/** Row parameters 3 and 4 are the thread's and the process's ids. */
const ANNOUNCING = new Set(['clone', 'fork', 'vfork', 'clone3', 'execve', 'execveat'])

const NUL_ENDED = new Set<ParamType>(['charbuf', 'fspath', 'fsrelpath'])
const SIGNED_TYPES = new Set<ParamType>(['int8', 'int16', 'int32', 'int64', 'errno', 'fd', 'pid', 'fd32', 'pid32'])

/** The current code of a recorded one; -1 when there is none. */
function currentCode(code: number): number {
  const replaced = REPLACED[code] ?? RENAMED[code]
  if (replaced !== undefined) return replaced
  const old = recorded.defs[code]
  if (old === undefined || (EVENTS[code] !== undefined && EVENTS[code].name === old.name)) return code
  return eventsByName(old.name).find((c) => (c & 1) === (code & 1)) ?? -1
}

/** Calls that have a libs number but none on this architecture get codes of their own. */
const OTHER_CALLS = GENERIC + 2 * 576
const others: EventDef[] = []
const genericCode = SYSCALL_IDS.map((name): number => {
  const exit = eventsByName(name).find((c) => (c & 1) === 1)
  if (exit !== undefined) return exit
  const row = SYSCALL_BY_NAME.get(name)
  if (row !== undefined && EVENTS[GENERIC + 2 * row[1] + 1] !== undefined) return GENERIC + 2 * row[1] + 1
  const code = OTHER_CALLS + 2 * (others.length >> 1) + 1
  if (code >= CODE_LIMIT) return -1
  others.push({ code: code - 1, name, category: 'other', params: [] }, { code, name, category: 'other', params: [] })
  return code
})

/** The exit code of a call by its x86-64 number; that of the unknown call when there is none. */
function nativeCode(nr: number): number | undefined {
  const own = GENERIC + 2 * nr + 1
  if (own < OTHER_CALLS && EVENTS[own] !== undefined) return own
  return EVENTS.find((d) => d?.nr?.x64 === nr && (d.code & 1) === 1)?.code ?? genericCode[0]
}

/** Numbers of the kernel are kept apart from libs' own. */
const NATIVE = 1 << 16

/** Definitions for the cursor: today's events, and enter events with all parameters that any version recorded. */
export interface Tables {
  readonly defs: readonly (EventDef | undefined)[]
  readonly layouts: readonly (RowLayout | undefined)[]
}

export const TABLES: Tables = (() => {
  const defs = [...EVENTS]
  for (const d of others) defs[d.code] = d
  for (const old of recorded.defs) {
    if (old === undefined || roleOf(old.code) !== Role.Enter) continue
    const code = currentCode(old.code)
    if (code < 0) continue
    const base = recorded.defs[code] ?? old
    const { fd, fdEffect, ...rest } = EVENTS[code] ?? base
    const creates = fdEffect === 'creates' && { fdEffect }
    const made: EventDef =
      defs[code] !== EVENTS[code] ? (defs[code] as EventDef) : { ...rest, ...base, code, ...creates }
    const more = old.params.filter((p) => !made.params.some((q) => q.name === p.name))
    defs[code] = { ...made, name: EVENTS[code]?.name ?? old.name, params: [...made.params, ...more] }
  }
  return {
    defs,
    layouts: defs.map((d, i) => (d === undefined || d === EVENTS[i] ? LAYOUTS[i] : rowLayout(d))),
  }
})()

/** What an event code of a file stands for. */
export function roleOf(code: number): Role {
  if (code === 0) return Role.GenericEnter
  if (code === 1) return Role.GenericExit
  if (SILENT.has(code)) return Role.Silent
  if (REPLACED[code] !== undefined) return Role.Single
  if (code >= GENERIC) return Role.Unknown
  const old = recorded.defs[code]
  if ((code & 1) === 1) return EVENTS[code] !== undefined || old !== undefined ? Role.Exit : Role.Unknown
  if (old !== undefined || isSyscall(code + 1)) return Role.Enter
  return EVENTS[code] !== undefined && code < 900 ? Role.Single : Role.Unknown
}

/** Most parameters that an event of this code was ever recorded with. */
export function mostParams(code: number): number {
  if (code <= 1) return 2
  const enter = (code & 1) === 0 && isSyscall(code)
  return Math.max(recorded.defs[code]?.params.length ?? 0, enter ? 0 : (EVENTS[code]?.params.length ?? 0))
}

/** Makes programs on demand and keeps them; `forms` says how the rows they make were recorded. */
export class Converter {
  /** index 0 is unused: as the definition has it */
  readonly forms: (RowForm | undefined)[] = [undefined]
  private readonly formTypes: number[] = [-1]
  private readonly cache: (Program | undefined)[][] = []
  private readonly generics: (Program | undefined)[] = []

  /** @param both exit rows show only what was recorded at exit */
  constructor(private readonly both: boolean) {}

  /**
   * The program of an exit event or a single one with n parameters, joined with an enter event of `enterN` parameters
   * (-1: none).
   */
  exit(code: number, n: number, enterN: number): Program | undefined {
    this.cache[code] ??= []
    const list = this.cache[code] as (Program | undefined)[]
    const key = n * (MAX_PARAMS + 2) + enterN + 1
    list[key] ??= this.makeExit(code, n, enterN)
    return list[key]
  }

  /** The program of an enter event that gets a row of its own. */
  enter(code: number, n: number): Program | undefined {
    this.cache[code] ??= []
    const list = this.cache[code] as (Program | undefined)[]
    list[n] ??= this.makeEnter(code, n)
    return list[n]
  }

  /**
   * The program of a generic event, by libs' number of the call or, when that is 0 (unknown), the kernel's own (-1: not
   * recorded); `direction` 0: enter, 1: exit.
   */
  generic(id: number, native: number, direction: 0 | 1): Program | undefined {
    const call = id === 0 && native >= 0 ? NATIVE + native : id
    const key = call * 2 + direction
    this.generics[key] ??= this.makeGeneric(call, direction)
    return this.generics[key]
  }

  private makeGeneric(call: number, direction: 0 | 1): Program | undefined {
    const exit = call >= NATIVE ? nativeCode(call - NATIVE) : genericCode[call]
    if (exit === undefined || exit < 0) return undefined
    const def = TABLES.defs[exit] as EventDef
    const noReturn = direction === 0 && def.noReturn === true && !this.both
    const type = direction === 1 || noReturn ? exit : exit - 1
    const row = TABLES.defs[type] as EventDef
    return program(row, (p) => nothing(p), this.form(type, [], []), { noReturn, state: false })
  }

  private makeExit(code: number, n: number, enterN: number): Program | undefined {
    const type = currentCode(code)
    const target = TABLES.defs[type]
    if (target === undefined) return undefined
    const old = type === code ? undefined : recorded.defs[code]
    const apart = UNRELATED.has(target.name) || (this.both && APART_WHEN_RECORDED.has(target.name))
    const enter = apart ? undefined : recorded.defs[code - 1]
    const alias = ALIAS[target.name] ?? {}
    const exitAt = old === undefined ? target.params.map((_, i) => i) : places(target, old, alias)
    const enterAt = enter === undefined ? [] : places(target, enter, alias)
    const made = program(
      target,
      (p, i) => {
        const x = exitAt[i] ?? -1
        if (x >= 0 && x < n) return from(p, x, false, old?.params[x])
        const e = enterAt[i] ?? -1
        return e >= 0 && e < enterN && p.wire !== 'ret' ? from(p, e, true) : nothing(p)
      },
      0,
      { noReturn: false, state: target.state === true },
    )
    return { ...made, form: this.both ? this.recordedForm(code, n, target, exitAt) : this.joinedForm(target, made) }
  }

  /** Shows those parameters that have a source. */
  private joinedForm(target: EventDef, made: Program): number {
    const index: number[] = []
    for (let i = 0; i < made.steps.length; i += STEP) {
      const op = made.steps[i] as number
      if (op !== Op.NoResult && op !== Op.NoNumber && op !== Op.NoBytes) index.push(made.steps[i + 3] as number)
    }
    if (index.length === target.params.length) return 0
    index.sort((a, b) => a - b)
    return this.form(
      target.code,
      index.map((i) => target.params[i] as ParamDef),
      index,
    )
  }

  /** Shows the parameters of the exit event by the names they had. */
  private recordedForm(code: number, n: number, target: EventDef, exitAt: readonly number[]): number {
    const early = recorded.earlier[code]
    const def =
      early !== undefined && n <= early.params.length ? early : target.code === code ? target : recorded.defs[code]
    if (def === undefined || (def === target && n >= target.params.length)) return 0
    const params: ParamDef[] = []
    const index: number[] = []
    for (let k = 0; k < Math.min(n, def.params.length); k++) {
      const at = exitAt.indexOf(k)
      if (at < 0) continue
      const shown = def.params[k] as ParamDef
      const type =
        shown.type === 'dyn' && target.params[at]?.type !== 'dyn' ? (target.params[at] as ParamDef).type : shown.type
      params.push({ ...shown, type, wire: (target.params[at] as ParamDef).wire })
      index.push(at)
    }
    return this.form(target.code, params, index)
  }

  private makeEnter(code: number, n: number): Program | undefined {
    const type = currentCode(code)
    const target = TABLES.defs[type]
    const own = recorded.defs[code] ?? target
    if (target === undefined || own === undefined) return undefined
    const at = places(target, own, {})
    const shown = own.params.slice(0, n)
    const index = shown.map((_, k) => at.indexOf(k))
    const whole = n === target.params.length && own.params.every((p, i) => p === target.params[i])
    return program(
      target,
      (p, i) => {
        const k = at[i] ?? -1
        return k >= 0 && k < n ? from(p, k, false) : nothing(p)
      },
      whole ? 0 : this.form(type, shown, index),
      { noReturn: false, state: false },
    )
  }

  /** Equal forms of one event are one; those of different events are not, since their rows lie differently. */
  private form(type: number, params: readonly ParamDef[], index: readonly number[]): number {
    const found = this.forms.findIndex(
      (f, i) =>
        f !== undefined &&
        this.formTypes[i] === type &&
        f.params.length === params.length &&
        f.params.every(
          (p, i) => p.name === params[i]?.name && p.type === params[i]?.type && p.wire === params[i]?.wire,
        ) &&
        f.index.every((v, i) => v === index[i]),
    )
    if (found >= 0) return found
    this.forms.push({ params, index })
    this.formTypes.push(type)
    return this.forms.length - 1
  }
}

/** Index in `def` of each parameter of `target`, by name; -1 when it has none. */
function places(target: EventDef, def: EventDef, alias: Readonly<Record<string, string>>): number[] {
  return target.params.map((p) => def.params.findIndex((q) => (alias[q.name] ?? q.name) === p.name))
}

type Step = [op: Op, source: number, size: number]

function nothing(p: ParamDef): Step {
  if (p.wire === 'ret') return [Op.NoResult, 0, 0]
  return p.wire === 'var' ? [Op.NoBytes, 0, 0] : [Op.NoNumber, 0, WIRE_SIZE[p.wire]]
}

function from(p: ParamDef, source: number, enter: boolean, recordedAs?: ParamDef): Step {
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
function program(
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
    announces: ANNOUNCING.has(target.name) && (target.code & 1) === 1,
    ...more,
  }
}
