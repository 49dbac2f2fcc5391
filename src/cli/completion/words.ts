// What completion offers where: the words that may be typed, and how options are spelled.
import type { Rest } from '../options/subcommand.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import type { OptionDef } from '../options/table.js'

export interface Words {
  /** field names */
  readonly fields: readonly string[]
  /** event names, offered for evt.type */
  readonly events: readonly string[]
  readonly chisels: readonly string[]
  /** views of the UI */
  readonly views: readonly string[]
}

/** What the first word of the command decides: which options there are, and what the other words are. */
export interface Mode {
  /** the word; '' for any other */
  readonly word: string
  readonly options: readonly OptionDef[]
  readonly rest: Rest
}

/** What may stand first beside options and a filter. */
export const FIRST_WORDS: readonly string[] = [...SUBCOMMANDS.map((c) => c.word), 'help']

/** How an option may be spelled, with its dashes. */
export function spellings(o: OptionDef): string[] {
  return [...(o.short ? [`-${o.short}`] : []), `--${o.long}`]
}

/** The names that an option's value is one of; undefined where there is no such list. */
export function namesFor(o: OptionDef, words: Words): readonly string[] | undefined {
  if (o.complete === 'chisel') return words.chisels
  if (o.complete === 'view') return words.views
  return o.choices ?? o.names
}
