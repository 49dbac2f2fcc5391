// Reads the rules of `ksys ui --rules` before the UI uses the terminal.
import { registry } from '../../fields/index.js'
import { needsOf } from '../../filter/index.js'
import { checkedRules } from '../../rules/rule-fields.js'
import type { RunRules } from '../../run/context.js'
import { readRuleFiles } from '../rules/given.js'

/** bytes of data captured of each call, if rules use data */
const SNAPLEN = 80

/** The rules of the UI. */
interface UiRules {
  readonly given: RunRules
  /** bytes of data that a live capture must record of each call; undefined: the rules use no data */
  readonly snaplen: number | undefined
}

/** Reads rules. masked: alerts show no data; verbose: print warnings. Throws CliError (usage) if rules are invalid. */
export async function rulesFor(files: readonly string[], masked: boolean, verbose: boolean): Promise<UiRules> {
  const all = await readRuleFiles(files, verbose)
  const useData = needsOf(registry, checkedRules(all).fieldsUsed).has('buffers')
  return { given: { all, masked }, snaplen: useData ? SNAPLEN : undefined }
}
