// Messages for errors of the system.
import { getSystemErrorName } from 'node:util'

const WORDS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a component of the path is not a directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EPIPE: 'its reader has closed it',
  EIO: 'the device reported an error',
  ELOOP: 'too many symbolic links',
  ENXIO: 'there is no such device',
  EMFILE: 'too many files are open',
}

/** The message for an error of the system. */
export function reason(error: unknown): string {
  const code = systemCode(error)
  if (code !== undefined) return WORDS[code] ?? code
  return error instanceof Error ? error.message : String(error)
}

/** errno name of a system error, undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return typeof code === 'string' ? code : undefined
}

/** Returns the result; throws the system's error if it is a negative errno. */
export function resultOrThrow(result: number): number {
  const code = errorCode(result)
  if (code === undefined) return result
  throw Object.assign(new Error(code), { code })
}

/** The errno name of a result; undefined if it is not an error. */
export function errorCode(result: number): string | undefined {
  return result < 0 ? getSystemErrorName(result) : undefined
}

/** A file cannot be written, or not completely; the message is a sentence for the user, `cause` the system's error if there was one. */
export class WriteError extends Error {
  override readonly name = 'WriteError'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
