// Typed tree to a predicate: generated JavaScript that holds only calls of getters g0(e), constants c0, operator and
// transformer functions o0, and their comparisons. Nothing that a person wrote becomes part of its text.
import type { FieldContext, Getter } from '../fields/field.js'
import type { Event } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { Ast } from './ast.js'
import { isTypeField, truthByType, UNKNOWN } from './bytype.js'
import { checkAst } from './check.js'
import { constantsOf, valueTest } from './decide.js'
import { CODES } from './events.js'
import { isAboutFd, withVerdictCache } from './fd-verdict-cache.js'
import { meantFor } from './older-names.js'
import { type Kind, pairTest, type Test, type Value } from './operators.js'
import { parseFilter } from './parser.js'
import type { FieldRegistry } from './registry.js'
import { simplify } from './simplify.js'
import type { CheckedFilter, FieldNode, JoinNode, Node, TestNode, ValueNode } from './typed.js'

export interface CompiledFilter {
  /** whether the event under the cursor, with its thread and descriptor set, passes */
  test(e: Event): boolean
  readonly ast: Ast
  readonly fieldsUsed: readonly string[]
  readonly warnings: readonly string[]
  /** the generated expression, for people */
  readonly source: string
  /** what the names in `source` stand for: `g0` is proc.name ... */
  readonly legend: readonly (readonly [name: string, meaning: string])[]
}

const PLAIN: readonly Kind[] = ['number', 'string', 'bool', 'time']
const NOW = 'evt.rawtime'
/** How much more comparing addresses or buffers costs than comparing numbers or texts. */
const WIDE = 4
/** Cost of an operator from which on its last answer is kept; of a question about a descriptor, the answer for each. */
const WORTH_CACHING = 8
/** Cost of such a question afterwards. */
const REMEMBERED = 6

class Emitter {
  readonly getters: Getter[] = []
  readonly constants: unknown[] = []
  readonly functions: unknown[] = []
  readonly legend: [string, string][] = []

  constructor(private readonly ctx: FieldContext) {}

  private constant(value: unknown, meaning: string): string {
    const name = `c${this.constants.push(value) - 1}`
    this.legend.push([name, meaning])
    return name
  }

  private fn(f: unknown, meaning: string): string {
    const name = `o${this.functions.push(f) - 1}`
    this.legend.push([name, meaning])
    return name
  }

  private value(v: ValueNode): string {
    if (v.kind === 'const') return this.constant(v.value, JSON.stringify(v.value))
    if (v.kind === 'field') {
      const name = `g${this.getters.push(v.use.def.make(this.ctx, v.use.arg)) - 1}`
      this.legend.push([name, v.use.text])
      return `${name}(e)`
    }
    const f = this.fn(v.transformer.make(v.argTypes, v.index), `${v.transformer.name}()`)
    const args = v.args.map((a) => this.value(a))
    if (v.transformer.reduces !== true) return `${f}(${args.join(',')})`
    return args.slice(1).reduce((left, right) => `${f}(${left},${right})`, args[0] as string)
  }

  node(n: Node): string {
    if (!isRemembered(n)) return this.plain(n)
    const inner = new Emitter(this.ctx)
    const source = inner.plain(n)
    const f = this.fn(withVerdictCache(n, inner.function(source)), `once for each descriptor: ${readable(n)}`)
    return `${f}(e)`
  }

  /** The function that a generated expression is the result of. */
  function(source: string): (e: Event) => boolean {
    const { getters, constants, functions } = this
    const hoist = (letter: string, n: number) =>
      Array.from({ length: n }, (_, i) => `const ${letter}${i}=${letter}[${i}]\n`).join('')
    const body = `${hoist('g', getters.length)}${hoist('c', constants.length)}${hoist('o', functions.length)}
return function test(e){let v,t;return ${source}}`
    return new Function('g', 'c', 'o', body)(getters, constants, functions) as (e: Event) => boolean
  }

  private plain(n: Node): string {
    if (n.kind === 'test') return `(${this.test(n)})`
    if (n.kind === 'not') return `!${this.node(n.item)}`
    const items = groupedByFd(n).sort((a, b) => cost(a) - cost(b))
    return `(${items.map((i) => this.node(i)).join(n.kind === 'and' ? '&&' : '||')})`
  }

  private test(n: TestNode): string {
    if (n.left.kind === 'field' && n.right === undefined) {
      if (isTypeField(n.left)) return this.table(n)
      if (n.left.use.name === NOW && n.modifier === undefined) {
        const inline = this.now(n)
        if (inline !== undefined) return inline
      }
    }
    return this.general(n)
  }

  /** A comparison of the time needs no wall clock: the batch has ns since the start. */
  private now(n: TestNode): string | undefined {
    if (n.op.right !== 'value' || n.op.inline === undefined) return undefined
    const { startSec, startNsec } = this.ctx.info
    const at = constantsOf(n, startSec)[0] as bigint
    const relative = Number(at - (BigInt(startSec) * 1000000000n + BigInt(startNsec)))
    return n.op.inline('e.time', this.constant(relative, `${relative} ns since the start`))
  }

  /** What the event's type decides is looked up by it. Files of other tools hold types that nobody declares. */
  private table(n: TestNode): string {
    const truth = truthByType(n)
    const table = new Uint8Array(CODE_LIMIT).fill(UNKNOWN)
    for (const code of CODES) table[code] = truth(code)
    const t = this.constant(table, `by event type: ${printTest(n)}`)
    return `(t=${t}[e.type])===${UNKNOWN}?${this.general(n)}:t===1`
  }

  private general(n: TestNode): string {
    const { left, op } = n
    const x = this.value(left)
    if (n.right !== undefined) {
      const f = this.fn(pairTest(op, left.type, left.cardinality, n.right.cardinality), op.text)
      return `${f}(${x},${this.value(n.right)})`
    }
    const plain = left.cardinality === 'one' && !(left as FieldNode).dynamic && n.modifier === undefined
    if (plain && op.right === 'none' && op.inline !== undefined) return op.inline(x, '')
    if (plain && PLAIN.includes(left.type)) {
      const values = constantsOf(n, this.ctx.info.startSec)
      if (op.inline !== undefined && (op.inlineTexts !== false || left.type !== 'string'))
        return op.inline(x, this.constant(values[0], show(values[0])))
      if (op.text === 'in' || op.text === 'intersects')
        return `${this.constant(new Set<unknown>(values), `{${values.map(show).join(', ')}}`)}.has(${x})`
    }
    const test = valueTest(n, this.ctx.info.startSec)
    const caches = plain && left.type === 'string' && op.cost >= WORTH_CACHING
    return `${this.fn(caches ? cached(test) : test, printTest(n))}(${x})`
  }
}

/** Answers that a test of a text keeps. */
const ANSWERS = 256

/** The test with its last answers: the same texts come again and again, as the very same strings. */
function cached(test: Test): Test {
  const texts: Value[] = new Array<Value>(ANSWERS).fill(undefined)
  const answers = new Array<boolean>(ANSWERS).fill(false)
  const ofAbsent = test(undefined)
  return (v) => {
    if (typeof v !== 'string') return v === undefined ? ofAbsent : test(v)
    const { length } = v
    const slot =
      length === 0 ? 0 : (length + 7 * v.charCodeAt(length - 1) + 31 * v.charCodeAt(length >> 1)) & (ANSWERS - 1)
    if (texts[slot] !== v) {
      texts[slot] = v
      answers[slot] = test(v)
    }
    return answers[slot] as boolean
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function printTest(n: TestNode): string {
  const values = n.constants.map((c) => (c instanceof Uint8Array ? `${c.length} bytes` : show(c)))
  const shown = values.length > 8 ? [...values.slice(0, 8), `… ${values.length - 8} more`] : values
  const right = n.op.right === 'list' || n.modifier !== undefined ? `(${shown.join(', ')})` : shown.join('')
  return [n.op.text, n.modifier, right].filter((w) => w !== undefined && w !== '').join(' ')
}

/** A node for people. */
function readable(n: Node): string {
  if (n.kind === 'not') return `not ${readable(n.item)}`
  if (n.kind !== 'test') return `(${n.items.map(readable).join(` ${n.kind} `)})`
  return `${readableValue(n.left)} ${n.right === undefined ? printTest(n) : `${n.op.text} ${readableValue(n.right)}`}`
}

function readableValue(v: ValueNode): string {
  if (v.kind === 'const') return show(v.value)
  return v.kind === 'field' ? v.use.text : `${v.transformer.name}(${v.args.map(readableValue).join(', ')})`
}

function valueCost(v: ValueNode): number {
  if (v.kind === 'const') return 0
  if (v.kind === 'field') return isTypeField(v) ? 1 : (v.use.def.cost ?? 4)
  return v.transformer.cost + v.args.reduce((sum, a) => sum + valueCost(a), 0)
}

/** Items of a join, those about the descriptor as one: they are decided and withVerdictCache together. */
function groupedByFd(n: JoinNode): Node[] {
  const about = n.items.filter(isAboutFd)
  if (about.length < 2 || about.length === n.items.length) return [...n.items]
  return [...n.items.filter((i) => !about.includes(i)), { kind: n.kind, items: about }]
}

/** Whether the answer is kept on the descriptors. */
function isRemembered(n: Node): boolean {
  return isAboutFd(n) && plainCost(n) >= WORTH_CACHING
}

/** Expected cost of a decision, in comparisons of two numbers. */
function cost(n: Node): number {
  return isRemembered(n) ? REMEMBERED : plainCost(n)
}

function plainCost(n: Node): number {
  if (n.kind === 'not') return plainCost(n.item)
  if (n.kind !== 'test') return n.items.reduce((sum, i) => sum + plainCost(i), 0)
  const times = n.modifier === undefined ? 1 : n.constants.length
  const wide = n.left.type === 'ip' || n.left.type === 'net' || n.left.type === 'bytes' ? WIDE : 1
  return valueCost(n.left) + n.op.cost * wide * times + (n.right === undefined ? 0 : valueCost(n.right))
}

/** Parses and checks a filter. Throws FilterError. */
export function checkFilter(text: string, fields: FieldRegistry): CheckedFilter {
  const checked = checkAst(parseFilter(text), fields)
  return { ...checked, root: simplify(checked.root) }
}

/** Makes the predicate of a filter. Throws FilterError. */
export function compileFilter(text: string, fields: FieldRegistry, ctx: FieldContext): CompiledFilter {
  return compileChecked(checkFilter(text, fields), ctx)
}

/** Makes the test of a part of a filter for one capture. */
export function compileNode(node: Node, ctx: FieldContext): (e: Event) => boolean {
  const emitter = new Emitter(ctx)
  return emitter.function(emitter.node(node))
}

/** Makes the predicate of a checked filter for one capture. */
export function compileChecked(filter: CheckedFilter, ctx: FieldContext): CompiledFilter {
  const emitter = new Emitter(ctx)
  const source = emitter.node(meantFor(filter, ctx.info.has).root)
  const { legend } = emitter
  const test = emitter.function(source)
  const { ast, fieldsUsed, warnings } = filter
  return { test, ast, fieldsUsed, warnings, source, legend }
}
