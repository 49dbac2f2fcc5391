// The rules of --rules: read before anything is captured, so that what is wrong in them is told as `ksys rules --check` tells it.
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'
import { tell } from '../run/report.js'

/** The settings with the rules that they name, if they name any. Throws CliError (usage) where these are wrong. */
export async function withGivenRules(s: Settings): Promise<Settings> {
  if (s.rulesFiles.length === 0 || s.rules !== undefined) return s
  return { ...s, rules: await readGivenRules(s.rulesFiles, s.verbose) }
}

/**
 * Reads files and folders of rules: those that are enabled. verbose: doubts are told too, not only errors. Throws CliError (usage) where
 * there are no files, or they are wrong.
 */
export async function readGivenRules(paths: readonly string[], verbose: boolean): Promise<readonly Rule[]> {
  const [{ readRulesFiles }, { loadRules }, { resultText }] = await Promise.all([
    import('../../rules/load/files.js'),
    import('../../rules/load/load.js'),
    import('../../rules/load/result-text.js'),
  ])
  const texts = readRulesFiles(paths)
  if (texts.length === 0)
    throw new CliError(
      EXIT.usage,
      `there is no .yaml or .yml file in ${paths.join(', ')}: --rules names rules files, or folders of them`,
    )
  const { rules, files, ok } = loadRules(texts)
  const told = files.filter((f) => f.errors.length > 0 || (verbose && f.warnings.length > 0))
  if (told.length > 0) say(visible(resultText(told)))
  if (!ok) throw new CliError(EXIT.usage, 'the rules are wrong; nothing is done with them')
  const enabled = rules.filter((r) => r.enabled)
  if (enabled.length === 0) tell(`ksys: no rule of ${paths.join(', ')} is enabled: none can fire`)
  return enabled
}
