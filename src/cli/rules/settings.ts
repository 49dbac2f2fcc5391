// Combines the options of `ksys rules` and its configuration file to settings.

import type { Note } from '../../rules/config/kinds.js'
import { ConfigError } from '../../rules/config/kinds.js'
import { defaultConfig, type LoadedConfig, loadConfig } from '../../rules/config/load.js'
import { selectionOf } from '../../rules/select.js'
import { CliError, EXIT } from '../errors/exit.js'
import { alertFilesOf } from '../options/alert-files.js'
import { outputsOf } from '../options/alert-output.js'
import { settingsOf } from '../options/parse.js'
import type { RulesSettings, RulesWords } from '../options/rules.js'

/** ms */
const NAME_WAIT = 500

export interface ParsedRules {
  readonly settings: RulesSettings
  /** messages about unused keys of the configuration */
  readonly notes: readonly Note[]
  /** files that the configuration was read from */
  readonly configFiles: readonly string[]
}

/** The settings of parsed options; files: rules files in addition to those of -f. Throws CliError (usage). */
export function rulesSettings(raw: RulesWords, files: readonly string[]): ParsedRules {
  const { config, notes, files: configFiles } = configOf(raw)
  const { output, groupBy, last: _, ...plain } = raw
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
    alertFiles: alertFilesOf(raw, config),
    watch: raw.watch !== false && config.watch_config_files,
    seconds: capture.seconds,
    quiet: capture.quiet,
    verbose: capture.verbose,
    snaplen: raw.snaplen === undefined ? config.falco_libs.snaplen : capture.snaplen,
    buffer: capture.buffer,
    capture,
  }
  return { settings, notes, configFiles }
}

function configOf({ config: file, check, listRules, describe }: RulesWords): LoadedConfig {
  if (file === undefined) return { config: defaultConfig(), notes: [], files: [] }
  const trustedOnly = runs({ check, listRules, describe }) ? undefined : false
  try {
    return loadConfig(file, trustedOnly === undefined ? {} : { trustedOnly })
  } catch (e) {
    if (e instanceof ConfigError) throw new CliError(EXIT.usage, e.format())
    throw e
  }
}

/** Whether rules are evaluated, not only checked, listed or described. */
function runs({ check, listRules, describe }: RulesWords): boolean {
  return !check && !listRules && describe === undefined
}
