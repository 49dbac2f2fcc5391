// Parses command line arguments by a table of options. Commander does the parsing; no other file uses it or sees its errors.
import { Command, CommanderError, Option } from 'commander'
import { CliError, EXIT } from '../errors/exit.js'
import { withoutAliases } from './argv.js'
import type { OptionsOf } from './option-types.js'
import type { OptionDef } from './table.js'
import { VALUES } from './values.js'

/** Error messages for arguments that are not accepted. */
export interface Mistakes {
  /** the command whose help lists the options */
  readonly command: string
  /** the message for an option that is not in the table; undefined: the usual one, which is `usual` */
  readonly unknown?: (word: string, usual: string) => string | undefined
}

/** How arguments are parsed besides by the table. */
export interface Parsing extends Mistakes {
  /** further options, which are accepted and have no effect */
  readonly unneeded?: readonly OptionDef[]
  /** called with each option in order, and with its value if it has one */
  readonly each?: (def: OptionDef, value: string | undefined) => void
}

export interface Parsed<T> {
  readonly options: T
  /** those without effect that were given */
  readonly unneeded: readonly OptionDef[]
  /** arguments that are neither options nor their values */
  readonly words: string[]
}

/** Parses arguments. Throws CliError (usage). */
export function parseWords<const T extends readonly OptionDef[]>(
  table: T,
  words: readonly string[],
  { command, unknown, unneeded = [], each }: Parsing,
): Parsed<OptionsOf<T>> {
  const cmd = new Command('ksys')
    .argument('[filter...]')
    .helpOption(false)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
  const given = new Set<OptionDef>()
  for (const def of [...table, ...unneeded]) {
    cmd.addOption(toOption(def))
    cmd.on(`option:${def.long}`, (value?: string | null) => {
      given.add(def)
      each?.(def, value ?? undefined)
    })
  }
  try {
    cmd.parse(withoutAliases([...table, ...unneeded], words), { from: 'user' })
  } catch (e) {
    if (!(e instanceof CommanderError)) throw e
    const usual = e.message.replace(/^error: /, '')
    const word = /^unknown option '(.+?)'/.exec(usual)?.[1]
    const sentence = (word === undefined ? undefined : unknown?.(word, usual)) ?? usual
    throw new CliError(EXIT.usage, `${sentence}\n'${command} --help' lists the options`)
  }
  return { options: cmd.opts(), unneeded: unneeded.filter((def) => given.has(def)), words: cmd.args }
}

/** The property of the parsed options that holds the value of an option. */
export function propertyOf(def: OptionDef): string {
  return toOption(def).attributeName()
}

/** An option as it is written, from a property of the parsed options: `--max-cpu` for `maxCpu`. */
export function writtenAs(property: string): string {
  return `--${property.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`
}

function toOption(o: OptionDef): Option {
  const word = o.value === undefined ? '' : ` <${o.value}>`
  const option = new Option(`${o.short ? `-${o.short}, ` : ''}--${o.long}${word}`, o.doc)
  const value = (VALUES as Readonly<Record<string, (v: string) => unknown>>)[o.long]
  if (o.choices) option.choices([...o.choices])
  else if (o.repeat) option.argParser((v: string, all: unknown[] | undefined) => [...(all ?? []), value?.(v) ?? v])
  else if (value) option.argParser(value)
  return option
}
