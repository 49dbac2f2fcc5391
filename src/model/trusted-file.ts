// Which files are trusted: those that nobody but given users can change or lead elsewhere.
import { ownUser } from './own-user.js'
import { pathSteps } from './path-steps.js'

const STICKY = 0o1000
const OTHERS_WRITE = 0o002

/** Why a file is not trusted, in words. */
export class UntrustedError extends Error {}

/**
 * The real path of a file: it, every folder above it and every link on the way belong to one of `owners` (uids), and not
 * everybody may replace one of them. Throws UntrustedError.
 */
export function trustedFile(file: string, owners: ReadonlySet<number>): string {
  let end = { path: file, isFile: false }
  try {
    for (const { path, stat } of pathSteps(file)) {
      const writable = (stat.mode & OTHERS_WRITE) !== 0
      if (!owners.has(stat.uid)) throw new UntrustedError(`${path} belongs to another user`)
      if (stat.isDirectory() && writable && (stat.mode & STICKY) === 0)
        throw new UntrustedError(`everybody may replace files in ${path}`)
      if (stat.isFile() && writable) throw new UntrustedError('everybody may write it')
      end = { path, isFile: stat.isFile() }
    }
  } catch (e) {
    throw e instanceof UntrustedError ? e : new UntrustedError((e as Error).message)
  }
  if (!end.isFile) throw new UntrustedError('it is no file')
  return end.path
}

/** root, this user, and who became root by sudo: uids. */
export function trustedOwners(): Set<number> {
  return new Set([0, ownUser, callingUser()])
}

/** The user in front: who became root by sudo, else whom this process was started as. */
export function callingUser(): number {
  const sudo = process.env.SUDO_UID
  return ownUser === 0 && sudo !== undefined && /^\d+$/.test(sudo) ? Number(sudo) : ownUser
}
