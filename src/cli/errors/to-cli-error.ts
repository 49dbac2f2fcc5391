// Converts errors of lower modules to a message for the user and an exit code.
import { ScapError } from '../../scap/error.js'
import { WriteError } from '../../source/reason.js'
import { TraceError } from '../../trace/index.js'
import { ReaderGone } from '../output/stdout.js'
import { CliError, EXIT } from './exit.js'

/** The error to end the run with. Unknown errors are returned unchanged. */
export function toCliError(e: unknown): unknown {
  if (e instanceof ScapError) return new CliError(EXIT.input, e.message)
  if (!(e instanceof TraceError || e instanceof WriteError)) return e
  if (e instanceof TraceError && e.code !== 'EWRITE') return new CliError(EXIT.input, e.message)
  const cause = e.cause as NodeJS.ErrnoException | undefined
  return cause?.code === 'EPIPE' ? new ReaderGone() : new CliError(EXIT.output, e.message)
}
