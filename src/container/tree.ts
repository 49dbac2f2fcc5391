// Where a container's files lie on the host, as its runtime has put them together before the first process runs.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Folders } from './files.js'
import { json, list, number, object, text } from './raw.js'
import { readSmall } from './read.js'

/** A range of a user namespace: numbers inside from `inside` on are `outside` on. */
export interface IdRange {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

export interface Tree {
  /** path of its root directory */
  readonly root: string
  readonly uids: readonly IdRange[]
  readonly gids: readonly IdRange[]
}

export const SAME: readonly IdRange[] = [{ inside: 0, outside: 0, count: 0xffffffff }]
const HEX = /^[0-9a-f]{64}$/
const NAMED_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/
/** Of a user namespace that docker was told to use for all containers: the least that it takes. */
const REMAPPED = 65_536

/** Trees that may be a container's, by its full id, the likeliest first. `host`: where the host's own root is, '' for /. */
export async function treesOf(id: string, folders: Folders, host: string): Promise<Tree[]> {
  if (!NAMED_ID.test(id)) return []
  const found = await Promise.all([
    ...folders.containerd.map((state) => ofTasks(join(state, 'io.containerd.runtime.v2.task'), id, host)),
    ...(HEX.test(id)
      ? folders.storage.map((root) => ofBundle(join(root, 'overlay-containers', id, 'userdata'), host))
      : []),
    ...(HEX.test(id) ? folders.docker.map((data) => ofDocker(data, id)) : []),
  ])
  return found.flat()
}

async function ofTasks(tasks: string, id: string, host: string): Promise<Tree[]> {
  const namespaces = await entries(tasks)
  return (await Promise.all(namespaces.map((n) => ofBundle(join(tasks, n, id), host)))).flat()
}

/** The tree that an OCI bundle describes. */
async function ofBundle(bundle: string, host: string): Promise<Tree[]> {
  const spec = object(json((await readSmall(join(bundle, 'config.json')))?.toString() ?? ''))
  const path = text(object(spec.root).path)
  if (path === '') return []
  const linux = object(spec.linux)
  return [
    {
      root: path.startsWith('/') ? host + path : join(bundle, path),
      uids: mappings(linux.uidMappings),
      gids: mappings(linux.gidMappings),
    },
  ]
}

function mappings(value: unknown): readonly IdRange[] {
  const ranges = list(value)
    .map(object)
    .map((m) => ({ inside: number(m.containerID), outside: number(m.hostID), count: number(m.size) }))
  return ranges.length === 0 ? SAME : ranges
}

/** docker's tree by its own books, or by the name that it has where containerd keeps the images. */
async function ofDocker(data: string, id: string): Promise<Tree[]> {
  const [, uid, gid] = /\/(\d{1,10})\.(\d{1,10})$/.exec(data) ?? []
  const range = (first: string | undefined) =>
    first === undefined ? SAME : [{ inside: 0, outside: Number(first), count: REMAPPED }]
  const kept = (await entries(join(data, 'rootfs'))).map((driver) => join(data, 'rootfs', driver, id))
  const layered = (await entries(join(data, 'image'))).map(async (driver) => {
    const mount = (await readSmall(join(data, 'image', driver, 'layerdb/mounts', id, 'mount-id')))?.toString() ?? ''
    if (!NAMED_ID.test(mount)) return []
    return [driver === 'vfs' ? join(data, 'vfs/dir', mount) : join(data, driver, mount, 'merged')]
  })
  const roots = [...kept, ...(await Promise.all(layered)).flat()]
  return roots.map((root) => ({ root, uids: range(uid), gids: range(gid) }))
}

const entries = (dir: string): Promise<string[]> => readdir(dir).catch(() => [])
