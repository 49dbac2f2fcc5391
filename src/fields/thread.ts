// thread.*: properties of single threads.
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { CODE } from '../schema/codes.js'
import { BOTH, type CpuMode, cpuTime, SYSTEM, USER } from './cpu-time.js'
import { type FieldContext, field, type Getter, stateOf } from './field.js'
import { threadField } from './proc.js'

const SECOND = 1e9

const isMain = (t: Thread): boolean => t.tid === t.pid

/**
 * CPU time (ns) that ended with this scheduler switch; for samples of tables, the CPU time since the previous sample of
 * that thread. 0 for other events.
 */
function slice(ctx: FieldContext): Getter<number> {
  const used = cpuTime(BOTH)(ctx)
  return (e) => (e.type === CODE.ks_times ? used(e) : e.def.name === 'switch' ? stateOf(ctx, e).slice : 0)
}

/**
 * CPU time (ns) since the capture started: the kernel's counter, or the sum of scheduler switches in files of older
 * tools.
 */
function total(e: Event): number | undefined {
  const t = e.thread
  if (t === undefined || t.ranUser === undefined || t.ranSystem === undefined || !e.batch.native) return t?.slices
  const born = t.startTime !== undefined && t.startTime >= 0
  return Math.max(t.ranUser + t.ranSystem - (born ? 0 : (t.ranFirst ?? 0)), 0)
}

/**
 * Percent of a CPU between the thread's last two reports. Known at any event live and in ksys traces; in files of older
 * tools at the reports themselves (procinfo).
 */
const usage = (mode: CpuMode) => (): Getter<number> => {
  const before = new Map<number, number>()
  return (e) => {
    if (e.def.name !== 'procinfo') return sinceLastReport(e, mode)
    const now = mode(e.number(0) ?? 0, e.number(1) ?? 0)
    const last = before.get(e.tid)
    before.set(e.tid, now)
    return last === undefined ? 0 : Math.min(Math.max(now - last, 0), 100)
  }
}

function sinceLastReport(e: Event, mode: CpuMode): number | undefined {
  const t = e.thread
  if (!e.batch.native || t === undefined || t.ranSpan === 0) return undefined
  // a short-lived thread did not use a CPU for a whole second
  return (mode(t.lastUser, t.lastSystem) / Math.max(t.ranSpan, SECOND)) * 100
}

const cpu = (doc: string, mode: CpuMode) =>
  field({ type: 'double', doc, cost: 4, needs: ['times', 'lines'], make: usage(mode) })

const time = (doc: string, mode: CpuMode) =>
  field({ type: 'reltime', doc, cost: 4, needs: ['times', 'lines'], make: cpuTime(mode) })

const times = { needs: ['times'] } as const

export const fields = {
  'thread.tid': field({
    type: 'int64',
    doc: 'Thread id.',
    cost: 1,
    rowOnly: 'each',
    steady: true,
    property: 'tid',
    make: () => (e) => e.tid,
  }),
  'thread.vtid': threadField('int64', 'Thread id in its own pid namespace.', (t) => t.vtid),
  'thread.ismain': threadField('bool', 'True for the main thread of a process.', isMain),
  'thread.nametid': threadField('string', 'Name and id of the thread in one text.', (t) => `${t.comm}${t.tid}`, {
    cost: 64,
  }),
  'thread.exectime': field({
    type: 'reltime',
    doc: 'CPU time of the thread before this scheduler switch, in nanoseconds; in tables, since the previous sample.',
    cost: 4,
    needs: ['times', 'switches', 'lines'],
    make: slice,
  }),
  'thread.totexectime': field({
    type: 'reltime',
    doc: 'CPU time of the thread since the capture started, in nanoseconds.',
    cost: 4,
    needs: ['times', 'everybody'],
    make: () => total,
  }),
  'thread.cputime': time(
    'CPU time of the thread since the capture started, in nanoseconds; in tables, since the previous sample.',
    BOTH,
  ),
  'thread.cputime.user': time('The same, in user mode.', USER),
  'thread.cputime.system': time('The same, in kernel mode.', SYSTEM),
  'thread.cgroups': threadField('string', 'All cgroups of the thread.', (t) => cgroups(t).join(' '), { cost: 64 }),
  'thread.cgroup': field({
    type: 'string',
    doc: 'The cgroup of the thread in one subsystem: thread.cgroup.cpuset.',
    arg: { need: 'required', kind: 'name', dot: true, doc: 'name of a subsystem' },
    cost: 16,
    checkArg: (arg) => (/^[A-Za-z_]+$/.test(arg) ? undefined : `"${arg}" is not the name of a subsystem`),
    make: (_, subsystem) => (e) => {
      if (e.thread === undefined) return undefined
      const prefix = conventionalName(`${subsystem}=`)
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
  'thread.cpu.user': cpu('The same, in user mode.', USER),
  'thread.cpu.system': cpu('The same, in kernel mode.', SYSTEM),
  'thread.pfmajor': threadField(
    'uint64',
    'Page faults that needed a disk, since the thread started.',
    (t) => t.pgftMaj,
    {
      ...times,
    },
  ),
  'thread.pfminor': threadField(
    'uint64',
    'Page faults that needed no disk, since the thread started.',
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

/** The kernel calls the subsystem of block devices io; its common name is blkio. */
const conventionalName = (cgroup: string): string => (cgroup.startsWith('io=') ? `blk${cgroup}` : cgroup)

function cgroups(t: Thread): readonly string[] {
  return (t.cgroups.length > 0 ? t.cgroups : t.leader.cgroups).map(conventionalName)
}

const NAMES = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((n) => `CAP_${n}`)

let lastSet = -1
let lastText = ''

/** Names of the bits in `set` (up to 2^53), joined by blanks. */
function capabilities(set: number): string {
  if (set === lastSet) return lastText
  const found: string[] = []
  let rest = set
  for (let i = 0; i < NAMES.length && rest >= 1; i++) {
    if (rest % 2 === 1) found.push(NAMES[i] as string)
    rest = Math.floor(rest / 2)
  }
  lastSet = set
  lastText = found.join(' ')
  return lastText
}
