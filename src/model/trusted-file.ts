// Which files are trusted: those that only given users can change or redirect.
import { ownUser } from './own-user.js'
import { pathSteps } from './path-steps.js'

const STICKY = 0o1000
const OTHERS_WRITE = 0o002

/** Its message is the reason why a file is not trusted. */
export class UntrustedError extends Error {}

/**
 * The real path of a file. Requires that it, every folder above it and every link on the way belong to one of `owners` (uids),
 * and that no folder allows other users to replace entries. Throws UntrustedError.
 */
export function trustedFile(file: string, owners: ReadonlySet<number>): string {
  let end = { path: file, isFile: false }
  try {
    for (const { path, stat } of pathSteps(file)) {
      const writable = (stat.mode & OTHERS_WRITE) !== 0
      if (!owners.has(stat.uid)) throw new UntrustedError(`${path} belongs to another user`)
      if (stat.isDirectory() && writable && (stat.mode & STICKY) === 0)
        throw new UntrustedError(`anyone can replace files in ${path}`)
      if (stat.isFile() && writable) throw new UntrustedError('anyone can write to it')
      end = { path, isFile: stat.isFile() }
    }
  } catch (e) {
    throw e instanceof UntrustedError ? e : new UntrustedError((e as Error).message)
  }
  if (!end.isFile) throw new UntrustedError('it is not a regular file')
  return end.path
}

/** The uids of root, of this user, and of the user who became root by sudo. */
export function trustedOwners(): Set<number> {
  return new Set([0, ownUser, callingUser()])
}

/** The invoking user: the one who became root by sudo, else the user that started this process. */
export function callingUser(): number {
  const sudo = process.env.SUDO_UID
  return ownUser === 0 && sudo !== undefined && /^\d+$/.test(sudo) ? Number(sudo) : ownUser
}
