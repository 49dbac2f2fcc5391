// Rules that never fire as those before them always do, where one rule fires for an event: doubts about their files.
import { registry } from '../../fields/index.js'
import { type CheckedRules, checkRules } from '../../rules/engine/checked.js'
import { type RulesByCode, rulesByCode, type Shadowed, shadowedRules } from '../../rules/engine/types-of.js'
import type { FileResult } from '../../rules/load/report.js'
import type { Rule } from '../../rules/rule.js'
import { TextFile } from '../../rules/yaml/text-file.js'
import type { RulesSettings } from '../options/rules.js'
import type { RulesRead } from './loading.js'

/** Such rules among those that are enabled. */
export function shadowsAmong(
  checked: CheckedRules,
  by: RulesByCode,
  { matching }: Pick<RulesSettings, 'matching'>,
): Shadowed[] {
  return matching === 'all' ? [] : shadowedRules(checked, by)
}

/** A sentence about one. */
export function shadowText({ rule, by: [first] }: Shadowed): string {
  return `the rule '${rule.name}' never fires: what fulfils it fulfils '${first?.name}' before it (--rule-matching all tells both)`
}

/** The results of files, with a doubt at each such rule of those that are asked. */
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
