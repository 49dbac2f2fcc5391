// What captures use of the kernel, feature by feature: the Linux version that introduced it, and what is missing without it.
import { release } from 'node:os'
import { hostArch } from '../schema/arch.js'
import { EVENTS, eventsByName } from '../schema/events/index.js'
import { native } from './native.js'
import { type CapturePlan, IN_FLIGHT, VERDICT } from './plan.js'

export interface Feature {
  /** as the addon names it (native/capture/programs.cc lists its programs) */
  readonly name: string
  /** Linux version that introduced it */
  readonly since: string
  readonly use: string
  /** the effect of its absence, as the end of a sentence; absent: no capture is possible without it */
  readonly without?: string
  /** whether a capture with that plan needs it, so that its absence is reported at the start; absent: it is not reported */
  readonly isRequested?: (plan: CapturePlan) => boolean
  /** programs of other features use it if it is available: they may be rejected with it and accepted without it, or the reverse */
  readonly within?: true
}

export const FEATURES: readonly Feature[] = [
  { name: 'typed tracepoints', since: '5.5', use: 'system calls, without assumptions about the kernel' },
  { name: 'ring buffers', since: '5.8', use: 'records, on their way to ksys' },
  { name: 'storage of threads', since: '5.11', use: 'latency, and paths that are read when a call starts' },
  { name: 'registers of threads', since: '5.15', use: 'which thread makes a call' },
  { name: 'threads', since: '5.5', use: 'creation, programs and names of threads' },
  {
    name: 'iterators',
    since: '5.8',
    use: 'processes and descriptors that exist already',
    without: 'processes and descriptors from before the capture have no names',
    isRequested: (plan) => !plan.bare,
  },
  {
    name: 'cgroups',
    since: '5.5',
    use: 'processes that move into containers',
    without: 'the move is noticed when they run their next program',
  },
  {
    name: 'signals',
    since: '5.5',
    use: 'deliveries of signals',
    without: 'no signals are captured',
    isRequested: (plan) => plan.signals !== VERDICT.DROP,
  },
  {
    name: 'OOM kills',
    since: '6.9, perhaps earlier',
    use: 'kills by the OOM killer',
    without: 'no OOM kills are captured',
    // an unfiltered capture does not depend on them
    isRequested: (plan) => plan.oomKills !== VERDICT.DROP && plan.verdicts.includes(VERDICT.DROP),
  },
  {
    name: 'switches',
    since: '5.5',
    use: '--switches',
    without: 'no switches are captured',
    isRequested: (plan) => plan.switches !== VERDICT.DROP,
  },
  {
    name: 'page faults',
    since: '5.5 on x86-64',
    use: '--page-faults',
    without: 'no page faults are captured',
    isRequested: (plan) => plan.pageFaults !== VERDICT.DROP,
  },
  {
    name: 'times of threads',
    since: '5.11',
    use: 'CPU and memory use of threads',
    without: 'CPU and memory use is not known',
    isRequested: (plan) => plan.times,
  },
  {
    name: 'calls in flight',
    since: '5.15',
    use: '--inflight, and calls in progress when a capture ends',
    without: 'calls in progress are not listed',
    isRequested: (plan) => plan.inFlight !== IN_FLIGHT.NONE,
  },
  {
    name: 'memory of processes',
    since: '5.17',
    use: 'environments and directories of processes that started while events were lost',
    without: 'they stay unknown until such a process runs another program or changes its directory',
  },
  {
    name: 'io_uring',
    since: '6.18, perhaps earlier',
    use: 'operations submitted through io_uring',
    without: 'operations of programs through io_uring are not captured',
    // if its system calls are captured, ioUringWarning() reports their use
    isRequested: (plan) =>
      plan.ioUring !== VERDICT.DROP && !uringNumbers().some((nr) => plan.verdicts[nr] !== VERDICT.DROP),
  },
  {
    name: 'direct reads',
    since: '6.2',
    use: 'facts about files at a tenth of the cost',
    without: 'each call with a descriptor costs more',
    within: true,
  },
  {
    name: 'counts at exit',
    since: '6.10',
    use: 'numbers of calls at half the cost',
    without: 'counting costs more',
    within: true,
  },
  {
    name: 'single calls',
    since: '6.10 on x86-64',
    use: '--attach calls',
    without: '--attach calls is not possible',
  },
  {
    name: 'many single calls',
    since: '6.14 on x86-64',
    use: 'programs at the wanted calls alone without --attach',
    without: '--attach calls must be given, and calls beyond two on each CPU at a time may be lost, and counted',
  },
  {
    name: 'preempted programs',
    since: '7.2, which needs it',
    use: 'calls that other threads make while a BPF program of ksys is preempted',
    without: 'no effect before 7.2; on later kernels such calls are lost, and counted',
    within: true,
  },
]

const URING_CALLS = ['io_uring_setup', 'io_uring_enter'].flatMap((name) => [...eventsByName(name)])

function uringNumbers(): number[] {
  const arch = hostArch() ?? 'x64'
  return URING_CALLS.flatMap((code) => EVENTS[code]?.nr?.[arch] ?? [])
}

let available: ReadonlyMap<string, boolean> | undefined

/** Which features the running kernel has; undefined if this cannot be determined (no BTF, or the addon is not built). */
export function hostFeatures(): ReadonlyMap<string, boolean> | undefined {
  if (available === undefined) {
    try {
      available = new Map(Object.entries(native().features()))
    } catch {
      return undefined
    }
  }
  return available.size === 0 ? undefined : available
}

/** The compiler of the BPF programs of this build, as it names itself; undefined if the addon does not load here. */
export function compiler(): string | undefined {
  try {
    return native().compiler
  } catch {
    return undefined
  }
}

/** The first required feature that this kernel lacks. */
export function lackingFeature(has: ReadonlyMap<string, boolean>): Feature | undefined {
  return FEATURES.find((f) => f.without === undefined && has.get(f.name) === false)
}

/** A warning if programs used io_uring (events seen, by code) in a capture without the io_uring feature. */
export function ioUringWarning(seen: Uint32Array): string | undefined {
  if (!URING_CALLS.some((code) => seen[code]! > 0)) return undefined
  return `a program used io_uring; this kernel (${release()}) does not support capturing its operations`
}
