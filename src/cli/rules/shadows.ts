// Warnings about rules that never fire because an earlier rule always matches first (only one rule fires for an event).
import { registry } from '../../fields/index.js'
import { type CheckedRules, checkRules } from '../../rules/engine/checked.js'
import { type RulesByCode, rulesByCode, type Shadowed, shadowedRules } from '../../rules/engine/types-of.js'
import type { FileResult } from '../../rules/load/report.js'
import type { Rule } from '../../rules/rule.js'
import { TextFile } from '../../rules/yaml/text-file.js'
import type { RulesSettings } from '../options/rules.js'
import type { RulesRead } from './loading.js'

/** The shadowed rules among the enabled ones. */
export function shadowsAmong(
  checked: CheckedRules,
  by: RulesByCode,
  { matching }: Pick<RulesSettings, 'matching'>,
): Shadowed[] {
  return matching === 'all' ? [] : shadowedRules(checked, by)
}

/** A message about one. */
export function shadowText({ rule, by: [first] }: Shadowed): string {
  return `the rule '${rule.name}' never fires: every event that matches it matches '${first?.name}' first (--rule-matching all reports both)`
}

/** The results of files, with a warning for each shadowed rule. */
export function withShadows(
  { files, texts }: Pick<RulesRead, 'files' | 'texts'>,
  rules: readonly Rule[],
  s: Pick<RulesSettings, 'matching'>,
): readonly FileResult[] {
  const checked = checkRules(
    rules.filter((r) => r.enabled),
    registry,
  )
  const shadows = shadowsAmong(checked, rulesByCode(checked), s)
  if (shadows.length === 0) return files
  const textOf = new Map(texts.map((t) => [t.name, new TextFile(t.name, 'text' in t ? t.text : '')]))
  return files.map((file) => {
    const own = shadows.filter(({ rule }) => rule.place.file === file.name)
    const more = own.map((shadowed) => doubt(shadowed, textOf.get(file.name) ?? new TextFile(file.name, '')))
    return own.length === 0 ? file : { ...file, warnings: [...file.warnings, ...more] }
  })
}

function doubt(shadowed: Shadowed, text: TextFile): FileResult['warnings'][number] {
  const { name, place } = shadowed.rule
  const offset = text.offsetOf(place)
  return {
    code: 'LOAD_WARNING_EXTENSION',
    message: shadowText(shadowed),
    locations: [{ type: 'rule', name, place, offset }],
    snippet: text.snippet(offset),
  }
}
