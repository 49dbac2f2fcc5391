// `ksys rules suggest`: suggests exceptions for repeated alerts, as a rules file to review.
import { registry } from '../../fields/index.js'
import { parseExpression } from '../../format/template/expression.js'
import { type JsonValue, jsonValue } from '../../format/template/json-value.js'
import type { Event } from '../../model/event.js'
import { escapeText } from '../../render/escape.js'
import { checkRules } from '../../rules/engine/checked.js'
import type { Rule } from '../../rules/rule.js'
import { choose } from '../../rules/suggest/choose.js'
import { exceptionItem } from '../../rules/suggest/exceptions-yaml.js'
import { stableFields } from '../../rules/suggest/stable-fields.js'
import { type AlertGroup, Tally } from '../../rules/suggest/tally.js'
import type { CaptureRun } from '../../run/capture-run.js'
import { hurry } from '../../source/pace.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { number, printMessage } from '../run/report.js'
import { firedIn, type RuleSet } from './fired-in.js'

interface SuggestOptions {
  /** minimum number of similar alerts to treat them as repeated */
  readonly least: number
  readonly quiet: boolean
}

type Values = (e: Event) => AlertGroup['values']

/** Prints the suggestions for the alerts of a run. Returns the exit code. */
export async function suggestExceptions(
  set: RuleSet,
  s: Settings,
  { least, quiet }: SuggestOptions,
  out: Output,
): Promise<number> {
  const live = s.read.length === 0
  if (live) hurry(true)
  if (live && !quiet) printMessage('ksys: counting alerts until Ctrl-C, or for -M SECONDS')
  const tallies = new Map(set.rules.map((rule) => [rule, new Tally(stableFields(rule, checkRules([rule], registry)))]))
  const getters = new Map<CaptureRun, Map<Rule, Values>>()
  const code = await firedIn([set], s, {
    printed: [...new Set([...tallies.values()].flatMap(({ fields }) => fields))],
    fired: ([rules = []], e, run) => {
      const known = getters.get(run) ?? new Map<Rule, Values>()
      getters.set(run, known)
      for (const rule of rules) {
        const tally = tallies.get(rule) as Tally
        const values = known.get(rule) ?? valuesOf(tally.fields, run)
        known.set(rule, values)
        tally.add(values(e))
      }
    },
  })
  const where = live ? 'this machine' : s.read.map(escapeText).join(', ')
  await out.text(suggested(tallies, least, where))
  return code
}

/** The rules file. */
function suggested(tallies: ReadonlyMap<Rule, Tally>, least: number, where: string): string {
  const items: string[] = []
  const notes: string[] = []
  let covered = 0
  let total = 0
  for (const [rule, tally] of tallies) {
    if (tally.total === 0) continue
    total += tally.total
    const suggestion = choose(tally, least)
    if (suggestion !== undefined) {
      covered += suggestion.covered
      items.push(exceptionItem(rule, suggestion, tally.total))
    } else if (tally.total >= least)
      notes.push(
        `# ${escapeText(rule.name)}: its ${number(tally.total)} alerts have no repeated values to suggest an exception for`,
      )
    if (tally.beyond > 0)
      notes.push(
        `# ${escapeText(rule.name)}: ${number(tally.beyond)} of its alerts were ignored: they are too different from each other`,
      )
  }
  const head =
    items.length === 0
      ? [`# ${number(total)} alerts on ${where}: no exceptions to suggest.`]
      : [
          `# Exceptions for alerts that occurred at least ${least} times on ${where}: ${number(covered)} of ${number(total)} alerts.`,
          '# Listed alerts will be suppressed. Review the list, remove what should alert, and pass this file after the others (-f).',
        ]
  return `${[...head, ...notes, '', ...items].join('\n').trimEnd()}\n`
}

/** The values of fields, as conditions compare them. */
function valuesOf(fields: readonly string[], { ctx }: CaptureRun): Values {
  const getters = fields.map((name) => jsonValue(parseExpression(name, 0, registry).expression, ctx, registry))
  return (e) => getters.map((get) => comparableText(get(e)))
}

/** A value as the text that an exception compares; undefined: exceptions cannot compare it. */
function comparableText(value: JsonValue): string | undefined {
  if (value === undefined || typeof value === 'object' || value === '') return undefined
  return String(value)
}
