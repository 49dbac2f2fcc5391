// The rules that a run asks: read from their files, switched on and off, those that are grave enough. A run that reads them again
// does it in the same way.
import { readRulesFiles } from '../../rules/load/files.js'
import { type LoadResult, loadRules } from '../../rules/load/load.js'
import type { Rule } from '../../rules/rule.js'
import { atLeast, select, unmatched } from '../../rules/select.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'

/** Which of the settings say what rules there are. */
export type WhichRules = Pick<RulesSettings, 'files' | 'selections' | 'disable' | 'enable' | 'priority'>

/** Reads the rules files. running: rules are asked of events, for which root trusts no file that others can change. */
export function readRules({ files }: WhichRules, running: boolean): LoadResult {
  if (files.length === 0)
    throw new CliError(
      EXIT.usage,
      'name the files of rules: ksys rules -f FILE, or a falco.yaml that names them: -c FILE',
    )
  const texts = readRulesFiles(files, running ? {} : { trustedOnly: false })
  if (texts.length === 0) throw new CliError(EXIT.usage, `no file in ${files.join(', ')} ends in .yaml or .yml`)
  return loadRules(texts)
}

/** The rules that are left, enabled or not. Throws CliError (usage) for words of the command line that no rule is meant by. */
export function selected(rules: readonly Rule[], s: WhichRules): Rule[] {
  const words = s.selections.slice(s.selections.length - s.disable.length - s.enable.length)
  const [wrong] = unmatched(rules, words)
  if (wrong !== undefined) throw new CliError(EXIT.usage, `${wrong}; ksys rules -L lists the rules`)
  return atLeast(select(rules, s.selections), s.priority)
}
