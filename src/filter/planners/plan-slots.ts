// The slots of a capture plan: each is a condition that the kernel tests for the calls assigned to it. It may be weaker than the filter.
import {
  DESCRIPTOR_KINDS,
  type DescriptorKind,
  MAX_SLOTS,
  MAX_VALUES,
  type PlanSet,
  type PlanSlot,
  VERDICT,
} from '../../source/plan.js'
import { dependsOnContainer } from './judged-tests.js'
import { type MaybeBounds, type PropertyBounds, uniteBounds } from './property-bounds.js'
import { type SlotForm, uniteForms } from './slot-form.js'
import type { ValueSet } from './value-set.js'

/** comm holds 15 bytes and a NUL */
const COMM_BYTES = 15

/** The condition for one event type. */
type Decision = 'never' | 'always' | PlanSlot

function planSet<T>(set: ValueSet<T>, fits: (v: T) => boolean = () => true): PlanSet<T> | 'never' | undefined {
  const values = [...set.values].filter((v): v is T & {} => v !== undefined && fits(v as T))
  if (set.not) return values.length === 0 ? undefined : { values: values.slice(0, MAX_VALUES), not: true }
  if (values.length === 0) return 'never'
  return values.length > MAX_VALUES ? undefined : { values, not: false }
}

/** The kinds of descriptor that a slot requires; undefined: any. */
function kindsOf({ kind }: PropertyBounds): readonly DescriptorKind[] | undefined {
  if (kind.not || kind.values.has(undefined)) return undefined
  const kinds = DESCRIPTOR_KINDS.filter((k) => kind.values.has(k))
  return kinds.length === DESCRIPTOR_KINDS.length ? undefined : kinds
}

/** The condition that the kernel can test for some bounds: weaker than the bounds where it cannot express them. */
export function decisionOf(bounds: MaybeBounds): Decision {
  if (bounds === undefined) return 'never'
  // the kernel compares up to the NUL: a name that no process can have is left to the predicate
  const comm = planSet(bounds.comm, (name) => Buffer.byteLength(name) <= COMM_BYTES && !name.includes('\0'))
  const pid = planSet(bounds.pid)
  const tid = planSet(bounds.tid)
  const uid = planSet(bounds.uid)
  const failed = planSet(bounds.failed)
  if (comm === 'never' || pid === 'never' || tid === 'never' || uid === 'never' || failed === 'never') return 'never'
  const slot: { -readonly [K in keyof PlanSlot]: PlanSlot[K] } = {}
  if (failed?.values.length === 1) slot.failed = failed.values[0] !== failed.not
  const kinds = kindsOf(bounds)
  if (kinds !== undefined) slot.kinds = kinds
  if (comm !== undefined) slot.comm = comm
  if (pid !== undefined) slot.pid = pid
  if (tid !== undefined) slot.tid = tid
  if (uid !== undefined) slot.uid = uid
  return Object.keys(slot).length === 0 ? 'always' : slot
}

/** The bounds of a slot's events, and the conditions on their containers and processes. */
export interface Wanted {
  readonly bounds: MaybeBounds
  readonly container: SlotForm | undefined
  readonly process: SlotForm | undefined
}

function keyOf({ bounds, container, process }: Wanted): string {
  return JSON.stringify([decisionOf(bounds), container?.key, process?.key])
}

/** Tests that a slot expresses itself, if it has a condition on the thread. */
const IN_SLOTS = new Set(['comm', 'pid', 'tid', 'uid'])

/** Whether the rest of the slot decides what the form on processes does, and at once. */
function isExpressed(bounds: MaybeBounds, form: SlotForm): boolean {
  if (form.tests.every(dependsOnContainer)) return true
  const decision = decisionOf(bounds)
  if (typeof decision === 'string' || !restrictsThread(decision)) return false
  return form.tests.every(({ left, op, constants }) => {
    if (left.kind !== 'field' || !IN_SLOTS.has(left.use.def.property ?? '')) return false
    return ['=', '==', '!=', 'in'].includes(op.text) && constants.length <= MAX_VALUES
  })
}

/** Assigns slots; when none is free the last one is widened to include the rest. */
export class Slots {
  private readonly wanted: Wanted[] = []
  private readonly keys: string[] = []

  add({ bounds, container, process: allProcesses }: Wanted): number {
    const decision = decisionOf(bounds)
    if (decision === 'never') return VERDICT.DROP
    const process = allProcesses && isExpressed(bounds, allProcesses) ? undefined : allProcesses
    if (decision === 'always' && container === undefined && process === undefined) return VERDICT.PASS
    const key = keyOf({ bounds, container, process })
    let i = this.keys.indexOf(key)
    if (i < 0) {
      i = this.wanted.length
      if (i < MAX_SLOTS) {
        this.wanted.push({ bounds, container, process })
        this.keys.push(key)
      } else {
        i = MAX_SLOTS - 1
        const last = this.wanted[i] as Wanted
        const all = {
          bounds: uniteBounds(last.bounds, bounds),
          container: uniteForms(last.container, container),
          process: uniteForms(last.process, process),
        }
        this.wanted[i] = all
        this.keys[i] = keyOf(all)
      }
    }
    return VERDICT.SLOT + i
  }

  /** The slots; one that was widened to everything has no condition. */
  list(): PlanSlot[] {
    return this.wanted.map(({ bounds, container, process }) => {
      const d = decisionOf(bounds)
      return { ...(typeof d === 'string' ? {} : d), ...(container && { container }), ...(process && { process }) }
    })
  }
}

/** Whether a slot has a condition on the thread. */
export function restrictsThread(slot: PlanSlot): boolean {
  return (slot.comm ?? slot.pid ?? slot.tid ?? slot.uid) !== undefined
}
