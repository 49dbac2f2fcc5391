// proc.*: the program file, and the start of the process.

import type { Thread } from '../model/thread.js'
import { type BatchNs, epochOf } from '../model/time.js'
import { parentOf } from './ancestors.js'
import { Clock } from './clock.js'
import { exepath } from './command.js'
import { type FieldContext, field, type Getter } from './field.js'
import { threadField } from './proc.js'

type Moment = (t: Thread, ctx: FieldContext) => bigint | undefined

const started: Moment = (t, ctx) => at(ctx, t.startTime)
const namespaceStarted: Moment = (t) => stamp(t.leader.pidnsStart)
const changed: Moment = (t) => stamp(t.leader.exeInoCtime)

function at(ctx: FieldContext, time: BatchNs | undefined): bigint | undefined {
  return time === undefined ? undefined : epochOf(ctx.info, time)
}
const stamp = (ns: bigint): bigint | undefined => (ns > 0n ? ns : undefined)

const moment =
  (of: Moment) =>
  (ctx: FieldContext): Getter<bigint> =>
  (e) =>
    e.thread === undefined ? undefined : of(e.thread, ctx)

/** ns from one time to a later one; absent if the order is reversed. */
const between =
  (from: Moment, to: Moment): Moment =>
  (t, ctx) => {
    const a = from(t, ctx)
    const b = to(t, ctx)
    return a === undefined || b === undefined || b < a ? undefined : b - a
  }

const age = (of: (t: Thread) => Thread | undefined) => (): Getter<number> => (e) => {
  const start = e.thread === undefined ? undefined : of(e.thread)?.startTime
  return start === undefined ? undefined : Math.max(e.time - start, 0)
}

export const fields = {
  'proc.duration': field({
    type: 'reltime',
    doc: 'Nanoseconds since the process started.',
    cost: 4,
    make: age((t) => t),
  }),
  'proc.ppid.duration': field({
    type: 'reltime',
    doc: 'Nanoseconds since the parent process started.',
    cost: 4,
    make: age(parentOf),
  }),
  'proc.started': field({
    type: 'string',
    doc: 'Start of the process: local date and time, whole seconds.',
    cost: 64,
    json: 'proc.pid.ts',
    make: (ctx) => {
      const clock = new Clock(ctx.info)
      return (e) => {
        const start = e.thread?.leader.startTime
        return start === undefined ? undefined : `${clock.set(start).date()} ${clock.time()}`
      }
    },
  }),
  'proc.pid.ts': field({
    type: 'reltime',
    epoch: true,
    doc: 'Start of the process, in nanoseconds since the epoch.',
    cost: 16,
    make: moment(started),
  }),
  'proc.ppid.ts': field({
    type: 'reltime',
    epoch: true,
    doc: 'Start of the parent process, in nanoseconds since the epoch.',
    cost: 16,
    make: moment((t, ctx) => {
      const p = parentOf(t)
      return p === undefined ? undefined : started(p, ctx)
    }),
  }),
  'proc.pidns_init_start_ts': field({
    type: 'uint64',
    epoch: true,
    doc: 'Start of the first process of the pid namespace, in nanoseconds since the epoch.',
    cost: 16,
    make: moment(namespaceStarted),
  }),
  'proc.is_exe_writable': threadField(
    'bool',
    'True when the user who started the program may write its file.',
    (t) => t.leader.exeWritable,
    { ofProcess: 'own' },
  ),
  'proc.is_exe_upper_layer': threadField(
    'bool',
    "True when the program file is in an overlay's upper layer: it was added after the image.",
    (t) => t.leader.exeUpperLayer,
    { ofProcess: 'own' },
  ),
  'proc.is_exe_lower_layer': threadField(
    'bool',
    "True when the program file is in an overlay's lower layer: it is part of the image.",
    (t) => t.leader.exeLowerLayer,
    { ofProcess: 'own' },
  ),
  'proc.is_exe_from_memfd': threadField('bool', 'True when the program is a file in memory only.', (t) =>
    /^\/?memfd:/.test(exepath(t)),
  ),
  'proc.exe_ino': threadField('int64', 'Inode of the program file.', (t) => t.leader.exeIno || undefined, {
    exact: true,
  }),
  'proc.exe_ino.ctime': field({
    type: 'abstime',
    doc: "Last change of the program file's inode, in nanoseconds since the epoch.",
    cost: 16,
    make: moment(changed),
  }),
  'proc.exe_ino.mtime': field({
    type: 'abstime',
    doc: "Last change of the program file's content, in nanoseconds since the epoch.",
    cost: 16,
    make: moment((t) => stamp(t.leader.exeInoMtime)),
  }),
  'proc.exe_ino.ctime_duration_proc_start': field({
    type: 'abstime',
    doc: "Nanoseconds from the change of the program file's inode to the start of the process.",
    cost: 16,
    make: moment(between(changed, started)),
  }),
  'proc.exe_ino.ctime_duration_pidns_start': field({
    type: 'abstime',
    doc: "Nanoseconds from the start of the pid namespace to the change of the program file's inode.",
    cost: 16,
    make: moment(between(namespaceStarted, changed)),
  }),
}
