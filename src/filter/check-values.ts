// The values of tests: fields and calls of transformers, with their types. Calls of constants are evaluated.
import { isOperand, isRightSide } from '../fields/field.js'
import { wordsOf } from '../fields/registry.js'
import type { Argument, Call, FieldRef, ListLiteral, Literal, Span } from './ast.js'
import { FilterError } from './error.js'
import { kindOf } from './literals.js'
import { type FieldRegistry, resolveField } from './registry.js'
import { TEXT, TRANSFORMERS, type ValueType } from './transformers.js'
import type { CallNode, ConstNode, FieldNode, ValueNode } from './typed.js'

export class ValueChecker {
  readonly fieldsUsed = new Set<string>()
  /** the filter being checked, for error messages */
  text = ''

  constructor(readonly fields: FieldRegistry) {}

  fail(message: string, span: Span): never {
    throw new FilterError(message, span.pos, span.len, this.text)
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

  field(ref: FieldRef, left: boolean): FieldNode {
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
