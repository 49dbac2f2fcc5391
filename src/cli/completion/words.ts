// What completion offers: the words that can be typed, and the spellings of options.
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
  /** pages of `ksys help` */
  readonly topics: readonly string[]
}

/** What the first word of the command determines: the available options, and what the other words are. */
export interface Mode {
  /** the subcommand; '' for the main command */
  readonly word: string
  readonly options: readonly OptionDef[]
  /** `topic`: what `ksys help` can explain */
  readonly rest: Rest | 'topic'
}

const COMMANDS = SUBCOMMANDS.map((c) => c.word)

/** The first word, if it is neither an option nor a filter. */
export const FIRST_WORDS: readonly string[] = [...COMMANDS, 'help']

/** The words that may follow `ksys help`. */
export function helpWords({ topics }: Words): readonly string[] {
  return [...new Set(['all', ...topics, ...COMMANDS])]
}

/** The spellings of an option, with its dashes. */
export function spellings(o: OptionDef): string[] {
  return [...(o.short ? [`-${o.short}`] : []), `--${o.long}`]
}

/** The possible values of an option; undefined if there is no such list. */
export function namesFor(o: OptionDef, words: Words): readonly string[] | undefined {
  if (o.complete === 'chisel') return words.chisels
  if (o.complete === 'view') return words.views
  return o.choices ?? o.names
}
