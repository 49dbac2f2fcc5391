// Which files of chisels may be run.
import { trustedFile, trustedOwners, UntrustedError } from '../model/trusted-file.js'
import { ChiselError } from './args.js'

/** The real path of a file that nobody but this user and root can change (trustedFile). Throws ChiselError. */
export function trusted(file: string): string {
  try {
    return trustedFile(file, trustedOwners())
  } catch (e) {
    if (!(e instanceof UntrustedError)) throw e
    throw new ChiselError(
      `${file} is not run: ${e.message}. Only files of yours or root's, which others cannot change, are`,
    )
  }
}
