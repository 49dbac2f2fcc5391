// Rows that other tools recorded keep their recorded layout: definitions of events that the current schema lacks (enter
// events, calls of other architectures), and forms (RowForm). Packs both as plain data, and validates what is unpacked.

import type { RowForm } from '../model/batch.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { EventFacts } from '../schema/facts.js'
import { execveatFlags } from '../schema/flags/files.js'
import { type RowLayout, rowLayout, WIRE_SIZE } from '../schema/layout.js'
import type { Category, EventDef, FlagTable, ParamDef, ParamType, PrintFormat, Wire } from '../schema/types.js'
import { asString } from './pack.js'

/** Definitions and layouts by code. */
export interface Tables {
  readonly defs: readonly (EventDef | undefined)[]
  readonly layouts: readonly (RowLayout | undefined)[]
}

const MAX_PARAMS = 32
/** Number of forms, with form 0. The upper bits of a row's flags contain its form. */
const MAX_FORMS = 512
export const FORM_SHIFT = 7

const VARIABLE: ReadonlySet<string> = new Set<ParamType>([
  'charbuf',
  'bytebuf',
  'sockaddr',
  'socktuple',
  'fdlist',
  'fspath',
  'fsrelpath',
  'charbufarray',
  'ipv6addr',
])
const FIXED: ReadonlySet<string> = new Set<ParamType>([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'errno',
  'fd',
  'pid',
  'syscallid',
  'sigtype',
  'reltime',
  'abstime',
  'port',
  'bool',
  'flags8',
  'flags16',
  'flags32',
  'enumflags8',
  'enumflags16',
  'enumflags32',
  'uid',
  'gid',
  'double',
  'sigset',
  'mode',
  'ipv4addr',
  'fd32',
  'pid32',
])
const FORMATS: ReadonlySet<string> = new Set<PrintFormat>(['na', 'dec', 'hex', 'oct'])
const EFFECTS: ReadonlySet<string> = new Set(['creates', 'destroys', 'uses'])

let tablesByName: ReadonlyMap<string, FlagTable> | undefined

/** Tables of symbolic names that current events use, by name. */
function flagTables(): ReadonlyMap<string, FlagTable> {
  tablesByName ??= new Map([
    [execveatFlags.name, execveatFlags],
    ...EVENTS.flatMap((d) =>
      (d?.params ?? []).flatMap((p) => (p.flags === undefined ? [] : [[p.flags.name, p.flags] as const])),
    ),
  ])
  return tablesByName
}

/** The definitions that the current schema lacks. */
export function packDefs(defs: readonly (EventDef | undefined)[]): unknown {
  return defs
    .filter((d) => d !== undefined && d !== EVENTS[d.code])
    .map((d) => {
      const { code, name, category, waits, state, noReturn, fd, fdEffect, params, nr } = d as EventDef
      return { code, name, category, waits, state, noReturn, fd, fdEffect, nr: nr?.x64, params: params.map(packParam) }
    })
}

/** The current definitions, overridden by those of a trace. */
export function unpackDefs(value: unknown): Tables {
  const list = Array.isArray(value) ? value.map(defOf).filter((d) => d !== undefined) : []
  if (list.length === 0) return { defs: EVENTS, layouts: LAYOUTS }
  const defs = [...EVENTS]
  const layouts = [...LAYOUTS]
  for (const d of list) {
    defs[d.code] = d
    layouts[d.code] = rowLayout(d)
  }
  return { defs, layouts }
}

/** Forms in order, without form 0, which means that a row has none. */
export function packForms(forms: readonly (RowForm | undefined)[]): unknown {
  return forms
    .slice(1, MAX_FORMS)
    .map((f) => f && [f.type, [...f.index], f.params.map(packParam), f.generic === true, f.recordedAs])
}

/** Forms of a trace. Rows with a malformed form are shown as they are defined. */
export function unpackForms(value: unknown, { defs }: Tables): (RowForm | undefined)[] {
  const forms: (RowForm | undefined)[] = [undefined]
  for (const entry of Array.isArray(value) ? value.slice(0, MAX_FORMS - 1) : []) forms.push(formOf(entry, defs))
  return forms
}

function formOf(entry: unknown, defs: Tables['defs']): RowForm | undefined {
  const [type, index, params, generic, recordedAs] = Array.isArray(entry) ? entry : []
  const def = Number.isInteger(type) ? defs[type] : undefined
  if (def === undefined || !Array.isArray(index) || !Array.isArray(params) || index.length !== params.length)
    return undefined
  const shown = params.map(paramOf)
  const isValid =
    shown.length <= MAX_PARAMS &&
    shown.every((p, i) => {
      const own = def.params[index[i]]
      return p !== undefined && own !== undefined && (own.wire === 'var') === (p.wire === 'var')
    })
  if (!isValid) return undefined
  return {
    type,
    index,
    params: shown as ParamDef[],
    ...(generic === true && { generic }),
    ...(isIndex(recordedAs, CODE_LIMIT) && { recordedAs: recordedAs as number }),
  }
}

function packParam(p: ParamDef): unknown {
  const { from, flags, shape, shapeOf, cases, names, fdFor, role, makes, means, omittedBy, ...rest } = p
  return flags === undefined ? rest : { ...rest, flags: flags.name }
}

function paramOf(value: unknown): ParamDef | undefined {
  const raw = object(value)
  const name = printableName(raw.name)
  const type = asString(raw.type) ?? ''
  const wire = asString(raw.wire) ?? ''
  const fmt = asString(raw.fmt) ?? ''
  const fits = type === 'dyn' || (wire === 'var' ? VARIABLE : FIXED).has(type)
  if (name === undefined || !fits || !Object.hasOwn(WIRE_SIZE, wire) || !FORMATS.has(fmt)) return undefined
  const flags = flagTables().get(asString(raw.flags) ?? '')
  const only = onlyIfOf(raw.onlyIf)
  const dyn = Array.isArray(raw.dyn) ? raw.dyn.map(asString) : undefined
  return {
    name,
    type: type as ParamType,
    wire: wire as Wire,
    fmt: fmt as PrintFormat,
    from: { op: 'special' },
    ...(flags !== undefined && { flags }),
    ...(isIndex(raw.dirfd, MAX_PARAMS) && { dirfd: raw.dirfd as number }),
    ...(only !== undefined && { onlyIf: only }),
    ...(raw.optional === true && { optional: true }),
    ...(dyn?.every((d) => d !== undefined) && { dyn: dyn as string[] }),
  }
}

function onlyIfOf(value: unknown): ParamDef['onlyIf'] {
  const { param, is, any } = object(value)
  if (!isIndex(param, MAX_PARAMS)) return undefined
  return {
    param: param as number,
    ...(typeof is === 'number' && { is }),
    ...(typeof any === 'number' && { any }),
  }
}

function defOf(value: unknown): EventDef | undefined {
  const raw = object(value)
  const name = printableName(raw.name)
  const list = Array.isArray(raw.params) ? raw.params : []
  const params = list.slice(0, MAX_PARAMS).map(paramOf)
  const isValid = list.length <= MAX_PARAMS && params.every((p) => p !== undefined)
  if (name === undefined || !isIndex(raw.code, CODE_LIMIT) || !isValid) return undefined
  const effect = asString(raw.fdEffect) ?? ''
  const exit = EVENTS[(raw.code as number) | 1]
  const call = exit?.name === name ? exit : undefined
  return {
    ...(call !== undefined && factsOf(call)),
    code: raw.code as number,
    name,
    category: (printableName(raw.category) ?? 'unknown') as Category,
    params: params as ParamDef[],
    ...(call?.nr !== undefined && { nr: call.nr }),
    ...(raw.waits === true && { waits: true }),
    ...(raw.state === true && { state: true }),
    ...(raw.noReturn === true && { noReturn: true }),
    ...(isIndex(raw.nr, CODE_LIMIT) && { nr: { x64: raw.nr as number } }),
    ...(isIndex(raw.fd, params.length) && { fd: raw.fd as number }),
    ...(EFFECTS.has(effect) && { fdEffect: effect as 'creates' | 'destroys' | 'uses' }),
  }
}

/** The current schema's facts about the call. A trace specifies only its row layout. */
function factsOf(def: EventDef): EventFacts {
  const { code, name, category, params, nr, waits, state, noReturn, fd, fdEffect, special, ...facts } = def
  return facts
}

/** Names are printed unescaped, so other characters are rejected. */
function printableName(value: unknown): string | undefined {
  const text = asString(value)
  return text !== undefined && /^[!-~]{0,64}$/.test(text) ? text : undefined
}

function isIndex(value: unknown, end: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < end
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
