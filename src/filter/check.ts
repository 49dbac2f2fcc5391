// Syntax tree to typed tree: checks the operators of tests, and turns literals into values.
import type { Ast, Call, Check, Expr, FieldRef, Literal, Span } from './ast.js'
import { ValueChecker } from './check-values.js'
import { FilterError } from './error.js'
import { eventNames, isEventName } from './events.js'
import { impossible } from './impossible.js'
import { parseLiteral } from './literals.js'
import { type Constant, type Kind, OPERATORS, type Operator } from './operators.js'
import type { FieldRegistry, FieldUse } from './registry.js'
import { didYouMean } from './suggest.js'
import type { TimeOfDay } from './time.js'
import type { CheckedFilter, FieldNode, Node, TestNode, ValueNode } from './typed.js'

const KIND_NAMES: Record<Kind, string> = {
  number: 'a number',
  time: 'a time',
  bool: 'true or false',
  string: 'text',
  bytes: 'bytes',
  ip: 'an IP address',
  net: 'a network',
}
const ORDERS = /^[<>]/

/** A warning for text compared by order, which is probably unintended. */
function textsOrdered(name: string): string {
  const number = name.startsWith('evt.arg') ? name.replace('evt.', 'evt.raw') : name === 'evt.res' ? 'evt.rawres' : ''
  const hint = number === '' ? '' : `; ${number} is the number`
  return `${name} is text and compared letter by letter, so that 10 comes before 9${hint}`
}

class Checker {
  readonly warnings: string[] = []
  private readonly values: ValueChecker
  private readonly known = new Map<Expr, Node>()

  constructor(private readonly fields: FieldRegistry) {
    this.values = new ValueChecker(fields)
  }

  get fieldsUsed(): readonly string[] {
    return [...this.values.fieldsUsed]
  }

  /** Subtrees shared with a tree checked before are checked once, and their results are shared too. */
  ast({ text, root }: Ast): Node {
    this.values.text = text
    return this.expr(root)
  }

  private fail(message: string, span: Span): never {
    throw new FilterError(message, span.pos, span.len, this.values.text)
  }

  private expr(e: Expr): Node {
    const found = this.known.get(e)
    if (found !== undefined) return found
    const node = this.checked(e)
    this.known.set(e, node)
    return node
  }

  private checked(e: Expr): Node {
    if (e.kind === 'check') return this.check(e)
    if (e.kind === 'not') return { kind: 'not', item: this.expr(e.item) }
    return { kind: e.kind, items: e.items.map((i) => this.expr(i)) }
  }

  private check(c: Check): TestNode {
    let left = this.values.value(c.left, true)
    let op = OPERATORS.get(c.op) as Operator
    if (left.kind === 'field') {
      left = this.pointInTime(left, op, c.left.span)
      if (op.text === '=' && left.use.def.equalsMeans === 'atMost') op = OPERATORS.get('<=') as Operator
    }
    this.checkOperator(left, op, c)
    if (c.right === undefined) return { kind: 'test', left, op, constants: [], check: c }
    if (c.right.kind === 'field' || c.right.kind === 'call') return this.compareWithValue(left, op, c, c.right)
    const literals = c.right.kind === 'list' ? c.right.items : [c.right]
    const constants = literals.map((l) => this.literal(left, op, l))
    return { kind: 'test', left, op, modifier: c.modifier, constants, check: c }
  }

  /** Text of a time of day or a date is ordered by the time it represents. */
  private pointInTime(node: FieldNode, op: Operator, span: Span): FieldNode {
    const time = node.use.def.json
    if (node.type !== 'string' || time === undefined || !ORDERS.test(op.text)) return node
    if (this.fields.get(time)?.type !== 'abstime') return node
    return this.values.field({ kind: 'field', name: time, span }, true)
  }

  private checkOperator(left: ValueNode, op: Operator, c: Check): void {
    const name = describe(c.left)
    if (left.cardinality === 'list' && !op.lists)
      this.fail(`'${op.text}' cannot compare the list ${name}; use in, intersects or exists`, c.opSpan)
    if (op.kinds.includes(left.type)) {
      if (left.type === 'string' && ORDERS.test(op.text) && (left.kind !== 'field' || !left.dynamic))
        this.warnings.push(textsOrdered(name))
      return
    }
    const usable = [...OPERATORS.values()].filter((o) => o.kinds.includes(left.type)).map((o) => o.text)
    this.fail(
      `'${op.text}' cannot be used with ${name}, which is ${KIND_NAMES[left.type]}; use ${usable.join(' ')}`,
      c.opSpan,
    )
  }

  private compareWithValue(left: ValueNode, op: Operator, c: Check, right: FieldRef | Call): TestNode {
    const node = this.values.value(right, false)
    if (node.kind === 'const') {
      const texts = Array.isArray(node.value) ? (node.value as readonly string[]) : [node.value as Constant]
      if (node.type !== left.type) this.mismatch(left, node, right.span)
      return { kind: 'test', left, op, constants: texts, check: c }
    }
    if (!op.fieldRight || left.type === 'net')
      this.fail(`'${op.text}' compares ${describe(c.left)} with constants only, not with another field`, right.span)
    if (left.kind === 'field' && left.dynamic)
      this.fail(
        `${describe(c.left)} has a different type in each event and can be compared with constants only`,
        right.span,
      )
    if (node.type !== left.type) this.mismatch(left, node, right.span)
    if (node.cardinality === 'list' && op.right !== 'list')
      this.fail(`the right side is a list, which '${op.text}' cannot compare; use in or intersects`, right.span)
    return { kind: 'test', left, op, constants: [], right: node, check: c }
  }

  private mismatch(left: ValueNode, right: ValueNode, span: Span): never {
    this.fail(`the left side is ${KIND_NAMES[left.type]}, the right side ${KIND_NAMES[right.type]}`, span)
  }

  private literal(left: ValueNode, op: Operator, l: Literal): Constant | TimeOfDay {
    if (left.kind !== 'field') {
      const type = left.type === 'number' ? 'int64' : left.type === 'bytes' ? 'bytebuf' : 'string'
      const p = parseLiteral(op, type, l.text, false, false)
      return 'wrong' in p ? this.fail(p.wrong, l.span) : p.value
    }
    const { use } = left
    const p = parseLiteral(
      op,
      use.def.epoch ? 'abstime' : use.type,
      l.text,
      use.name.endsWith('.s'),
      left.dynamic || use.def.exact === true,
    )
    if ('wrong' in p) {
      const byName = use.name === 'user.uid' || use.name === 'group.gid'
      const hint = byName ? `; to compare names, use ${use.name.replace(/[ug]id$/, 'name')}` : ''
      this.fail(`${use.text}: ${p.wrong}${hint}`, l.span)
    }
    this.checkPlausible(use, op, l)
    return p.value
  }

  /** Rejects unknown event names; warns about values that are probably mistakes. */
  private checkPlausible(use: FieldUse, op: Operator, l: Literal): void {
    const exact = op.text === '=' || op.text === '==' || op.text === '!=' || op.right === 'list'
    if (!exact && !ORDERS.test(op.text)) return
    if ((use.name === 'evt.type' || use.name === 'syscall.type') && !isEventName(l.text))
      throw new FilterError(
        `there is no event named '${l.text}'${didYouMean(l.text, eventNames())}; ksys -L lists all events`,
        l.span.pos,
        l.span.len,
        this.values.text,
        true,
      )
    if (!exact) return
    const warning = op.text === 'pmatch' ? undefined : impossible(use, l.text, this.fields)
    if (warning !== undefined) this.warnings.push(warning)
    if (!l.quoted && /^[a-z]+\.[a-z_.]+$/.test(l.text) && this.fields.get(l.text) !== undefined)
      this.warnings.push(`'${l.text}' is compared as text; write val(${l.text}) to compare with the field`)
  }
}

function describe(left: FieldRef | Call): string {
  return left.kind === 'field' ? left.name : `${left.name}()`
}

/** Checks a parsed filter against the available fields. Throws FilterError. */
export function checkAst(ast: Ast, fields: FieldRegistry): CheckedFilter {
  const checker = new Checker(fields)
  const root = checker.ast(ast)
  return { ast, root, fieldsUsed: checker.fieldsUsed, warnings: checker.warnings }
}

/** Several filters that were checked together. */
interface CheckedTogether {
  /** in the order of the filters; subtrees that they have in common are the same objects */
  readonly roots: readonly Node[]
  /** every field that any of them reads */
  readonly fieldsUsed: readonly string[]
}

/** Checks several filters; shared subtrees are checked once. Throws FilterError. */
export function checkAsts(asts: readonly Ast[], fields: FieldRegistry): CheckedTogether {
  const checker = new Checker(fields)
  const roots = asts.map((ast) => checker.ast(ast))
  return { roots, fieldsUsed: checker.fieldsUsed }
}
