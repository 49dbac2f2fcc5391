// The definition of a subcommand (`ksys info`, `ksys cut` ...), the options it shares with the main command, and how its arguments are
// parsed.
import { mistakesIn, type Refusals } from './refusals.js'
import { OPTIONS, type OptionDef } from './table.js'
import { type Parsed, parseWords } from './words.js'

/** What arguments other than options are. command: a filter, and after -- a command with its arguments */
export type Rest = 'filter' | 'file' | 'command' | 'none'

export interface Subcommand {
  /** its name, the first argument */
  readonly word: string
  /** a few words for the list of commands in the short help */
  readonly summary: string
  /** lines of usage with their meanings, as help and manual show them */
  readonly usage: readonly (readonly [line: string, meaning: string])[]
  readonly options: readonly OptionDef[]
  /** options of the main command (those with a scope) that it rejects */
  readonly refuses: Refusals
  /** what completion offers in addition to options */
  readonly rest: Rest
  /** its possible exit codes (errors/exit.ts) */
  readonly exit: readonly (number | string)[]
  /** further paragraphs of its help and manual */
  readonly notes?: readonly string[]
}

/** Options with the same meaning as for the main command, by their long names. */
export function shared(...names: readonly string[]): OptionDef[] {
  return names.map((name) => OPTIONS.find((o) => o.long === name) as OptionDef)
}

/** Parses the arguments after the name of the subcommand. Throws CliError (usage). */
export function parseSubcommand<T extends object>(
  { word, options, refuses }: Subcommand,
  argv: readonly string[],
): Parsed<T & { help?: true }> {
  return parseWords(options, argv, mistakesIn(word, refuses))
}
