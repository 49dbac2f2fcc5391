// What runtimes leave on disk about a container, readable before the runtime itself answers, and without it.
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ContainerInfo, unnamed } from '../model/container.js'
import { dockerFiles } from './docker-info.js'
import { configDigest, digestOf, imageId, imageParts } from './image.js'
import { Lane } from './lane.js'
import { fromSpec } from './oci.js'
import { json, list, object, seconds, text, texts } from './raw.js'
import { type Got, readPlain, readUnder } from './read.js'
import { Gate, merge } from './runtime.js'
import type { Folder } from './told-folders.js'

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
/** Drivers of containers/storage; each has a folder of its own there. */
const DRIVERS = ['overlay', 'vfs', 'btrfs', 'zfs']
/** Troubles that are kept. */
const MOST_TROUBLES = 16

/** The JSON at a path below some folder; undefined when there is none. */
type Read = (path: readonly string[]) => Promise<unknown>

export class Files {
  /** what is there and could not be read, a sentence each, since it was last taken */
  private troubles = new Set<string>()
  /** of folders at other places: they may lie in a file system that never answers */
  private readonly lane = new Lane()
  /** containers that the system's folders are looked through for: of hundreds at once the first have their names first */
  private readonly gate = new Gate()

  constructor(
    readonly folders: Folders,
    /** folders at other places */
    readonly told: readonly Folder[],
  ) {}

  /** What the system's own files tell of a container, by its full id; undefined when there are none. */
  async of(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed([
      this.gate.through(() => this.ofSystem(id)),
      ...this.told.filter((f) => f.uid === undefined).map((f) => this.ofFolder(id, f)),
    ])
  }

  private ofSystem(id: string): Promise<ContainerInfo | undefined> {
    const { docker, storage, containerd } = this.folders
    const hex = HEX.test(id)
    return firstNamed([
      ...(hex ? docker.map((root) => ofDocker(id, this.below(root))) : []),
      ...(hex ? storage.map((root) => this.inStorage(id, root)) : []),
      ...containerd.map((state) => ofContainerd(id, namespaces(state), this.below(state))),
    ])
  }

  /** Most machines have no such storage: to ask for each of its files takes as long as reading them would. */
  private async inStorage(id: string, root: string): Promise<ContainerInfo | undefined> {
    const isThere = await access(root).then(
      () => true,
      () => false,
    )
    return isThere ? ofStorage(id, this.below(root)) : undefined
  }

  /** The same of files that users keep, who may write there what they like. */
  async ofUsers(id: string): Promise<ContainerInfo | undefined> {
    return firstNamed(this.told.filter((f) => f.uid !== undefined).map((f) => this.ofFolder(id, f)))
  }

  /** A task of containerd by namespace and id; undefined where no state folder has it. */
  async task(namespace: string, id: string): Promise<ContainerInfo | undefined> {
    if (!NAMED_ID.test(id) || !NAMED_ID.test(namespace)) return undefined
    const states = this.told.filter((f) => f.kind === 'containerd' && f.uid === undefined)
    const reads = [...this.folders.containerd.map((state) => this.below(state)), ...states.map((f) => this.inTurn(f))]
    const found = await Promise.all(reads.map((read) => plainTask(namespace, id, read)))
    return found.find((info) => info !== undefined)
  }

  private ofFolder(id: string, folder: Folder): Promise<ContainerInfo | undefined> {
    const read = this.inTurn(folder)
    if (folder.kind === 'containerd')
      return ofContainerd(
        id,
        this.lane.through(() => namespaces(folder.path)),
        read,
      )
    if (!HEX.test(id)) return Promise.resolve(undefined)
    return folder.kind === 'docker' ? ofDocker(id, read) : ofStorage(id, read)
  }

  /** What could not be read since this was last asked, a sentence each. */
  takeTroubles(): string[] {
    const all = [...this.troubles]
    this.troubles = new Set()
    return all
  }

  private below(root: string): Read {
    return this.reading(root, (path) => readPlain(join(root, ...path)))
  }

  /** Files of a folder at another place, one at a time; of a user's only what is that user's, and nothing behind links. */
  private inTurn({ path: root, uid }: Folder): Read {
    const read = (path: readonly string[]) =>
      uid === undefined ? readPlain(join(root, ...path)) : readUnder(root, path, uid)
    return this.reading(root, (path) => this.lane.through(() => read(path)))
  }

  private reading(root: string, read: (path: readonly string[]) => Promise<Got>): Read {
    return async (path) => {
      const got = await read(path)
      if (got === undefined) return undefined
      if ('why' in got) return this.trouble(join(root, ...path), got.why)
      const value = json(got.bytes.toString())
      return value === undefined ? this.trouble(join(root, ...path), 'it is no JSON') : value
    }
  }

  private trouble(path: string, why: string): undefined {
    if (this.troubles.size < MOST_TROUBLES) this.troubles.add(`${path} tells no names of containers: ${why}`)
  }
}

/** The first that has a name; one folder that is slow keeps none of the others waiting. */
function firstNamed(all: readonly Promise<ContainerInfo | undefined>[]): Promise<ContainerInfo | undefined> {
  const named = all.map(async (one) => {
    const info = await one
    return info !== undefined && info.name !== '' ? info : Promise.reject(new Error('no name'))
  })
  return Promise.any(named).catch(() => undefined)
}

async function ofDocker(id: string, read: Read): Promise<ContainerInfo | undefined> {
  const [config, host] = await Promise.all(
    ['config.v2.json', 'hostconfig.json'].map((f) => read(['containers', id, f])),
  )
  const info = config === undefined ? undefined : dockerFiles(config, host)
  if (info === undefined || info.imageDigest !== '') return info
  const driver = text(object(config).Driver)
  const kept = NAMED_ID.test(driver) ? await read(['image', driver, 'repositories.json']) : undefined
  return {
    ...info,
    imageDigest: digestOf(references(kept, info.imageId), info.imageRepository) || configDigest(info.imageId),
  }
}

/** What docker's book of images calls the one with that id, "repository@digest" among it. */
function references(book: unknown, id: string): string[] {
  const all = Object.values(object(object(book).Repositories)).flatMap((r) => Object.entries(texts(r)))
  return all.filter(([, of]) => imageId(of) === id).map(([reference]) => reference)
}

/** Containers with --rm are in a list of their own. */
async function ofStorage(id: string, read: Read): Promise<ContainerInfo | undefined> {
  for (const driver of DRIVERS) {
    const dir = `${driver}-containers`
    const lists = await Promise.all(['containers.json', 'volatile-containers.json'].map((f) => read([dir, f])))
    const entry = lists
      .flatMap(list)
      .map(object)
      .find((c) => text(c.id) === id)
    if (entry === undefined) continue
    const more = object(json(text(entry.metadata)))
    const spec = await read([dir, id, 'userdata', 'config.json'])
    const pod = text(more['pod-name'])
    const type = pod === '' ? 'podman' : 'cri-o'
    const described = spec === undefined ? unnamed(id, type) : fromSpec(id, type, spec)
    return merge(described, {
      ...unnamed(id, type),
      name: described.name || text(more.name) || text(list(entry.names)[0]),
      ...imageParts(text(more['image-name'])),
      imageId: imageId(text(entry.image)),
      imageDigest: await digestIn(read, driver, text(entry.image)),
      created: seconds(entry.created),
    })
  }
  return undefined
}

/** The digest of an image by its id, as the storage has it. */
async function digestIn(read: Read, driver: string, id: string): Promise<string> {
  const images = list(await read([`${driver}-images`, 'images.json'])).map(object)
  return text(images.find((image) => text(image.id) === id)?.digest)
}

/** Where a state folder of containerd has its tasks. */
const TASKS = 'io.containerd.runtime.v2.task'

const namespaces = (state: string): Promise<string[]> => readdir(join(state, TASKS)).catch(() => [])

/** containerd's tasks lie in a folder per namespace; docker's are told of by docker. */
async function ofContainerd(
  id: string,
  all: Promise<readonly string[] | undefined>,
  read: Read,
): Promise<ContainerInfo | undefined> {
  for (const namespace of (await all) ?? []) {
    if (!NAMED_ID.test(id)) return undefined
    const usable = namespace !== 'moby' && NAMED_ID.test(namespace)
    const info = usable ? await plainTask(namespace, id, read) : undefined
    if (info !== undefined) return info
  }
  return undefined
}

/** A task of containerd. One outside of pods has no other name than its id. */
async function plainTask(namespace: string, id: string, read: Read): Promise<ContainerInfo | undefined> {
  const spec = await read([TASKS, namespace, id, 'config.json'])
  if (spec === undefined) return undefined
  const info = fromSpec(id, 'containerd', spec)
  return info.name === '' && namespace !== 'k8s.io' ? { ...info, name: id } : info
}
