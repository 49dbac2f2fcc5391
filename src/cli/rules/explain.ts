// `ksys rules explain RULE`: shows a rule with its macros expanded, where each part is evaluated, and, for a capture, how often it is
// evaluated, how often it matches, and the time that takes.
import { registry } from '../../fields/index.js'
import { explainFilter } from '../../filter/index.js'
import { checkRules } from '../../rules/engine/checked.js'
import { rulesByCode, shadowedRules } from '../../rules/engine/types-of.js'
import type { Rule } from '../../rules/rule.js'
import { users } from '../../source/accounts.js'
import { EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { planOptions } from '../query/capture-plan.js'
import { checkingContext } from '../query/query.js'
import { number } from '../run/report.js'
import { noSuchRule } from './describe.js'
import { type Measured, measureRule } from './measure.js'
import { rulesQuery } from './rules-query.js'

/** Prints the explanation of a rule; rules: all loaded rules. Returns the exit code. */
export async function explainRule(name: string, rules: readonly Rule[], s: Settings, out: Output): Promise<number> {
  const rule = rules.find((r) => r.name === name)
  if (rule === undefined) throw noSuchRule(name, rules)
  await out.text(visible(`${explanation(rule, rules, s).join('\n')}\n`))
  if (s.read.length === 0) return EXIT.ok
  const measured = await measureRule(rule, s)
  await out.text(visible(`\n${measuredText(measured)}\n`))
  return measured.exitCode
}

function explanation(rule: Rule, rules: readonly Rule[], s: Settings): string[] {
  const { name, priority, place, desc, tags, enabled, source } = rule
  const lines = [`Rule ${name}`]
  const notes = [
    enabled ? undefined : 'it is disabled',
    source === 'syscall' ? undefined : `its source is ${source}, which ksys does not support`,
  ]
  if (desc.trim() !== '') lines.push(`  ${desc.trim().replace(/\s+/g, ' ')}`)
  lines.push(`  ${priority}${tags.length === 0 ? '' : `; tags ${tags.join(' ')}`}; ${place.file}:${place.line}`)
  for (const note of notes) if (note !== undefined) lines.push(`  note: ${note}`)
  if (source !== 'syscall') return lines
  const checked = checkRules([rule], registry)
  const q = rulesQuery(checked, [], s)
  const text = explainFilter(q.filter, registry, checkingContext(s), planOptions(s, q, { users: users() }))
  return [...lines, ...shadowNote(rule, rules), '', text.replace(/^Filter\n/, 'Condition\n')]
}

/** The rules that fire in place of this rule if only the first match fires. */
function shadowNote(rule: Rule, rules: readonly Rule[]): string[] {
  const active = rules.filter((r) => (r.enabled || r === rule) && r.source === 'syscall')
  const checked = checkRules(active, registry)
  const shadowed = shadowedRules(checked, rulesByCode(checked)).find((x) => x.rule === rule)
  if (shadowed === undefined) return []
  const by = shadowed.by.map((r) => `'${r.name}'`).join(', ')
  return [`  note: it never fires unless --rule-matching is all: every event that matches it matches ${by} first`]
}

function measuredText({ files, judged, passed, ns }: Measured): string {
  const share = judged === 0 ? '' : ` (${((passed / judged) * 100).toPrecision(3)} % of them)`
  return [
    `In ${files.join(', ')}`,
    `  events of its types: ${number(judged)}`,
    `  matching events: ${number(passed)}${share}`,
    `  time: ${judged === 0 ? 'none' : `about ${ns < 100 ? ns.toFixed(0) : number(Math.round(ns))} ns per event of its types, evaluated alone`}`,
  ].join('\n')
}
