// The definition of a subcommand (`ksys info`, `ksys cut` ...), the options it shares with the main command, and how its arguments are
// parsed.

import type { OptionsOf } from './option-types.js'
import { mistakesIn, type Refusals } from './refusals.js'
import { MAIN_OPTIONS, type OptionDef } from './table.js'
import { type Parsed, parseWords } from './words.js'

/** What arguments other than options are. command: a filter, and after -- a command with its arguments */
export type Rest = 'filter' | 'file' | 'command' | 'none'

export interface Subcommand<T extends readonly OptionDef[] = readonly OptionDef[]> {
  /** its name, the first argument */
  readonly word: string
  /** a few words for the list of commands in the short help */
  readonly summary: string
  /** lines of usage with their meanings, as help and manual show them */
  readonly usage: readonly (readonly [line: string, meaning: string])[]
  readonly options: T
  /** options of the main command (those with a scope) that it rejects */
  readonly refuses: Refusals
  /** what completion offers in addition to options */
  readonly rest: Rest
  /** its possible exit codes (errors/exit.ts) */
  readonly exit: readonly (number | string)[]
  /** further paragraphs of its help and manual */
  readonly notes?: readonly string[]
  /** the page of docs/ about it, which help and manual name at the end */
  readonly topic: string
}

type MainOption = (typeof MAIN_OPTIONS)[number]

/** Options with the same meaning as for the main command, by their long names. */
export function shared<const Names extends readonly MainOption['long'][]>(...names: Names) {
  type Named = Extract<MainOption, { readonly long: Names[number] }>
  return names.map((name) => MAIN_OPTIONS.find((o) => o.long === name) as Named)
}

/** Options with the help texts of `docs`, by their long names, where it has one. */
export function described<T extends OptionDef>(options: readonly T[], docs: Readonly<Record<string, string>>): T[] {
  return options.map((o) => ({ ...o, doc: docs[o.long] ?? o.doc }))
}

/** Parses the arguments after the name of the subcommand. Throws CliError (usage). */
export function parseSubcommand<T extends readonly OptionDef[]>(
  { word, options, refuses }: Subcommand<T>,
  argv: readonly string[],
): Parsed<OptionsOf<T>> {
  return parseWords(options, argv, mistakesIn(word, refuses))
}
