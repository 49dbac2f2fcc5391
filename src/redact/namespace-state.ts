// The state of a whole capture for a view of one Kubernetes namespace: which threads are inside, and when that changes.
import { type Container, podLabel } from '../model/container.js'
import { parseContainer } from '../model/container-json.js'
import type { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { FsInfo, type Thread } from '../model/thread.js'
import type { CaptureInfo } from '../source/source.js'
import { State } from '../state/state.js'

export class NamespaceState extends State {
  /** threads entered or left the namespace other than by creation or exit; the reader resets it */
  moved = false
  /** a container of the namespace was seen */
  met = false
  private readonly inside = new Set<Container>()
  /** threads that entered the namespace with the event under the cursor */
  private readonly arrived: Thread[] = []

  constructor(
    info: CaptureInfo,
    readonly namespace: string,
  ) {
    super(info)
  }

  /** Whether a container is in the namespace, and so visible. A container whose pod is unknown is not. */
  holds(c: Container | undefined): boolean {
    return c?.info !== undefined && podLabel(c.info, 'namespace') === this.namespace
  }

  /** The same for the container of a cgroup path. */
  holdsCgroup(path: string): boolean {
    return this.holds(this.containers.ofCgroups([path]))
  }

  /** The visible part of a snapshot, which the state must have loaded. */
  visiblePart(s: Snapshot): Snapshot {
    const ids = new Set([...this.containers.byId.values()].filter((c) => this.holds(c)).map((c) => c.id))
    const isVisible = ({ container }: { container?: string }) => container !== undefined && ids.has(container)
    return {
      threads: [...s.threads].filter((t) => this.holds(this.threads.get(t.tid)?.container)),
      users: s.users.filter(isVisible),
      groups: s.groups.filter(isVisible),
      containers: this.containers.save().containers.filter((json) => this.isInNamespace(json)),
    }
  }

  /** Whether the JSON text of a container event describes a container in the namespace. */
  isInNamespace(json: string): boolean {
    const info = parseContainer(json)
    return info !== undefined && podLabel(info, 'namespace') === this.namespace
  }

  override load(s: Snapshot): void {
    super.load(s)
    // which threads are inside is compared with what they were, so all have to exist
    this.table.map.createAll()
    this.arrived.length = 0
    this.inside.clear()
    for (const c of this.containers.byId.values()) this.note(c)
    this.moved = false
  }

  override apply(e: Event): void {
    super.apply(e)
    if (this.arrived.length === 0) return
    this.moved = true
    for (const t of this.arrived) clearHostData(t, e.def.task === 'exec')
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
    // these threads did not move: only the name of their container became known
    this.arrived.length = 0
    const c = this.containers.lastReported
    if (c !== undefined && this.note(c)) this.moved ||= this.hasThreads(c)
  }

  /** Updates whether a container is inside; returns whether that changed. */
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
 * A thread that was outside until now (of a runtime that starts a container or runs a command in one) still has data of the host. All are
 * removed except its name, and pipes, which have no name. execs: it runs a new program, which is visible.
 */
function clearHostData(t: Thread, execs: boolean): void {
  t.fdTable = t.fdTable.only((fd) => fd.type === 'pipe' && !fd.name.startsWith('/'))
  if (execs) return
  t.exe = t.exepath = ''
  t.args = t.env = []
  t.fs = new FsInfo()
}
