// How often the conditions of a tree ask the same: what is asked several times is worth being kept for one event.
import { isStateful, valueKey } from '../../filter/intern.js'
import type { FieldNode, Node, TestNode, ValueNode } from '../../filter/typed.js'
import type { Branch } from './conditions-at.js'
import { isMembership, type ValueClasses, valueClasses } from './value-classes.js'

/** Tests of one field by its value from which on one look at the value is cheaper than all of them. */
const WORTH_CLASSES = 3
/** Cost of a test from which on its answer is kept rather than found again, and the same of a field's value. */
const WORTH_KEEPING = 2

/** Values of one field together, for all tests that ask only which one it is. */
export interface ClassesOf extends ValueClasses {
  readonly field: FieldNode
}

export class Uses {
  private readonly nodes = new Map<Node, number>()
  private readonly fields = new Map<string, number>()
  private readonly classes = new Map<Node, ClassesOf>()

  constructor(tree: Branch) {
    const open = [tree]
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const [n, next] of at.below) {
        this.countNode(n)
        open.push(next)
      }
    const tests = [...this.nodes.keys()].filter((n) => n.kind === 'test')
    const together = this.classify(tests)
    for (const { field } of together) this.countField(field, 1)
    for (const test of tests) {
      if (this.classes.has(test)) continue
      const times = this.isShared(test) ? 1 : (this.nodes.get(test) as number)
      this.countFields(test.left, times)
      if (test.right !== undefined) this.countFields(test.right, times)
    }
  }

  /** Whether several ask the same, and the answer is worth keeping. */
  isShared(n: Node): boolean {
    if (n.kind === 'not' || (this.nodes.get(n) ?? 0) < 2) return false
    return n.kind !== 'test' || (n.op.cost >= WORTH_KEEPING && !this.classes.has(n))
  }

  /** Whether several tests look at the value, which does not depend on how often. */
  isSharedField(v: FieldNode): boolean {
    return (
      (this.fields.get(valueKey(v)) ?? 0) > 1 && (v.use.def.cost ?? WORTH_KEEPING) >= WORTH_KEEPING && !isStateful(v)
    )
  }

  /** What decides a test together with others of its field; undefined: it is decided by itself. */
  classesOf(test: TestNode): ClassesOf | undefined {
    return this.classes.get(test)
  }

  private countNode(n: Node): void {
    if (n.kind === 'not') {
      this.countNode(n.item)
      return
    }
    const times = (this.nodes.get(n) ?? 0) + 1
    this.nodes.set(n, times)
    // what is asked of a part is asked once where its answer is kept
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

  private classify(tests: readonly TestNode[]): readonly ClassesOf[] {
    const byField = new Map<string, TestNode[]>()
    for (const test of tests) {
      if (!isMembership(test)) continue
      const key = valueKey(test.left)
      const of = byField.get(key)
      if (of === undefined) byField.set(key, [test])
      else of.push(test)
    }
    const found: ClassesOf[] = []
    for (const of of byField.values()) {
      if (of.length < WORTH_CLASSES) continue
      const classes = { ...valueClasses(of), field: (of[0] as TestNode).left as FieldNode }
      for (const test of of) this.classes.set(test, classes)
      found.push(classes)
    }
    return found
  }
}
