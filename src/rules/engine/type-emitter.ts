// The function that judges events of one type by all rules at once. What several conditions ask is found out when the first of
// them asks, and kept until the next event: each answer has the number of the event that it is about beside it.
import type { FieldContext } from '../../fields/field.js'
import { Emitter } from '../../filter/emitter.js'
import { valueKey } from '../../filter/intern.js'
import type { Test } from '../../filter/operators.js'
import { printTest, readable } from '../../filter/readable.js'
import type { FieldNode, JoinNode, Node, TestNode } from '../../filter/typed.js'
import type { Event } from '../../model/event.js'
import type { Branch } from './conditions-at.js'
import type { Estimates } from './estimates.js'
import type { SharedParts } from './shared-parts.js'
import { type ClassesOf, Uses } from './uses.js'
import { ABSENT, OTHER } from './value-classes.js'

/** Which of the rules that an event fulfils fire: the first one in their order, or all. */
export type Matching = 'first' | 'all'

/** Tells the place of the rule that fires, -1: none; or adds the places of all to `hits`, in any order. */
export type Judge = (e: Event, hits: number[]) => number

/** Characters from which on statements become a function of their own: the engine optimizes no long ones. */
const LONG = 1500
/** Numbers of events, one after the other, until they begin anew: small integers need no memory. */
const NUMBERS = 2 ** 30 - 1
/** Above the place of any rule. */
const NONE = 2 ** 30

export class TypeEmitter extends Emitter {
  private readonly uses: Uses
  private readonly declared: string[] = []
  private readonly names = new Map<Node | string, string>()
  private named = 0

  /** remembered: a condition about the descriptor alone, whose answers are kept on the descriptors. */
  constructor(
    ctx: FieldContext,
    private readonly shared: SharedParts,
    private readonly tree: Branch,
    private readonly matching: Matching,
    private readonly estimates: Estimates,
    private readonly remembered: Node | undefined,
  ) {
    super(ctx)
    this.uses = new Uses(tree)
  }

  judge(): Judge {
    const body = this.statements(this.tree)
    const again = Array.from({ length: this.named }, (_, i) => `w${i}=-1;`).join('')
    const kept = Array.from({ length: this.named }, (_, i) => `let w${i}=-1,x${i}\n`).join('')
    const [begin, end] = this.matching === 'first' ? [`b=${NONE}`, `return b===${NONE}?-1:b`] : ['h=hits', 'return -1']
    return this.make(`let n=0,b=0,h
${kept}${this.declared.join('\n')}
function again(){${again}return 0}
return function judge(e,hits){let v,t;n=n===${NUMBERS}?again():n+1;${begin};${body};${end}}`) as Judge
  }

  override node(n: Node): string {
    if (n === this.remembered) return super.node(n)
    if (!this.uses.isShared(n)) return this.plain(n)
    return this.kept(n, readable(n), () => this.plain(n))
  }

  protected override field(v: FieldNode): string {
    const get = () => `${this.getter(this.shared.getter(v), v.use.text)}(e)`
    return this.uses.isSharedField(v) ? this.kept(valueKey(v), v.use.text, get) : get()
  }

  protected override decision(n: TestNode, remembers: boolean): Test {
    return this.shared.decision(n, () => super.decision(n, remembers))
  }

  protected override test(n: TestNode): string {
    const classes = this.uses.classesOf(n)
    if (classes === undefined) return super.test(n)
    const passing = this.constant(classes.passing.get(n), `by class of value: ${printTest(n)}`)
    return `${passing}[${this.classOf(classes)}]===1`
  }

  protected override itemsOf(n: JoinNode): Node[] {
    return this.estimates.ordered(n)
  }

  /** The class of a field's value. */
  private classOf({ field, of }: ClassesOf): string {
    const { text } = field.use
    return this.kept(`class ${valueKey(field)}`, `class of ${text}`, () => {
      const map = this.constant(of, `classes of ${text}`)
      return `(v=${this.field(field)})===undefined?${ABSENT}:(${map}.get(v)??${OTHER})`
    })
  }

  /** A call of the function that finds a value out once for each event. */
  private kept(key: Node | string, meaning: string, expression: () => string): string {
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

  /** Statements that note which rules of a part of the tree fire. */
  private statements(branch: Branch): string {
    let text = branch.rules.map((index) => this.fires(index)).join('')
    for (const [condition, next] of branch.below) {
      const [all, at] = chain(condition, next)
      const then = this.statements(at)
      text += `if(${all.map((n) => this.node(n)).join('&&')}){${then}}`
      if (text.length > LONG) text = this.apart(text)
    }
    return text
  }

  private apart(statements: string): string {
    const name = `s${this.declared.length}`
    this.declared.push(`function ${name}(e){let v,t;${statements}}`)
    return `${name}(e);`
  }

  private fires(index: number): string {
    return this.matching === 'first' ? `if(${index}<b)b=${index};` : `h.push(${index});`
  }
}

/** The conditions up to the next place where the tree parts or a rule ends. */
function chain(condition: Node, next: Branch): [readonly Node[], Branch] {
  const all = [condition]
  let at = next
  while (at.rules.length === 0 && at.below.size === 1)
    for (const [n, then] of at.below) {
      all.push(n)
      at = then
    }
  return [all, at]
}
