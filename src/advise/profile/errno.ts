// Numbers of errors by their names, for profiles that name them.
import { ERROR_NAMES, errnoName } from '../../schema/errno.js'

/** The kernel's internal codes and ksys's own begin here. */
const LAST = 511

/** The number of an error such as EPERM; undefined: there is no such name. */
export function errnoOf(name: string): number | undefined {
  if (!ERROR_NAMES.includes(name)) return undefined
  for (let n = 1; n <= LAST; n++) if (errnoName(n) === name) return n
  return undefined
}
