// Where the host's files are seen when ksys itself runs in a container.
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { hasOwnCgroups } from './cgroups.js'
import { type Got, readForeignSync } from './foreign/file.js'
import type { ForeignPath } from './foreign/find.js'
import { cgroupsOf } from './procfs.js'

/** bytes of a file with a name in it */
const LONGEST_NAME = 4096

/** The directory that is the host's root, without a slash at its end: '' for / itself. */
export function hostRoot(env: NodeJS.ProcessEnv = process.env): string {
  return (env.HOST_ROOT ?? '').replace(/\/+$/, '')
}

/**
 * A path of the host's as ksys sees it. `host`: the host's root, '' for /. Links are the host's own: none leads out of its tree. A path
 * that is not below its root is one of ksys's own tree.
 */
export function inHost(host: string, path: string): ForeignPath {
  return host !== '' && path.startsWith(`${host}/`)
    ? { root: host, path: path.slice(host.length), links: true }
    : { root: '/', path, links: true }
}

/** Reads a file of the host by its path there; one that has more than `most` bytes is not taken. */
export function readHostFile(path: string, most: number, root = hostRoot()): Got {
  return readForeignSync(inHost(root, root + path), most)
}

/** What the host is called: a container's name is another one, which ends with it. */
export function hostName(env: NodeJS.ProcessEnv = process.env): string {
  const root = hostRoot(env)
  if (root === '') return hostname()
  const got = readHostFile('/etc/hostname', LONGEST_NAME, root)
  const [line = ''] = got !== undefined && 'bytes' in got ? got.bytes.toString().split('\n') : []
  return /^[\w.-]{1,253}$/.test(line.trim()) ? line.trim() : hostname()
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
  return cgroupsOf(process.pid).some((entry) => cgroupOwner(cgroupPath(entry)) !== undefined)
}
