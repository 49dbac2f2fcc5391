// What the kernel side is asked to record: struct ksys_plan of native/abi.h with readable names.

/** Values of CapturePlan.verdicts. SLOT + i: slot i decides. */
export const VERDICT = { DROP: 0, PASS: 1, SLOT: 2 } as const

/** Values of CapturePlan.inFlight: none, those of calls that the filter may pass, all. */
export const IN_FLIGHT = { NONE: 0, FILTERED: 1, ALL: 2 } as const

/** System call numbers that CapturePlan.verdicts covers. */
export const MAX_NR = 1024
/** Most slots a plan may have, and most values one set of a slot may have. */
export const MAX_SLOTS = 16
export const MAX_VALUES = 8

/** Membership of a set, or (not) absence from it. At most MAX_VALUES values. */
export interface PlanSet<T> {
  readonly values: readonly T[]
  readonly not: boolean
}

/** What a slot asks of the container. Which cgroups exclude it the kernel is told while it captures. */
export interface ContainerCondition {
  /** for people */
  readonly text: string
}

/** A conjunction of conditions on the current thread and the result, decided in the kernel when a call returns. */
export interface PlanSlot {
  /** true: only failed calls; false: only the others */
  readonly failed?: boolean
  /** the first argument is a descriptor, of a socket (or of nothing that can be looked at any more) */
  readonly socket?: true
  /** proc.name as the thread's comm, compared in its first 15 bytes */
  readonly comm?: PlanSet<string>
  /** process ids (tgid), initial pid namespace */
  readonly pid?: PlanSet<number>
  readonly tid?: PlanSet<number>
  readonly uid?: PlanSet<number>
  readonly container?: ContainerCondition
}

/** What a capture leaves out. */
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

/** What the kernel side counts by cgroup, so that some cgroups' calls can be counted instead of recorded. */
export interface CeilingPlan {
  /** events of one cgroup that are recorded in any second; undefined: any number */
  readonly mostCalls: number | undefined
}

/** What calls are told apart by that are counted instead of recorded, see CapturePlan.count. */
export type Counting = 'calls' | 'magnitudes' | 'programs'

export interface CapturePlan {
  /** bytes kept of an I/O buffer; 0: none */
  readonly snaplen: number
  /** what is never read of programs and their data, whatever else is asked for; without buffers snaplen is 0 */
  readonly spare?: Spare | undefined
  /** cgroups may be throttled; undefined: nothing is counted for that */
  readonly ceilings?: CeilingPlan | undefined
  /** process left out with all its threads; 0: nobody */
  readonly selfPid: number
  /** follow only this process and its descendants; 0: everybody */
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
  /** false: nobody asks for the latency, which may then be unknown */
  readonly latency: boolean
  /** calls are recorded without their arguments, and nothing that would keep threads and descriptors true */
  readonly bare: boolean
  /** which calls in flight are told when asked for: IN_FLIGHT */
  readonly inFlight: number
  /**
   * calls are counted by kind and result instead of being recorded, their latencies summed up when `latency` asks for them;
   * 'magnitudes': also by how long they took, in eight steps to each doubling; 'programs': by kind, program and cgroup, as
   * ks_counted rows. Needs `bare`
   */
  readonly count: false | Counting
  /** where calls came from: return addresses of the program, and of the kernel where a call slept */
  readonly stacks?: Stacks | undefined
  /** record once a second what each thread has used of CPU and memory */
  readonly times: boolean
  /**
   * true: everybody's descriptors are followed; false: those of processes with a thread that a slot may pass, and a process
   * that comes to be one tells its descriptors then
   */
  readonly followAll: boolean
  /** MAX_NR VERDICT values by system call number */
  readonly verdicts: Uint8Array
  /** at most MAX_SLOTS */
  readonly slots: readonly PlanSlot[]
}

/** Whether the kernel side counts by cgroup what threads do. */
export function countsByCgroup({ count, ceilings }: CapturePlan): boolean {
  return count === 'programs' || ceilings !== undefined
}

/** The plan of a capture without a filter: every call of everybody but `selfPid`, signals and process exits. */
export function everything(selfPid: number, snaplen = 80): CapturePlan {
  return {
    snaplen,
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
