// `ksys rules -L` and `-l RULE`: lists and describes rules, as text or JSON.
import { printExpr } from '../../filter/ast.js'
import { jsonLine } from '../../format/outputs/json.js'
import { wrap } from '../../format/text/wrap.js'
import { versioned } from '../../render/json-version.js'
import type { Rule } from '../../rules/rule.js'
import { unknownRule } from '../../rules/select.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'
import { visible } from '../output/visible.js'

/** The list of all rules, or the description of one. Throws CliError (usage) if there is no such rule. */
export function describe({ describe: name, json }: RulesSettings, rules: readonly Rule[]): string {
  const selected = name === undefined ? rules : rules.filter((r) => r.name === name)
  if (name !== undefined && selected.length === 0) throw noSuchRule(name, rules)
  if (json) return selected.map(ruleJson).join('')
  const width = Math.min(process.stdout.columns || 100, 120)
  return name === undefined ? listText(selected, width) : selected.map((r) => ruleText(r, width)).join('\n')
}

/** The error for a name that no rule has. */
export function noSuchRule(name: string, rules: readonly Rule[]): CliError {
  const names = rules.map((r) => r.name)
  return new CliError(EXIT.usage, `${unknownRule(name, names)}; ksys rules -L lists all rules`)
}

/** All rules, each with its description. */
function listText(rules: readonly Rule[], width: number): string {
  if (rules.length === 0) return 'No rules.\n'
  return rules
    .map((r) => [headline(r), ...indented(r.desc, width)].join('\n'))
    .join('\n\n')
    .concat('\n')
}

/** The description of a rule. */
function ruleText(r: Rule, width: number): string {
  const { file, line } = r.place
  const facts: (readonly [string, string])[] = [
    ['Source', r.source],
    ['Tags', r.tags.join(', ')],
    ['File', `${file}:${line}`],
    ['Output', r.output],
    ['Condition', r.written],
    ...r.exceptions.map((e) => [`Exception ${e.name}`, exceptionText(e)] as const),
    ['With macros, lists and exceptions expanded', printExpr(r.condition.root)],
  ]
  const lines = facts.flatMap(([title, text]) => (text === '' ? [] : ['', `${title}:`, ...indented(text, width)]))
  return `${[headline(r), ...indented(r.desc, width), ...lines].join('\n')}\n`
}

/** The description of a rule as a line of JSON. */
function ruleJson(r: Rule): string {
  const { name, desc, priority, enabled, source, tags, output, written, place, exceptions } = r
  const { capture, captureDuration } = r
  return jsonLine(
    versioned({
      rule: name,
      desc,
      priority,
      enabled,
      source,
      tags,
      output,
      condition: written,
      exceptions: exceptions.map((e) => ({ name: e.name, fields: e.fields, condition: exceptionText(e) })),
      expanded: printExpr(r.condition.root),
      capture,
      ...(captureDuration === undefined ? {} : { capture_duration: captureDuration }),
      file: place.file,
      line: place.line,
    }),
  )
}

function headline({ name, priority, enabled }: Rule): string {
  return visible(`${name.replace(/\s+/g, ' ')} (${priority}${enabled ? '' : ', disabled'})`)
}

function exceptionText({ fields, condition }: Rule['exceptions'][number]): string {
  return condition === undefined ? `fields ${fields.join(', ')}; no values yet` : printExpr(condition)
}

function indented(text: string, width: number): string[] {
  const words = visible(text).replace(/\s+/g, ' ').trim()
  return wrap(words, Math.max(20, width - 4)).map((line) => `    ${line}`)
}
