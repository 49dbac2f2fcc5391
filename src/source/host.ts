// Finds the host's files when ksys itself runs in a container.
import { existsSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { cgroupOwner, cgroupPath } from '../model/cgroup.js'
import { hasOwnCgroups } from './cgroups.js'
import { type ReadResult, readForeignSync } from './foreign/file.js'
import type { ForeignPath } from './foreign/find.js'
import type { Notice } from './lacking.js'
import { cgroupsOf } from './procfs.js'

/** limit on the size of /etc/hostname in bytes */
const LONGEST_NAME = 4096

/** The directory where the host's root is mounted, without a trailing slash: '' for / itself. */
export function hostRoot(env: NodeJS.ProcessEnv = process.env): string {
  return (env.HOST_ROOT ?? '').replace(/\/+$/, '')
}

/**
 * A path of the host as ksys sees it. `host`: the host's root, '' for /. Links are resolved inside the host's tree and cannot leave it. A
 * path that is not below `host` belongs to ksys's own tree.
 */
export function inHost(host: string, path: string): ForeignPath {
  return host !== '' && path.startsWith(`${host}/`)
    ? { root: host, path: path.slice(host.length), links: true }
    : { root: '/', path, links: true }
}

/** Reads a file of the host by its path there; a file of more than `most` bytes is refused. */
export function readHostFile(path: string, most: number, root = hostRoot()): ReadResult {
  return readForeignSync(inHost(root, root + path), most)
}

/** The host's name: in a container os.hostname() returns the container's. */
export function hostName(env: NodeJS.ProcessEnv = process.env): string {
  const root = hostRoot(env)
  if (root === '') return hostname()
  const got = readHostFile('/etc/hostname', LONGEST_NAME, root)
  const [line = ''] = got !== undefined && 'bytes' in got ? got.bytes.toString().split('\n') : []
  return /^[\w.-]{1,253}$/.test(line.trim()) ? line.trim() : hostname()
}

/** Why the host's files cannot be found, as a warning; undefined if no reason is known. */
export function hostRootWarning(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const root = hostRoot(env)
  if (root !== '' && !existsSync(`${root}/etc`))
    return `users and containers may have no names: HOST_ROOT is ${root}, but the host's file system is not mounted there`
  if (root === '' && inContainer())
    return "users and containers may have no names: ksys runs in a container; mount the host's file system into it and set HOST_ROOT to its path"
  return undefined
}

/** Whether this process is in a container: by its cgroup, or by a cgroup namespace of its own. */
function inContainer(): boolean {
  if (hasOwnCgroups()) return true
  return cgroupsOf(process.pid).some((entry) => cgroupOwner(cgroupPath(entry)) !== undefined)
}

interface OwnAddresses {
  /** text form */
  readonly addresses: string[]
  /** messages for the user if they are unknown */
  readonly notices: readonly Notice[]
}

/** Queries the system; Node throws if a service manager or a sandbox forbids this. */
export function ownAddresses(): OwnAddresses {
  try {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((a) => a.address))
    return { addresses, notices: [] }
  } catch (e) {
    const text = 'local addresses are unknown (AF_NETLINK is not permitted): the direction of connections may be wrong'
    return { addresses: [], notices: [{ text, detail: (e as Error).message }] }
  }
}
