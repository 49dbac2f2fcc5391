// Parses the arguments of the main command.
import { nearest } from '../../filter/suggest.js'
import { CliError, EXIT } from '../errors/exit.js'
import { splitArgv } from './argv.js'
import { takeChisels } from './chisel-arguments.js'
import { overFiles } from './over-files.js'
import type { Settings } from './settings.js'
import { settingsOf } from './settings-of.js'
import { insteadOf, REPLACED, UNNEEDED } from './sysdig.js'
import { MAIN_OPTIONS, OPTIONS } from './table.js'
import { parseWords } from './words.js'

/** Parses the arguments after `ksys`. Throws CliError (usage); for a misspelt option the message suggests the nearest one. */
export function parseArgs(argv: readonly string[]): Settings {
  const { words: all, command } = splitArgv(argv)
  const { words, chisels } = takeChisels(all)
  const unknown = (word: string, usual: string) => `${usual}${hintFor(word)}`
  const {
    options,
    words: filter,
    unneeded,
  } = parseWords(MAIN_OPTIONS, words, { command: 'ksys', unknown, unneeded: UNNEEDED })
  if (command !== undefined && command.length === 0)
    throw new CliError(EXIT.usage, 'missing command after --, as in: ksys -- ls -l')
  return settingsOf(options, filter, {
    command,
    chisels,
    unneeded,
    warnings: overFiles(MAIN_OPTIONS, options),
  })
}

/** A suggestion for an unknown option. */
function hintFor(unknown: string): string {
  const instead = insteadOf(unknown)
  if (instead !== undefined) return `: ${instead}`
  const given = unknown.split('=')[0] as string
  if (!given.startsWith('--')) return ''
  const own = OPTIONS.flatMap((o) => [o.long, ...(o.aliases ?? [])]).map((name) => `--${name}`)
  const near = nearest(given, [...own, ...REPLACED])
  if (near === undefined) return ''
  return REPLACED.includes(near) ? ` (for ${near}: ${insteadOf(near)})` : ` (did you mean ${near}?)`
}
