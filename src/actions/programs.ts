// Finds programs and builds their environment, independently of PATH and other untrusted variables.
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { trustedFile } from '../model/trusted-file.js'

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Environment variables that programs inherit: terminal, language, and addresses of container runtimes. */
const INHERITED = [
  ...['TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'DOCKER_HOST', 'CONTAINER_HOST', 'KUBECONFIG'],
  ...['CONTAINER_RUNTIME_ENDPOINT', 'IMAGE_SERVICE_ENDPOINT'],
]

/**
 * The file of a program, given by its name in the system's folders or by its path. Only `owners` (uids) can change or redirect it. undefined
 * if there is none. Throws UntrustedError.
 */
export function findProgram(name: string, owners: ReadonlySet<number>): string | undefined {
  const at = isAbsolute(name) ? [name] : name.includes('/') ? [] : FOLDERS.map((f) => join(f, name))
  const file = at.find((f) => existsSync(f))
  if (file === undefined) return undefined
  trustedFile(file, owners)
  // the path as found, not its target: some programs depend on the name they are called by
  return file
}

/** The properties of a user that are set in the environment. */
export interface Account {
  readonly username: string
  readonly homedir: string
  readonly shell: string | null
}

/** The environment for programs that run as a user, by default the current user. */
export function cleanEnvironment(from: NodeJS.ProcessEnv, user: Account = userInfo()): Record<string, string> {
  const { username, homedir, shell } = user
  const inherited = INHERITED.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))
  return {
    ...Object.fromEntries(inherited),
    PATH: FOLDERS.join(':'),
    HOME: homedir,
    USER: username,
    LOGNAME: username,
    SHELL: shell ?? '/bin/sh',
    // less must not start other programs
    LESSSECURE: '1',
  }
}
