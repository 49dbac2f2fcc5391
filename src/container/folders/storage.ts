// Roots of containers/storage, which podman and CRI-O share.
import { basename, join } from 'node:path'
import { type ContainerInfo, unnamed } from '../../model/container.js'
import { imageId, imageParts } from '../image.js'
import { fromSpec } from '../oci.js'
import { json, list, object, seconds, text } from '../raw.js'
import { merge } from '../runtime.js'
import { treeOfBundle } from '../tree.js'
import { type FolderKind, HEX_ID, NAMED_ID, option, type ReadFolder } from './kind.js'

/** Storage drivers; each has a folder of its own. */
const DRIVERS = ['overlay', 'vfs', 'btrfs', 'zfs']
const BUNDLE = new RegExp(`^(/.*)/(?:${DRIVERS.join('|')})-containers/[0-9a-f]{64}/userdata/?$`)

export const storage: FolderKind = {
  kind: 'storage',
  usual: ['/var/lib/containers/storage'],
  home: '.local/share/containers/storage',
  watcher: {
    program: 'conmon',
    clue(args) {
      const path = BUNDLE.exec(option(args, '-b', '--bundle'))?.[1]
      return path === undefined ? undefined : { path, container: containerOf(args) }
    },
  },
  find,
  trees: async (id, root, host) =>
    HEX_ID.test(id) ? treeOfBundle(join(root, 'overlay-containers', id, 'userdata'), host) : [],
}

/** The container from the command line of podman's conmon; CRI-O passes a name that is not the container's. */
function containerOf(args: readonly string[]): ContainerInfo | undefined {
  const id = option(args, '-c', '--cid')
  const name = option(args, '-n', '--name')
  if (basename(option(args, '--exit-command')) !== 'podman') return undefined
  return HEX_ID.test(id) && NAMED_ID.test(name) ? { ...unnamed(id, 'podman'), name } : undefined
}

/** Containers started with --rm are in a list of their own. */
async function find(id: string, folder: ReadFolder): Promise<ContainerInfo | undefined> {
  // most machines have no such storage: a check for each of its files would take as long as reading them
  if (!HEX_ID.test(id) || !(await folder.exists())) return undefined
  for (const driver of DRIVERS) {
    const dir = `${driver}-containers`
    const lists = await Promise.all(['containers.json', 'volatile-containers.json'].map((f) => folder.json([dir, f])))
    const entry = lists
      .flatMap(list)
      .map(object)
      .find((c) => text(c.id) === id)
    if (entry === undefined) continue
    const more = object(json(text(entry.metadata)))
    const spec = await folder.json([dir, id, 'userdata', 'config.json'])
    const pod = text(more['pod-name'])
    const type = pod === '' ? 'podman' : 'cri-o'
    const described = spec === undefined ? unnamed(id, type) : fromSpec(id, type, spec)
    return merge(described, {
      ...unnamed(id, type),
      partial: false,
      name: described.name || text(more.name) || text(list(entry.names)[0]),
      ...imageParts(text(more['image-name'])),
      imageId: imageId(text(entry.image)),
      imageDigest: await digestIn(folder, driver, text(entry.image)),
      created: seconds(entry.created),
    })
  }
  return undefined
}

/** The digest of an image by its id, from the storage's image list. */
async function digestIn(folder: ReadFolder, driver: string, id: string): Promise<string> {
  const images = list(await folder.json([`${driver}-images`, 'images.json'])).map(object)
  return text(images.find((image) => text(image.id) === id)?.digest)
}
