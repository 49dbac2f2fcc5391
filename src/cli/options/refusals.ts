// The options common to all runs, and why a subcommand rejects one: each subcommand takes such an option or gives a reason, which is
// the error message.
import { OPTIONS, type OptionDef, RUN_OPTIONS, type Scope } from './table.js'
import type { Mistakes } from './words.js'

/** Reasons by the long name of an option, a clause each: why it is rejected, or what replaces it. */
export type Refusals = Readonly<Record<string, string>>

/** The same reason for all options of a scope, or of all scopes. */
export function refusing(scope: Scope | 'all', reason: string): Refusals {
  const options = RUN_OPTIONS.filter((o) => scope === 'all' || o.scope === scope)
  return Object.fromEntries(options.map((o) => [o.long, reason]))
}

/** Error messages for options that a subcommand does not take. */
export function mistakesIn(word: string, refuses: Refusals): Mistakes {
  return {
    command: `ksys ${word}`,
    unknown: (given) => {
      const def = optionOf(given)
      const reason = def && refuses[def.long]
      return reason && `ksys ${word} has no --${def.long}: ${reason}`
    },
  }
}

/** The common option that an argument such as -s, -s80 or --snaplen=80 means. */
function optionOf(word: string): OptionDef | undefined {
  const long = /^--([^=]+)/.exec(word)?.[1]
  if (long !== undefined) return OPTIONS.find((o) => o.long === long || o.aliases?.includes(long))
  return OPTIONS.find((o) => o.short === word[1])
}
