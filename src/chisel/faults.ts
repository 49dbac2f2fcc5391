// All faults of a chisel's declaration at once, so that its author corrects them in one go.
import { registry } from '../fields/index.js'
import { checkFilter, FilterError } from '../filter/index.js'
import { checkColumn, findField, groupsOf, type Inside, keysOf, shownOf } from '../table/compile.js'
import type { TableDef } from '../table/types.js'
import { ChiselError } from './args.js'
import type { ArgType } from './define.js'

/** The parts of a declaration that name fields; parts that depend on arguments are known once these are. */
export interface Declared {
  readonly fields?: unknown
  readonly filter?: unknown
  readonly table?: unknown
}

const ARG_TYPES: Readonly<Record<ArgType, true>> = { string: true, int: true, field: true, filter: true }

/** An error with one fault in a sentence, or with all of them in a list. There is at least one. */
export function faultsError(head: string, faults: readonly string[]): ChiselError {
  const [first = ''] = faults
  if (faults.length === 1) return new ChiselError(`${head}: ${first}`)
  const items = faults.map((fault) => `\n- ${fault.replaceAll('\n', '\n  ')}`)
  return new ChiselError(`${head}: ${faults.length} errors${items.join('')}`)
}

/** Why a value is not a chisel; none if it may be one. Parts that depend on arguments, and behaviour, are checked when it runs. */
export function whyNotChisel(def: unknown): string[] {
  if (!isObject(def)) return ['export default defineChisel({ ... }) is missing']
  const faults: string[] = []
  if (typeof def.description !== 'string') faults.push('the description is missing')
  if (def.hooks === undefined && def.table === undefined) faults.push('it has neither a table nor hooks')
  if (def.hooks !== undefined && typeof def.hooks !== 'function') faults.push('hooks is not a function')
  if (def.args !== undefined && !isObject(def.args)) faults.push('args is not an object')
  else faults.push(...Object.entries(def.args ?? {}).flatMap(([name, arg]) => argumentFaults(name, arg)))
  if (faults.length === 0) return faults
  const constant = (part: unknown) => (typeof part === 'function' ? undefined : part)
  const { fields, filter, table } = def
  const parts = { fields: constant(fields), filter: constant(filter), table: constant(table) }
  return [...faults, ...declarationFaults(parts, { containers: false })]
}

function argumentFaults(name: string, arg: unknown): string[] {
  if (!isObject(arg)) return [`args.${name} is not an object`]
  if (arg.type === undefined || Object.hasOwn(ARG_TYPES, String(arg.type))) return []
  return [`args.${name}: type must be one of ${Object.keys(ARG_TYPES).join(', ')}`]
}

/** Unknown fields, wrong filters and columns, each once. */
export function declarationFaults({ fields, filter, table }: Declared, inside: Inside): string[] {
  const faults: string[] = []
  if (fields !== undefined && !isObject(fields)) faults.push('fields is not an object')
  else for (const text of Object.values(fields ?? {})) check(faults, () => findField(String(text)))
  if (filter !== undefined) check(faults, () => checkFilter(String(filter), registry))
  if (table !== undefined) faults.push(...tableFaults(table, inside))
  return [...new Set(faults)]
}

function tableFaults(table: unknown, inside: Inside): string[] {
  if (!isObject(table)) return ['table is not an object']
  const faults = [...listFaults(table, 'keys', isName, NAME), ...listFaults(table, 'columns', isColumn, COLUMN)]
  for (const list of ['containerKeys', 'groupBy'])
    if (table[list] !== undefined) faults.push(...listFaults(table, list, isName, NAME))
  for (const filter of [table.threadFilter, table.filter])
    if (filter !== undefined) check(faults, () => checkFilter(String(filter), registry))
  if (faults.some((fault) => fault.startsWith('table.'))) return faults
  const def = table as unknown as TableDef
  for (const text of [...keysOf(def, inside), ...(groupsOf(def, inside) ?? [])]) check(faults, () => findField(text))
  for (const column of shownOf(def.columns, inside)) check(faults, () => checkColumn(column))
  return faults
}

const NAME = 'the name of a field in quotes'
const COLUMN = "an object with a field, such as { field: 'proc.name', title: 'Process' }"

const isName = (entry: unknown) => typeof entry === 'string'
const isColumn = (entry: unknown) => isObject(entry) && isName(entry.field)

/** What is wrong with a list of a table; what: each of its entries is this. */
function listFaults(
  table: Record<string, unknown>,
  name: string,
  isRight: (entry: unknown) => boolean,
  what: string,
): string[] {
  const list = table[name]
  if (!Array.isArray(list) || list.length === 0) return [`table.${name} is not a list with entries`]
  return list.flatMap((entry, i) => (isRight(entry) ? [] : [`table.${name}[${i}] is not ${what}`]))
}

/** Adds the error that a check throws. */
function check(faults: string[], test: () => unknown): void {
  try {
    test()
  } catch (e) {
    if (!(e instanceof FilterError)) throw e
    faults.push(e.format())
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
