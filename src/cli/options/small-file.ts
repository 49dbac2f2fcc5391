// Files that options name: what people write by hand, or a key.
import { readNamed } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'

/** bytes of such a file at most */
const MOST = 1 << 20

/** All of the file that an option names. Throws CliError (usage) where it cannot be read or is large. */
export function smallFile(path: string, option: string): Buffer {
  let bytes: Buffer | undefined
  try {
    bytes = readNamed(path, MOST)
  } catch (e) {
    const { code, message } = e as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message
    throw new CliError(EXIT.usage, `${option} ${path} cannot be read: ${why}`)
  }
  if (bytes !== undefined) return bytes
  throw new CliError(EXIT.usage, `${option} ${path} is larger than a megabyte`)
}
