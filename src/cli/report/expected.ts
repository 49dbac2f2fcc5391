// The file of --expect.
import { type Baseline, BaselineError, parseBaseline } from '../../report/baseline.js'
import { CliError, EXIT } from '../errors/exit.js'
import { smallFile } from '../options/small-file.js'

/** Maximum bytes of the file. */
const MOST = 64 << 20

/** Reads the report of an earlier run. Throws CliError (usage). */
export function readBaseline(path: string): Baseline {
  const missing = 'write it with ksys report --to json -o FILE -- CMD'
  const bytes = smallFile(path, '--expect', { most: MOST, missing })
  try {
    return parseBaseline(bytes.toString())
  } catch (e) {
    if (e instanceof BaselineError) throw new CliError(EXIT.usage, `cannot compare with --expect ${path}: ${e.message}`)
    throw e
  }
}
