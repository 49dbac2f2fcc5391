// How the command of a process reads. A thread without its own copy has what its process has.

import { encodeText } from '../model/text.js'
import type { Thread } from '../model/thread.js'
import { ABI } from '../schema/abi.js'

export const exe = (t: Thread): string => t.exe || t.leader.exe
export const exepath = (t: Thread): string => t.exepath || t.leader.exepath
export const args = (t: Thread): readonly string[] => (t.args.length > 0 ? t.args : t.leader.args)
export const env = (t: Thread): readonly string[] => (t.env.length > 0 ? t.env : t.leader.env)

/** Name and arguments, blank between. */
export function cmdline(t: Thread): string {
  const a = args(t)
  return a.length === 0 ? t.comm : `${t.comm} ${a.join(' ')}`
}

/** The program as it was called and its arguments. */
export function exeline(t: Thread): string {
  const a = args(t)
  return a.length === 0 ? exe(t) : `${exe(t)} ${a.join(' ')}`
}

/** Value of an environment variable, undefined when it is not set. */
export function variable(t: Thread, name: string): string | undefined {
  for (const item of env(t)) {
    if (item.length > name.length && item[name.length] === '=' && item.startsWith(name))
      return item.slice(name.length + 1)
  }
  return undefined
}

/** Most bytes of a command line, by where it was read: as the program began, or in /proc. */
const MOST_ARGS = [ABI.KSYS_MAX_ARGS, ABI.KSYS_MAX_PROC_FILE]
const MOST_ENV = [...MOST_ARGS, ABI.KSYS_MAX_ENV]

/**
 * Whether only a part of the arguments was recorded: the command line is as long as one can be. One that has just that length by
 * itself looks the same.
 */
export function isArgsTruncated(t: Thread): boolean {
  return isFull([exe(t), ...args(t)], MOST_ARGS)
}

/** The same of the environment. */
export function isEnvTruncated(t: Thread): boolean {
  return isFull(env(t), MOST_ENV)
}

/** Whether texts, each with its NUL, take as many bytes as were read at most; what was cut has lost its last NUL. */
function isFull(texts: readonly string[], limits: readonly number[]): boolean {
  let units = 0
  for (const text of texts) units += text.length + 1
  // a unit of a text is 3 bytes of UTF-8 at most
  if (units * 3 < ABI.KSYS_MAX_ARGS) return false
  const bytes = texts.reduce((sum, text) => sum + encodeText(text).length + 1, 0)
  return limits.some((limit) => bytes === limit || bytes === limit + 1)
}
