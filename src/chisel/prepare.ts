// A checked chisel with its arguments and everything that the capture must record for it.
import { FilterError } from '../filter/index.js'
import { type CompiledTable, compileTable, type Inside, joinFilters } from '../table/compile.js'
import { ChiselError, takeArguments } from './args.js'
import type { ArgDefs, Chisel, ChiselInput } from './define.js'
import { declarationFaults, faultsError } from './faults.js'
import type { Loaded } from './load.js'
import type { FieldsDef } from './values.js'

export interface Prepared {
  readonly name: string
  readonly def: Chisel
  readonly args: ChiselInput<ArgDefs>['args']
  readonly fields: FieldsDef
  /** the events that it needs; undefined: all */
  readonly filter: string | undefined
  readonly table: CompiledTable | undefined
  /** the file that it saves events to */
  readonly saves: string | undefined
  /** ms between two intervals */
  readonly every: number
  /** all fields that it reads, except those of the filter */
  readonly reads: readonly string[]
}

/** Parses the arguments of a chisel; `rest` are the remaining words, for the filter. Throws ChiselError. */
export function prepare(
  { name, argument, def }: Pick<Loaded, 'name' | 'argument' | 'def'>,
  words: readonly string[],
  inside: Inside,
): { prepared: Prepared; rest: readonly string[] } {
  const { args, rest } = takeArguments({ name, argument }, def.args ?? {}, words)
  const input = { args, containers: inside.containers }
  try {
    const table = typeof def.table === 'function' ? def.table(input) : def.table
    const fields = (typeof def.fields === 'function' ? def.fields(input) : def.fields) ?? {}
    const own = typeof def.filter === 'function' ? def.filter(input) : def.filter
    const faults = declarationFaults({ fields, filter: own, table }, inside)
    if (faults.length > 0) throw faultsError(`chisel ${name}`, faults)
    const events = joinFilters(own, table?.filter)
    const compiled = table && compileTable({ ...table, filter: events }, inside)
    const filter = joinFilters(table?.threadFilter, events)
    const reads = [...Object.values(fields), ...(compiled?.fields ?? [])]
    const saves = def.saves?.(input)
    const every = (typeof def.every === 'function' ? def.every(input) : def.every) ?? 1000
    return { prepared: { name, def, args, fields, filter, table: compiled, saves, every, reads }, rest }
  } catch (e) {
    if (e instanceof FilterError) throw new ChiselError(`chisel ${name}: ${e.format()}`)
    throw e
  }
}

/** The chisel for a run with the user's filter, which also applies to sampled threads. */
export function withUserFilter(c: Prepared, user: string, inside: Inside): Prepared {
  if (c.table === undefined || user === '') return c
  return { ...c, table: compileTable(c.table.def, { ...inside, filter: user }) }
}

/** One filter for all: events that pass the user's filter and at least one of the chisels' filters. '' for no filter. */
export function filterOfAll(user: string, chisels: readonly Prepared[]): string {
  const own = chisels.map((c) => c.filter)
  if (own.includes(undefined)) return user
  const any = own.length === 1 ? (own[0] as string) : own.map((f) => `(${f})`).join(' or ')
  return user === '' ? any : `(${user}) and (${any})`
}
