// The words that a recorder is told, on its command line and in the file of --config.
import { CliError, EXIT } from '../errors/exit.js'
import type { RecordWords } from '../options/recording.js'
import { smallFile } from '../options/small-file.js'
import { parseSubcommand } from '../options/subcommand.js'
import { RECORD } from '../options/subcommands.js'

export type RecordOptions = RecordWords & { write?: string; config?: string; help?: true }

export interface Told {
  readonly options: RecordOptions
  readonly filter: string
}

/** options that have their meaning on the command line only */
const OUTSIDE = ['config', 'help'] as const

/**
 * What words of the command line say, with those of their --config file, which count where the command line says nothing else.
 * Throws CliError (usage) with the line of a mistake.
 */
export function toldBy(words: readonly string[]): Told {
  const own = parse(words)
  const { config } = own.options
  if (config === undefined || own.options.help) return own
  const lines = linesOf(config)
  const all = parse([...lines.flatMap((l) => l.options), ...words])
  return { options: all.options, filter: own.filter === '' ? lines.flatMap((l) => l.filter).join(' ') : own.filter }
}

function parse(words: readonly string[]): Told {
  const { options, words: filter } = parseSubcommand<RecordOptions>(RECORD, words)
  return { options, filter: filter.join(' ').trim() }
}

interface Line {
  /** an option, and its value as a word of its own */
  readonly options: readonly string[]
  /** a part of the filter */
  readonly filter: readonly string[]
}

/** The lines of a file that say something. */
function linesOf(path: string): Line[] {
  const text = smallFile(path, '--config').toString('utf8')
  return text.split(/\r?\n/).flatMap((line, i): Line[] => {
    const said = line.trim()
    if (said === '' || said.startsWith('#')) return []
    if (!said.startsWith('-')) return [{ options: [], filter: [said] }]
    const options = wordsOf(said)
    try {
      refuse(options)
    } catch (e) {
      if (!(e instanceof CliError)) throw e
      throw new CliError(e.exitCode, `${path}:${i + 1}: ${e.message}`)
    }
    return [{ options, filter: [] }]
  })
}

/** Throws CliError (usage) where a line is no option, or not in such a file. */
function refuse(line: readonly string[]): void {
  const { options, filter } = parse(line)
  const outside = OUTSIDE.find((name) => options[name] !== undefined)
  if (outside !== undefined) throw new CliError(EXIT.usage, `--${outside} stands on the command line only`)
  if (filter !== '') throw new CliError(EXIT.usage, `${line[0]} has no value: what is '${filter}' for?`)
}

/** `--last 60s` and `--last=60s`: the value is all that follows, blanks too; quotes around the whole of it are a shell's. */
function wordsOf(line: string): string[] {
  const [, name = line, value] = /^(-[^\s=]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? []
  const bare = /^(["'])((?:(?!\1).)*)\1$/.exec(value ?? '')?.[2] ?? value
  return bare === undefined ? [name] : [name, bare]
}
