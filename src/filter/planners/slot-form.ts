// Reduces a filter to its conditions of one kind, on containers or on processes: for an event type, every other test is left open. If the
// result is certainly false for a container or a process, none of its events of that type can pass.
import { GLYPHS } from '../../model/glyphs.js'
import type { JudgedCondition } from '../../source/plan.js'
import { printExpr } from '../ast.js'
import { FALSE, TRUE, type Truth, UNKNOWN } from '../bytype.js'
import type { JoinNode, Node, NotNode, TestNode } from '../typed.js'
import type { ConditionByType } from './condition-by-type.js'
import { fieldsOf } from './judged-tests.js'

/** A formula over the tests of that kind. A truth value where the type decides, UNKNOWN where other tests decide. */
type Formula =
  | Truth
  | TestNode
  | { readonly kind: 'not'; readonly item: Formula }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Formula[] }

/** Results of tests for one container or process. */
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
  if (f.kind === 'test') return testText(f)
  if (f.kind === 'not') return `not (${text(f.item)})`
  return f.items
    .map((i) => (typeof i === 'number' || i.kind === 'test' || i.kind === 'not' ? text(i) : `(${text(i)})`))
    .join(` ${f.kind} `)
}

/** A set that joins several checks has the source of the first. */
function testText({ check, op, left, constants }: TestNode): string {
  if (op.text === check.op || left.kind !== 'field') return printExpr(check)
  return `${left.use.text} ${op.text} (${constants.map(String).join(', ')})`
}

const numbers = new WeakMap<TestNode, number>()
let lastNumber = 0

/** A text that is equal for equal formulas of one plan only. */
function keyOf(f: Formula): string {
  if (typeof f === 'number') return String.fromCharCode(97 + f)
  if (f.kind === 'not') return `!${keyOf(f.item)}`
  if (f.kind !== 'test') return `(${f.items.map(keyOf).join(f.kind === 'and' ? '&' : '|')})`
  let number = numbers.get(f)
  if (number === undefined) {
    number = ++lastNumber
    numbers.set(f, number)
  }
  return String(number)
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

/** A condition of a slot that user space judges. */
export class SlotForm implements JudgedCondition {
  readonly text: string

  constructor(readonly formula: Formula) {
    this.text = text(formula)
  }

  /** Whether it depends on more than the thread itself: on its ancestors or its container. */
  get ofLineage(): boolean {
    return this.tests.some((test) => fieldsOf(test).some((use) => use.def.ofProcess !== 'own'))
  }

  /** Equal for equal conditions of one plan only. */
  get key(): string {
    return keyOf(this.formula)
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

/** The form that excludes only what both exclude; undefined if nothing is excluded. */
export function uniteForms(a: SlotForm | undefined, b: SlotForm | undefined): SlotForm | undefined {
  if (a === undefined || b === undefined) return undefined
  return a.key === b.key ? a : formOf(join('or', [a.formula, b.formula]))
}

function formOf(f: Formula): SlotForm | undefined {
  return canBe(f, false) && typeof f !== 'number' ? new SlotForm(f) : undefined
}

/**
 * Returns the function from event codes to the condition under which one of these events can pass; undefined: there is none.
 * isJudged: whether the condition consists of a test.
 */
export function slotForms(
  conditions: ConditionByType,
  isJudged: (test: TestNode) => boolean,
): (codes: readonly number[]) => SlotForm | undefined {
  const tests = new Set([...conditions.tests].filter(isJudged))
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
      // no condition if one of the codes can pass everywhere
      if (f !== FALSE && !canBe(f, false)) return undefined
      parts.set(keyOf(f), f)
    }
    const all = join('or', [...parts.values()])
    return canBe(all, false) && typeof all !== 'number' ? new SlotForm(all) : undefined
  }
}
