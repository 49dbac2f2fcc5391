// Generates the function that evaluates all rules for events of one type. Look-ups of values first exclude rules; the remaining conditions
// are evaluated for the rules still possible. A result that several rules need is computed once per event: each cached result carries the
// number of its event.
import type { FieldContext } from '../../fields/field.js'
import { Emitter } from '../../filter/emitter.js'
import { valueKey } from '../../filter/intern.js'
import type { Test } from '../../filter/operators.js'
import { readable } from '../../filter/readable.js'
import type { FieldNode, JoinNode, Node, TestNode } from '../../filter/typed.js'
import type { Event } from '../../model/event.js'
import type { RuleAt, SharedCondition, TypePlan } from './conditions-at.js'
import type { Estimates } from './estimates.js'
import { allPossible, bitsOf, type FieldConditions, RULES_IN_WORD, RulesByValue } from './rules-by-value.js'
import type { SharedParts } from './shared-parts.js'
import { Uses } from './uses.js'

/** Which of the matching rules fire: the first in rule order, or all. */
export type Matching = 'first' | 'all'

/** Returns the index of the rule that fires, or -1. With matching 'all' it adds all indices to `hits`, in rule order, and returns -1. */
export type Evaluate = (e: Event, hits: number[]) => number

/** Statements that remove rules of one word of bits from `a`, the possible rules. */
type Refusal = (word: number) => string

/** Event numbers count up to this and restart, so that they stay small integers, which V8 does not allocate. */
const NUMBERS = 2 ** 30 - 1

export class TypeEmitter extends Emitter {
  private readonly uses: Uses
  private readonly declared: string[] = []
  private readonly names = new Map<Node | string, string>()
  private named = 0

  /** remembered: a condition that depends only on the descriptor; its result is cached there. */
  constructor(
    ctx: FieldContext,
    private readonly shared: SharedParts,
    private readonly rules: readonly RuleAt[],
    private readonly parts: TypePlan,
    private readonly matching: Matching,
    private readonly estimates: Estimates,
    private readonly remembered: Node | undefined,
  ) {
    super(ctx)
    this.uses = new Uses(parts)
  }

  compile(): Evaluate {
    const { common } = this.parts
    const refusals = common.map((step) => ('field' in step ? this.byField(step) : this.byCondition(step)))
    const words = [...allPossible(this.rules.length)].map((all, word) => this.word(word, all, refusals))
    const again = Array.from({ length: this.named }, (_, i) => `w${i}=-1;`).join('')
    const declarations = Array.from({ length: this.named }, (_, i) => `let w${i}=-1,x${i}\n`).join('')
    return this.make(`let n=0
${declarations}${this.declared.join('\n')}
function again(){${again}return 0}
return function judge(e,h){let r;n=n===${NUMBERS}?again():n+1;${words.join('')}return -1}`) as Evaluate
  }

  override node(n: Node): string {
    if (n === this.remembered) return super.node(n)
    if (!this.uses.isShared(n)) return this.plain(n)
    return this.oncePerEvent(n, readable(n), () => this.plain(n))
  }

  protected override field(v: FieldNode): string {
    const get = () => `${this.getter(this.shared.getter(v), v.use.text)}(e)`
    return this.uses.isSharedField(v) ? this.oncePerEvent(valueKey(v), v.use.text, get) : get()
  }

  protected override decision(n: TestNode, remembers: boolean): Test {
    return this.shared.decision(n, () => super.decision(n, remembers))
  }

  protected override itemsOf(n: JoinNode): Node[] {
    return this.estimates.ordered(n)
  }

  /** Excludes the rules that are impossible for the value of a field. */
  private byField(conditions: FieldConditions): Refusal {
    const { field } = conditions
    const { text } = field.use
    const rules = new RulesByValue(conditions, this.rules.length, (test) => super.decision(test, false))
    const bits = this.oncePerEvent(`rules by ${valueKey(field)}`, `rules possible by ${text}`, () => {
      const absent = this.constant(rules.absent, `rules possible without ${text}`)
      const known = this.constant(rules.known, `rules possible by ${text}`)
      const find = this.fn((value: unknown) => rules.find(value), `rules possible by another ${text}`)
      return `(v=${this.field(field)})===undefined?${absent}:(${known}.get(v)??${find}(v))`
    })
    return this.ifPossible(conditions.conditions.keys(), (word) => `(a&=${bits}[${word}])`)
  }

  /** Excludes the rules with this condition if it does not hold. */
  private byCondition({ condition, places }: SharedCondition): Refusal {
    const holds = this.node(condition)
    return this.ifPossible(places, (_, rules) => `!(${holds})&&(a&=${~rules})`)
  }

  /** Evaluates only if one of these rules is still possible. */
  private ifPossible(places: Iterable<number>, removes: (word: number, rules: number) => string): Refusal {
    const bits = bitsOf(places, this.rules.length)
    return (word) => {
      const rules = bits[word] as number
      return rules === 0 ? '' : `if((a&${rules})!==0&&${removes(word, rules)}===0)return -1;`
    }
  }

  /** A call of a function that computes a value once per event. */
  private oncePerEvent(key: Node | string, meaning: string, expression: () => string): string {
    let name = this.names.get(key)
    if (name === undefined) {
      const at = this.named++
      name = `m${at}`
      this.names.set(key, name)
      this.legend.push([name, `once for each event: ${meaning}`])
      const source = expression()
      this.declared.push(`function m${at}(e){if(w${at}===n)return x${at};let v,t;w${at}=n;return x${at}=${source}}`)
    }
    return `${name}(e)`
  }

  /** Statements that evaluate the rules of one word of bits. */
  private word(word: number, all: number, refusals: readonly Refusal[]): string {
    const rules = this.rules.slice(word * RULES_IN_WORD, (word + 1) * RULES_IN_WORD)
    const tests = rules.map((rule, bit) => {
      const rest = this.parts.remaining[word * RULES_IN_WORD + bit] as readonly Node[]
      const holds = [`(a&${1 << bit})!==0`, ...rest.map((n) => this.node(n))].join('&&')
      return `if(${holds})${this.fires(rule.index)}`
    })
    this.declared.push(`function r${word}(e,h,a){let v,t;${tests.join('')}return -1}`)
    const refused = refusals.map((refuse) => refuse(word)).join('')
    this.declared.push(`function p${word}(e,h){let a=${all},v,t;${refused}return r${word}(e,h,a)}`)
    return `r=p${word}(e,h);if(r>=0)return r;`
  }

  private fires(index: number): string {
    return this.matching === 'first' ? `return ${index};` : `h.push(${index});`
  }
}
