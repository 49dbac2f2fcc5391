// Opens a capture file for a run.
import type { Redaction } from '../redact/redaction.js'
import type { Waiting } from '../source/files.js'
import type { OpenOptions } from '../source/kind.js'
import type { CaptureSource } from '../source/source.js'
import { openTrace } from './file-kinds.js'
import { privacyStages, staged } from './stages.js'

/**
 * Opens a file of any kind and applies a redaction, if there is one. Throws TraceError, as openTrace(), and errors of the file's
 * kind.
 */
export async function openCapture(
  path: string,
  options: Omit<OpenOptions, 'opened'> & Waiting,
  redaction: Redaction | undefined,
): Promise<CaptureSource> {
  const source = await openTrace(path, options)
  return staged(source, { ceilings: undefined, stacks: undefined, names: undefined, ...privacyStages(redaction) })
}
