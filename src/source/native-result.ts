// Numbers that the addon answers with: a result, or a negative errno.
import { getSystemErrorName } from 'node:util'

/** The result; throws the system's error where it is one. */
export function settled(result: number): number {
  const code = errorCode(result)
  if (code === undefined) return result
  throw Object.assign(new Error(code), { code })
}

/** The name of the errno that a result is; undefined for one that is none. */
export function errorCode(result: number): string | undefined {
  return result < 0 ? getSystemErrorName(result) : undefined
}
