// What runtimes leave on disk about a container, readable before the runtime itself answers, and without it.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ContainerInfo, unnamed } from '../model/container.js'
import { dockerFiles } from './docker-info.js'
import { imageId, imageParts } from './image.js'
import { fromSpec } from './oci.js'
import { json, list, object, seconds, text } from './raw.js'
import { readSmall } from './read.js'
import { merge } from './runtime.js'

/** Folders where runtimes keep their state; all of them may be missing. */
export interface Folders {
  /** docker's data roots */
  readonly docker: string[]
  /** roots of containers/storage, which podman and CRI-O share */
  readonly storage: string[]
  /** containerd's state folders */
  readonly containerd: string[]
}

const HEX = /^[0-9a-f]{64}$/
const NAMED_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/

const jsonOf = async (path: string): Promise<unknown> => json((await readSmall(path))?.toString() ?? '')

/** What the files tell of a container, by its full id; undefined when there are none. */
export async function fromFiles(id: string, folders: Folders): Promise<ContainerInfo | undefined> {
  if (!NAMED_ID.test(id)) return undefined
  const found = await Promise.all([
    ...(HEX.test(id) ? folders.docker.map((root) => docker(root, id)) : []),
    ...(HEX.test(id) ? folders.storage.map((root) => storage(root, id)) : []),
    ...folders.containerd.map((root) => containerd(root, id)),
  ])
  return found.filter((info) => info !== undefined && info.name !== '')[0]
}

async function docker(root: string, id: string): Promise<ContainerInfo | undefined> {
  const dir = join(root, 'containers', id)
  const [config, host] = await Promise.all([jsonOf(join(dir, 'config.v2.json')), jsonOf(join(dir, 'hostconfig.json'))])
  return config === undefined ? undefined : dockerFiles(config, host)
}

/** Containers with --rm are in a list of their own. */
async function storage(root: string, id: string): Promise<ContainerInfo | undefined> {
  const dir = join(root, 'overlay-containers')
  const lists = await Promise.all(['containers.json', 'volatile-containers.json'].map((f) => jsonOf(join(dir, f))))
  const entry = lists
    .flatMap(list)
    .map(object)
    .find((c) => text(c.id) === id)
  if (entry === undefined) return undefined
  const more = object(json(text(entry.metadata)))
  const spec = await jsonOf(join(dir, id, 'userdata', 'config.json'))
  const pod = text(more['pod-name'])
  const type = pod === '' ? 'podman' : 'cri-o'
  const described = spec === undefined ? unnamed(id, type) : fromSpec(id, type, spec)
  return merge(described, {
    ...unnamed(id, type),
    name: described.name || text(more.name) || text(list(entry.names)[0]),
    ...imageParts(text(more['image-name'])),
    imageId: imageId(text(entry.image)),
    created: seconds(entry.created),
  })
}

const tasks = (root: string): string => join(root, 'io.containerd.runtime.v2.task')

/** containerd's tasks lie in a folder per namespace. */
async function containerd(root: string, id: string): Promise<ContainerInfo | undefined> {
  for (const namespace of await readdir(tasks(root)).catch(() => [])) {
    const info = namespace === 'moby' ? undefined : await plainTask(root, namespace, id)
    if (info !== undefined) return info
  }
  return undefined
}

/** A task of containerd, whose state is under `root`. One outside of pods has no other name than its id. */
export async function plainTask(root: string, namespace: string, id: string): Promise<ContainerInfo | undefined> {
  if (!NAMED_ID.test(id) || !NAMED_ID.test(namespace)) return undefined
  const spec = await jsonOf(join(tasks(root), namespace, id, 'config.json'))
  if (spec === undefined) return undefined
  const info = fromSpec(id, 'containerd', spec)
  return info.name === '' && namespace !== 'k8s.io' ? { ...info, name: id } : info
}
