// evt.*: the event's arguments as text and as values.

import type { Event } from '../model/event.js'
import { renderArg, renderArgs } from '../render/args/args.js'
import { rawArg } from '../render/args/raw.js'
import { EVENTS } from '../schema/events/index.js'
import { UNKNOWN_NR } from '../schema/events/unknown.js'
import type { ParamDef, ParamType } from '../schema/types.js'
import { type FieldContext, type FieldType, type FieldValue, field, type Getter } from './field.js'
import { paramFinder, shownByName } from './params.js'
import { syslogText } from './syslog.js'

const ARG = {
  need: 'required',
  kind: 'any',
  dot: true,
  doc: 'name or index of an argument, counted from 0',
} as const

const isIndex = (arg: string): boolean => /^\d+$/.test(arg)

/** The first declared parameter of that name; it determines the type. */
function declared(name: string): ParamDef | undefined {
  for (const def of EVENTS) {
    const p = def?.params.find((q) => q.name === name)
    if (p !== undefined) return p
  }
  return undefined
}

function unknownArg(arg: string): string | undefined {
  if (isIndex(arg)) return Number(arg) < 32 ? undefined : 'an event has at most 32 arguments'
  return declared(arg) === undefined ? `no event has an argument named "${arg}"` : undefined
}

function finder(arg: string): (e: Event) => number {
  if (!isIndex(arg)) return shownByName(arg)
  const n = Number(arg)
  return (e) => (n < e.shown.length ? n : -1)
}

/**
 * Parameters of an event for which only the number of the system call was recorded: that of libs and, in enter events,
 * the kernel's.
 */
const GENERIC: readonly string[] = ['ID', 'nativeID', '0', '1']

/** These numbers as text: the first one is shown as the call's name. */
function callNumber(e: Event, which: number): string | undefined {
  if (which === 0) return e.def.name
  const nr = (e.type & 1) === 0 ? e.def.nr?.[e.batch.arch] : undefined
  return nr === undefined || nr === UNKNOWN_NR ? undefined : String(nr)
}

/**
 * Resolves the argument of evt.arg: an index into the shown parameters, -1 for none, or a text that is not a parameter.
 */
export function argument(arg: string | undefined): {
  readonly find: (e: Event) => number
  readonly generic: (e: Event) => string | undefined
} {
  const number = GENERIC.indexOf(arg ?? '0') % 2
  return {
    find: finder(arg ?? '0'),
    generic: (e) => (number >= 0 && e.form?.generic === true ? callNumber(e, number) : undefined),
  }
}

const FIELD_TYPE: Partial<Record<ParamType, FieldType>> = {
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  uint64: 'uint64',
  bytebuf: 'bytebuf',
  errno: 'errno',
  fd: 'fd',
  fd32: 'fd',
  pid: 'pid',
  pid32: 'pid',
  syscallid: 'uint16',
  sigtype: 'uint8',
  reltime: 'reltime',
  abstime: 'abstime',
  port: 'port',
  bool: 'bool',
  flags8: 'uint8',
  flags16: 'uint16',
  flags32: 'uint32',
  enumflags8: 'uint8',
  enumflags16: 'uint16',
  enumflags32: 'uint32',
  uid: 'uint32',
  gid: 'uint32',
  mode: 'uint32',
  double: 'double',
  sigset: 'uint32',
  ipv4addr: 'ipaddr',
  ipv6addr: 'ipaddr',
}

function rawType(arg: string): FieldType {
  const p = isIndex(arg) ? undefined : declared(arg)
  return p === undefined ? 'int64' : (FIELD_TYPE[p.type] ?? 'string')
}

const info = (ctx: FieldContext): Getter<string> => {
  return (e) => syslogText(e) ?? renderArgs(e, ctx)
}

export const fields = {
  'evt.args': field({
    type: 'string',
    doc: 'All arguments as name=value.',
    cost: 64,
    needs: ['buffers', 'structs', 'names'],
    make: (ctx) => (e) => renderArgs(e, ctx),
  }),
  'evt.arg': field({
    type: 'string',
    doc: 'One argument as text: names of flags, paths of descriptors, names of errors.',
    arg: ARG,
    cost: 64,
    needs: ['buffers', 'structs', 'names'],
    checkArg: unknownArg,
    make: (ctx, arg) => {
      const { find, generic } = argument(arg)
      return (e) => {
        const k = find(e)
        return k >= 0 ? renderArg(e, k, ctx) : generic(e)
      }
    },
  }),
  'evt.rawarg': field<FieldValue>({
    type: 'dynamic',
    doc: 'One argument as a value: numbers stay numbers.',
    arg: ARG,
    cost: 16,
    needs: ['buffers', 'structs'],
    checkArg: unknownArg,
    dynamicType: rawType,
    make: (_, arg) => {
      const find = finder(arg ?? '0')
      return (e) => {
        const p = find(e)
        return p < 0 ? undefined : rawArg(e, p)
      }
    },
  }),
  'evt.info': field({
    type: 'string',
    doc: 'The arguments; for a write to the system log, the message.',
    cost: 64,
    needs: ['buffers', 'structs', 'names'],
    make: info,
  }),
  'evt.buffer': field({
    type: 'bytebuf',
    doc: 'The bytes read or written, as far as captured.',
    cost: 16,
    needs: ['buffers'],
    make: () => {
      const find = paramFinder((p) => p.type === 'bytebuf' && p.name === 'data')
      return (e) => {
        const p = find(e)
        return p < 0 ? undefined : e.bytes(p)
      }
    },
  }),
}
