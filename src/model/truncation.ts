// Command lines and environments of which only a part was recorded. Their length tells it, and where redaction has changed them, and so
// their length, a mark does: of a row a byte behind its parameters, of a thread of a snapshot a key.
import { ABI } from '../schema/abi.js'
import { encodeText } from './text.js'

/** Bits of the mark. */
export const TRUNCATED = { ARGS: 1, ENV: 2 } as const

/** Most bytes of a command line, by where it was read: as the program began, or in /proc. */
const MOST_ARGS = [ABI.KSYS_MAX_ARGS, ABI.KSYS_MAX_PROC_FILE]
const MOST_ENV = [...MOST_ARGS, ABI.KSYS_MAX_ENV]

/** Whether a command line, as it was recorded, is as long as one can be. One that has just that length by itself looks the same. */
export function fillsArgs(exe: string, args: readonly string[]): boolean {
  return fills([exe, ...args], MOST_ARGS)
}

/** The same of an environment. */
export function fillsEnv(env: readonly string[]): boolean {
  return fills(env, MOST_ENV)
}

/** Whether texts, each with its NUL, take as many bytes as were read at most; what was cut has lost its last NUL. */
function fills(texts: readonly string[], limits: readonly number[]): boolean {
  let units = 0
  for (const text of texts) units += text.length + 1
  // a unit of a text is 3 bytes of UTF-8 at most
  if (units * 3 < ABI.KSYS_MAX_ARGS) return false
  const bytes = texts.reduce((sum, text) => sum + encodeText(text).length + 1, 0)
  return limits.some((limit) => bytes === limit || bytes === limit + 1)
}
