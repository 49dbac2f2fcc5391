// Replaces macros and lists in conditions. A macro's tree is built once and shared by all conditions that use it; sizes are checked before
// a tree is built.
import { type Check, type Condition, type Expr, joined, type MacroRef, negated } from '../../filter/ast.js'
import { FilterError } from '../../filter/error.js'
import { MAX_DEPTH, parseCondition } from '../../filter/parser.js'
import { didYouMean } from '../../filter/suggest.js'
import type { Definitions, MacroDef } from './definitions.js'
import { inOrder } from './dependencies.js'
import { MOST } from './limits.js'
import { Lists } from './lists.js'
import { AlreadyReported, type At, collectErrors, type Item, ItemError, type Report } from './report.js'
import type { WrittenText } from './written-text.js'

/** A tree of checks, and their number. */
interface Expanded {
  readonly expr: Expr
  readonly checks: number
}

interface Sized extends Expanded {
  /** levels of and, or and not */
  readonly depth: number
}

/** A condition as written, and the items that contain it. */
interface Written {
  readonly text: WrittenText
  readonly items: readonly Item[]
}

interface Parsed extends Written {
  readonly root: Condition
  readonly macros: readonly MacroRef[]
}

export class Macros {
  readonly lists: Lists
  private readonly expanded = new Map<string, Sized>()
  private readonly used = new Set<string>()
  private readonly origins = new Map<Check, Written>()
  /** checks in all conditions so far */
  private checks = 0
  /** unknown macro names so far */
  private unknown = 0

  constructor(
    private readonly definitions: Definitions,
    private readonly report: Report,
  ) {
    this.lists = new Lists(definitions.lists, report)
    const parsed = new Map<MacroDef, Parsed>()
    for (const def of definitions.macros.values())
      collectErrors(report, () => parsed.set(def, this.parsed({ text: def.condition, items: [def.item] }, def)))
    const { order, cycles } = inOrder(parsed.keys(), (def) =>
      (parsed.get(def) as Parsed).macros.flatMap(({ name }) => {
        const named = definitions.macros.get(name)
        return named !== undefined && parsed.has(named) ? [named] : []
      }),
    )
    for (const cycle of cycles) this.reportCycle(cycle as [MacroDef, ...MacroDef[]])
    for (const def of order)
      collectErrors(report, () => this.expanded.set(def.name, this.replaced(parsed.get(def) as Parsed)))
  }

  /** Macros that no other macro and no rule uses. */
  unused(): MacroDef[] {
    return [...this.definitions.macros.values()].filter(({ name }) => !this.used.has(name))
  }

  /** Where a check of a tree was written. */
  origin(check: Check): Written {
    return this.origins.get(check) as Written
  }

  /** The tree of a rule's condition. Throws ItemError, or AlreadyReported if a macro in it is invalid. */
  expand(written: Written): Expanded {
    return this.replaced(this.parsed(written))
  }

  /** by: the macro whose condition it is; undefined: a rule's condition, which may use all macros. */
  private parsed(written: Written, by?: MacroDef): Parsed {
    const macros: MacroRef[] = []
    const root = parsedAt(written)
    eachMacro(root, (ref) => {
      const why = this.whyNot(ref.name, by)
      if (why !== undefined) throw new ItemError('LOAD_ERR_VALIDATE', why, spotOf(written, ref.span.pos, ref.span.len))
      this.used.add(ref.name)
      macros.push(ref)
    })
    return { ...written, root, macros }
  }

  /** Why the macro cannot be used there; undefined if it can. Throws AlreadyReported if the macro itself is invalid. */
  private whyNot(name: string, by: MacroDef | undefined): string | undefined {
    const { macros, brokenMacros } = this.definitions
    if (brokenMacros.has(name)) throw new AlreadyReported()
    const named = macros.get(name)
    if (named === undefined) {
      if (this.lists.has(name)) return `'${name}' is a list: use it after in, intersects or pmatch, as in (${name})`
      const hint = ++this.unknown > MOST.hints ? '' : didYouMean(name, macros.keys())
      return `there is no macro '${name}'${hint}; field names contain a dot, such as proc.name`
    }
    if (by === undefined || named.defined < by.changed) return undefined
    if (named === by) return `the macro '${name}' uses itself`
    const { line } = named.item.file.placeAt(named.item.at)
    return `the macro '${name}' is defined later, in line ${line} of ${named.item.file.name}: a macro can only use earlier ones`
  }

  private reportCycle([first, ...others]: readonly [MacroDef, ...MacroDef[]]): void {
    const by = others.slice(0, 5).map((d) => d.name)
    const way = by.length === 0 ? '' : ` through ${by.join(', ')}`
    this.report.error('LOAD_ERR_VALIDATE', `the macro '${first.name}' contains itself${way}`, { items: [first.item] })
  }

  private replaced(parsed: Parsed): Sized {
    const checks = this.count(parsed.root)
    const refuse = (what: string) => {
      throw new ItemError('LOAD_ERR_COMPILE_CONDITION', what, spotOf(parsed, 0))
    }
    if (checks > MOST.checks)
      refuse(`it has ${checks} checks once its macros are replaced; the maximum is ${MOST.checks}`)
    this.checks += checks
    if (this.checks > MOST.allChecks)
      refuse(`the conditions up to here have more than ${MOST.allChecks} checks once their macros are replaced`)
    const built = this.build(parsed.root, parsed)
    if (this.lists.tooMany) refuse(`the conditions up to here have more than ${MOST.allItems} list items`)
    if (built.depth > MAX_DEPTH) refuse(`it is nested more than ${MAX_DEPTH} levels deep once its macros are replaced`)
    return { ...built, checks }
  }

  private count(c: Condition): number {
    switch (c.kind) {
      case 'check':
        return 1
      case 'macro':
        return this.macro(c.name).checks
      case 'not':
        return this.count(c.item)
      default:
        return c.items.reduce((sum, i) => sum + this.count(i), 0)
    }
  }

  private macro(name: string): Sized {
    const known = this.expanded.get(name)
    if (known === undefined) throw new AlreadyReported()
    return known
  }

  private build(c: Condition, written: Written): Omit<Sized, 'checks'> {
    switch (c.kind) {
      case 'check':
        return { expr: this.check(c, written), depth: 1 }
      case 'macro':
        return this.macro(c.name)
      case 'not': {
        const { expr, depth } = this.build(c.item, written)
        return { expr: negated(expr), depth: expr.kind === 'not' ? depth - 1 : depth + 1 }
      }
      default: {
        const parts = c.items.map((i) => this.build(i, written))
        const depth = parts.reduce((most, p) => Math.max(most, p.expr.kind === c.kind ? p.depth : p.depth + 1), 0)
        return {
          expr: joined(
            c.kind,
            parts.map((p) => p.expr),
          ),
          depth,
        }
      }
    }
  }

  private check(c: Check, written: Written): Check {
    const check = this.lists.replaced(c, (message) =>
      this.report.warn('LOAD_COMPILE_CONDITION', message, spotOf(written, c.span.pos, c.span.len)),
    )
    this.origins.set(check, written)
    return check
  }
}

function parsedAt(written: Written): Condition {
  try {
    return parseCondition(written.text.text, MOST.condition)
  } catch (e) {
    if (!(e instanceof FilterError)) throw e
    throw new ItemError('LOAD_ERR_COMPILE_CONDITION', e.message, spotOf(written, e.position, e.length))
  }
}

/** The location, for reports, of a position in a condition. */
export function spotOf({ text, items }: Written, position: number, length = 1): At {
  return { items: [...items, { type: 'condition expression', name: '', ...text.spot(position) }], length }
}

function eachMacro(c: Condition, f: (ref: MacroRef) => void): void {
  if (c.kind === 'macro') f(c)
  else if (c.kind === 'not') eachMacro(c.item, f)
  else if (c.kind !== 'check') for (const i of c.items) eachMacro(i, f)
}
