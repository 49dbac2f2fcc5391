// What captures use of the kernel, feature by feature: since when it is there, and what is missing without it.
import { release } from 'node:os'
import { hostArch } from '../schema/arch.js'
import { EVENTS, eventsByName } from '../schema/events/index.js'
import { native } from './native.js'
import { type CapturePlan, IN_FLIGHT, VERDICT } from './plan.js'

export interface Feature {
  /** as the addon names it (native/capture/programs.cc has what it is made of) */
  readonly name: string
  /** Linux version that brought it */
  readonly since: string
  readonly use: string
  /** what a capture is without it, as the end of a sentence; absent: there is none */
  readonly without?: string
  /** whether who has this captured is to know at once that the kernel has none; absent: what it lacks shows otherwise */
  readonly asked?: (plan: CapturePlan) => boolean
  /** the programs of other features use it where it is there: they may be taken with it and not without, or the reverse */
  readonly within?: true
}

export const FEATURES: readonly Feature[] = [
  { name: 'typed tracepoints', since: '5.5', use: 'system calls, with no guess about the kernel' },
  { name: 'ring buffers', since: '5.8', use: 'records, on their way to ksys' },
  { name: 'storage of threads', since: '5.11', use: 'latency, and paths read when a call begins' },
  { name: 'registers of threads', since: '5.15', use: 'whose call it is' },
  { name: 'threads', since: '5.5', use: 'births, programs and names of threads' },
  {
    name: 'iterators',
    since: '5.8',
    use: 'processes and descriptors that exist already',
    without: 'who and what was there before the capture has no names',
    asked: (plan) => !plan.bare,
  },
  {
    name: 'cgroups',
    since: '5.5',
    use: 'processes that move into containers',
    without: 'they are known to be there from their next program on',
  },
  {
    name: 'signals',
    since: '5.5',
    use: 'deliveries of signals',
    without: 'none is captured',
    asked: (plan) => plan.signals !== VERDICT.DROP,
  },
  {
    name: 'OOM kills',
    since: '6.9, perhaps earlier',
    use: 'what the OOM killer ends',
    without: 'none is captured',
    // whoever has everything captured does not wait for them
    asked: (plan) => plan.oomKills !== VERDICT.DROP && plan.verdicts.includes(VERDICT.DROP),
  },
  {
    name: 'switches',
    since: '5.5',
    use: '--switches',
    without: 'none is captured',
    asked: (plan) => plan.switches !== VERDICT.DROP,
  },
  {
    name: 'page faults',
    since: '5.5 on x86-64',
    use: '--page-faults',
    without: 'none is captured',
    asked: (plan) => plan.pageFaults !== VERDICT.DROP,
  },
  {
    name: 'times of threads',
    since: '5.11',
    use: 'what threads use of CPU and memory',
    without: 'what they use of CPU and memory is not known',
    asked: (plan) => plan.times,
  },
  {
    name: 'calls in flight',
    since: '5.15',
    use: '--inflight, and calls that run when a capture ends',
    without: 'none is told',
    asked: (plan) => plan.inFlight !== IN_FLIGHT.NONE,
  },
  {
    name: 'memory of processes',
    since: '5.17',
    use: 'environments and directories of who began while events were lost',
    without: 'they stay unknown until such a process runs another program or changes its directory',
  },
  {
    name: 'io_uring',
    since: '6.18, perhaps earlier',
    use: 'operations submitted through io_uring',
    without: 'what programs do through it is not seen',
    // where its calls are captured, their use tells
    asked: (plan) => plan.ioUring !== VERDICT.DROP && !uringNumbers().some((nr) => plan.verdicts[nr] !== VERDICT.DROP),
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
    name: 'preempted programs',
    since: '7.2, which needs it',
    use: 'calls of others while a program of ksys is preempted',
    without: 'nothing before 7.2; later kernels lose such calls, which are counted',
    within: true,
  },
]

const URING_CALLS = ['io_uring_setup', 'io_uring_enter'].flatMap((name) => [...eventsByName(name)])

function uringNumbers(): number[] {
  const arch = hostArch() ?? 'x64'
  return URING_CALLS.flatMap((code) => EVENTS[code]?.nr?.[arch] ?? [])
}

let found: ReadonlyMap<string, boolean> | undefined

/** What the running kernel has, by feature; undefined when nothing can be known: it has no BTF, or the addon is not built. */
export function hostFeatures(): ReadonlyMap<string, boolean> | undefined {
  if (found === undefined) {
    try {
      found = new Map(Object.entries(native().features()))
    } catch {
      return undefined
    }
  }
  return found.size === 0 ? undefined : found
}

/** What compiled the BPF programs of this build, in its own words; undefined when the addon does not load here. */
export function compiler(): string | undefined {
  try {
    return native().compiler
  } catch {
    return undefined
  }
}

/** The first feature without which there is no capture, and that this kernel lacks. */
export function lackingFeature(has: ReadonlyMap<string, boolean>): Feature | undefined {
  return FEATURES.find((f) => f.without === undefined && has.get(f.name) === false)
}

/** A sentence when programs used io_uring (events seen, by code) in a capture that does without it. */
export function unseenUring(seen: Uint32Array): string | undefined {
  if (!URING_CALLS.some((code) => seen[code]! > 0)) return undefined
  return `a program used io_uring: what it did that way is not seen on this kernel (${release()})`
}
