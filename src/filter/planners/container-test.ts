// The container condition of a filter: a condition on the thread's container alone that every passing event meets.
import type { FieldContext } from '../../fields/field.js'
import { EventBatch } from '../../model/batch.js'
import { Event } from '../../model/event.js'
import { FdTable, Thread } from '../../model/thread.js'
import { EVENTS, LAYOUTS } from '../../schema/events/index.js'
import { compileNode } from '../compile.js'
import { withImplied } from '../planner-hints.js'
import { type CheckedFilter, eachTest, type Node, type ValueNode } from '../typed.js'

/** Ids that no thread has. */
const NO_ID = -2

/** The test of a thread's container; undefined if the filter does not restrict containers. */
export function containerTest(filter: CheckedFilter, ctx: FieldContext): ((t: Thread) => boolean) | undefined {
  const part = containerPart(withImplied(filter.root))
  if (part === undefined) return undefined
  const test = compileNode(part, ctx)
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(new EventBatch(undefined, 2), 0)
  const passes = (t: Thread) => {
    e.thread = t
    return test(e)
  }
  // a condition that holds for a thread without a container does not restrict containers
  return test(e) || passes(new Thread(NO_ID, NO_ID, new FdTable())) ? undefined : passes
}

/** The part of a node that depends on the container only and holds whenever the node does; undefined if there is none. */
function containerPart(n: Node): Node | undefined {
  if (dependsOnContainerOnly(n)) return n
  if (n.kind !== 'and' && n.kind !== 'or') return undefined
  const items = n.items.map(containerPart).filter((i) => i !== undefined)
  if (items.length === 0 || (n.kind === 'or' && items.length < n.items.length)) return undefined
  return { kind: n.kind, items }
}

/** Whether the node depends on the container only. */
function dependsOnContainerOnly(n: Node): boolean {
  let all = true
  eachTest(n, (t) => {
    all &&= isContainerValue(t.left) && isContainerValue(t.right)
  })
  return all
}

function isContainerValue(v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return true
  return v.kind === 'call' ? v.args.every(isContainerValue) : v.use.def.containerOnly === true && v.use.opaque !== true
}
