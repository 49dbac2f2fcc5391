// Converts recorded events to rows. For each event version and parameter count a small program specifies the source of
// every parameter of the row: the exit event, the enter event that it is joined with, or none.
import type { RowForm } from '../model/batch.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import { absent, from, type Program, program, sourced } from './program.js'
import { recorded } from './roles.js'
import { currentCode, genericExit, TABLES } from './tables.js'

/** Parameters of older versions that have been renamed. */
export const ALIAS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dup: { fd: 'oldfd' },
  bpf: { res_or_fd: 'fd' },
}
/** Calls whose enter event has no parameters of the exit event, even if names are equal. */
const UNRELATED = new Set(['execveat', 'dup2', 'dup3'])
/** Calls that were not treated as operating on their descriptor if both directions were recorded. */
const APART_WHEN_RECORDED = new Set(['mmap', 'mmap2'])
/** The batch's form column has 16 bits. */
const FORM_LIMIT = 0xffff

/** Creates programs; `forms` contains the recorded layouts of their rows. */
export class Converter {
  /** index 0 is unused: the row has the layout of its definition */
  readonly forms: (RowForm | undefined)[] = [undefined]

  /** @param both exit rows show only parameters that were recorded at exit */
  constructor(private readonly both: boolean) {}

  /**
   * The program of a generic event by the number of its call (see tables.ts); `direction` 0: enter, 1: exit. Undefined if
   * there is no such call.
   */
  generic(call: number, direction: number): Program | undefined {
    const exit = genericExit(call)
    if (exit === undefined) return undefined
    const def = TABLES.defs[exit] as EventDef
    const noReturn = direction === 0 && def.noReturn === true && !this.both
    const type = direction === 1 || noReturn ? exit : exit - 1
    const row = TABLES.defs[type] as EventDef
    return program(row, (p) => absent(p), this.form(type, [], [], { generic: true }), { noReturn, state: false })
  }

  /**
   * The program of an exit event or a single one with n parameters, joined with an enter event of `enterN` parameters
   * (-1: none). Undefined if the event is not shown.
   */
  exit(code: number, n: number, enterN: number): Program | undefined {
    const type = currentCode(code)
    const target = TABLES.defs[type]
    if (target === undefined) return undefined
    const old = type === code ? undefined : recorded.defs[code]
    const apart = UNRELATED.has(target.name) || (this.both && APART_WHEN_RECORDED.has(target.name))
    const enter = apart ? undefined : recorded.defs[code - 1]
    const alias = ALIAS[target.name] ?? {}
    const exitAt = old === undefined ? target.params.map((p, i) => (p.added ? -1 : i)) : indexesIn(target, old, alias)
    const enterAt = enter === undefined ? [] : indexesIn(target, enter, alias)
    const base = program(
      target,
      (p, i) => {
        const x = exitAt[i] ?? -1
        if (x >= 0 && x < n) return from(p, x, false, old?.params[x])
        const e = enterAt[i] ?? -1
        return e >= 0 && e < enterN && p.wire !== 'ret' ? from(p, e, true) : absent(p)
      },
      0,
      { noReturn: false, state: target.state === true },
    )
    return {
      ...base,
      form: this.both ? this.recordedForm(code, n, target, exitAt) : this.joinedForm(code, target, base),
    }
  }

  /** The program of an enter event with a row of its own. */
  enter(code: number, n: number): Program | undefined {
    const type = currentCode(code)
    const target = TABLES.defs[type]
    const own = recorded.defs[code] ?? target
    if (target === undefined || own === undefined) return undefined
    const at = indexesIn(target, own, {})
    const shown = own.params.slice(0, n)
    const index = shown.map((_, k) => at.indexOf(k))
    const isComplete = type === code && n === target.params.length && own.params.every((p, i) => p === target.params[i])
    return program(
      target,
      (p, i) => {
        const k = at[i] ?? -1
        return k >= 0 && k < n ? from(p, k, false) : absent(p)
      },
      isComplete ? 0 : this.form(type, shown, index, { code }),
      { noReturn: false, state: false },
    )
  }

  /** A form with the parameters that have a source. */
  private joinedForm(code: number, target: EventDef, base: Program): number {
    const index = sourced(base)
    if (index.length === target.params.length && code === target.code) return 0
    const params = index.map((i) => target.params[i] as ParamDef)
    return this.form(target.code, params, index, { code })
  }

  /** A form with the parameters of the exit event, under their recorded names. */
  private recordedForm(code: number, n: number, target: EventDef, exitAt: readonly number[]): number {
    const early = recorded.earlier[code]
    const def =
      early !== undefined && n <= early.params.length ? early : target.code === code ? target : recorded.defs[code]
    if (def === undefined || (def === target && n >= target.params.length && !target.params.some((p) => p.added)))
      return 0
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
    return this.form(target.code, params, index, { code })
  }

  /**
   * The index of a form. Equal forms of one event are shared; those of different events are not, as their rows have
   * different layouts.
   */
  private form(
    type: number,
    params: readonly ParamDef[],
    index: readonly number[],
    { generic, code = type }: { generic?: true; code?: number },
  ): number {
    const recordedAs = code === type ? undefined : code
    const found = this.forms.findIndex(
      (f) =>
        f !== undefined &&
        f.type === type &&
        f.generic === generic &&
        f.recordedAs === recordedAs &&
        f.params.length === params.length &&
        f.params.every(
          (p, i) => p.name === params[i]?.name && p.type === params[i]?.type && p.wire === params[i]?.wire,
        ) &&
        f.index.every((v, i) => v === index[i]),
    )
    if (found >= 0) return found
    if (this.forms.length > FORM_LIMIT) return 0
    this.forms.push({
      type,
      params,
      index,
      ...(generic && { generic }),
      ...(recordedAs !== undefined && { recordedAs }),
    })
    return this.forms.length - 1
  }
}

/** Index in `def` of each parameter of `target`, by name; -1 if it is missing. */
function indexesIn(target: EventDef, def: EventDef, alias: Readonly<Record<string, string>>): number[] {
  return target.params.map((p) => (p.added ? -1 : def.params.findIndex((q) => (alias[q.name] ?? q.name) === p.name)))
}
