// What is told when a live capture cannot begin: the sentence, what works without one, and with --verbose what the system said.
import { readdirSync } from 'node:fs'
import { LiveError } from '../../source/live-error.js'
import { lastLines } from '../../source/refusal.js'
import { ROOT } from '../version.js'
import { CliError, EXIT } from './exit.js'

const COMMAND_MISSING = 127

/** A LiveError as the error to end the run with; others come back as they are. */
export function liveToCliError(e: unknown, verbose: boolean): unknown {
  if (!(e instanceof LiveError)) return e
  if (e.code === 'ECOMMAND') return new CliError(COMMAND_MISSING, e.message)
  return unavailable(e, verbose)
}

/** No capture can begin. */
export function unavailable(
  { code, message, detail }: Pick<LiveError, 'code' | 'message' | 'detail'>,
  verbose: boolean,
): CliError {
  // without the addon no capture can be looked at, either
  const lines = code === 'ENOADDON' ? [message] : [message, offer()]
  return new CliError(EXIT.unavailable, [...lines, ...(verbose ? systemLines(detail) : [])].join('\n'))
}

/** The end of what the system said, under a line that says so; nothing when it said nothing. */
export function systemLines(detail: string): string[] {
  const lines = lastLines(detail)
  return lines.length === 0 ? [] : ['The system said:', ...lines.map((line) => `  ${line}`)]
}

/** What needs neither privilege nor this kernel: a capture that comes with ksys, where it is there. */
function offer(): string {
  try {
    const name = readdirSync(`${ROOT}captures`).find((f) => f.endsWith('.ksys'))
    if (name !== undefined)
      return `To look at a recorded capture, which needs no privilege: ksys -r ${ROOT}captures/${name}`
  } catch {
    // installed without them
  }
  return 'Reading captures needs no privilege: ksys -r FILE'
}
