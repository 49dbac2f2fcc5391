// Words of the command line to options, by a table of them. Commander does the parsing; nobody else uses it or sees its errors.
import { Command, CommanderError, Option } from 'commander'
import { CliError, EXIT } from '../errors/exit.js'
import type { OptionDef } from './table.js'
import { VALUES } from './values.js'

/** What a person reads of a word that is not taken. */
export interface Mistakes {
  /** the command whose help lists the options */
  readonly command: string
  /** the sentence about an option that the table does not have; undefined: the usual one. usual: that */
  readonly unknown?: (word: string, usual: string) => string | undefined
}

export interface Parsed<T> {
  readonly options: T
  /** words that are no options and no values of theirs */
  readonly words: string[]
}

/**
 * Parses words. Throws CliError (usage).
 * @param each takes each option as it comes, with its value where it has one
 */
export function parseWords<T extends object>(
  table: readonly OptionDef[],
  words: readonly string[],
  { command, unknown }: Mistakes,
  each?: (def: OptionDef, value: string | undefined) => void,
): Parsed<T> {
  const cmd = new Command('ksys')
    .argument('[filter...]')
    .helpOption(false)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
  for (const def of table) {
    cmd.addOption(toOption(def))
    if (each !== undefined) cmd.on(`option:${def.long}`, (value?: string | null) => each(def, value ?? undefined))
  }
  try {
    cmd.parse([...words], { from: 'user' })
  } catch (e) {
    if (!(e instanceof CommanderError)) throw e
    const usual = e.message.replace(/^error: /, '')
    const word = /^unknown option '(.+?)'/.exec(usual)?.[1]
    const sentence = (word === undefined ? undefined : unknown?.(word, usual)) ?? usual
    throw new CliError(EXIT.usage, `${sentence}\n'${command} --help' lists the options`)
  }
  return { options: cmd.opts(), words: cmd.args }
}

/** The property of parsed options that has an option's value. */
export function propertyOf(def: OptionDef): string {
  return toOption(def).attributeName()
}

function toOption(o: OptionDef): Option {
  const word = o.value === undefined ? '' : ` <${o.value}>`
  const option = new Option(`${o.short ? `-${o.short}, ` : ''}--${o.long}${word}`, o.doc)
  const value = VALUES[o.long]
  if (o.choices) option.choices([...o.choices])
  else if (o.repeat) option.argParser((v: string, all: unknown[] | undefined) => [...(all ?? []), value?.(v) ?? v])
  else if (value) option.argParser(value)
  return option
}
