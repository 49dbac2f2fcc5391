// `ksys rules -L` and `-l RULE`: the rules that there are, for people and for programs.
import { printExpr } from '../../filter/ast.js'
import { didYouMean } from '../../filter/suggest.js'
import { versioned } from '../../format/json-version.js'
import { jsonLine } from '../../format/outputs/json.js'
import { wrap } from '../../format/text/wrap.js'
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'
import { visible } from '../output/visible.js'

/** What is told of the rules: of all, or of the one that is asked for. Throws CliError (usage) when there is none. */
export function describe({ describe: name, json }: RulesSettings, rules: readonly Rule[]): string {
  const asked = name === undefined ? rules : rules.filter((r) => r.name === name)
  if (name !== undefined && asked.length === 0) {
    const hint = didYouMean(
      name,
      rules.map((r) => r.name),
    )
    throw new CliError(EXIT.usage, `there is no rule '${name}'${hint}; ksys rules -L lists the rules`)
  }
  if (json) return asked.map(ruleJson).join('')
  const width = Math.min(process.stdout.columns || 100, 120)
  return name === undefined ? listText(asked, width) : asked.map((r) => ruleText(r, width)).join('\n')
}

/** All rules, each with what it is about. */
function listText(rules: readonly Rule[], width: number): string {
  if (rules.length === 0) return 'There is no rule.\n'
  return rules
    .map((r) => [headline(r), ...indented(r.desc, width)].join('\n'))
    .join('\n\n')
    .concat('\n')
}

/** All about a rule. */
function ruleText(r: Rule, width: number): string {
  const { file, line } = r.place
  const facts: (readonly [string, string])[] = [
    ['Source', r.source],
    ['Tags', r.tags.join(', ')],
    ['File', `${file}:${line}`],
    ['Output', r.output],
    ['Condition', r.written],
    ...r.exceptions.map((e) => [`Exception ${e.name}`, exceptionText(e)] as const),
    ['With macros, lists and exceptions replaced', printExpr(r.condition.root)],
  ]
  const lines = facts.flatMap(([title, text]) => (text === '' ? [] : ['', `${title}:`, ...indented(text, width)]))
  return `${[headline(r), ...indented(r.desc, width), ...lines].join('\n')}\n`
}

/** The same for programs, a line. */
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
  return condition === undefined ? `of ${fields.join(', ')}; it has no values yet` : printExpr(condition)
}

function indented(text: string, width: number): string[] {
  const words = visible(text).replace(/\s+/g, ' ').trim()
  return wrap(words, Math.max(20, width - 4)).map((line) => `    ${line}`)
}
