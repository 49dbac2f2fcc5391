// Options that say what a run is, whatever the command, and why a subcommand does not take one: each subcommand takes such an option or
// has a reason, which is what a person is told.
import { CommanderError } from 'commander'
import { CliError, EXIT } from '../errors/exit.js'
import { CEILING_OPTIONS, OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

/** Long names of options of every run, by what they are about. */
export const RUN_OPTIONS = {
  privacy: PRIVACY_OPTIONS.map((o) => o.long),
  ceilings: CEILING_OPTIONS.map((o) => o.long),
  live: [
    ...[
      'snaplen',
      'suppress-comm',
      'enter',
      'switches',
      'page-faults',
      'stacks',
      'self',
      'buffer',
      'cri',
      'docker-host',
    ],
    ...['no-container-metadata', 'until-eof'],
  ],
  span: ['from', 'to', 'numevents', 'seconds'],
  rules: ['rules'],
} as const satisfies Record<string, readonly string[]>

/** Reasons by the long name of an option, a clause each: why it is not taken, or what does instead. */
export type Refusals = Readonly<Record<string, string>>

/** The same reason for all options about something. */
export function refusing(what: keyof typeof RUN_OPTIONS, reason: string): Refusals {
  return Object.fromEntries(RUN_OPTIONS[what].map((long) => [long, reason]))
}

/** What a person is told of words that a subcommand's parser does not take; throws any other error. */
export function usageError(e: unknown, word: string, refuses: Refusals): CliError {
  if (!(e instanceof CommanderError)) throw e
  const what = e.message.replace(/^error: /, '')
  const unknown = /^unknown option '(.+?)'/.exec(what)?.[1]
  const def = unknown === undefined ? undefined : optionOf(unknown)
  const reason = def && refuses[def.long]
  const sentence = def === undefined || reason === undefined ? what : `ksys ${word} has no --${def.long}: ${reason}`
  return new CliError(EXIT.usage, `${sentence}\n'ksys ${word} --help' lists the options`)
}

/** The option of every run that a word such as -s, -s80 or --snaplen=80 means. */
function optionOf(word: string): OptionDef | undefined {
  const long = /^--([^=]+)/.exec(word)?.[1]
  if (long !== undefined) return OPTIONS.find((o) => o.long === long || o.aliases?.includes(long))
  return OPTIONS.find((o) => o.short === word[1])
}
