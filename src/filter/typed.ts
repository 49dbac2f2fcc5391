// A filter with resolved names and parsed literals: the input of the compiler and the planners.
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
  /** values may be of a kind other than `type` */
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
  /** the right side: constants, or another value */
  readonly constants: readonly (Constant | TimeOfDay)[]
  readonly right?: ValueNode
  /** for planners: what holds wherever the test does (withImplied) */
  readonly implies?: Node
  /** its source; for several joined checks, the first */
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
  /** every field it reads, as text that the registry resolves */
  readonly fieldsUsed: readonly string[]
  /** warnings for the user, one sentence each */
  readonly warnings: readonly string[]
}

/** The filter that passes what both pass, for planners and compilation; its text is that of the first. */
export function bothOf(a: CheckedFilter, b: CheckedFilter): CheckedFilter {
  return { ...a, root: { kind: 'and', items: [a.root, b.root] }, fieldsUsed: [...a.fieldsUsed, ...b.fieldsUsed] }
}

/** Calls f with every test of a tree. */
export function eachTest(node: Node, f: (test: TestNode) => void): void {
  if (node.kind === 'test') f(node)
  else if (node.kind === 'not') eachTest(node.item, f)
  else for (const i of node.items) eachTest(i, f)
}
