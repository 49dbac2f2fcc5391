// docker's data root.
import { join } from 'node:path'
import type { ContainerInfo } from '../../model/container.js'
import { inHost } from '../../source/host.js'
import { dockerFiles } from '../docker-info.js'
import { configDigest, digestOf, imageId } from '../image.js'
import { object, text, texts } from '../raw.js'
import { entries, readText, SAME, type Tree } from '../tree.js'
import { type FolderKind, HEX_ID, NAMED_ID, option, type ReadFolder } from './kind.js'

/** Number of ids in docker's user namespace for all containers (userns-remap), at least. */
const REMAPPED = 65_536

export const dockerData: FolderKind = {
  kind: 'docker',
  usual: ['/var/lib/docker'],
  home: '.local/share/docker',
  watcher: {
    program: 'dockerd',
    clue(args) {
      const path = option(args, '--data-root', '-g', '--graph')
      return path.startsWith('/') ? { path } : undefined
    },
  },
  find,
  trees,
}

async function find(id: string, folder: ReadFolder): Promise<ContainerInfo | undefined> {
  if (!HEX_ID.test(id)) return undefined
  const [config, host] = await Promise.all(
    ['config.v2.json', 'hostconfig.json'].map((f) => folder.json(['containers', id, f])),
  )
  const info = config === undefined ? undefined : dockerFiles(config, host)
  if (info === undefined || info.imageDigest !== '') return info
  const driver = text(object(config).Driver)
  const repositories = NAMED_ID.test(driver) ? await folder.json(['image', driver, 'repositories.json']) : undefined
  return {
    ...info,
    imageDigest: digestOf(references(repositories, info.imageId), info.imageRepository) || configDigest(info.imageId),
  }
}

/** The references of an image in docker's repositories.json, by its id; one is "repository@digest". */
function references(repositories: unknown, id: string): string[] {
  const all = Object.values(object(object(repositories).Repositories)).flatMap((r) => Object.entries(texts(r)))
  return all.filter(([, value]) => imageId(value) === id).map(([reference]) => reference)
}

/** The container's tree: from docker's layer database, or by its name where containerd stores the images. */
async function trees(id: string, data: string, host: string): Promise<Tree[]> {
  if (!HEX_ID.test(id)) return []
  const [, uid, gid] = /\/(\d{1,10})\.(\d{1,10})$/.exec(data) ?? []
  const range = (first: string | undefined) =>
    first === undefined ? SAME : [{ inside: 0, outside: Number(first), count: REMAPPED }]
  const at = (...path: string[]) => inHost(host, join(data, ...path))
  const imageRoots = (await entries(at('rootfs'))).map((driver) => at('rootfs', driver, id))
  const layered = (await entries(at('image'))).map(async (driver) => {
    const mount = (await readText(at('image', driver, 'layerdb/mounts', id, 'mount-id'))) ?? ''
    if (!NAMED_ID.test(mount)) return []
    return [driver === 'vfs' ? at('vfs/dir', mount) : at(driver, mount, 'merged')]
  })
  const roots = [...imageRoots, ...(await Promise.all(layered)).flat()]
  return roots.map((root) => ({ root, uids: range(uid), gids: range(gid) }))
}
