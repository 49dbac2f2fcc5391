// Small files named by options: files written by hand, or keys.
import { readNamed } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'

/** maximum bytes of such a file */
const MAX_BYTES = 1 << 20

/** Reads the whole file that an option names. Throws CliError (usage) if it cannot be read or is too large. */
export function smallFile(path: string, option: string): Buffer {
  let bytes: Buffer | undefined
  try {
    bytes = readNamed(path, MAX_BYTES)
  } catch (e) {
    const { code, message } = e as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a directory' : message
    throw new CliError(EXIT.usage, `cannot read ${option} ${path}: ${why}`)
  }
  if (bytes !== undefined) return bytes
  throw new CliError(EXIT.usage, `${option} ${path} is larger than a megabyte`)
}
