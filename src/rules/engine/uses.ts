// Counts how often conditions and field values are used: those used several times may be worth caching for one event.
import { isStateful, valueKey } from '../../filter/intern.js'
import type { FieldNode, Node, ValueNode } from '../../filter/typed.js'
import type { TypePlan } from './conditions-at.js'

/** Cost of a test or a field's value from which on its result is cached instead of computed again. */
const WORTH_KEEPING = 2

export class Uses {
  private readonly nodes = new Map<Node, number>()
  private readonly fields = new Map<string, number>()

  constructor({ common, remaining }: TypePlan) {
    for (const n of remaining.flat()) this.countNode(n)
    for (const step of common) if ('condition' in step) this.countNode(step.condition)
    for (const n of this.nodes.keys()) {
      if (n.kind !== 'test') continue
      const times = this.isShared(n) ? 1 : (this.nodes.get(n) as number)
      this.countFields(n.left, times)
      if (n.right !== undefined) this.countFields(n.right, times)
    }
    for (const step of common) if ('field' in step) this.countField(step.field, 1)
  }

  /** Whether the condition is used several times and its result is worth caching. */
  isShared(n: Node): boolean {
    if (n.kind === 'not' || (this.nodes.get(n) ?? 0) < 2) return false
    return n.kind !== 'test' || n.op.cost >= WORTH_KEEPING
  }

  /** Whether several tests use the value, and it does not depend on how often it is read. */
  isSharedField(v: FieldNode): boolean {
    return (
      (this.fields.get(valueKey(v)) ?? 0) > 1 && (v.use.def.cost ?? WORTH_KEEPING) >= WORTH_KEEPING && !isStateful(v)
    )
  }

  private countNode(n: Node): void {
    if (n.kind === 'not') {
      this.countNode(n.item)
      return
    }
    const times = (this.nodes.get(n) ?? 0) + 1
    this.nodes.set(n, times)
    // the items of a cached condition are evaluated once
    if (times === 1 && n.kind !== 'test') for (const item of n.items) this.countNode(item)
  }

  private countFields(v: ValueNode, times: number): void {
    if (v.kind === 'field') this.countField(v, times)
    else if (v.kind === 'call') for (const a of v.args) this.countFields(a, times)
  }

  private countField(v: FieldNode, times: number): void {
    const key = valueKey(v)
    this.fields.set(key, (this.fields.get(key) ?? 0) + times)
  }
}
