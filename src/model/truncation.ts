// Command lines and environments that were truncated when recorded. Their length shows it. Where redaction has changed their
// length, a mark does: a byte after the parameters of a row, a key of a snapshot's thread.
import { ABI } from '../schema/abi.js'
import { encodeText } from './text.js'

/** Bits of the mark. */
export const TRUNCATED = { ARGS: 1, ENV: 2 } as const

/** Maximum bytes of a command line, by where it was read: at exec, or in /proc. */
const MOST_ARGS = [ABI.KSYS_MAX_ARGS, ABI.KSYS_MAX_PROC_FILE]
const MOST_ENV = [...MOST_ARGS, ABI.KSYS_MAX_ENV]

/** Whether a command line has the maximum recorded length. One that has exactly that length untruncated looks the same. */
export function fillsArgs(exe: string, args: readonly string[]): boolean {
  return fills([exe, ...args], MOST_ARGS)
}

/** The same for an environment. */
export function fillsEnv(env: readonly string[]): boolean {
  return fills(env, MOST_ENV)
}

/** Whether texts, each with its NUL, take as many bytes as are read at most; a truncated list has lost its last NUL. */
function fills(texts: readonly string[], limits: readonly number[]): boolean {
  let units = 0
  for (const text of texts) units += text.length + 1
  // a UTF-16 unit is 3 bytes of UTF-8 at most
  if (units * 3 < ABI.KSYS_MAX_ARGS) return false
  const bytes = texts.reduce((sum, text) => sum + encodeText(text).length + 1, 0)
  return limits.some((limit) => bytes === limit || bytes === limit + 1)
}
