// Reduces a filter to its conditions on containers: for an event type, every test that is not of a container or pod is
// left open. If the result is certainly false for a container, none of its events of that type can pass.
import { GLYPHS } from '../../model/glyphs.js'
import type { ContainerCondition } from '../../source/plan.js'
import { printExpr } from '../ast.js'
import { FALSE, TRUE, type Truth, UNKNOWN } from '../bytype.js'
import type { CheckedFilter, JoinNode, Node, NotNode, TestNode, ValueNode } from '../typed.js'
import { ConditionByType } from './condition-by-type.js'

/** These values change while the container stays the same. */
const TIMED = new Set(['container.duration', 'container.start_ts'])

function onlyContainers(v: ValueNode): boolean {
  if (v.kind === 'const') return true
  if (v.kind === 'call') return v.args.every(onlyContainers)
  return /^(container|k8s)\./.test(v.use.name) && !TIMED.has(v.use.name) && v.use.opaque !== true
}

function hasField(v: ValueNode): boolean {
  return v.kind === 'field' || (v.kind === 'call' && v.args.some(hasField))
}

/** Whether a test depends on the container only. */
function dependsOnContainerOnly(test: TestNode): boolean {
  const { left, right } = test
  return hasField(left) && onlyContainers(left) && (right === undefined || onlyContainers(right))
}

/** A formula over tests of the container. A truth value where the type decides, UNKNOWN where other tests decide. */
type Formula =
  | Truth
  | TestNode
  | { readonly kind: 'not'; readonly item: Formula }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Formula[] }

/** Results of tests for one container. */
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

/** Whether some combination of results makes the formula certainly `wanted`. */
function canBe(f: Formula, wanted: boolean): boolean {
  if (typeof f === 'number') return f === (wanted ? TRUE : FALSE)
  if (f.kind === 'test') return true
  if (f.kind === 'not') return canBe(f.item, !wanted)
  return (f.kind === 'and') === wanted ? f.items.every((i) => canBe(i, wanted)) : f.items.some((i) => canBe(i, wanted))
}

function text(f: Formula): string {
  if (typeof f === 'number') return f === UNKNOWN ? GLYPHS.more : f === TRUE ? 'true' : 'false'
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

/** The container condition of a slot. */
export class ContainerForm implements ContainerCondition {
  readonly text: string

  constructor(private readonly formula: Formula) {
    this.text = text(formula)
  }

  /** The tests that the condition depends on. */
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

  /** Whether nothing can pass with these results. */
  excludes(answers: Answers): boolean {
    return truthOf(this.formula, answers) === FALSE
  }
}

/**
 * Returns the function from event codes to the condition on containers under which one of these events can pass;
 * undefined: any container.
 */
export function containerForms(filter: CheckedFilter): (codes: readonly number[]) => ContainerForm | undefined {
  const conditions = new ConditionByType(filter)
  const tests = new Set([...conditions.tests].filter(dependsOnContainerOnly))
  if (tests.size === 0) return () => undefined

  // subtrees may occur in several places
  const known = new Map<Node, Formula>()
  const formula = (n: Node): Formula => {
    if (n.kind === 'test') return tests.has(n) ? n : UNKNOWN
    const found = known.get(n)
    if (found !== undefined) return found
    const result = composed(n)
    known.set(n, result)
    return result
  }
  const composed = (n: JoinNode | NotNode): Formula => {
    if (n.kind !== 'not') return join(n.kind, n.items.map(formula))
    const item = formula(n.item)
    return typeof item === 'number' ? negated(item) : { kind: 'not', item }
  }
  const formulaOf = (code: number): Formula => {
    const condition = conditions.at(code)
    return typeof condition === 'number' ? condition : formula(condition)
  }
  return (codes) => {
    const parts = new Map<string, Formula>()
    for (const code of codes) {
      const f = formulaOf(code)
      // no condition if one of the codes can pass in any container
      if (f !== FALSE && !canBe(f, false)) return undefined
      parts.set(text(f), f)
    }
    const all = join('or', [...parts.values()])
    return canBe(all, false) && typeof all !== 'number' ? new ContainerForm(all) : undefined
  }
}
