// Keeps the kernel's container information current. For each cgroup it marks the plan slots that no event in the cgroup
// can match, and, where the kernel counts by cgroup, whether the cgroup belongs to a container. With several
// hierarchies, the kernel excludes only what all cgroups of a thread exclude, and counts by the first one that belongs
// to a container. Unknown containers exclude nothing, nor do cgroups that may be a container's until the runtimes deny it,
// and the predicate always makes the final decision.
import type { FieldContext } from '../fields/field.js'
import { cgroupMaybe } from '../model/cgroup.js'
import type { Container } from '../model/container.js'
import { Event } from '../model/event.js'
import { FdTable, Thread } from '../model/thread.js'
import { CGROUP_CONTAINER } from '../schema/abi.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { everyCgroup, hierarchyNumbers } from '../source/cgroups.js'
import { type CapturePlan, countsByCgroup } from '../source/plan.js'
import type { CgroupDenials } from '../source/source.js'
import type { Containers } from '../state/containers.js'
import type { CgroupWatcher } from '../state/tables.js'
import { FALSE, TRUE, UNKNOWN } from './bytype.js'
import { compileChecked } from './compile.js'
import { fieldsOf } from './planners/judged-tests.js'
import { type Answers, SlotForm } from './planners/slot-form.js'
import type { CheckedFilter, TestNode } from './typed.js'

/** Fields that the cgroup's path alone determines. */
const ID_FIELDS = new Set(['container.id', 'container.full_id'])

/** Fields that are known as soon as the container's name is. */
const NAME_FIELDS = new Set([...ID_FIELDS, 'container.name', 'container.type'])

/** Whether a field reveals no more about a container than its id, name and type. */
export const isNameField = (field: string): boolean => NAME_FIELDS.has(field)

/** Returns the function that decides which slots no event in a container can match: bit i is slot i. */
export function excludedSlots(
  plan: CapturePlan,
  filter: CheckedFilter,
  ctx: FieldContext,
): (c: Container | undefined) => number {
  const forms = plan.slots.map((s) => (s.container instanceof SlotForm ? s.container : undefined))
  const tests = new Map(
    forms.flatMap((f) => f?.tests ?? []).map((test) => [test, compileChecked({ ...filter, root: test }, ctx).test]),
  )
  const e = new Event(EVENTS, LAYOUTS)
  const thread = new Thread(1, 1, new FdTable())
  return (c) => {
    thread.container = c
    e.thread = thread
    const answers: Answers = (test) => {
      const passes = tests.get(test)
      if (passes === undefined || !hasMetadataFor(test, c)) return UNKNOWN
      return passes(e) ? TRUE : FALSE
    }
    return forms.reduce((bits, form, i) => (form?.excludes(answers) ? bits | (1 << i) : bits), 0)
  }
}

/** How much metadata of a container is needed to decide a test. */
const METADATA = { id: 0, name: 1, all: 2 } as const

/** Whether enough is known of a container to decide a test of containers; a test without fields of containers needs nothing. */
export function hasMetadataFor(test: TestNode, c: Container | undefined): boolean {
  const known = metadataOf(c)
  const compared = test.left.kind === 'field' && test.right === undefined
  return fieldsOf(test).every(({ name, def }) => {
    return def.ofProcess !== undefined || known >= (compared ? needsOf(name) : METADATA.all)
  })
}

function needsOf(field: string): number {
  if (ID_FIELDS.has(field)) return METADATA.id
  return isNameField(field) ? METADATA.name : METADATA.all
}

/** The host is fully known. */
function metadataOf(c: Container | undefined): number {
  if (c === undefined) return METADATA.all
  if (c.info === undefined || (c.info.partial && c.info.name === '')) return METADATA.id
  return c.info.partial ? METADATA.name : METADATA.all
}

/** The receiver of the marks: the live source. */
interface CgroupTarget {
  /** Threads in that cgroup match none of these slots (bits); plus CGROUP_CONTAINER. */
  markCgroup(cgroup: number, marks: number): void
}

/** A cgroup from its creation to its removal. */
interface Cgroup {
  readonly path: string
  /** may be a container's that is still to be reported: excludes nothing unless it is a known one's */
  maybe: boolean
}

export class CgroupMarks implements CgroupWatcher {
  private readonly cgroups = new Map<number, Cgroup>()
  private readonly marked = new Map<number, number>()
  private due = false

  /**
   * `marksFor` returns the marks for a container's cgroups; `containers` maps paths to containers; `denials`: what
   * runtimes say about other cgroups. Starts with the existing cgroups; `source` must already be attached.
   */
  constructor(
    private readonly marksFor: (c: Container | undefined) => number,
    private readonly containers: Pick<Containers, 'ofCgroups'>,
    private readonly source: CgroupTarget,
    private readonly denials?: CgroupDenials,
  ) {
    for (const [id, path] of everyCgroup()) this.meet(id, path)
    denials?.onDoubt((path) => this.doubt(path))
    this.changed()
  }

  created(id: number, path: string): void {
    this.mark(id, this.meet(id, path))
  }

  removed(id: number): void {
    this.cgroups.delete(id)
    if (this.marked.delete(id)) this.source.markCgroup(id, 0)
  }

  /** Containers were discovered or renamed: evaluates all cgroups again, once for many changes. */
  changed(): void {
    if (this.due) return
    this.due = true
    queueMicrotask(() => {
      this.due = false
      const marksByContainer = new Map<Container | undefined, number>()
      for (const [id, cgroup] of this.cgroups) this.mark(id, cgroup, marksByContainer)
    })
  }

  /** Starts over with a cgroup: nothing has been denied. */
  private meet(id: number, path: string): Cgroup {
    const cgroup = { path, maybe: cgroupMaybe(path) !== undefined }
    this.cgroups.set(id, cgroup)
    if (cgroup.maybe && this.containers.ofCgroups([path]) === undefined)
      void this.denials?.denied(path).then((denied) => {
        // an answer that is in doubt, or about a cgroup that was removed, is void
        if (!denied || this.cgroups.get(id) !== cgroup) return
        cgroup.maybe = false
        this.mark(id, cgroup)
      })
    return cgroup
  }

  /** Denials no longer hold: of that path, or of all. */
  private doubt(path: string | undefined): void {
    for (const [id, cgroup] of this.cgroups)
      if ((path ?? cgroup.path) === cgroup.path && cgroupMaybe(cgroup.path) !== undefined) this.created(id, cgroup.path)
  }

  private mark(id: number, { path, maybe }: Cgroup, marksByContainer = new Map<Container | undefined, number>()): void {
    const container = this.containers.ofCgroups([path])
    let marks = 0
    if (container !== undefined || !maybe) {
      const known = marksByContainer.get(container)
      marks = known ?? this.marksFor(container)
      if (known === undefined) marksByContainer.set(container, marks)
    }
    if ((this.marked.get(id) ?? 0) === marks) return
    this.marked.set(id, marks)
    this.source.markCgroup(id, marks)
  }
}

/**
 * The cgroup watcher of a live run's state. Defined only if the plan has container conditions, or counts by container
 * while there are several hierarchies.
 */
export function cgroupMarks(
  plan: CapturePlan,
  filter: CheckedFilter | undefined,
  ctx: FieldContext,
  containers: Pick<Containers, 'ofCgroups'>,
  source: CgroupTarget,
  denials: CgroupDenials | undefined,
  several = hierarchyNumbers().others.some((number) => number > 0),
): CgroupWatcher | undefined {
  const counts = several && countsByCgroup(plan)
  const filtered = filter !== undefined && plan.slots.some((s) => s.container !== undefined)
  if (!filtered && !counts) return undefined
  const excluded = filtered ? excludedSlots(plan, filter, ctx) : () => 0
  const marksFor = (c: Container | undefined) => excluded(c) | (counts && c !== undefined ? CGROUP_CONTAINER : 0)
  return new CgroupMarks(marksFor, containers, source, filtered ? denials : undefined)
}
