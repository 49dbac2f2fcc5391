// The commands that are typed after a colon: names, arguments and descriptions. state/named-commands.ts runs them.
import { THEMES } from '../terminal/color.js'

export interface NamedCommand {
  readonly name: string
  /** aliases */
  readonly also?: readonly string[]
  /** its argument, for help: `[EXPRESSION]`; absent: none */
  readonly takes?: string
  readonly doc: string
}

export const COMMANDS = [
  { name: 'filter', takes: '[EXPRESSION]', doc: 'show only events that pass a filter; empty: all' },
  { name: 'text', takes: '[TEXT]', doc: 'show only rows that contain a text; empty: all' },
  { name: 'sort', takes: 'COLUMN', doc: 'sort by a column, shown or hidden; again: in reverse' },
  { name: 'columns', doc: 'choose, order and hide columns' },
  { name: 'goto', takes: 'ROW|#EVENT', doc: 'go to the row at a place, or to the event with a number' },
  {
    name: 'write',
    also: ['w'],
    takes: 'FILE',
    doc: 'write the events of the selection to a file: a trace, or by its name .scap, .csv, .parquet ...; live, those retained in memory; :write! replaces a file',
  },
  { name: 'refresh', takes: 'TIME', doc: 'time between two refreshes: 500ms, 2s' },
  { name: 'theme', takes: THEMES.join('|'), doc: 'colours for a dark or light background, or none' },
  { name: 'command', doc: 'show this screen as a ksys command line' },
  { name: 'copy', doc: 'copy that command line' },
  { name: 'legend', doc: 'what this view and its columns mean' },
  { name: 'help', doc: 'all keys and commands' },
  { name: 'quit', also: ['q'], doc: 'quit ksys' },
] as const satisfies readonly NamedCommand[]

/** All commands for the help page: syntax and description. */
export const NAMED: readonly { readonly name: string; readonly doc: string }[] = [
  ...COMMANDS.map((c: NamedCommand) => ({
    name: `:${c.name}${c.takes === undefined ? '' : ` ${c.takes}`}`,
    doc: c.doc,
  })),
  { name: ':VIEW', doc: 'show the same selection in a view: :files, :procs ...' },
]
