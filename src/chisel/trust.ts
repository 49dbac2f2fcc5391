// Which files are trusted to be run: those that nobody but this user and root can change or lead elsewhere.
import { pathSteps } from '../model/path-steps.js'
import { ChiselError } from './args.js'

const STICKY = 0o1000
const OTHERS_WRITE = 0o002

/**
 * The real path of a file that may be run: it, every folder above it and every link on the way belong to this user or root,
 * and nobody else may replace one of them. Throws ChiselError.
 */
export function trusted(file: string): string {
  const refusal = (what: string) =>
    new ChiselError(`${file} is not run: ${what}. Only files of yours or root's, which others cannot change, are`)
  const owners = trustedOwners()
  let end = { path: file, isFile: false }
  try {
    for (const { path, stat } of pathSteps(file)) {
      const writable = (stat.mode & OTHERS_WRITE) !== 0
      if (!owners.has(stat.uid)) throw refusal(`${path} belongs to another user`)
      if (stat.isDirectory() && writable && (stat.mode & STICKY) === 0)
        throw refusal(`everybody may replace files in ${path}`)
      if (stat.isFile() && writable) throw refusal('everybody may write it')
      end = { path, isFile: stat.isFile() }
    }
  } catch (e) {
    throw e instanceof ChiselError ? e : refusal((e as Error).message)
  }
  if (!end.isFile) throw refusal('it is no file')
  return end.path
}

/** root, this user, and who became root by sudo. */
function trustedOwners(): Set<number> {
  const euid = process.geteuid?.() ?? 0
  const owners = new Set([0, euid])
  const sudo = process.env.SUDO_UID
  if (euid === 0 && sudo !== undefined && /^\d+$/.test(sudo)) owners.add(Number(sudo))
  return owners
}
