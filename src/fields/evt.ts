// evt.*: the kind of an event, and its result.

import { startOf } from '../model/time.js'
import { JSON_VERSION } from '../render/json-version.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { ERROR_NAMES, errnoName } from '../schema/errno.js'
import { EVENTS, isSyscall } from '../schema/events/index.js'
import { field, type Getter, stateOf } from './field.js'
import { CATEGORIES, category, subject } from './io.js'
import { exactResult, failed, result } from './result.js'

const one = (yes: boolean): number | undefined => (yes ? 1 : undefined)

const hasName = (name: string): boolean => EVENTS.some((d) => d?.name === name)
const unknownEvent = (name: string): string | undefined =>
  (/^\d+$/.test(name) && Number(name) < CODE_LIMIT) || hasName(name) ? undefined : `there is no event named "${name}"`

/** Events of other programs and of plugins occur only in files of other tools. */
const NO_PLUGINS = { why: 'only files of other tools have such events', ours: true } as const

export const fields = {
  'evt.dir': field({
    type: 'string',
    doc: '> for the start of a call, < for its end.',
    among: ['>', '<'],
    cost: 1,
    rowOnly: 'same',
    steady: true,
    make: () => (e) => ((e.type & 1) === 1 ? '<' : '>'),
  }),
  'evt.type': field({
    type: 'string',
    doc: 'Name of the event: a system call, or another kind of event (switch, signaldeliver ...).',
    cost: 1,
    rowOnly: 'same',
    steady: true,
    make: () => (e) => e.def.name,
  }),
  'evt.type.is': field({
    type: 'uint32',
    doc: '1 when the event has the name given as argument, otherwise 0.',
    arg: { need: 'required', kind: 'name', dot: true, doc: 'name of an event' },
    cost: 1,
    checkArg: unknownEvent,
    rowOnly: 'same',
    make: (_, arg) => {
      const code = arg !== undefined && /^\d+$/.test(arg) ? Number(arg) : -1
      return (e) => (e.def.name === arg || e.type === code ? 1 : 0)
    },
  }),
  'syscall.type': field({
    type: 'string',
    doc: 'Name of the system call; absent for other events.',
    cost: 1,
    rowOnly: 'same',
    make: () => (e) => (isSyscall(e.type) || e.def.name === 'unknown' ? e.def.name : undefined),
  }),
  'evt.category': field({
    type: 'string',
    doc: 'Category of the event: file, net, IPC, memory, process ...; for I/O calls that of the descriptor.',
    among: CATEGORIES,
    cost: 4,
    make: () => category,
  }),
  'evt.cpu': field({
    type: 'int16',
    doc: 'Number of the CPU it happened on.',
    cost: 1,
    rowOnly: 'each',
    steady: true,
    make: () => (e) => e.cpu,
  }),
  'evt.res': field({
    type: 'string',
    doc: 'Result as a name: SUCCESS, or an error such as ENOENT.',
    among: ['SUCCESS', ...ERROR_NAMES],
    cost: 4,
    rowOnly: 'same',
    property: 'result',
    make: () => (e) => {
      const r = result(e)
      if (r === undefined) return undefined
      return failed(e) ? errnoName(-r) : 'SUCCESS'
    },
  }),
  'evt.rawres': field({
    type: 'int64',
    doc: 'Result as the number that the call returned.',
    cost: 1,
    exact: true,
    rowOnly: 'each',
    property: 'result',
    // comparisons treat a bigint like a number
    make: () => exactResult as Getter<number>,
  }),
  'evt.failed': field({
    type: 'bool',
    doc: 'True when the call returned an error.',
    cost: 1,
    rowOnly: 'same',
    property: 'failed',
    make: () => failed,
  }),
  'evt.count': field({
    type: 'uint32',
    doc: 'Always 1: counts events when summed up.',
    cost: 1,
    rowOnly: 'sum',
    make: () => (e) => e.calls,
  }),
  'evt.count.error': field({
    type: 'uint32',
    doc: '1 for a failed call, otherwise absent.',
    cost: 1,
    rowOnly: 'sum',
    make: () => (e) => (failed(e) ? e.calls : undefined),
  }),
  'evt.count.error.file': field({
    type: 'uint32',
    doc: '1 for a failed call on a file.',
    cost: 4,
    make: () => (e) => one(failed(e) && subject(e) === 'file'),
  }),
  'evt.count.error.net': field({
    type: 'uint32',
    doc: '1 for a failed call on the network.',
    cost: 4,
    make: () => (e) => one(failed(e) && subject(e) === 'net'),
  }),
  'evt.count.error.memory': field({
    type: 'uint32',
    doc: '1 for a failed call on memory.',
    cost: 4,
    make: () => (e) => one(failed(e) && subject(e) === 'memory'),
  }),
  'evt.count.error.other': field({
    type: 'uint32',
    doc: '1 for any other failed call.',
    cost: 4,
    make: () => (e) => one(failed(e) && subject(e) === 'other'),
  }),
  'evt.count.exit': field({
    type: 'uint32',
    doc: '1 for the end of a call, otherwise absent.',
    cost: 1,
    rowOnly: 'sum',
    make: () => (e) => ((e.type & 1) === 1 ? e.calls : undefined),
  }),
  'evt.count.procinfo': field({
    type: 'uint32',
    doc: '1 for the periodic event of a process (files of older tools).',
    cost: 4,
    make: () => (e) => one(e.def.name === 'procinfo' && e.thread !== undefined && e.thread === e.thread.leader),
  }),
  'evt.count.threadinfo': field({
    type: 'uint32',
    doc: '1 for the periodic event of a thread (files of older tools).',
    cost: 1,
    make: () => (e) => one(e.def.name === 'procinfo'),
  }),
  'evt.around': field({
    type: 'uint64',
    doc: 'Milliseconds between the event and the time given as argument (nanoseconds since the epoch); = means at most.',
    arg: { need: 'required', kind: 'index', doc: 'nanoseconds since the epoch' },
    print: false,
    operand: false,
    equalsMeans: 'atMost',
    cost: 1,
    make: (ctx, arg) => {
      const center = Number(BigInt(arg ?? '0') - startOf(ctx.info))
      return (e) => Math.abs(e.time - center) / 1e6
    },
  }),
  'evt.source': field({
    type: 'string',
    doc: 'Source of the event: syscall for events of the kernel.',
    cost: 1,
    rowOnly: 'each',
    make: () => () => 'syscall',
  }),
  'evt.is_async': field({
    type: 'bool',
    doc: 'True for events that a program inserted into the capture.',
    cost: 1,
    rowOnly: 'each',
    make: () => (e) => e.def.name === 'asyncevent',
  }),
  'evt.asynctype': field({
    type: 'string',
    doc: 'Kind of an event that a program inserted into the capture.',
    absent: NO_PLUGINS,
    cost: 16,
    make: () => (e) => {
      if (e.def.name !== 'asyncevent') return undefined
      const p = e.paramIndex('name')
      return p < 0 ? undefined : e.text(p)
    },
  }),
  'evt.hostname': field({
    type: 'string',
    doc: 'Name of the host that was captured.',
    cost: 1,
    rowOnly: 'each',
    make: (ctx) => (e) => stateOf(ctx, e).info.hostname,
  }),
  'evt.schema': field({
    type: 'uint32',
    doc: 'Version of the schema of JSON lines (ksys --json-schema); the default JSON line includes it.',
    filter: false,
    cost: 1,
    rowOnly: 'same',
    steady: true,
    make: () => () => JSON_VERSION,
  }),
  'evt.pluginname': field({
    type: 'string',
    doc: 'Plugin that made the event; absent for events of the kernel.',
    absent: NO_PLUGINS,
    cost: 1,
    make: () => (e) => (e.def.name === 'pluginevent' ? 'plugin' : undefined),
  }),
  'evt.plugininfo': field({
    type: 'string',
    doc: "A plugin's one-line summary of its event; absent for events of the kernel.",
    absent: NO_PLUGINS,
    cost: 16,
    make: () => (e) => {
      if (e.def.name !== 'pluginevent') return undefined
      const p = e.paramIndex('event_data')
      return p < 0 ? undefined : e.text(p)
    },
  }),
}
