// Combines the options of `ksys rules` and its configuration file to settings.

import type { Note } from '../../rules/config/kinds.js'
import { ConfigError } from '../../rules/config/kinds.js'
import { defaultConfig, type LoadedConfig, loadConfig } from '../../rules/config/load.js'
import { selectionOf } from '../../rules/select.js'
import { CliError, EXIT } from '../errors/exit.js'
import { alertFilesOf } from '../options/alert-files.js'
import { outputsOf } from '../options/alert-output.js'
import { overFiles } from '../options/over-files.js'
import { RULES_OPTIONS, type RulesOptions, type RulesSettings } from '../options/rules.js'
import { settingsOf } from '../options/settings-of.js'

/** ms */
const NAME_WAIT = 500

export interface ParsedRules {
  readonly settings: RulesSettings
  /** messages about unused keys of the configuration */
  readonly notes: readonly Note[]
  /** files that the configuration was read from */
  readonly configFiles: readonly string[]
}

/**
 * The settings of parsed options. files: rules files in addition to those of -f. folder: the captures that are read besides those of -r.
 * Throws CliError (usage).
 */
export function rulesSettings(options: RulesOptions, files: readonly string[], folder?: string): ParsedRules {
  const { config: configFile, file = [], check, listRules, describe, disable = [], enable = [], ...more } = options
  const { priority, ruleMatching, timeIso8601, output, groupBy, window, nameWait = NAME_WAIT, watch, ...others } = more
  const { capture: prefix, last, after, maxFiles, maxBytesADay, ...captured } = others
  const { config, notes, files: configFiles } = configOf({ config: configFile, check, listRules, describe })
  const read = folder === undefined ? options.read : [folder]
  const capture = settingsOf(captured, [], {
    warnings: overFiles(RULES_OPTIONS, { ...options, ...(read && { read }) }),
  })
  const given = [...file, ...files]
  const outputs = output ?? outputsOf(config)
  if (typeof outputs === 'string') throw new CliError(EXIT.usage, `${configFile}: ${outputs}`)
  const settings: RulesSettings = {
    files: given.length > 0 ? given : config.rules_files,
    configFile,
    config,
    read: capture.read,
    check: check === true,
    list: listRules === true,
    describe,
    disable,
    enable,
    selections: [
      ...config.rules,
      ...disable.map((word) => selectionOf(word, false)),
      ...enable.map((word) => selectionOf(word, true)),
    ],
    priority: priority ?? config.priority,
    matching: ruleMatching ?? config.rule_matching,
    json: captured.json ?? config.json_output,
    iso: timeIso8601 ?? config.time_format_iso_8601,
    outputs,
    groupBy: groupBy?.flat(),
    window,
    nameWait,
    alertFiles: alertFilesOf({ capture: prefix, last, after, maxFiles, maxBytesADay }, config),
    watch: watch !== false && config.watch_config_files,
    seconds: capture.seconds,
    quiet: capture.quiet,
    verbose: capture.verbose,
    snaplen: captured.snaplen === undefined ? config.falco_libs.snaplen : capture.snaplen,
    buffer: capture.buffer,
    capture,
  }
  return { settings, notes, configFiles }
}

function configOf({ config: file, check, listRules, describe }: RulesOptions): LoadedConfig {
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
function runs({ check, listRules, describe }: RulesOptions): boolean {
  return !check && !listRules && describe === undefined
}
