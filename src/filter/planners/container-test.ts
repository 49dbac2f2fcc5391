// What a filter asks about the container of a thread: a condition about it alone that each event which passes meets.
import type { FieldContext } from '../../fields/field.js'
import { EventBatch } from '../../model/batch.js'
import { Event } from '../../model/event.js'
import { FdTable, Thread } from '../../model/thread.js'
import { EVENTS, LAYOUTS } from '../../schema/events/index.js'
import { compileNode } from '../compile.js'
import { type CheckedFilter, eachTest, type Node, type ValueNode } from '../typed.js'
import { withImplied } from './implied.js'

/** Ids that no thread has. */
const NOBODY = -2

/** The test of a thread that has a container; undefined when the filter asks for no certain ones. */
export function containerTest(filter: CheckedFilter, ctx: FieldContext): ((t: Thread) => boolean) | undefined {
  const part = partOf(withImplied(filter.root))
  if (part === undefined) return undefined
  const test = compileNode(part, ctx)
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(new EventBatch(undefined, 2), 0)
  const passes = (t: Thread) => {
    e.thread = t
    return test(e)
  }
  // what holds of a thread without a container is no query about containers
  return test(e) || passes(new Thread(NOBODY, NOBODY, new FdTable())) ? undefined : passes
}

/** The part of a node that is about the container alone and holds whenever the node does; undefined: there is none. */
function partOf(n: Node): Node | undefined {
  if (isOfContainer(n)) return n
  if (n.kind !== 'and' && n.kind !== 'or') return undefined
  const items = n.items.map(partOf).filter((i) => i !== undefined)
  if (items.length === 0 || (n.kind === 'or' && items.length < n.items.length)) return undefined
  return { kind: n.kind, items }
}

/** Whether nothing but the container decides. */
function isOfContainer(n: Node): boolean {
  let all = true
  eachTest(n, (t) => {
    all &&= isValueOf(t.left) && isValueOf(t.right)
  })
  return all
}

function isValueOf(v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return true
  return v.kind === 'call' ? v.args.every(isValueOf) : v.use.def.ofContainer === true && v.use.opaque !== true
}
