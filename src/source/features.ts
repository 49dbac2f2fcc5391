// What captures use of the kernel, feature by feature: since when it is there, and what is missing without it.
import { release } from 'node:os'
import { CODE } from '../schema/codes.js'
import { eventsByName } from '../schema/events/index.js'
import { native } from './native.js'

export interface Feature {
  /** as the addon names it (native/probe.cc) */
  readonly name: string
  /** Linux version that brought it */
  readonly since: string
  readonly use: string
  /** what a capture is without it; absent: there is none */
  readonly without?: string
}

export const FEATURES: readonly Feature[] = [
  { name: 'typed tracepoints', since: '5.5', use: 'system calls, with no guess about the kernel' },
  { name: 'ring buffers', since: '5.8', use: 'records, on their way to ksys' },
  { name: 'iterators', since: '5.8', use: 'processes and descriptors that exist already' },
  { name: 'storage of threads', since: '5.11', use: 'latency, and paths read when a call begins' },
  { name: 'registers of threads', since: '5.15', use: 'calls in flight, and whose call it is' },
  { name: 'threads', since: '5.5', use: 'births, programs and names of threads' },
  {
    name: 'direct reads',
    since: '6.2',
    use: 'facts about files at a tenth of the cost',
    without: 'each call with a descriptor costs more',
  },
  {
    name: 'memory of processes',
    since: '5.18',
    use: 'environments and directories of who began while events were lost',
    without: 'they stay unknown until such a process runs another program or changes its directory',
  },
  {
    name: 'page faults',
    since: '5.5 on x86-64',
    use: '--page-faults',
    without: 'a capture of page faults cannot begin',
  },
  {
    name: 'io_uring',
    since: '6.18, perhaps earlier',
    use: 'operations submitted through io_uring',
    without: 'what programs do through io_uring is not seen; ksys says so when a program uses it',
  },
]

/** What the running kernel has, by feature; undefined when nothing can be known: it has no BTF, or the addon is not built. */
export function hostFeatures(): ReadonlyMap<string, boolean> | undefined {
  try {
    const found = Object.entries(native().features())
    return found.length === 0 ? undefined : new Map(found)
  } catch {
    return undefined
  }
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

const URING_CALLS = ['io_uring_setup', 'io_uring_enter'].flatMap((name) => [...eventsByName(name)])

/**
 * A sentence when programs used io_uring (events seen, by code) on a kernel that does not let a capture follow it.
 */
export function unseenUring(seen: Uint32Array, has: ReadonlyMap<string, boolean> | undefined): string | undefined {
  if (has?.get('io_uring') !== false || seen[CODE.io_uring_complete]! > 0) return undefined
  if (!URING_CALLS.some((code) => seen[code]! > 0)) return undefined
  return `a program used io_uring: what it did that way is not seen on this kernel (${release()})`
}
