// What each process is in its container: the runtime before it starts the program, the program, or one that was started later. It
// follows from how the process came into the container, and from the execs and filters of it and its parents.
import type { Container } from '../../model/container.js'
import type { Thread } from '../../model/thread.js'
import { runtimeNamed } from '../calls/runtimes.js'
import type { Origin } from './origin.js'
import type { Workload } from './workload.js'

/** maximum number of parents that are followed in search of the first process in the container */
const MOST_PARENTS = 256

/** A process of a workload. */
export interface Actor {
  readonly workload: Workload
  /** it descends from the container's first process; otherwise it was started in the container later */
  readonly ofInit: boolean
  /** it is the container's first process */
  readonly isInit: boolean
  origin: Origin
  /** the calls are made under the container's filter */
  counts: boolean
  /** a filter was loaded while it was the runtime */
  filtered: boolean
  /** SIGTERM was delivered to it */
  terminated: boolean
}

export class Actors {
  private readonly known = new WeakMap<Thread, { readonly container: Container | undefined; readonly actor: Actor }>()
  /** the process of the last call, its container then, and what it is */
  private lastThread: Thread | undefined
  private lastContainer: Container | undefined
  private lastActor: Actor | undefined

  /** workloadOf: of a container or, if it is undefined, of the thread on the host; undefined: none of interest. */
  constructor(private readonly workloadOf: (c: Container | undefined, t: Thread) => Workload | undefined) {}

  /** What a thread's process is; undefined: it belongs to no workload. */
  of(t: Thread): Actor | undefined {
    const { leader } = t
    // a runtime moves its process into the container's cgroup
    if (this.lastThread === leader && leader.container === this.lastContainer) return this.lastActor
    this.lastThread = leader
    this.lastContainer = leader.container
    this.lastActor = this.find(leader)
    return this.lastActor
  }

  private find(leader: Thread): Actor | undefined {
    const chain: Thread[] = []
    const { container } = leader
    let parent: Actor | undefined
    for (let t: Thread | undefined = leader; t !== undefined && chain.length < MOST_PARENTS; t = t.parent?.leader) {
      if (t.container !== container || chain.includes(t)) break
      const known = this.known.get(t)
      if (known !== undefined && known.container === container) {
        parent = known.actor
        break
      }
      chain.push(t)
    }
    for (const t of chain.reverse()) {
      const actor = parent === undefined ? this.first(t) : { ...parent, isInit: false, terminated: false }
      if (actor === undefined) return undefined
      this.known.set(t, { container, actor })
      parent = actor
    }
    return parent
  }

  /** The first process in a container, or one on the host. */
  private first(t: Thread): Actor | undefined {
    const { container } = t
    const workload = this.workloadOf(container, t)
    if (workload === undefined) return undefined
    const plain = { workload, filtered: false, terminated: false }
    if (container === undefined) return { ...plain, ofInit: true, isInit: false, origin: 'program', counts: true }
    const isInit = t.vpid === 1
    // a process that came from elsewhere during the capture is the runtime; those of unknown parents were there before
    const came = t.startTime !== undefined && t.startTime >= 0 && t.parent !== undefined
    if (!came) {
      if (isInit) workload.running++
      return { ...plain, ofInit: isInit, isInit, origin: isInit ? 'entrypoint' : execOrigin(t), counts: true }
    }
    const runtime = runtimeOf(t)
    if (runtime !== undefined) workload.runtimes.add(runtime)
    return { ...plain, ofInit: isInit, isInit, origin: 'runtime', counts: false }
  }

  /** The thread's process has loaded a filter. */
  loadsFilter(t: Thread): void {
    const actor = this.of(t)
    if (actor?.origin !== 'runtime') return
    const runtime = runtimeOf(t)
    if (runtime !== undefined) actor.workload.runtimes.add(runtime)
    actor.filtered = true
    actor.counts = true
  }

  /** The thread's process has started a program; the thread already has its name. before: what the process was. */
  executes(t: Thread, before: Actor): void {
    const { workload } = before
    if (before.origin === 'runtime') {
      if (!isInside(t) || runtimeOf(t) !== undefined) return
      before.counts = true
      before.origin = before.isInit ? 'entrypoint' : execOrigin(t)
      if (before.isInit) {
        workload.starts++
        if (before.filtered) workload.filtered++
      } else (before.origin === 'interactive' ? workload.interactive : workload.execs).add(t.comm)
      return
    }
    if (before.origin !== 'entrypoint') return
    if (before.isInit) workload.replaced = true
    before.origin = 'program'
  }
}

const execOrigin = (t: Thread): Origin => (t.leader.tty === 0 ? 'exec' : 'interactive')

/** Whether the process is in the container's own pid namespace. Where the container has none, all of its processes are. */
function isInside(t: Thread): boolean {
  return t.vpid !== t.pid || t.container?.info?.hostPid === true || t.vpid === 1
}

/** The container runtime that the thread's process runs, if any. */
function runtimeOf(t: Thread): string | undefined {
  return runtimeNamed(t.comm) ?? runtimeNamed(t.exepath)
}
