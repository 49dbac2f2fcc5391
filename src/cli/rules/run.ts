// Rules asked of events.
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings } from '../options/rules.js'

/** Runs until the capture ends; returns the exit code. */
export async function runRules(_: RulesSettings, rules: readonly Rule[]): Promise<number> {
  throw new CliError(EXIT.failure, `the ${rules.length} rules can be checked, listed and described, but not run yet`)
}
