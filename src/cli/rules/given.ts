// Reads the rules of --rules before the capture starts, and reports errors as `ksys rules --check` does.
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'
import { printMessage } from '../run/report.js'

/** The settings with the rules that they name, if any. Throws CliError (usage) for errors in the rules. */
export async function withRuleFiles(s: Settings): Promise<Settings> {
  if (s.rulesFiles.length === 0 || s.rules !== undefined) return s
  return { ...s, rules: await readRuleFiles(s.rulesFiles, s.verbose) }
}

/**
 * Reads the enabled rules of files and folders. verbose: print warnings, too. Throws CliError (usage) if there are no files, or if they
 * contain errors.
 */
export async function readRuleFiles(paths: readonly string[], verbose: boolean): Promise<readonly Rule[]> {
  const [{ readRulesFiles }, { loadRules }, { resultText }] = await Promise.all([
    import('../../rules/load/files.js'),
    import('../../rules/load/load.js'),
    import('../../rules/load/result-text.js'),
  ])
  const texts = readRulesFiles(paths)
  if (texts.length === 0)
    throw new CliError(
      EXIT.usage,
      `no .yaml or .yml file in ${paths.join(', ')}: --rules takes rules files, or folders of them`,
    )
  const { rules, files, ok } = loadRules(texts)
  const problems = files.filter((f) => f.errors.length > 0 || (verbose && f.warnings.length > 0))
  if (problems.length > 0) say(visible(resultText(problems)))
  if (!ok) throw new CliError(EXIT.usage, 'the rules contain errors and were not run')
  const enabled = rules.filter((r) => r.enabled)
  if (enabled.length === 0) printMessage(`ksys: no rule in ${paths.join(', ')} is enabled`)
  return enabled
}
