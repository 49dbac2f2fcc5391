// The message if a live capture cannot start: the error, what works without one, and with --verbose the message of the system.
import { readdirSync } from 'node:fs'
import { LiveError } from '../../source/live-error.js'
import { lastLines } from '../../source/refusal.js'
import { ROOT } from '../version.js'
import { CliError, EXIT } from './exit.js'

const COMMAND_MISSING = 127

/** Converts a LiveError to the error to end the run with; other errors are returned unchanged. */
export function liveToCliError(e: unknown, verbose: boolean): unknown {
  if (!(e instanceof LiveError)) return e
  if (e.code === 'ECOMMAND') return new CliError(COMMAND_MISSING, e.message)
  return unavailable(e, verbose)
}

/** The error for a capture that cannot start. */
export function unavailable(
  { code, message, detail }: Pick<LiveError, 'code' | 'message' | 'detail'>,
  verbose: boolean,
): CliError {
  // without the addon no capture file can be read, either
  const lines = code === 'ENOADDON' ? [message] : [message, offer()]
  return new CliError(EXIT.unavailable, [...lines, ...(verbose ? systemLines(detail) : [])].join('\n'))
}

/** The last lines of the system's message, with a heading; empty if there is no message. */
export function systemLines(detail: string): string[] {
  const lines = lastLines(detail)
  return lines.length === 0 ? [] : ['Message of the system:', ...lines.map((line) => `  ${line}`)]
}

/** Suggests what requires neither privileges nor this kernel: to read the capture that comes with ksys, if it is installed. */
function offer(): string {
  try {
    const name = readdirSync(`${ROOT}captures`).find((f) => f.endsWith('.ksys'))
    if (name !== undefined)
      return `To read an example capture, which requires no privileges: ksys -r ${ROOT}captures/${name}`
  } catch {
    // installed without them
  }
  return 'Reading captures requires no privileges: ksys -r FILE'
}
