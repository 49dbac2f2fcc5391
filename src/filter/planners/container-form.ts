// What a filter says about containers alone: for an event type, the filter with everything but its tests of container and
// pod left open. For one container that may be certainly false, and then none of its events of that type can pass.
import type { ContainerCondition } from '../../source/plan.js'
import { printExpr } from '../ast.js'
import { FALSE, TRUE, type Truth, TypeKeys, UNKNOWN } from '../bytype.js'
import {
  type CheckedFilter,
  eachTest,
  type JoinNode,
  type Node,
  type NotNode,
  type TestNode,
  type ValueNode,
} from '../typed.js'
import { withImplied } from './implied.js'

/** These go on while the container stays the same. */
const TIMED = new Set(['container.duration', 'container.start_ts'])

function onlyContainers(v: ValueNode): boolean {
  if (v.kind === 'const') return true
  if (v.kind === 'call') return v.args.every(onlyContainers)
  return /^(container|k8s)\./.test(v.use.name) && !TIMED.has(v.use.name) && v.use.opaque !== true
}

function hasField(v: ValueNode): boolean {
  return v.kind === 'field' || (v.kind === 'call' && v.args.some(hasField))
}

/** Whether the answer of a test depends on the container and nothing else. */
function isOfContainer(test: TestNode): boolean {
  const { left, right } = test
  return hasField(left) && onlyContainers(left) && (right === undefined || onlyContainers(right))
}

/** A formula over tests of the container. A truth where that is certain, or open (UNKNOWN) where other things decide. */
type Formula =
  | Truth
  | TestNode
  | { readonly kind: 'not'; readonly item: Formula }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Formula[] }

/** What tests are for a container, by test. */
export type Answers = (test: TestNode) => Truth

function negated(t: Truth): Truth {
  return t === UNKNOWN ? UNKNOWN : t === TRUE ? FALSE : TRUE
}

function truthOf(f: Formula, answers: Answers): Truth {
  if (typeof f === 'number') return f
  if (f.kind === 'test') return answers(f)
  if (f.kind === 'not') return negated(truthOf(f.item, answers))
  const decisive = f.kind === 'and' ? FALSE : TRUE
  let result: Truth = negated(decisive)
  for (const item of f.items) {
    const t = truthOf(item, answers)
    if (t === decisive) return decisive
    if (t === UNKNOWN) result = UNKNOWN
  }
  return result
}

/** Whether answers are thinkable with which the formula is certainly `wanted`. */
function canBe(f: Formula, wanted: boolean): boolean {
  if (typeof f === 'number') return f === (wanted ? TRUE : FALSE)
  if (f.kind === 'test') return true
  if (f.kind === 'not') return canBe(f.item, !wanted)
  return (f.kind === 'and') === wanted ? f.items.every((i) => canBe(i, wanted)) : f.items.some((i) => canBe(i, wanted))
}

function text(f: Formula): string {
  if (typeof f === 'number') return f === UNKNOWN ? '…' : f === TRUE ? 'true' : 'false'
  if (f.kind === 'test') return printExpr(f.check)
  if (f.kind === 'not') return `not (${text(f.item)})`
  return f.items
    .map((i) => (typeof i === 'number' || i.kind === 'test' || i.kind === 'not' ? text(i) : `(${text(i)})`))
    .join(` ${f.kind} `)
}

function join(kind: 'and' | 'or', items: readonly Formula[]): Formula {
  const decisive = kind === 'and' ? FALSE : TRUE
  const rest = new Set<Formula>()
  for (const f of items) {
    if (f === decisive) return decisive
    if (f !== negated(decisive)) rest.add(f)
  }
  if (rest.size === 0) return negated(decisive)
  return rest.size === 1 ? ([...rest][0] as Formula) : { kind, items: [...rest] }
}

/** A condition of a slot, with what it takes to decide it. */
export class ContainerForm implements ContainerCondition {
  readonly text: string

  constructor(private readonly formula: Formula) {
    this.text = text(formula)
  }

  /** The tests in it. */
  get tests(): readonly TestNode[] {
    const found = new Set<TestNode>()
    const visit = (f: Formula): void => {
      if (typeof f === 'number') return
      if (f.kind === 'test') found.add(f)
      else for (const i of f.kind === 'not' ? [f.item] : f.items) visit(i)
    }
    visit(this.formula)
    return [...found]
  }

  /** Whether with these answers nothing can pass. */
  excludes(answers: Answers): boolean {
    return truthOf(this.formula, answers) === FALSE
  }
}

/** Makes the function from event codes to what containers must be like for one of these events to pass; undefined: anything. */
export function containerForms(filter: CheckedFilter): (codes: readonly number[]) => ContainerForm | undefined {
  const tests = new Set<TestNode>()
  const others = new Set<TestNode>()
  const root = withImplied(filter.root)
  eachTest(root, (test) => {
    if (isOfContainer(test)) tests.add(test)
    else others.add(test)
  })
  if (tests.size === 0) return () => undefined
  const types = new TypeKeys(others)

  // parts of filters may be in several places
  const known = new Map<Node, Formula>()
  const formula = (n: Node, code: number): Formula => {
    if (n.kind === 'test') return tests.has(n) ? n : types.truth(n, code)
    const found = known.get(n)
    if (found !== undefined) return found
    const made = composed(n, code)
    known.set(n, made)
    return made
  }
  const composed = (n: JoinNode | NotNode, code: number): Formula => {
    if (n.kind === 'not') {
      const item = formula(n.item, code)
      return typeof item === 'number' ? negated(item) : { kind: 'not', item }
    }
    return join(
      n.kind,
      n.items.map((i) => formula(i, code)),
    )
  }
  const byKey = new Map<string, Formula>()
  const formulaOf = (code: number): Formula => {
    const key = types.key(code)
    let f = byKey.get(key)
    if (f === undefined) {
      known.clear()
      f = formula(root, code)
      byKey.set(key, f)
    }
    return f
  }
  return (codes) => {
    const parts = new Map<string, Formula>()
    for (const code of codes) {
      const f = formulaOf(code)
      // what can pass anywhere for one of the codes needs no text
      if (f !== FALSE && !canBe(f, false)) return undefined
      parts.set(text(f), f)
    }
    const all = join('or', [...parts.values()])
    return canBe(all, false) && typeof all !== 'number' ? new ContainerForm(all) : undefined
  }
}
