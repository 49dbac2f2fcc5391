// Syntax tree to typed tree: resolves fields, checks operator types, turns literals into values.
import { isOperand, isRightSide } from '../fields/field.js'
import { wordsOf } from '../fields/registry.js'
import type { Argument, Ast, Call, Check, Expr, FieldRef, ListLiteral, Literal, Span } from './ast.js'
import { FilterError } from './error.js'
import { eventNames, isEventName } from './events.js'
import { impossible } from './impossible.js'
import { kindOf, parseLiteral } from './literals.js'
import { type Constant, type Kind, OPERATORS, type Operator } from './operators.js'
import { type FieldRegistry, type FieldUse, resolveField } from './registry.js'
import { didYouMean } from './suggest.js'
import type { TimeOfDay } from './time.js'
import { TEXT, TRANSFORMERS, type ValueType } from './transformers.js'
import type { CallNode, CheckedFilter, ConstNode, FieldNode, Node, TestNode, ValueNode } from './typed.js'

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
  readonly fieldsUsed = new Set<string>()
  readonly warnings: string[] = []
  private readonly known = new Map<Expr, Node>()
  /** the filter being checked, for error messages */
  private text = ''

  constructor(readonly fields: FieldRegistry) {}

  /** Subtrees shared with a tree checked before are checked once, and their results are shared too. */
  ast({ text, root }: Ast): Node {
    this.text = text
    return this.expr(root)
  }

  fail(message: string, span: Span): never {
    throw new FilterError(message, span.pos, span.len, this.text)
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
    let left = this.value(c.left, true)
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
    return this.field({ kind: 'field', name: time, span }, true)
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
    const node = this.value(right, false)
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
        this.text,
        true,
      )
    if (!exact) return
    const warning = op.text === 'pmatch' ? undefined : impossible(use, l.text, this.fields)
    if (warning !== undefined) this.warnings.push(warning)
    if (!l.quoted && /^[a-z]+\.[a-z_.]+$/.test(l.text) && this.fields.get(l.text) !== undefined)
      this.warnings.push(`'${l.text}' is compared as text; write val(${l.text}) to compare with the field`)
  }

  value(v: FieldRef | Call, left: boolean): ValueNode {
    if (v.kind === 'field') return this.field(v, left)
    if (v.name === 'val') {
      const inner = v.args[0]
      if (v.args.length !== 1 || inner?.kind !== 'field') this.fail('val() takes one field', v.span)
      return this.field(inner, left)
    }
    return this.call(v)
  }

  private field(ref: FieldRef, left: boolean): FieldNode {
    const use = resolveField(this.fields, ref, this.text)
    const { def } = use
    if (def.filter === false) this.fail(`${use.name} can be printed only, not used in a filter`, ref.span)
    if (!left && !isRightSide(def)) this.fail(`${use.text} cannot be used on the right side`, ref.span)
    this.fieldsUsed.add(use.text)
    const cardinality = def.list ? 'list' : use.multi ? (def.multi ?? 'any') : 'one'
    return {
      kind: 'field',
      use,
      type: def.epoch ? 'time' : kindOf(use.type),
      cardinality,
      dynamic: def.type === 'dynamic',
    }
  }

  private call(c: Call): ValueNode {
    const t = TRANSFORMERS.get(c.name)
    if (t === undefined) this.fail(`unknown transformer '${c.name}'`, c.span)
    const [least, most] = t.args
    if (c.args.length < least || c.args.length > most)
      this.fail(
        `${c.name}() takes ${least === most ? least : `${least} or more`} arguments, not ${c.args.length}`,
        c.span,
      )
    if (c.index !== undefined && t.index !== true) this.fail(`${c.name}() takes no index in brackets`, c.span)
    const list = c.args[1]
    if (c.name === 'join' && list?.kind === 'list') return this.joined(c, list)
    const args = c.args.map((a, i) => (i === t.list ? asList(this.argument(a)) : this.argument(a)))
    return this.apply(c, args)
  }

  private apply(c: Call, args: readonly ValueNode[]): ValueNode {
    const t = TRANSFORMERS.get(c.name) as NonNullable<ReturnType<typeof TRANSFORMERS.get>>
    const argTypes: ValueType[] = args.map((a) => ({ kind: a.type, list: a.cardinality === 'list' }))
    const type = t.type(argTypes, c.index)
    if (typeof type === 'string') this.fail(type, c.span)
    const cardinality = type.list ? 'list' : 'one'
    const call: CallNode = {
      kind: 'call',
      transformer: t,
      args,
      argTypes,
      index: c.index,
      type: type.kind,
      cardinality,
    }
    if (!args.every((a) => a.kind === 'const')) return call
    const f = t.make(argTypes, c.index)
    const values = args.map((a) => (a as ConstNode).value)
    let value = f(values[0], values[1])
    for (let i = 2; t.reduces === true && i < values.length; i++) value = f(value, values[i])
    if (value !== undefined) return { kind: 'const', value: value as ConstNode['value'], type: type.kind, cardinality }
    if (t.mayBeAbsent !== true) this.fail(`${c.name}() has no result for these arguments`, c.span)
    // absent for each event, as with fields
    return call
  }

  /** join() of a written list is the concatenation of its items, numbers as text, with the separator between them. */
  private joined(c: Call, list: ListLiteral<FieldRef | Call | Literal>): ValueNode {
    const separator = this.argument(c.args[0] as Argument)
    const parts: ValueNode[] = []
    for (const item of list.items) {
      if (parts.length > 0) parts.push(separator)
      parts.push(asText(this.argument(item)))
    }
    const wrong = [separator, ...parts].some((p) => p.type !== 'string' || p.cardinality !== 'one')
    if (wrong) this.fail('join() takes a separator and a list of texts or numbers', c.span)
    if (parts.length === 0) return { kind: 'const', value: '', type: 'string', cardinality: 'one' }
    return parts.length === 1 ? (parts[0] as ValueNode) : this.apply({ ...c, name: 'concat' }, parts)
  }

  private argument(a: Argument): ValueNode {
    if (a.kind === 'literal') return { kind: 'const', value: a.text, type: 'string', cardinality: 'one' }
    if (a.kind === 'list') {
      const value = a.items.map((i) => (i.kind === 'literal' ? i.text : this.fail('expected a quoted text', i.span)))
      return { kind: 'const', value, type: 'string', cardinality: 'list' }
    }
    const node = this.value(a, true)
    if (node.kind === 'field' && !isOperand(node.use.def))
      this.fail(`${node.use.text} cannot be used in a transformer`, a.span)
    return node
  }
}

/** A number as its text. */
function asText(node: ValueNode): ValueNode {
  if (node.kind === 'const' || node.type !== 'number' || node.cardinality !== 'one') return node
  const argTypes = [{ kind: node.type, list: false }]
  return {
    kind: 'call',
    transformer: TEXT,
    args: [node],
    argTypes,
    index: undefined,
    type: 'string',
    cardinality: 'one',
  }
}

/** A field that offers its words separately becomes the list of them. */
function asList(node: ValueNode): ValueNode {
  const use = node.kind === 'field' ? wordsOf(node.use) : undefined
  return use === undefined ? node : { ...(node as FieldNode), use, cardinality: 'list' }
}

function describe(left: FieldRef | Call): string {
  return left.kind === 'field' ? left.name : `${left.name}()`
}

/** Checks a parsed filter against the available fields. Throws FilterError. */
export function checkAst(ast: Ast, fields: FieldRegistry): CheckedFilter {
  const checker = new Checker(fields)
  const root = checker.ast(ast)
  return { ast, root, fieldsUsed: [...checker.fieldsUsed], warnings: checker.warnings }
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
  return { roots, fieldsUsed: [...checker.fieldsUsed] }
}
