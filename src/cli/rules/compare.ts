// `ksys rules test --diff OLD NEW`: evaluates two sets of rules on the same captures, and prints the alerts that only one of them produces.

import { Clock, nineDigits } from '../../fields/clock.js'
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import type { Template } from '../../format/template/line.js'
import { compileTemplate } from '../../format/template/template.js'
import type { Event } from '../../model/event.js'
import { GLYPHS } from '../../model/glyphs.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import { escapeText } from '../../render/escape.js'
import type { Rule } from '../../rules/rule.js'
import type { CaptureRun } from '../../run/capture-run.js'
import { EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import type { Output } from '../output/stdout.js'
import { checkingContext } from '../query/query.js'
import { firedIn, type RuleSet } from './fired-in.js'

/** Maximum number of alerts printed; further ones are only counted. */
const MAX_LINES = 1000

/** Prints the alerts of only one set, with `-` for the first and `+` for the second. Returns the exit code. */
export async function compareRules(before: RuleSet, after: RuleSet, s: Settings, out: Output): Promise<number> {
  const lines: string[] = []
  const numbers = { '-': 0, '+': 0, both: 0 }
  const line = lineMaker()
  const note = (sign: '-' | '+', rule: Rule, e: Event, run: CaptureRun) => {
    numbers[sign]++
    if (lines.length < MAX_LINES) lines.push(`${sign} ${line(rule, e, run)}`)
  }
  const code = await firedIn([before, after], s, {
    printed: [...before.rules, ...after.rules].flatMap((rule) => templateOf(rule, checkingContext(s)).fieldsUsed),
    fired: ([old = [], now = []], e, run) => {
      for (const rule of old) if (!has(now, rule)) note('-', rule, e, run)
      for (const rule of now)
        if (has(old, rule)) numbers.both++
        else note('+', rule, e, run)
    },
  })
  const more = numbers['-'] + numbers['+'] - lines.length
  if (more > 0) lines.push(`${GLYPHS.more} and ${more} more`)
  lines.push(`${numbers.both} alerts equal, ${numbers['-']} only before (-), ${numbers['+']} only after (+)`)
  await out.text(`${lines.join('\n')}\n`)
  if (code !== EXIT.ok) return code
  return numbers['-'] + numbers['+'] === 0 ? EXIT.ok : EXIT.different
}

const has = (rules: readonly Rule[], { name }: Rule) => rules.some((r) => r.name === name)

/** Returns a function that formats the line of an alert; outputs are compiled on first use. */
function lineMaker(): (rule: Rule, e: Event, run: CaptureRun) => string {
  const templates = new Map<CaptureRun, Map<Rule, Template>>()
  const out = new ByteWriter(1024)
  return (rule, e, run) => {
    const { ctx } = run
    const known = templates.get(run) ?? new Map<Rule, Template>()
    templates.set(run, known)
    const template = known.get(rule) ?? templateOf(rule, ctx)
    known.set(rule, template)
    out.clear()
    template.append(out, e)
    const text = escapeText(Buffer.from(out.view()).toString().replace(/\n$/, ''))
    const clock = new Clock(ctx.info).set(e.time)
    return `${clock.time()}.${nineDigits(clock.ns)} event ${e.num}: ${escapeText(rule.name)}: ${text}`
  }
}

/** The output of a rule; absent values are marked in place. */
function templateOf({ output }: Rule, ctx: FieldContext): Template {
  return compileTemplate(`*${output.replace(/^\*/, '')}`, registry, ctx)
}
