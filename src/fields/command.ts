// Text of a process's command. A thread without its own copy uses that of its process.

import type { Thread } from '../model/thread.js'
import { fillsArgs, fillsEnv } from '../model/truncation.js'

export const exe = (t: Thread): string => t.exe || t.leader.exe
export const exepath = (t: Thread): string => t.exepath || t.leader.exepath
export const args = (t: Thread): readonly string[] => (t.args.length > 0 ? t.args : t.leader.args)
export const env = (t: Thread): readonly string[] => (t.env.length > 0 ? t.env : t.leader.env)

/** Name and arguments, separated by blanks. */
export function cmdline(t: Thread): string {
  const a = args(t)
  return a.length === 0 ? t.comm : `${t.comm} ${a.join(' ')}`
}

/** The program as called (argv[0]) and its arguments. */
export function exeline(t: Thread): string {
  const a = args(t)
  return a.length === 0 ? exe(t) : `${exe(t)} ${a.join(' ')}`
}

/** Value of an environment variable; undefined if it is not set. */
export function variable(t: Thread, name: string): string | undefined {
  for (const item of env(t)) {
    if (item.length > name.length && item[name.length] === '=' && item.startsWith(name))
      return item.slice(name.length + 1)
  }
  return undefined
}

/**
 * Whether only part of the arguments was recorded: the command line has the maximum recorded length, or had it before
 * redaction. A command line of exactly that length looks the same. undefined if the command line is unknown.
 */
export function isArgsTruncated(t: Thread): boolean | undefined {
  const { argv, leader } = t
  const list = argv.items.length > 0 || argv.truncated ? argv : leader.argv
  if (list.truncated) return true
  return exe(t) === '' && list.items.length === 0 ? undefined : fillsArgs(exe(t), list.items)
}

/** The same for the environment. An empty environment cannot be distinguished from one that was not recorded. */
export function isEnvTruncated(t: Thread): boolean | undefined {
  const { environ, leader } = t
  const list = environ.items.length > 0 ? environ : leader.environ
  return list.items.length === 0 ? undefined : list.truncated || fillsEnv(list.items)
}
