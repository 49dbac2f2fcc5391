// The words of `ksys rules` and what its configuration file says, as settings.

import { ConfigError } from '../../rules/config/kinds.js'
import { defaultConfig, loadConfig } from '../../rules/config/load.js'
import { selectionOf } from '../../rules/select.js'
import { CliError, EXIT } from '../errors/exit.js'
import { outputsOf } from '../options/alert-output.js'
import { settingsOf } from '../options/parse.js'
import type { RulesSettings, RulesWords } from '../options/rules.js'

/** ms */
const NAME_WAIT = 500

export interface Told {
  readonly settings: RulesSettings
  /** sentences about what of the configuration is not used */
  readonly notes: readonly string[]
}

/** The settings of parsed options; files: rules files beside those of -f. Throws CliError (usage). */
export function rulesSettings(raw: RulesWords, files: readonly string[]): Told {
  const { config, notes } = configOf(raw)
  const { output, groupBy, ...plain } = raw
  const capture = settingsOf(plain, [])
  const given = [...(raw.file ?? []), ...files]
  const outputs = output ?? outputsOf(config)
  if (typeof outputs === 'string') throw new CliError(EXIT.usage, `${raw.config}: ${outputs}`)
  const disable = raw.disable ?? []
  const enable = raw.enable ?? []
  const settings: RulesSettings = {
    files: given.length > 0 ? given : config.rules_files,
    configFile: raw.config,
    config,
    read: capture.read,
    check: raw.check === true,
    list: raw.listRules === true,
    describe: raw.describe,
    disable,
    enable,
    selections: [
      ...config.rules,
      ...disable.map((word) => selectionOf(word, false)),
      ...enable.map((word) => selectionOf(word, true)),
    ],
    priority: raw.priority ?? config.priority,
    matching: raw.ruleMatching ?? config.rule_matching,
    json: raw.json ?? config.json_output,
    iso: raw.timeIso8601 ?? config.time_format_iso_8601,
    outputs,
    groupBy: groupBy?.flat(),
    window: raw.window,
    nameWait: raw.nameWait ?? NAME_WAIT,
    seconds: capture.seconds,
    quiet: capture.quiet,
    verbose: capture.verbose,
    snaplen: raw.snaplen === undefined ? config.falco_libs.snaplen : capture.snaplen,
    buffer: capture.buffer,
    capture,
  }
  return { settings, notes }
}

function configOf({ config: file, check, listRules, describe }: RulesWords) {
  if (file === undefined) return { config: defaultConfig(), notes: [] }
  const trustedOnly = runs({ check, listRules, describe }) ? undefined : false
  try {
    return loadConfig(file, trustedOnly === undefined ? {} : { trustedOnly })
  } catch (e) {
    if (e instanceof ConfigError) throw new CliError(EXIT.usage, e.format())
    throw e
  }
}

/** Whether rules are asked of events, not only looked at. */
function runs({ check, listRules, describe }: RulesWords): boolean {
  return !check && !listRules && describe === undefined
}
