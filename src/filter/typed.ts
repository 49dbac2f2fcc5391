// A filter whose names are resolved and whose literals are values: what the compiler and the planners work on.
import type { Ast, Check, Modifier } from './ast.js'
import type { Cardinality, Constant, Kind, Operator } from './operators.js'
import type { FieldUse } from './registry.js'
import type { TimeOfDay } from './time.js'
import type { Transformer, ValueType } from './transformers.js'

export interface FieldNode {
  readonly kind: 'field'
  readonly use: FieldUse
  readonly type: Kind
  readonly cardinality: Cardinality
  /** values may be of another kind than `type` */
  readonly dynamic: boolean
}
export interface CallNode {
  readonly kind: 'call'
  readonly transformer: Transformer
  readonly args: readonly ValueNode[]
  readonly argTypes: readonly ValueType[]
  readonly index: string | undefined
  readonly type: Kind
  readonly cardinality: Cardinality
}
export interface ConstNode {
  readonly kind: 'const'
  readonly value: string | number | Uint8Array | readonly string[]
  readonly type: Kind
  readonly cardinality: Cardinality
}
export type ValueNode = FieldNode | CallNode | ConstNode

export interface TestNode {
  readonly kind: 'test'
  readonly left: ValueNode
  readonly op: Operator
  readonly modifier?: Modifier
  /** what the left side is compared with: constants, or another value */
  readonly constants: readonly (Constant | TimeOfDay)[]
  readonly right?: ValueNode
  /** what holds wherever the test does, for planners (planners/implied.ts) */
  readonly implies?: Node
  /** where it was written; of several that were joined into one, the first */
  readonly check: Check
}
export interface JoinNode {
  readonly kind: 'and' | 'or'
  readonly items: readonly Node[]
}
export interface NotNode {
  readonly kind: 'not'
  readonly item: Node
}
export type Node = JoinNode | NotNode | TestNode

export interface CheckedFilter {
  readonly ast: Ast
  readonly root: Node
  /** every field it reads, as text that finds it in the registry */
  readonly fieldsUsed: readonly string[]
  /** doubts for the person, one sentence each */
  readonly warnings: readonly string[]
}

/** The filter that passes what both do, for planners and for what is compiled; its text is that of the first. */
export function bothOf(a: CheckedFilter, b: CheckedFilter): CheckedFilter {
  return { ...a, root: { kind: 'and', items: [a.root, b.root] }, fieldsUsed: [...a.fieldsUsed, ...b.fieldsUsed] }
}

/** Calls f with every test of a tree. */
export function eachTest(node: Node, f: (test: TestNode) => void): void {
  if (node.kind === 'test') f(node)
  else if (node.kind === 'not') eachTest(node.item, f)
  else for (const i of node.items) eachTest(i, f)
}
