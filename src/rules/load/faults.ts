// Errors and warnings about checks in conditions. Each check is examined once, however many rules share it.
import { type Check, type Expr, printExpr } from '../../filter/ast.js'
import { checkAst } from '../../filter/check.js'
import { FilterError } from '../../filter/error.js'
import type { FieldRegistry } from '../../filter/registry.js'
import { MOST } from './limits.js'
import { type Macros, spotOf } from './macros.js'
import type { At, Report } from './report.js'

/** errors searched for in one condition */
const MOST_FAULTS = 20
const ABSENT = '<NA>'

/** An invalid check. */
interface Fault {
  readonly check: Check
  readonly error: FilterError
}

export class Faults {
  /** invalid checks below an examined node */
  private readonly known = new Map<Expr, readonly Fault[]>()
  private readonly reported = new Set<Check>()
  private count = 0

  constructor(
    private readonly macros: Macros,
    private readonly fields: FieldRegistry,
    private readonly report: Report,
  ) {}

  /** The first invalid checks of a tree. Suspicious checks are reported when first seen. */
  find(e: Expr): readonly Fault[] {
    const before = this.known.get(e)
    if (before !== undefined) return before
    const found = e.kind === 'check' ? this.check(e) : e.kind === 'not' ? this.find(e.item) : this.several(e.items)
    this.known.set(e, found)
    return found
  }

  /** Reports an error at the place where it is written and in the rule that uses it; once for all rules. */
  reportFault({ check, error }: Fault, rule: At['items']): void {
    if (this.reported.has(check)) return
    this.reported.add(check)
    this.report.error('LOAD_ERR_COMPILE_CONDITION', error.message, this.at(check, error, rule))
  }

  /** The location of an error within a rule. */
  at(check: Check, error: FilterError, rule: At['items']): At {
    const written = this.macros.origin(check)
    const inner = spotOf(written, error.position, error.length)
    const outer = rule.filter((item) => !inner.items.some((i) => i.file === item.file && i.at === item.at))
    return { ...inner, items: [...outer, ...inner.items] }
  }

  /** Whether the limit of invalid checks is reached. */
  get tooMany(): boolean {
    return this.count >= MOST.faults
  }

  private several(items: readonly Expr[]): readonly Fault[] {
    const all: Fault[] = []
    for (const item of items) {
      all.push(...this.find(item))
      if (all.length >= MOST_FAULTS) break
    }
    return all.length === 0 ? NONE : all
  }

  private check(c: Check): readonly Fault[] {
    const written = this.macros.origin(c)
    try {
      const { warnings } = checkAst({ text: written.text.text, root: c }, this.fields)
      for (const message of warnings) this.warn('LOAD_COMPILE_CONDITION', message, c)
      this.warnIfSuspicious(c)
      return NONE
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      this.count++
      return [{ check: c, error }]
    }
  }

  private warnIfSuspicious(c: Check): void {
    const { left, right } = c
    const literals = right?.kind === 'list' ? right.items : right?.kind === 'literal' ? [right] : []
    if (literals.some((l) => l.text === ABSENT))
      this.warn('LOAD_UNSAFE_NA_CHECK', `an absent value equals nothing, not even ${ABSENT}: use not ... exists`, c)
    if (left.kind === 'field' && left.name === 'evt.dir')
      this.warn('LOAD_DEPRECATED_ITEM', `each call is one event, at its end: ${printExpr(c)} is the same for all`, c)
  }

  private warn(code: Parameters<Report['warn']>[0], message: string, c: Check): void {
    this.report.warn(code, message, spotOf(this.macros.origin(c), c.span.pos, c.span.len))
  }
}

const NONE: readonly Fault[] = []
