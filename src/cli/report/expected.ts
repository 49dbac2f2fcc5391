// The file of --expect.
import { type Baseline, BaselineError, parseBaseline } from '../../report/baseline.js'
import { readNamed } from '../../source/files.js'
import { reason, systemCode } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'

/** Maximum bytes of the file. */
const MOST = 64 << 20

/** Reads the report of an earlier run. Throws CliError (usage). */
export function readBaseline(path: string): Baseline {
  const wrong = (why: string) => new CliError(EXIT.usage, `cannot compare with --expect ${path}: ${why}`)
  let bytes: Buffer | undefined
  try {
    bytes = readNamed(path, MOST)
  } catch (e) {
    throw wrong(
      systemCode(e) === 'ENOENT' ? 'no such file; write it with ksys report --to json -o FILE -- CMD' : reason(e),
    )
  }
  if (bytes === undefined) throw wrong(`it is larger than ${MOST >> 20} MB`)
  try {
    return parseBaseline(bytes.toString('utf8'))
  } catch (e) {
    throw e instanceof BaselineError ? wrong(e.message) : e
  }
}
