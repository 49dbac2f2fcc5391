// thread.*: what differs from thread to thread.
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { CODE } from '../schema/codes.js'
import { capabilities } from './capabilities.js'
import { BOTH, cpuTime, type Part, SYSTEM, USER } from './cpu-time.js'
import { type FieldContext, field, type Getter, stateOf } from './field.js'
import { threadField } from './proc.js'

const SECOND = 1e9

const isMain = (t: Thread): boolean => t.tid === t.pid

/**
 * ns on the CPU that ended with this scheduler switch; where the state itself is asked, what the thread used since it was
 * asked about that thread before. 0 for other events.
 */
function slice(ctx: FieldContext): Getter<number> {
  const used = cpuTime(BOTH)(ctx)
  return (e) => (e.type === CODE.ks_times ? used(e) : e.def.name === 'switch' ? stateOf(ctx, e).slice : 0)
}

/** ns on the CPU since the capture began: what the kernel counted, or the sum over the switches of an older tool's file. */
function total(e: Event): number | undefined {
  const t = e.thread
  if (t === undefined || t.ranUser === undefined || t.ranSystem === undefined || !e.batch.native) return t?.slices
  const born = t.startTime !== undefined && t.startTime >= 0
  return Math.max(t.ranUser + t.ranSystem - (born ? 0 : (t.ranFirst ?? 0)), 0)
}

/**
 * Percent of a CPU used between the thread's last two reports. Live and in our own traces the state has it at any event;
 * in files of older tools it is known at the reports themselves (procinfo).
 */
const usage = (part: Part) => (): Getter<number> => {
  const before = new Map<number, number>()
  return (e) => {
    if (e.def.name !== 'procinfo') return sinceLastReport(e, part)
    const now = part(e.number(0) ?? 0, e.number(1) ?? 0)
    const last = before.get(e.tid)
    before.set(e.tid, now)
    return last === undefined ? 0 : Math.min(Math.max(now - last, 0), 100)
  }
}

function sinceLastReport(e: Event, part: Part): number | undefined {
  const t = e.thread
  if (!e.batch.native || t === undefined || t.ranSpan === 0) return undefined
  // a thread that lived for a moment did not use a CPU for a second
  return (part(t.lastUser, t.lastSystem) / Math.max(t.ranSpan, SECOND)) * 100
}

const cpu = (doc: string, part: Part) =>
  field({ type: 'double', doc, cost: 4, needs: ['times', 'lines'], make: usage(part) })

const time = (doc: string, part: Part) =>
  field({ type: 'reltime', doc, cost: 4, needs: ['times', 'lines'], make: cpuTime(part) })

const times = { needs: ['times'] } as const

export const fields = {
  'thread.tid': field({
    type: 'int64',
    doc: 'Number of the thread.',
    cost: 1,
    ofEvent: 'each',
    steady: true,
    property: 'tid',
    make: () => (e) => e.tid,
  }),
  'thread.vtid': threadField('int64', 'Number of the thread in its own pid namespace.', (t) => t.vtid),
  'thread.ismain': threadField('bool', 'True for the main thread of a process.', isMain),
  'thread.nametid': threadField('string', 'Name and number of the thread in one text.', (t) => `${t.comm}${t.tid}`, {
    cost: 64,
  }),
  'thread.exectime': field({
    type: 'reltime',
    doc: 'Nanoseconds that the thread ran before this scheduler switch; in tables, those since the row before.',
    cost: 4,
    needs: ['times', 'switches', 'lines'],
    make: slice,
  }),
  'thread.totexectime': field({
    type: 'reltime',
    doc: 'Nanoseconds that the thread ran since the capture began.',
    cost: 4,
    needs: ['times', 'everybody'],
    make: () => total,
  }),
  'thread.cputime': time(
    'Nanoseconds that the thread used a CPU since the capture began; in tables, those since the row before.',
    BOTH,
  ),
  'thread.cputime.user': time('The same, in the program.', USER),
  'thread.cputime.system': time('The same, in the kernel.', SYSTEM),
  'thread.cgroups': threadField('string', 'All cgroups of the thread.', (t) => cgroups(t).join(' '), { cost: 64 }),
  'thread.cgroup': field({
    type: 'string',
    doc: 'The cgroup of the thread in one subsystem: thread.cgroup.cpuset.',
    arg: { need: 'required', kind: 'name', dot: true, doc: 'name of a subsystem' },
    cost: 16,
    checkArg: (arg) => (/^[A-Za-z_]+$/.test(arg) ? undefined : `"${arg}" is not the name of a subsystem`),
    make: (_, subsystem) => (e) => {
      if (e.thread === undefined) return undefined
      const prefix = known(`${subsystem}=`)
      return cgroups(e.thread)
        .find((c) => c.startsWith(prefix))
        ?.slice(prefix.length)
    },
  }),
  'thread.cap_permitted': threadField(
    'string',
    'Capabilities that the thread may use.',
    (t) => capabilities(t.capPermitted),
    {
      cost: 64,
    },
  ),
  'thread.cap_inheritable': threadField(
    'string',
    'Capabilities that programs started by the thread may keep.',
    (t) => capabilities(t.capInheritable),
    { cost: 64 },
  ),
  'thread.cap_effective': threadField('string', 'Capabilities in force.', (t) => capabilities(t.capEffective), {
    cost: 64,
  }),
  'thread.cpu': cpu('Percent of a CPU that the thread used in the last second.', BOTH),
  'thread.cpu.user': cpu('The same, in the program.', USER),
  'thread.cpu.system': cpu('The same, in the kernel.', SYSTEM),
  'thread.pfmajor': threadField('uint64', 'Page faults that needed a disk, since the thread began.', (t) => t.pgftMaj, {
    ...times,
  }),
  'thread.pfminor': threadField(
    'uint64',
    'Page faults that needed no disk, since the thread began.',
    (t) => t.pgftMin,
    {
      ...times,
    },
  ),
  'thread.vmsize': threadField(
    'uint64',
    'Virtual memory in kB; 0 for all but the main thread.',
    (t) => (isMain(t) ? t.vmSize : 0),
    { ...times },
  ),
  'thread.vmrss': threadField(
    'uint64',
    'Resident memory in kB; 0 for all but the main thread.',
    (t) => (isMain(t) ? t.vmRss : 0),
    { ...times },
  ),
  'thread.vmsize.b': threadField(
    'uint64',
    'Virtual memory in bytes; 0 for all but the main thread.',
    (t) => (isMain(t) ? t.vmSize * 1024 : 0),
    { ...times },
  ),
  'thread.vmrss.b': threadField(
    'uint64',
    'Resident memory in bytes; 0 for all but the main thread.',
    (t) => (isMain(t) ? t.vmRss * 1024 : 0),
    { ...times },
  ),
}

/** The kernel's name of the subsystem for block devices is not the one that everybody knows. */
const known = (cgroup: string): string => (cgroup.startsWith('io=') ? `blk${cgroup}` : cgroup)

function cgroups(t: Thread): readonly string[] {
  return (t.cgroups.length > 0 ? t.cgroups : t.leader.cgroups).map(known)
}
