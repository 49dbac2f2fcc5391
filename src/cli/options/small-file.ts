// Small files named by options or arguments: files written by hand, keys, and what an earlier run wrote.
import { readNamed } from '../../source/files.js'
import { reason, systemCode } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'

/** maximum bytes of such a file, unless the caller sets another limit */
const MAX_BYTES = 1 << 20

/**
 * Reads the whole file that an option names. most: maximum bytes. missing: what to do if there is no such file, for the message. Throws
 * CliError (usage) if it cannot be read or is too large.
 */
export function smallFile(
  path: string,
  option: string,
  { most = MAX_BYTES, missing }: { most?: number; missing?: string } = {},
): Buffer {
  let bytes: Buffer | undefined
  try {
    bytes = readNamed(path, most)
  } catch (e) {
    const code = systemCode(e)
    const absent = missing === undefined ? 'no such file' : `no such file; ${missing}`
    const why = code === 'ENOENT' ? absent : code === 'EISDIR' ? 'it is a directory' : reason(e)
    throw new CliError(EXIT.usage, `cannot read ${option} ${path}: ${why}`)
  }
  if (bytes !== undefined) return bytes
  throw new CliError(
    EXIT.usage,
    `${option} ${path} is larger than ${most === MAX_BYTES ? 'a megabyte' : `${most >> 20} MB`}`,
  )
}
