// The system's errors in words.
const WORDS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would become too large',
  EROFS: 'the file system is read-only',
  EPIPE: 'the reader has gone',
  EIO: 'the device reported an error',
  ELOOP: 'its symbolic links lead in a circle, or are too many',
  ENXIO: 'there is no such device',
  EMFILE: 'too many files are open',
}

/** The system's error in words. */
export function reason(error: unknown): string {
  const code = systemCode(error)
  if (code !== undefined) return WORDS[code] ?? code
  return error instanceof Error ? error.message : String(error)
}

/** errno name of a system error, undefined for others. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return typeof code === 'string' ? code : undefined
}
