// What completion offers: the words that can be typed, and the spellings of options.
import type { Subcommand } from '../options/subcommand.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import type { OptionDef } from '../options/table.js'

/** A word, and what it means; shells that describe what they offer show that. */
export interface Described {
  readonly word: string
  readonly summary?: string
}

export interface Words {
  /** field names */
  readonly fields: readonly string[]
  /** event names, offered for evt.type */
  readonly events: readonly string[]
  readonly chisels: readonly Described[]
  /** views of the UI */
  readonly views: readonly Described[]
  /** pages of `ksys help` */
  readonly topics: readonly string[]
}

/** What the first word of the command determines: the available options, and what the other words are. */
export interface Mode {
  /** the subcommand; '' for the main command */
  readonly word: string
  readonly options: readonly OptionDef[]
  /** the words that may follow the subcommand */
  readonly second: readonly Described[]
  readonly rest: Subcommand['rest']
}

/** The first word, if it is neither an option nor a filter. */
export const FIRST_WORDS: readonly Described[] = [
  ...SUBCOMMANDS,
  { word: 'help', summary: 'help for a command or a topic' },
]

/** The commands of a subcommand, as its lines of usage name them: `test` in `ksys rules test FOLDER`. */
export function commandsOf({ word, usage }: Subcommand): readonly Described[] {
  const found = new Map<string, string>()
  for (const [line, meaning] of usage) {
    const command = line.startsWith(`ksys ${word} `) ? /^[a-z]+$/.exec(line.split(' ')[2] ?? '')?.[0] : undefined
    if (command !== undefined && !found.has(command)) found.set(command, meaning)
  }
  return [...found].map(([command, summary]) => ({ word: command, summary }))
}

/** The words that may follow `ksys help`. */
export function helpWords({ topics }: Words): readonly Described[] {
  const pages = ['all', ...topics].filter((topic) => SUBCOMMANDS.every((c) => c.word !== topic))
  return [...pages.map((word) => ({ word })), ...SUBCOMMANDS]
}

/** The spellings of an option, with its dashes. */
export function spellings(o: OptionDef): string[] {
  return [...(o.short ? [`-${o.short}`] : []), `--${o.long}`]
}

/** The possible values of an option; undefined if there is no such list. */
export function namesFor(o: OptionDef, words: Words): readonly string[] | undefined {
  const described = describedFor(o)
  return described === undefined ? (o.choices ?? o.names) : words[described].map((d) => d.word)
}

/** The list with the possible values of an option and their descriptions; undefined if they have none. */
export function describedFor({ complete }: OptionDef): 'chisels' | 'views' | undefined {
  if (complete === 'chisel') return 'chisels'
  return complete === 'view' ? 'views' : undefined
}
