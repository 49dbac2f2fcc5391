// Parses command line arguments by a table of options. Commander does the parsing; no other file uses it or sees its errors.
import { Command, CommanderError, Option } from 'commander'
import { CliError, EXIT } from '../errors/exit.js'
import type { OptionDef } from './table.js'
import { VALUES } from './values.js'

/** Error messages for arguments that are not accepted. */
export interface Mistakes {
  /** the command whose help lists the options */
  readonly command: string
  /** the message for an option that is not in the table; undefined: the usual one, which is `usual` */
  readonly unknown?: (word: string, usual: string) => string | undefined
}

export interface Parsed<T> {
  readonly options: T
  /** arguments that are neither options nor their values */
  readonly words: string[]
}

/**
 * Parses arguments. Throws CliError (usage).
 * @param each called with each option in order, and with its value if it has one
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

/** The property of the parsed options that holds the value of an option. */
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
