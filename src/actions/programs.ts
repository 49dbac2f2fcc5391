// Where programs are found and what they are given: never what the environment of somebody says.
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { trustedFile } from '../model/trusted-file.js'

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** What of the environment ksys was started in goes on: the terminal, the language, where runtimes of containers listen. */
const KEPT = [
  ...['TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'DOCKER_HOST', 'CONTAINER_HOST', 'KUBECONFIG'],
  ...['CONTAINER_RUNTIME_ENDPOINT', 'IMAGE_SERVICE_ENDPOINT'],
]

/**
 * The file of a program, by its name in the system's folders or by its path: nobody but `owners` (uids) can change it or lead
 * elsewhere. undefined when there is none. Throws UntrustedError.
 */
export function findProgram(name: string, owners: ReadonlySet<number>): string | undefined {
  const at = isAbsolute(name) ? [name] : name.includes('/') ? [] : FOLDERS.map((f) => join(f, name))
  const file = at.find((f) => existsSync(f))
  if (file === undefined) return undefined
  trustedFile(file, owners)
  // by the name that was asked for: some programs go by it
  return file
}

/** Of a user, what programs find in their environment. */
export interface Account {
  readonly username: string
  readonly homedir: string
  readonly shell: string | null
}

/** The environment of programs that run as a user, without one as the present user. */
export function cleanEnvironment(from: NodeJS.ProcessEnv, user: Account = userInfo()): Record<string, string> {
  const { username, homedir, shell } = user
  const kept = KEPT.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))
  return {
    ...Object.fromEntries(kept),
    PATH: FOLDERS.join(':'),
    HOME: homedir,
    USER: username,
    LOGNAME: username,
    SHELL: shell ?? '/bin/sh',
    // less is for looking, not for what it can start
    LESSSECURE: '1',
  }
}
