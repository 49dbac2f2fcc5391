// Loads the rules of a run from their files, and selects them by name, tag and priority. Also used to re-read them.
import { readRulesFiles } from '../../rules/load/files.js'
import { type LoadResult, loadRules, type RulesText } from '../../rules/load/load.js'
import type { FileResult } from '../../rules/load/report.js'
import type { Rule } from '../../rules/rule.js'
import { atLeast, select, unmatched } from '../../rules/select.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'

/** The settings that select rules. */
export type WhichRules = Pick<RulesSettings, 'files' | 'selections' | 'disable' | 'enable' | 'priority'>

/** The loaded rules, and the texts they were read from. */
export interface RulesRead extends LoadResult {
  readonly texts: readonly RulesText[]
}

/** Some of the files contain errors. */
export class WrongRules extends CliError {
  /** files: their errors and warnings */
  constructor(readonly files: readonly FileResult[]) {
    super(EXIT.usage, 'the rules contain errors and were not run')
  }
}

/** Reads the rules files. running: the rules will be evaluated; root then rejects files that others can change. */
export function readRules({ files }: WhichRules, running: boolean): RulesRead {
  if (files.length === 0)
    throw new CliError(
      EXIT.usage,
      'missing rules files: ksys rules -f FILE, or -c FILE for a falco.yaml that names them',
    )
  const texts = readRulesFiles(files, running ? {} : { trustedOnly: false })
  if (texts.length === 0) throw new CliError(EXIT.usage, `no file in ${files.join(', ')} ends in .yaml or .yml`)
  return { ...loadRules(texts), texts }
}

/** The selected rules, enabled or not. Throws WrongRules, and CliError (usage) for options that match no rule. */
export function selected({ rules, files, ok }: LoadResult, s: WhichRules): Rule[] {
  if (!ok) throw new WrongRules(files.filter((f) => f.errors.length > 0))
  const words = s.selections.slice(s.selections.length - s.disable.length - s.enable.length)
  const [wrong] = unmatched(rules, words)
  if (wrong !== undefined) throw new CliError(EXIT.usage, `${wrong}; ksys rules -L lists the rules`)
  return atLeast(select(rules, s.selections), s.priority)
}
