// What a subcommand is (`ksys info`, `ksys cut` ...), what options it may have in common with every run, and how its words are
// parsed.
import { mistakesIn, type Refusals } from './refusals.js'
import { OPTIONS, type OptionDef } from './table.js'
import { type Parsed, parseWords } from './words.js'

/** What words beside options are. command: a filter, and behind -- a command with its own words */
export type Rest = 'filter' | 'file' | 'command' | 'none'

export interface Subcommand {
  /** the word that it begins with */
  readonly word: string
  /** lines of usage with their meanings, as help and manual show them */
  readonly usage: readonly (readonly [line: string, meaning: string])[]
  readonly options: readonly OptionDef[]
  /** options of every run (those with a scope) that it does not take */
  readonly refuses: Refusals
  /** what completion offers beside options */
  readonly rest: Rest
  /** the exit codes that it may have (errors/exit.ts) */
  readonly exit: readonly (number | string)[]
  /** what else its help and manual say, a paragraph each */
  readonly notes?: readonly string[]
}

/** Options that mean to a subcommand what they mean to every run, by their long names. */
export function shared(...names: readonly string[]): OptionDef[] {
  return names.map((name) => OPTIONS.find((o) => o.long === name) as OptionDef)
}

/** Parses the words behind the subcommand's. Throws CliError (usage). */
export function parseSubcommand<T extends object>(
  { word, options, refuses }: Subcommand,
  argv: readonly string[],
): Parsed<T & { help?: true }> {
  return parseWords(options, argv, mistakesIn(word, refuses))
}
