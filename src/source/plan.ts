// What the kernel side records: struct ksys_plan of native/abi.h with readable names.

import { isDeepStrictEqual } from 'node:util'
/** Values of CapturePlan.verdicts. SLOT + i: decided by slot i. */
export const VERDICT = { DROP: 0, PASS: 1, SLOT: 2 } as const

/** CapturePlan.lookups if names of addresses are wanted: more than DNS servers send in one datagram. */
export const LOOKUP_BYTES = 4096

/** Values of CapturePlan.inFlight: none, calls that the filter may pass, all. */
export const IN_FLIGHT = { NONE: 0, FILTERED: 1, ALL: 2 } as const

/** Number of system call numbers in CapturePlan.verdicts. */
export const MAX_NR = 1024
/** Limits of the number of slots of a plan, and of values in one set of a slot. */
export const MAX_SLOTS = 16
export const MAX_VALUES = 8

/** Membership of a set, or (not) absence from it. At most MAX_VALUES values. */
export interface PlanSet<T> {
  readonly values: readonly T[]
  readonly not: boolean
}

/** A condition that user space judges. The kernel side receives what does not match during the capture: cgroups, or threads. */
export interface JudgedCondition {
  /** for messages */
  readonly text: string
}

interface ProcessCondition extends JudgedCondition {
  /** it depends on more than the thread itself: on its ancestors or its container */
  readonly ofLineage: boolean
}

/**
 * Kinds of descriptors that the kernel distinguishes: IP sockets for streams, the same in a call that may connect one (MSG_FASTOPEN),
 * other IP sockets, other sockets, everything else.
 */
export const DESCRIPTOR_KINDS = ['stream', 'connecting', 'datagram', 'socket', 'other'] as const
export type DescriptorKind = (typeof DESCRIPTOR_KINDS)[number]

/** A conjunction of conditions on the current thread and the result, evaluated in the kernel when a call returns. */
export interface PlanSlot {
  /** true: only failed calls; false: only successful calls */
  readonly failed?: boolean
  /** the first argument is a descriptor of one of these kinds (or one that can no longer be examined) */
  readonly kinds?: readonly DescriptorKind[]
  /** proc.name as the thread's comm, of which the first 15 bytes are compared */
  readonly comm?: PlanSet<string>
  /** process ids (tgid), initial pid namespace */
  readonly pid?: PlanSet<number>
  readonly tid?: PlanSet<number>
  readonly uid?: PlanSet<number>
  readonly container?: JudgedCondition
  /** on the thread's process, its ancestors and its container */
  readonly process?: ProcessCondition
}

/** Data that a capture omits for privacy. */
export interface Spare {
  readonly noBuffers: boolean
  readonly noEnv: boolean
  readonly noArgs: boolean
}

/** Which stacks of calls are recorded. */
export interface Stacks {
  readonly user: boolean
  readonly kernel: boolean
}

/** What the kernel side counts by cgroup, so that events of some cgroups can be counted instead of recorded. */
interface CeilingPlan {
  /** recorded events of one cgroup per second; undefined: no limit */
  readonly mostCalls: number | undefined
}

/** The values of --attach: where programs of system calls run (attachment.ts). */
export const ATTACH = ['calls', 'tracepoints'] as const
export type Attach = (typeof ATTACH)[number]

/** How counted calls are grouped, see CapturePlan.count. */
export type Counting = 'calls' | 'magnitudes' | 'programs'

export interface CapturePlan {
  /** bytes recorded of an I/O buffer; 0: none */
  readonly snaplen: number
  /** bytes recorded of the data of each call of a name lookup (DNS, systemd-resolved), whatever the filter passes; 0: not wanted */
  readonly lookups: number
  /** record the structures that arguments point to and libs lacks, such as the ready descriptors of epoll_wait */
  readonly structs: boolean
  /** data that is never read, whatever else is requested; with noBuffers, snaplen is 0 */
  readonly spare?: Spare | undefined
  /** cgroups may be throttled; undefined: nothing is counted for that */
  readonly ceilings?: CeilingPlan | undefined
  /** process excluded with all its threads; 0: none */
  readonly selfPid: number
  /** record only this process and its descendants; 0: all processes */
  readonly rootPid: number
  /** record enter events too */
  readonly enter: boolean
  /** VERDICT values for the tracepoints; DROP means off (procexit is then recorded, but hidden) */
  readonly switches: number
  readonly pageFaults: number
  readonly signals: number
  readonly oomKills: number
  readonly procexit: number
  /** operations of io_uring; DROP still follows the descriptors that they make and close */
  readonly ioUring: number
  /** false: the latency is not used and may be unknown */
  readonly latency: boolean
  /** record calls without their arguments, and no records that keep threads and descriptors correct */
  readonly bare: boolean
  /** which calls in flight are reported on request: IN_FLIGHT */
  readonly inFlight: number
  /**
   * calls are counted by kind and result instead of recorded; their latencies are added up if `latency` is set.
   * 'magnitudes': also by duration, in eight steps per power of two; 'programs': by kind, program and cgroup, as
   * ks_counted rows. Requires `bare`
   */
  readonly count: false | Counting
  /** record the call stacks of calls: return addresses of the program, and of the kernel where a call slept */
  readonly stacks?: Stacks | undefined
  /** where programs of system calls run; undefined: at the tracepoints */
  readonly attach?: Attach | undefined
  /** record the CPU and memory use of each thread once a second */
  readonly times: boolean
  /**
   * true: descriptors of all processes are followed; false: only those of processes with a thread that a slot may pass. When a process
   * becomes one of these, its descriptors are recorded
   */
  readonly followAll: boolean
  /** VERDICT values by system call number, MAX_NR entries */
  readonly verdicts: Uint8Array
  /** at most MAX_SLOTS */
  readonly slots: readonly PlanSlot[]
}

/** Whether the kernel side counts the events of threads by cgroup. */
export function countsByCgroup({ count, ceilings }: CapturePlan): boolean {
  return count === 'programs' || ceilings !== undefined
}

/** The plan of an unfiltered capture: all calls of all processes but `selfPid`, signals and process exits. */
export function everything(selfPid: number, snaplen = 80): CapturePlan {
  return {
    snaplen,
    lookups: 0,
    structs: true,
    selfPid,
    rootPid: 0,
    enter: false,
    switches: VERDICT.DROP,
    pageFaults: VERDICT.DROP,
    signals: VERDICT.PASS,
    oomKills: VERDICT.PASS,
    procexit: VERDICT.PASS,
    ioUring: VERDICT.PASS,
    latency: true,
    followAll: true,
    bare: false,
    count: false,
    times: false,
    inFlight: IN_FLIGHT.NONE,
    verdicts: new Uint8Array(MAX_NR).fill(VERDICT.PASS),
    slots: [],
  }
}

/** Whether `present` records everything that `wanted` requires, in at least the same detail. */
export function planCovers(present: CapturePlan, wanted: CapturePlan): boolean {
  const same = (['spare', 'ceilings', 'selfPid', 'rootPid', 'bare', 'count', 'stacks', 'attach'] as const).every(
    (key) => isDeepStrictEqual(present[key], wanted[key]),
  )
  if (
    !same ||
    present.snaplen < wanted.snaplen ||
    present.lookups < wanted.lookups ||
    present.inFlight < wanted.inFlight
  )
    return false
  if ((['structs', 'enter', 'latency', 'times', 'followAll'] as const).some((key) => wanted[key] && !present[key]))
    return false
  const passes = (a: number, b: number) => verdictCovers(present, a, wanted, b)
  return (
    (['switches', 'pageFaults', 'signals', 'oomKills', 'procexit', 'ioUring'] as const).every((key) =>
      passes(present[key], wanted[key]),
    ) && wanted.verdicts.every((verdict, nr) => passes(present.verdicts[nr] ?? VERDICT.DROP, verdict))
  )
}

function verdictCovers(present: CapturePlan, a: number, wanted: CapturePlan, b: number): boolean {
  if (b === VERDICT.DROP || a === VERDICT.PASS) return true
  if (a === VERDICT.DROP || b === VERDICT.PASS) return false
  return isDeepStrictEqual(present.slots[a - VERDICT.SLOT], wanted.slots[b - VERDICT.SLOT])
}
