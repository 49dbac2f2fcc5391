// Typed trees to JavaScript. The generated text contains only calls of getters g0(e), constants c0, operator and
// transformer functions o0, and comparisons of them. No user text becomes part of it.
import type { FieldContext, Getter } from '../fields/field.js'
import type { Event } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { isTypeField, truthByType, UNKNOWN } from './bytype.js'
import { cost, isCached, WORTH_CACHING } from './cost.js'
import { constantsOf, pairTest, valueTest } from './decide.js'
import { CODES } from './events.js'
import { dependsOnFdOnly, withVerdictCache } from './fd-verdict-cache.js'
import type { Kind, Test, Value } from './operators.js'
import { printTest, readable, show } from './readable.js'
import type { FieldNode, JoinNode, Node, TestNode, ValueNode } from './typed.js'

const PLAIN: readonly Kind[] = ['number', 'string', 'bool', 'time']
const NOW = 'evt.rawtime'

export class Emitter {
  /** meanings of the names in the text: `g0` is proc.name ... */
  readonly legend: [string, string][] = []
  private readonly getters: Getter[] = []
  private readonly constants: unknown[] = []
  private readonly functions: unknown[] = []

  constructor(protected readonly ctx: FieldContext) {}

  /** The expression that decides whether the event `e` passes. */
  node(n: Node): string {
    if (!isCached(n)) return this.plain(n)
    const inner = new Emitter(this.ctx)
    const test = inner.function(inner.plain(n))
    return `${this.fn(withVerdictCache(n, test), `once for each descriptor: ${readable(n)}`)}(e)`
  }

  /** Compiles a generated expression to a function. */
  function(source: string): (e: Event) => boolean {
    return this.make(`return function test(e){let v,t;return ${source}}`) as (e: Event) => boolean
  }

  /** Runs statements in which all names are declared, and returns their result. */
  protected make(statements: string): unknown {
    const { getters, constants, functions } = this
    const hoist = (letter: string, n: number) =>
      Array.from({ length: n }, (_, i) => `const ${letter}${i}=${letter}[${i}]\n`).join('')
    const names = `${hoist('g', getters.length)}${hoist('c', constants.length)}${hoist('o', functions.length)}`
    return new Function('g', 'c', 'o', `${names}\n${statements}`)(getters, constants, functions)
  }

  protected constant(value: unknown, meaning: string): string {
    const name = `c${this.constants.push(value) - 1}`
    this.legend.push([name, meaning])
    return name
  }

  protected fn(f: unknown, meaning: string): string {
    const name = `o${this.functions.push(f) - 1}`
    this.legend.push([name, meaning])
    return name
  }

  protected getter(get: Getter, meaning: string): string {
    const name = `g${this.getters.push(get) - 1}`
    this.legend.push([name, meaning])
    return name
  }

  /** The expression of a field's value. */
  protected field(v: FieldNode): string {
    return `${this.getter(v.use.def.make(this.ctx, v.use.arg), v.use.text)}(e)`
  }

  /** The decision on the left side's value. */
  protected decision(n: TestNode, cached: boolean): Test {
    const test = valueTest(n, this.ctx.info.startSec)
    return cached ? withLastResults(test) : test
  }

  /** Like node(), but evaluated for each event, without caching per descriptor. */
  protected plain(n: Node): string {
    if (n.kind === 'test') return `(${this.test(n)})`
    if (n.kind === 'not') return `!${this.node(n.item)}`
    return `(${this.itemsOf(n)
      .map((i) => this.node(i))
      .join(n.kind === 'and' ? '&&' : '||')})`
  }

  /** The items of a join in the order of their evaluation. */
  protected itemsOf(n: JoinNode): Node[] {
    return evaluationOrder(n)
  }

  private value(v: ValueNode): string {
    if (v.kind === 'const') return this.constant(v.value, JSON.stringify(v.value))
    if (v.kind === 'field') return this.field(v)
    const f = this.fn(v.transformer.make(v.argTypes, v.index), `${v.transformer.name}()`)
    const args = v.args.map((a) => this.value(a))
    if (v.transformer.reduces !== true) return `${f}(${args.join(',')})`
    return args.slice(1).reduce((left, right) => `${f}(${left},${right})`, args[0] as string)
  }

  protected test(n: TestNode): string {
    if (n.left.kind === 'field' && n.right === undefined) {
      if (isTypeField(n.left)) return this.table(n)
      if (n.left.use.name === NOW && n.modifier === undefined) {
        const inline = this.now(n)
        if (inline !== undefined) return inline
      }
    }
    return this.general(n)
  }

  /** A comparison of the time needs no wall clock: the batch has ns since the capture start. */
  private now(n: TestNode): string | undefined {
    if (n.op.right !== 'value' || n.op.inline === undefined) return undefined
    const { startSec, startNsec } = this.ctx.info
    const at = constantsOf(n, startSec)[0] as bigint
    const relative = Number(at - (BigInt(startSec) * 1000000000n + BigInt(startNsec)))
    return n.op.inline('e.time', this.constant(relative, `${relative} ns since the start`))
  }

  /** Looks up what the event type decides in a table. Files of other tools may contain types that are not declared. */
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
    const cached = plain && left.type === 'string' && op.cost >= WORTH_CACHING
    return `${this.fn(this.decision(n, cached), printTest(n))}(${x})`
  }
}

/** The items of a join in the order of their evaluation: cheapest first. */
export function evaluationOrder(n: JoinNode): Node[] {
  return groupedByFd(n).sort((a, b) => cost(a) - cost(b))
}

/** Groups the items of a join that depend on the descriptor only: they are evaluated and cached together. */
function groupedByFd(n: JoinNode): Node[] {
  const fdOnly = n.items.filter(dependsOnFdOnly)
  if (fdOnly.length < 2 || fdOnly.length === n.items.length) return [...n.items]
  return [...n.items.filter((i) => !fdOnly.includes(i)), { kind: n.kind, items: fdOnly }]
}

/** Number of cached results. */
const CACHED_RESULTS = 256

/** The same test of texts, with its last results cached: the same texts recur, as the very same strings. */
function withLastResults(test: Test): Test {
  const texts: Value[] = new Array<Value>(CACHED_RESULTS).fill(undefined)
  const answers = new Array<boolean>(CACHED_RESULTS).fill(false)
  const ofAbsent = test(undefined)
  return (v) => {
    if (typeof v !== 'string') return v === undefined ? ofAbsent : test(v)
    const { length } = v
    const slot =
      length === 0 ? 0 : (length + 7 * v.charCodeAt(length - 1) + 31 * v.charCodeAt(length >> 1)) & (CACHED_RESULTS - 1)
    if (texts[slot] !== v) {
      texts[slot] = v
      answers[slot] = test(v)
    }
    return answers[slot] as boolean
  }
}
