// What the recordings of one workload contain: the calls that its containers need, and what is known about the recording itself.
import type { Abi } from '../calls/abi.js'
import { RESTRICTED } from '../calls/arguments.js'
import { CallNeed } from './call-need.js'

/** maximum number of different values of an argument that are retained; more of them are not restricted */
const MOST_VALUES = 64

/** What identifies a workload: its containers in all pods, hosts and traces. */
export interface WorkloadId {
  /** unique among workloads */
  readonly key: string
  /** '' if it follows from the recorded programs: see Workload.name */
  readonly name: string
  readonly kind: 'container' | 'host'
  /** what it is, in the words of its platform: "container web of Deployment shop"; '' like `name` */
  readonly what: string
  /** the namespace and the names for kubectl; undefined outside Kubernetes */
  readonly pod:
    | { readonly namespace: string; readonly controller: string | undefined; readonly container: string }
    | undefined
}

/** Values of arguments that profiles can restrict. */
export class Values {
  readonly seen = new Set<number>()
  /** a value was not recorded, or there were too many */
  unknown = false

  add(value: number | undefined): void {
    if (value === undefined || (this.seen.size >= MOST_VALUES && !this.seen.has(value))) this.unknown = true
    else this.seen.add(value)
  }

  merge({ seen, unknown }: Values): void {
    for (const value of seen) this.seen.add(value)
    this.unknown ||= unknown || this.seen.size > MOST_VALUES
  }
}

const COUNTS = ['starts', 'filtered', 'noNewPrivs', 'running', 'ends', 'terminated', 'reloads'] as const
const SETS = ['unnamed', 'containers', 'images', 'runtimes', 'caps', 'interactive', 'execs'] as const

export class Workload {
  /** by ABI and libseccomp's name */
  readonly calls = new Map<Abi, Map<string, CallNeed>>()
  /** the same for calls that a filter refused */
  readonly refused = new Map<string, CallNeed>()
  /** families of sockets, flags of clone, personalities */
  readonly arguments = { socket: new Values(), clone: new Values(), personality: new Values() }
  /** the numbers of calls that have no name */
  readonly unnamed = new Set<number>()
  /** ids of its containers */
  readonly containers = new Set<string>()
  readonly images = new Set<string>()
  readonly runtimes = new Set<string>()
  readonly caps = new Set<string>()
  /** starts of its containers, of those the ones for which the load of a filter was seen, and starts with no_new_privs */
  starts = 0
  filtered = 0
  noNewPrivs = 0
  /** containers that were running when the recording began */
  running = 0
  /** ends of the first process of a container, and of those the ones after SIGTERM */
  ends = 0
  terminated = 0
  /** SIGHUP arrived at its first process */
  reloads = 0
  /** programs that were started in it with a terminal, and in another way */
  readonly interactive = new Set<string>()
  readonly execs = new Set<string>()
  /** the entrypoint has started another program in its own place */
  replaced = false
  /** a program of it has several threads */
  threads = false
  /** µs since the epoch, of its first and last event */
  begin = Number.POSITIVE_INFINITY
  end = Number.NEGATIVE_INFINITY

  constructor(readonly id: WorkloadId) {}

  /** Its name, for titles and names of files: untrusted text. */
  get name(): string {
    return this.id.name !== '' ? this.id.name : (this.onlyProgram ?? 'programs')
  }

  /** What it is, see WorkloadId.what. */
  get what(): string {
    if (this.id.what !== '') return this.id.what
    return this.onlyProgram === undefined ? 'the selected programs' : `program ${this.onlyProgram}`
  }

  private get onlyProgram(): string | undefined {
    const programs = new Set<string>()
    for (const names of this.calls.values())
      for (const need of names.values()) for (const program of need.programs.keys()) programs.add(program)
    return programs.size === 1 ? [...programs][0] : undefined
  }

  /** Whether any call of it was recorded. */
  get hasCalls(): boolean {
    return this.calls.size > 0 || this.refused.size > 0 || this.unnamed.size > 0
  }

  /** The count of a call, created if it is new. */
  need(abi: Abi, name: string): CallNeed {
    return created(
      created(this.calls, abi, () => new Map<string, CallNeed>()),
      name,
      () => new CallNeed(),
    )
  }

  refusal(name: string): CallNeed {
    return created(this.refused, name, () => new CallNeed())
  }

  /** Adds the recordings of another one: counts add up, everything else is a union. */
  merge(other: Workload): void {
    for (const [abi, names] of other.calls) for (const [name, need] of names) this.need(abi, name).merge(need)
    for (const [name, need] of other.refused) this.refusal(name).merge(need)
    for (const name of RESTRICTED) this.arguments[name].merge(other.arguments[name])
    for (const name of COUNTS) this[name] += other[name]
    for (const name of SETS) for (const item of other[name]) (this[name] as Set<unknown>).add(item)
    this.replaced ||= other.replaced
    this.threads ||= other.threads
    this.begin = Math.min(this.begin, other.begin)
    this.end = Math.max(this.end, other.end)
  }

  /** Extends the recorded time. time: µs since the epoch. */
  passed(time: number): void {
    if (time < this.begin) this.begin = time
    if (time > this.end) this.end = time
  }
}

/** The value of a key, which is made if there is none. */
function created<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = make()
  map.set(key, value)
  return value
}
