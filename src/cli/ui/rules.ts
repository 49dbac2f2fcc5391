// Reads the rules of `ksys ui --rules` before the UI takes over the terminal.
import { registry } from '../../fields/index.js'
import { needsOf } from '../../filter/index.js'
import { checkedRules } from '../../rules/rule-fields.js'
import type { RunRules } from '../../run/context.js'
import { readRuleFiles } from '../rules/given.js'

/** bytes of the data of each call that are captured for rules which look at data */
const SNAPLEN = 80

/** What the UI is started with for them. */
export interface UiRules {
  readonly given: RunRules
  /** bytes of the data of each call that they need, live; undefined: they look at none */
  readonly snaplen: number | undefined
}

/** Reads them. masked: data are not shown in alerts; verbose: doubts are told. Throws CliError (usage) where they are wrong. */
export async function rulesFor(files: readonly string[], masked: boolean, verbose: boolean): Promise<UiRules> {
  const all = await readRuleFiles(files, verbose)
  const lookAtData = needsOf(registry, checkedRules(all).fieldsUsed).has('buffers')
  return { given: { all, masked }, snaplen: lookAtData ? SNAPLEN : undefined }
}
