// A small world for filter tests: fields over hand-made events whose values a test specifies. The properties of the fields are those
// that the fields of this name declare.
import { type FieldContext, type FieldDef, type FieldType, type FieldValue, field } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { FieldRegistry } from '../../../src/fields/registry.js'
import { compileFilter } from '../../../src/filter/compile.js'
import { type Event, SIDE } from '../../../src/model/event.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'

/** An event: its type by name, time in ns since the start, and values by field (with argument). */
export interface Made {
  readonly type?: string
  readonly enter?: boolean
  /** a code instead of a type */
  readonly code?: number
  readonly time?: number
  readonly [field: string]: FieldValue | undefined
}

interface MadeEvent {
  readonly sides: typeof SIDE.NONE
  readonly type: number
  readonly time: number
  readonly values: Made
}

export function codeOf(name: string, enter = false): number {
  const code = eventsByName(name).find((c) => (c & 1) === (enter ? 0 : 1)) ?? eventsByName(name)[0]
  if (code === undefined) throw new Error(`no event ${name}`)
  return code
}

export function made(values: Made): Event {
  const e: MadeEvent = {
    sides: SIDE.NONE,
    type: values.code ?? codeOf(values.type ?? 'openat', values.enter),
    time: values.time ?? 0,
    values,
  }
  return e as unknown as Event
}

const of = (e: Event): MadeEvent => e as unknown as MadeEvent

function given(type: FieldType, more: Partial<FieldDef> & { key?: string } = {}): (name: string) => FieldDef {
  return (name) =>
    field<FieldValue>({
      type,
      doc: name,
      property: registry.get(name)?.property,
      ...more,
      make: (_, arg) => {
        const key = arg === undefined ? name : `${name}[${arg}]`
        return (e) => of(e).values[key]
      },
    })
}

const several = { multi: 'any' } as const
const named = { need: 'required', kind: 'any', dot: true, doc: 'name or index' } as const

const DECLARED: Record<string, (name: string) => FieldDef> = {
  'evt.num': given('uint64', { cost: 1 }),
  'evt.cpu': given('int16', { cost: 1 }),
  'evt.latency': given('reltime', { cost: 1, needs: ['latency'] }),
  'evt.latency.s': given('reltime', { cost: 1, needs: ['latency'] }),
  'evt.rawtime': given('abstime'),
  'evt.reltime': given('reltime'),
  'evt.time': given('string', { cost: 64, json: 'evt.rawtime' }),
  'evt.outputtime': given('string', { filter: false }),
  'evt.failed': given('bool', { cost: 1 }),
  'evt.res': given('string'),
  'evt.rawres': given('int64'),
  'evt.buffer': given('bytebuf', { cost: 16, needs: ['buffers'] }),
  'evt.arg': given('string', { arg: named, needs: ['buffers', 'structs'] }),
  'evt.rawarg': given('dynamic', {
    arg: named,
    operand: false,
    dynamicType: (arg) => (arg === 'size' ? 'uint64' : arg === 'data' ? 'bytebuf' : 'string'),
  }),
  'evt.around': given('uint64', { arg: { need: 'required', kind: 'index', doc: 'ns' }, equalsMeans: 'atMost' }),
  'proc.name': given('string'),
  'proc.pname': given('string'),
  'proc.exe': given('string'),
  'proc.cmdline': given('string', { cost: 64 }),
  'proc.pid': given('int64'),
  'proc.ppid': given('int64'),
  'proc.is_exe_writable': given('bool'),
  'proc.fdusage': given('double'),
  'proc.argv': given('string', { list: true }),
  'proc.aname': given('string', {
    ...several,
    multi: 'each',
    arg: { need: 'optional', kind: 'index', doc: 'level' },
  }),
  'proc.env': given('string', { arg: { need: 'optional', kind: 'name', doc: 'variable' } }),
  'thread.tid': given('int64', { cost: 1 }),
  'user.uid': given('uint32'),
  'user.name': given('string'),
  'fd.num': given('int64'),
  'fd.name': given('string', { cost: 16 }),
  'fd.filename': given('string', { cost: 64 }),
  'fd.peer.name': given('string', { needs: ['container', 'peers'] }),
  'fd.type': given('string'),
  'fd.typechar': given('string'),
  'fd.l4proto': given('string'),
  'fd.name_changed': given('bool'),
  'fd.types': given('string', { list: true, operand: 'left' }),
  'fd.ip': given('ipaddr', several),
  'fd.sip': given('ipaddr'),
  'fd.cip': given('ipaddr'),
  'fd.net': given('ipnet', several),
  'fd.snet': given('ipnet'),
  'fd.port': given('port', several),
  'fd.sport': given('port'),
  'span.id': given('string', { removed: 'tracers ended with sysdig 0.35' }),
}

const ofType: Record<string, FieldDef> = {
  'evt.type': field({ type: 'string', doc: 'name', cost: 1, make: () => (e) => EVENTS[of(e).type]?.name ?? 'unknown' }),
  'syscall.type': field({
    type: 'string',
    doc: 'name',
    make: () => (e) => (EVENTS[of(e).type]?.nr === undefined ? undefined : EVENTS[of(e).type]?.name),
  }),
  'evt.type.is': field({
    type: 'uint32',
    doc: 'is',
    arg: named,
    make: (_, arg) => (e) => (EVENTS[of(e).type]?.name === arg ? 1 : 0),
  }),
  'evt.dir': field({ type: 'string', doc: 'direction', cost: 1, make: () => (e) => (of(e).type & 1 ? '<' : '>') }),
  'evt.category': field({
    type: 'string',
    doc: 'category',
    make: () => (e) => {
      const c = EVENTS[of(e).type]?.category ?? 'unknown'
      return c.startsWith('io_') ? ((of(e).values['evt.category'] as string | undefined) ?? 'unknown') : c
    },
  }),
}

export const fields = new FieldRegistry([
  {
    name: 'all',
    doc: 'all',
    fields: { ...Object.fromEntries(Object.entries(DECLARED).map(([name, make]) => [name, make(name)])), ...ofType },
  },
])

/** 2026-11-25T10:00:00.25Z */
export const START = { startSec: Date.UTC(2026, 10, 25, 10) / 1000, startNsec: 250000000, has: capabilitiesOf('ksys') }

export const ctx = { info: START } as unknown as FieldContext

/** Whether an event passes a filter. */
export function passes(filter: string, event: Made): boolean {
  return compileFilter(filter, fields, ctx).test(made(event))
}
