// Replaces lists within lists, and the names of lists in checks.
import type { Check, ListLiteral, Literal } from '../../filter/ast.js'
import { Scanner } from '../../filter/lexer.js'
import { OPERATORS } from '../../filter/operators.js'
import type { YamlScalar } from '../yaml/node.js'
import type { ListDef } from './definitions.js'
import { inOrder } from './dependencies.js'
import { MOST } from './limits.js'
import type { Report } from './report.js'

/** An item of a list as a value. */
type Value = Pick<Literal, 'text' | 'quoted'>

export class Lists {
  private readonly values = new Map<string, readonly Value[]>()
  private readonly used = new Set<string>()
  /** items in conditions so far */
  private items = 0

  constructor(
    private readonly defs: ReadonlyMap<string, ListDef>,
    private readonly report: Report,
  ) {
    const { order, cycles } = inOrder(defs.values(), (def) => this.nestedLists(def))
    for (const cycle of cycles) {
      const [first, ...others] = cycle as [ListDef, ...ListDef[]]
      const by =
        others.length === 0
          ? ''
          : ` through ${others
              .slice(0, 5)
              .map((d) => d.name)
              .join(', ')}`
      report.error('LOAD_ERR_VALIDATE', `the list '${first.name}' contains itself${by}`, { items: [first.item] })
    }
    // lists with an error stay empty, so that conditions with them can still be read
    for (const { name } of defs.values()) this.values.set(name, [])
    for (const def of order) this.resolve(def)
  }

  has(name: string): boolean {
    return this.defs.has(name)
  }

  /** Lists that neither another list nor a condition names. */
  unused(): ListDef[] {
    return [...this.defs.values()].filter(({ name }) => !this.used.has(name))
  }

  /** The check with the names of lists replaced by their items. warn: called for uses that are probably unintended. */
  replaced(c: Check, warn: (message: string) => void): Check {
    const { right } = c
    if (right?.kind === 'list') {
      if (!right.items.some((l) => this.isName(l))) return c
      return { ...c, right: this.list(right.items, right) }
    }
    if (right?.kind !== 'literal' || !this.isName(right)) return c
    if (OPERATORS.get(c.op)?.right === 'list') return { ...c, right: this.list([right], right) }
    const values = this.valuesOf(right.text)
    const [only] = values
    if (values.length === 1 && only !== undefined) return { ...c, right: { ...right, ...only } }
    warn(
      `'${right.text}' is also the name of a list; ${c.op} compares with the text itself, in compares with the items`,
    )
    return c
  }

  private isName(l: Literal): boolean {
    return !l.quoted && this.defs.has(l.text)
  }

  private list(items: readonly Literal[], { span }: Literal | ListLiteral): ListLiteral {
    const replaced = items.flatMap((l): Literal[] =>
      this.isName(l) ? this.valuesOf(l.text).map((v) => ({ kind: 'literal', ...v, span: l.span })) : [l],
    )
    this.items += replaced.length
    return { kind: 'list', items: this.items > MOST.allItems ? [] : replaced, span }
  }

  /** Whether conditions have more list items than the limit. */
  get tooMany(): boolean {
    return this.items > MOST.allItems
  }

  private valuesOf(name: string): readonly Value[] {
    this.used.add(name)
    return this.values.get(name) ?? []
  }

  /** Other lists among the items of a list; its own name is an ordinary value. */
  private *nestedLists({ name, items }: ListDef): Generator<ListDef> {
    for (const { value } of items) {
      const def = value === name ? undefined : this.defs.get(value)
      if (def === undefined) continue
      this.used.add(value)
      yield def
    }
  }

  private resolve({ name, items, item }: ListDef): void {
    const parts = items.map((i) =>
      i.value === name || !this.defs.has(i.value) ? [itemValue(i)] : this.values.get(i.value),
    )
    const size = parts.reduce((sum, p) => sum + (p as readonly Value[]).length, 0)
    this.items += size
    if (size <= MOST.items && !this.tooMany) this.values.set(name, parts.flat() as Value[])
    else
      this.report.error('LOAD_ERR_VALIDATE', `the list '${name}' is too large with the lists in it: ${size} items`, {
        items: [item],
      })
  }
}

/** An item as a value. Quotes within the YAML string are quotes of the filter language. */
function itemValue({ value }: YamlScalar): Value {
  if (!/^["']/.test(value)) return { text: value, quoted: false }
  try {
    const s = new Scanner(value)
    const literal = s.value()
    if (literal !== undefined && s.done) return { text: literal.text, quoted: true }
  } catch {
    // not valid quotes of the filter language: a value that contains a quote
  }
  return { text: value, quoted: true }
}
