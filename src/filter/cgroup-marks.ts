// Keeps the kernel's knowledge of containers current: for each cgroup, which slots of the plan nothing in it can fulfil, and whether
// it is a container's where the kernel counts by cgroup. Where there are several hierarchies, the kernel leaves out what all cgroups
// of a thread exclude, and counts by the first one that is a container's.
// What is not yet known excludes nothing, and the predicate has the last word anyway.
import type { FieldContext } from '../fields/field.js'
import { cgroupMaybe } from '../model/cgroup.js'
import type { Container } from '../model/container.js'
import { Event } from '../model/event.js'
import { FdTable, Thread } from '../model/thread.js'
import { CGROUP_CONTAINER } from '../schema/abi.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { everyCgroup, hierarchyNumbers } from '../source/cgroups.js'
import { type CapturePlan, countsByCgroup } from '../source/plan.js'
import type { Containers } from '../state/containers.js'
import type { CgroupWatcher } from '../state/tables.js'
import { FALSE, TRUE, UNKNOWN } from './bytype.js'
import { compileChecked } from './compile.js'
import { type Answers, ContainerForm } from './planners/container-form.js'
import type { CheckedFilter, TestNode } from './typed.js'

/** What the cgroup's path alone tells. */
const ID_FIELDS = new Set(['container.id', 'container.full_id'])

/** What is known of a container as soon as its name is. */
const NAME_FIELDS = new Set([...ID_FIELDS, 'container.name', 'container.type'])

/** Whether a field shows no more of a container than its id, name and type. */
export const isOfName = (field: string): boolean => NAME_FIELDS.has(field)

/** Decides which slots of a plan no event in a container fulfils: bit i stands for slot i. */
export function containerJudge(
  plan: CapturePlan,
  filter: CheckedFilter,
  ctx: FieldContext,
): (c: Container | undefined) => number {
  const forms = plan.slots.map((s) => (s.container instanceof ContainerForm ? s.container : undefined))
  const tests = new Map(
    forms
      .flatMap((f) => f?.tests ?? [])
      .map((test) => [test, { needs: needsOfTest(test), passes: compileChecked({ ...filter, root: test }, ctx).test }]),
  )
  const e = new Event(EVENTS, LAYOUTS)
  const thread = new Thread(1, 1, new FdTable())
  return (c) => {
    thread.container = c
    e.thread = thread
    const answers: Answers = (test) => {
      const t = tests.get(test)
      if (t === undefined || knownOf(c) < t.needs) return UNKNOWN
      return t.passes(e) ? TRUE : FALSE
    }
    return forms.reduce((bits, form, i) => (form?.excludes(answers) ? bits | (1 << i) : bits), 0)
  }
}

/** How much has to be known of a container to decide a test. */
const MUCH = { id: 0, name: 1, all: 2 } as const

function needsOfTest({ left, right }: TestNode): number {
  if (left.kind !== 'field' || right !== undefined) return MUCH.all
  if (ID_FIELDS.has(left.use.name)) return MUCH.id
  return isOfName(left.use.name) ? MUCH.name : MUCH.all
}

/** All is known of the host. Whoever tells more of a container than its name tells an image. */
function knownOf(c: Container | undefined): number {
  if (c === undefined) return MUCH.all
  if (c.info === undefined) return MUCH.id
  return c.info.image === '' && c.info.imageId === '' ? MUCH.name : MUCH.all
}

/** Where the answers go: the live source. */
export interface CgroupTarget {
  /** Threads in that cgroup fulfil none of these slots (bits); CGROUP_CONTAINER */
  markCgroup(cgroup: number, marks: number): void
}

export class CgroupMarks implements CgroupWatcher {
  private readonly paths = new Map<number, string>()
  private readonly told = new Map<number, number>()
  private due = false

  /** `judge`: the marks of a container's cgroups; `containers`: what is known of them. Begins with the cgroups that exist; `source` must be attached by now. */
  constructor(
    private readonly judge: (c: Container | undefined) => number,
    private readonly containers: Pick<Containers, 'ofCgroups'>,
    private readonly source: CgroupTarget,
  ) {
    for (const [id, path] of everyCgroup()) this.paths.set(id, path)
    this.changed()
  }

  created(id: number, path: string): void {
    this.paths.set(id, path)
    this.tell(id, path)
  }

  removed(id: number): void {
    this.paths.delete(id)
    if (this.told.delete(id)) this.source.markCgroup(id, 0)
  }

  /** Containers have become known, or are known by other names: all is judged again, once for many changes. */
  changed(): void {
    if (this.due) return
    this.due = true
    queueMicrotask(() => {
      this.due = false
      const judged = new Map<Container | undefined, number>()
      for (const [id, path] of this.paths) this.tell(id, path, judged)
    })
  }

  private tell(id: number, path: string, judged = new Map<Container | undefined, number>()): void {
    const container = this.containers.ofCgroups([path])
    let marks = 0
    if (container !== undefined || cgroupMaybe(path) === undefined) {
      const known = judged.get(container)
      marks = known ?? this.judge(container)
      if (known === undefined) judged.set(container, marks)
    }
    if ((this.told.get(id) ?? 0) === marks) return
    this.told.set(id, marks)
    this.source.markCgroup(id, marks)
  }
}

/** The watcher of a live run's state, which knows these containers, where the plan asks for containers, or counts by them where there are several hierarchies. */
export function cgroupMarks(
  plan: CapturePlan,
  filter: CheckedFilter | undefined,
  ctx: FieldContext,
  containers: Pick<Containers, 'ofCgroups'>,
  source: CgroupTarget,
  several = hierarchyNumbers().others.some((number) => number > 0),
): CgroupWatcher | undefined {
  const counts = several && countsByCgroup(plan)
  const filtered = filter !== undefined && plan.slots.some((s) => s.container !== undefined)
  if (!filtered && !counts) return undefined
  const excluded = filtered ? containerJudge(plan, filter, ctx) : () => 0
  const judge = (c: Container | undefined) => excluded(c) | (counts && c !== undefined ? CGROUP_CONTAINER : 0)
  return new CgroupMarks(judge, containers, source)
}
