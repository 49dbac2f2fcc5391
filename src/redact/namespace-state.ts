// The state of a whole capture of which only the pods of one Kubernetes namespace are told: who is inside, and when that changes.
import { type Container, podLabel } from '../model/container.js'
import { parseContainer } from '../model/container-json.js'
import type { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { FsInfo, type Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import { State } from '../state/state.js'

export class NamespaceState extends State {
  /** threads have come into the namespace or left it otherwise than by birth and death; to be set back by who looks at it */
  moved = false
  /** a container of the namespace has been known */
  met = false
  private readonly inside = new Set<Container>()
  /** threads that the event under the cursor has brought into the namespace */
  private readonly arrived: Thread[] = []

  constructor(
    info: CaptureInfo,
    readonly namespace: string,
  ) {
    super(info)
  }

  /** Whether what happens in a container may be told. Of one whose pod is not known it may not. */
  holds(c: Container | undefined): boolean {
    return c?.info !== undefined && podLabel(c.info, 'namespace') === this.namespace
  }

  /** The same of the container that a cgroup's path tells. */
  holdsCgroup(path: string): boolean {
    return this.holds(this.containers.ofCgroups([path]))
  }

  /** The part of a snapshot that may be told; of what the state has loaded. */
  partOf(s: Snapshot): Snapshot {
    const ids = new Set([...this.containers.byId.values()].filter((c) => this.holds(c)).map((c) => c.id))
    const ofOurs = ({ container }: { container?: string }) => container !== undefined && ids.has(container)
    return {
      threads: s.threads.filter((t) => this.holds(this.threads.get(t.tid)?.container)),
      users: s.users.filter(ofOurs),
      groups: s.groups.filter(ofOurs),
      containers: this.containers.save().containers.filter((json) => this.isOfOurs(json)),
    }
  }

  /** Whether the text of a container event tells of a container of the namespace. */
  isOfOurs(json: string): boolean {
    const info = parseContainer(json)
    return info !== undefined && podLabel(info, 'namespace') === this.namespace
  }

  override load(s: Snapshot): void {
    super.load(s)
    this.arrived.length = 0
    this.inside.clear()
    for (const c of this.containers.byId.values()) this.note(c)
    this.moved = false
  }

  override apply(e: Event): void {
    super.apply(e)
    if (this.arrived.length === 0) return
    this.moved = true
    for (const t of this.arrived) forgetOutside(t, e.def.task === 'exec')
    this.arrived.length = 0
  }

  override joined(t: Thread, cgroups: string[], known = false): void {
    const before = this.holds(t.container)
    super.joined(t, cgroups, known)
    const after = this.holds(t.container)
    if (after) this.met = true
    if (after === before) return
    this.moved = true
    if (after) this.arrived.push(t)
  }

  override named(json: string): void {
    super.named(json)
    // those threads were there: only now it is known where that is
    this.arrived.length = 0
    const c = this.containers.lastReported
    if (c !== undefined && this.note(c)) this.moved ||= this.hasThreads(c)
  }

  /** Takes down whether a container is inside; returns whether that is new. */
  private note(c: Container): boolean {
    const is = this.holds(c)
    if (is) this.met = true
    if (is === this.inside.has(c)) return false
    if (is) this.inside.add(c)
    else this.inside.delete(c)
    return true
  }

  private hasThreads(c: Container): boolean {
    for (const t of this.threads.values()) if (t.container === c) return true
    return false
  }
}

/**
 * A thread that was outside until now (a runtime that begins a container, or runs something in one) has things of the host: of
 * those nothing is told but its name, and pipes, which have none. execs: by another program, which is told.
 */
function forgetOutside(t: Thread, execs: boolean): void {
  t.fdTable = t.fdTable.only((fd) => fd.type === 'pipe' && !fd.name.startsWith('/'))
  if (execs) return
  t.exe = t.exepath = ''
  t.args = t.env = []
  t.fs = new FsInfo()
}
