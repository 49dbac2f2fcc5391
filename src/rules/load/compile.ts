// Compiles definitions to rules: replaces macros and lists in conditions, joins exceptions and checks everything.

import type { FieldRegistry } from '../../fields/registry.js'
import { type Expr, joined, negated } from '../../filter/ast.js'
import { FormatError } from '../../format/template/expression.js'
import { parseFormat } from '../../format/template/parse.js'
import type { Rule } from '../rule.js'
import type { Definitions, RuleDef } from './definitions.js'
import { typesWanted } from './event-types.js'
import { exceptionText } from './exception-text.js'
import type { ExceptionDef } from './exceptions.js'
import { Faults } from './faults.js'
import { MOST } from './limits.js'
import { Macros } from './macros.js'
import { SYSCALL } from './read-rule.js'
import { AlreadyReported, collectErrors, ItemError, type Report } from './report.js'

/** a rule that can match more event types than this gets a warning */
const MANY_TYPES = 100
/** Placeholder in outputs of older rules; the container fields are now appended instead, so it prints nothing. */
const CONTAINER_INFO = '%container.info'
const DIRECTION = /%-?\d*evt\.dir\b/

/** The rules in the order of their definitions, without those that have errors, which are reported. */
export function compileRules(definitions: Definitions, fields: FieldRegistry, report: Report): Rule[] {
  const macros = new Macros(definitions, report)
  const compiler = new Compiler(macros, fields, report)
  const rules: Rule[] = []
  let count = 0
  for (const def of definitions.rules.values()) {
    if (++count > MOST.rules) {
      report.error('LOAD_ERR_VALIDATE', `there are ${definitions.rules.size} rules; the maximum is ${MOST.rules}`, {
        items: [def.item],
      })
      break
    }
    const rule = collectErrors(report, () => compiler.rule(def))
    if (rule !== undefined) rules.push(rule)
  }
  for (const { name, item } of macros.unused())
    report.warn('LOAD_UNUSED_MACRO', `no rule and no other macro uses '${name}'`, { items: [item] })
  for (const { name, item } of macros.lists.unused())
    report.warn('LOAD_UNUSED_LIST', `no condition and no other list uses '${name}'`, { items: [item] })
  return rules
}

class Compiler {
  private readonly faults: Faults

  constructor(
    private readonly macros: Macros,
    private readonly fields: FieldRegistry,
    private readonly report: Report,
  ) {
    this.faults = new Faults(macros, fields, report)
  }

  /** The rule; undefined if it is omitted. Throws ItemError. */
  rule(def: RuleDef): Rule | undefined {
    if (def.source !== SYSCALL) return this.ignored(def)
    const written = { text: def.condition, items: [def.item] }
    const condition = collectErrors(this.report, () => this.macros.expand(written).expr)
    const exceptions = def.exceptions.map((e) => collectErrors(this.report, () => this.exception(e)))
    if (condition === undefined || exceptions.includes(undefined)) return undefined
    const compiled = exceptions as readonly Rule['exceptions'][number][]
    const parts = [condition, ...compiled.flatMap((e) => (e.condition === undefined ? [] : [negated(e.condition)]))]
    const root = joined('and', parts)
    const outputKnown = this.checkOutput(def)
    if (!this.checkCondition(root, def) || !outputKnown) return undefined
    const wanted = def.warnsOfTypes ? typesWanted(root) : 0
    if (wanted === undefined || wanted > MANY_TYPES)
      this.report.warn(
        'LOAD_NO_EVTTYPE',
        'the rule matches nearly all event types; a test such as evt.type = open makes it cheaper',
        {
          items: [def.item],
        },
      )
    return ruleOf(def, root, compiled)
  }

  /** A rule for another source is ignored, but the macros and lists that it names count as used. */
  private ignored(def: RuleDef): undefined {
    try {
      this.macros.expand({ text: def.condition, items: [def.item] })
    } catch (e) {
      if (!(e instanceof ItemError || e instanceof AlreadyReported)) throw e
    }
  }

  private exception(e: ExceptionDef): Rule['exceptions'][number] {
    const names = { name: e.name, fields: e.fields.map((f) => f.value) }
    const text = exceptionText(e)
    if (text === undefined) return names
    return { ...names, condition: this.macros.expand({ text, items: e.items }).expr }
  }

  /** Whether all checks are valid; errors are reported. */
  private checkCondition(root: Expr, def: RuleDef): boolean {
    if (this.faults.tooMany) return false
    const faults = this.faults.find(root)
    const [first] = faults
    if (first === undefined) return true
    if (def.skipsUnknown && faults.every(({ error }) => error.unknown))
      this.report.warn(
        'LOAD_UNKNOWN_FILTER',
        `the rule is ignored: ${first.error.message}`,
        this.faults.at(first.check, first.error, [def.item]),
      )
    else for (const fault of faults) this.faults.reportFault(fault, [def.item])
    if (this.faults.tooMany)
      this.report.error('LOAD_ERR_VALIDATE', `checking stops after ${MOST.faults} invalid checks`, {
        items: [def.item],
      })
    return false
  }

  /** Whether the output is valid; errors are reported. */
  private checkOutput({ output, item, skipsUnknown }: RuleDef): boolean {
    const spot = (position: number, length: number) => ({
      items: [item, { type: 'rule output', name: '', ...output.spot(position) }],
      length,
    })
    try {
      parseFormat(output.text.replaceAll(CONTAINER_INFO, ' '.repeat(CONTAINER_INFO.length)), this.fields)
      const dir = DIRECTION.exec(output.text)
      if (dir !== null)
        this.report.warn(
          'LOAD_DEPRECATED_ITEM',
          'each call is one event, at its end: evt.dir is the same for all',
          spot(dir.index, dir[0].length),
        )
      return true
    } catch (e) {
      if (!(e instanceof FormatError)) throw e
      const at = spot(e.position, e.length)
      if (skipsUnknown && e.unknown) this.report.warn('LOAD_UNKNOWN_FILTER', `the rule is ignored: ${e.message}`, at)
      else this.report.error('LOAD_ERR_COMPILE_OUTPUT', e.message, at)
      return false
    }
  }
}

function ruleOf(def: RuleDef, root: Expr, exceptions: Rule['exceptions']): Rule {
  const { name, source, desc, priority, enabled, capture, captureDuration, item } = def
  return {
    name,
    source,
    condition: { text: def.condition.text, root },
    written: def.condition.text.trim(),
    exceptions,
    output: def.output.text.trim().replaceAll(CONTAINER_INFO, ''),
    desc,
    priority,
    // the order of tags in alerts
    tags: [...def.tags].sort(),
    enabled,
    capture,
    captureDuration,
    place: item.file.placeAt(item.at),
  }
}
