// How much memory ksys may use: the limit of its own cgroup or of one above, and the usage of that cgroup.
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { type Mount, mountsOf } from './cgroups.js'

/** Names in each version of cgroups: files of a cgroup's directory, and the keys of `memory.stat` whose memory can be freed at once. */
const VERSIONS = {
  v2: { limit: 'memory.max', usage: 'memory.current', cache: ['inactive_file', 'active_file'] },
  v1: {
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    cache: ['total_inactive_file', 'total_active_file'],
  },
} as const
type Version = keyof typeof VERSIONS

export class OwnMemory {
  private constructor(
    private readonly dir: string,
    private readonly version: Version,
    /** bytes that all processes in the cgroup together may use */
    readonly limit: number,
  ) {}

  /** The cgroup with the tightest limit that contains ksys; undefined without a limit. */
  static find(
    cgroups = lines('/proc/self/cgroup'),
    mountinfo = lines('/proc/self/mountinfo'),
    machine = totalmem(),
  ): OwnMemory | undefined {
    let tightest: OwnMemory | undefined
    for (const { mount, path, version } of placesOf(cgroups, mountsOf(mountinfo))) {
      for (let dir = join(mount.path, path); dir.startsWith(mount.path); dir = dirname(dir)) {
        const limit = Number(lines(join(dir, VERSIONS[version].limit))[0])
        if (limit > 0 && limit < (tightest?.limit ?? machine)) tightest = new OwnMemory(dir, version, limit)
        if (dir === mount.path) break
      }
    }
    return tightest
  }

  /** Bytes in use that the kernel cannot reclaim by dropping file contents; undefined if the cgroup is no longer readable. */
  used(): number | undefined {
    const { usage, cache } = VERSIONS[this.version]
    const all = Number(lines(join(this.dir, usage))[0])
    if (!(all > 0)) return undefined
    const stat = new Map(lines(join(this.dir, 'memory.stat')).map((l) => l.split(' ') as [string, string]))
    return all - cache.reduce((sum, key) => sum + (Number(stat.get(key)) || 0), 0)
  }
}

/** This process's position in each hierarchy that may limit memory: the path below the mount. */
function placesOf(cgroups: readonly string[], mounts: readonly Mount[]) {
  const places: { mount: Mount; path: string; version: Version }[] = []
  for (const line of cgroups) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    const version = versionOf(controllers)
    if (version === undefined || path === '') continue
    const mount = mounts.find((m) => limitsMemory(m, version))
    if (mount !== undefined) places.push({ mount, path: pathBelow(mount, path), version })
  }
  return places
}

/** The cgroup version of a hierarchy, by its controllers; undefined if it does not limit memory. */
function versionOf(controllers: string): Version | undefined {
  if (controllers === '') return 'v2'
  return controllers.split(',').includes('memory') ? 'v1' : undefined
}

function limitsMemory({ type, options }: Mount, version: Version): boolean {
  return version === 'v2' ? type === 'cgroup2' : type === 'cgroup' && options.includes('memory')
}

function pathBelow({ root = '/' }: Mount, path: string): string {
  if (root !== '/' && path !== root && !path.startsWith(`${root}/`)) return '/'
  const below = root === '/' ? path : path.slice(root.length)
  // the process's cgroup is outside the mounted cgroup namespace
  return below.startsWith('/..') ? '/' : below
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
