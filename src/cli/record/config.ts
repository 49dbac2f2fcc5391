// The options of a recorder, from its command line and the file of --config.
import { CliError, EXIT } from '../errors/exit.js'
import type { OptionsOf } from '../options/option-types.js'
import type { RECORD_OPTIONS } from '../options/record.js'
import { RECORD } from '../options/record.js'
import { smallFile } from '../options/small-file.js'
import { parseSubcommand } from '../options/subcommand.js'

export type RecordOptions = OptionsOf<typeof RECORD_OPTIONS>

export interface RecorderOptions {
  readonly options: RecordOptions
  readonly filter: string
}

/** options that are valid on the command line only */
const COMMAND_LINE_ONLY = ['config', 'help'] as const

/**
 * Parses the command line and its --config file. The command line takes precedence. Throws CliError (usage) with the line of an
 * error.
 */
export function parseRecorder(words: readonly string[]): RecorderOptions {
  const own = parse(words)
  const { config } = own.options
  if (config === undefined || own.options.help) return own
  const lines = readLines(config)
  const all = parse([...lines.flatMap((l) => l.options), ...words])
  return { options: all.options, filter: own.filter === '' ? lines.flatMap((l) => l.filter).join(' ') : own.filter }
}

function parse(words: readonly string[]): RecorderOptions {
  const { options, words: filter } = parseSubcommand(RECORD, words)
  return { options, filter: filter.join(' ').trim() }
}

interface Line {
  /** an option, followed by its value as a separate argument */
  readonly options: readonly string[]
  /** a part of the filter */
  readonly filter: readonly string[]
}

/** The lines of a file without comments and empty lines. */
function readLines(path: string): Line[] {
  const text = smallFile(path, '--config').toString('utf8')
  return text.split(/\r?\n/).flatMap((line, i): Line[] => {
    const content = line.trim()
    if (content === '' || content.startsWith('#')) return []
    if (!content.startsWith('-')) return [{ options: [], filter: [content] }]
    const options = splitOption(content)
    try {
      checkLine(options)
    } catch (e) {
      if (!(e instanceof CliError)) throw e
      throw new CliError(e.exitCode, `${path}:${i + 1}: ${e.message}`)
    }
    return [{ options, filter: [] }]
  })
}

/** Throws CliError (usage) if a line is not an option, or not allowed in such a file. */
function checkLine(line: readonly string[]): void {
  const { options, filter } = parse(line)
  const invalid = COMMAND_LINE_ONLY.find((name) => options[name] !== undefined)
  if (invalid !== undefined) throw new CliError(EXIT.usage, `--${invalid} is valid on the command line only`)
  if (filter !== '') throw new CliError(EXIT.usage, `unexpected argument '${filter}': ${line[0]} takes no value`)
}

/** Splits `--last 60s` or `--last=60s`. The value is the rest of the line, including spaces; quotes around all of it are removed. */
function splitOption(line: string): string[] {
  const [, name = line, value] = /^(-[^\s=]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? []
  const bare = /^(["'])((?:(?!\1).)*)\1$/.exec(value ?? '')?.[2] ?? value
  return bare === undefined ? [name] : [name, bare]
}
