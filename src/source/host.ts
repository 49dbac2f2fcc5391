// Where the host's files are seen when ksys itself runs in a container.
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { hasOwnCgroups } from './cgroups.js'
import { procFacts } from './procfs.js'

/** The directory that is the host's root, without a slash at its end: '' for / itself. */
export function hostRoot(env: NodeJS.ProcessEnv = process.env): string {
  return (env.HOST_ROOT ?? '').replace(/\/+$/, '')
}

/** What the host is called: a container's name is another one, which ends with it. */
export function hostName(env: NodeJS.ProcessEnv = process.env): string {
  const root = hostRoot(env)
  if (root === '') return hostname()
  try {
    const [line = ''] = readFileSync(`${root}/etc/hostname`, 'utf8').split('\n')
    return /^[\w.-]{1,253}$/.test(line.trim()) ? line.trim() : hostname()
  } catch {
    return hostname()
  }
}

/** What keeps the host's files from being found, in a sentence; undefined when nothing is known to. */
export function hostRootTrouble(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const root = hostRoot(env)
  if (root !== '' && !existsSync(`${root}/etc`))
    return `HOST_ROOT is ${root}, and the host's tree is not mounted there: users and containers may have no names`
  if (root === '' && inContainer())
    return "users and containers may have no names in a container: mount the host's tree into it and say where with HOST_ROOT"
  return undefined
}

/** Whether this process is in a container: by its cgroup, or by a cgroup namespace of its own. */
function inContainer(): boolean {
  if (hasOwnCgroups()) return true
  return procFacts(process.pid).cgroups.some((entry) => cgroupOwner(cgroupPath(entry)) !== undefined)
}
