// Client of containerd's own interface: events of all namespaces, then a list, then look-ups by id.
import type { ContainerInfo } from '../model/container.js'
import { ContainerdImages } from './containerd-images.js'
import type { Grpc } from './grpc.js'
import { imageParts } from './image.js'
import { fromSpec } from './oci.js'
import { json, list, number, object, type Raw, text, texts } from './raw.js'
import {
  ANSWER_TIME,
  type Complain,
  each,
  LIST_TIME,
  LookupBudget,
  merge,
  type OnContainer,
  type Runtime,
} from './runtime.js'
import { GrpcSocket } from './socket.js'

const CONTAINERS = 'containerd.services.containers.v1'
/** gRPC status code */
const NOT_FOUND = 5
/** the namespace of docker, whose containers have no names there */
const OF_DOCKER = 'moby'
/** Limit of namespaces, since each is queried for each new container. */
const MOST_NAMESPACES = 64

export class Containerd implements Runtime {
  readonly ready: Promise<void>
  private onContainer: OnContainer = () => undefined
  reach: () => void = () => undefined
  private readonly socket: GrpcSocket
  private namespaces: readonly string[] = []
  private stop: (() => void) | undefined
  private readonly images = new ContainerdImages()
  private readonly lookUps = new LookupBudget((what) => this.lookUp(what))

  constructor(path: string, complain: Complain) {
    this.socket = new GrpcSocket(path, this, complain)
    this.ready = this.socket.ready
  }

  get answers(): boolean {
    return this.socket.grpc !== undefined
  }

  get connecting(): boolean {
    return this.socket.connecting
  }

  get there(): boolean {
    return this.socket.there
  }

  start(onContainer: OnContainer, onReach: () => void): void {
    this.onContainer = onContainer
    this.reach = onReach
    this.socket.start()
  }

  async find(id: string, ms: number): Promise<ContainerInfo | undefined> {
    const found = await Promise.all(this.namespaces.map((n) => this.findPlain(n, id, ms).catch(() => undefined)))
    return found.find((info) => info !== undefined)
  }

  close(): void {
    this.stop?.()
    this.socket.close()
  }

  async greet(grpc: Grpc, ms: number): Promise<void> {
    const answer = await grpc.call('containerd.services.namespaces.v1', 'Namespaces', 'List', {}, ms)
    this.namespaces = list(answer.namespaces)
      .map((n) => text(object(n).name))
      .filter((n) => n !== OF_DOCKER)
      .slice(0, MOST_NAMESPACES)
  }

  async connected(grpc: Grpc): Promise<void> {
    this.stop?.()
    this.stop = grpc.follow(
      'containerd.services.events.v1',
      'Events',
      'Subscribe',
      (e) => this.event(e),
      () => this.socket.grpc === grpc && this.socket.lost(),
    )
    await Promise.all(this.namespaces.map((n) => this.list(grpc, n)))
  }

  private async list(grpc: Grpc, namespace: string): Promise<void> {
    const answer = await grpc.call(CONTAINERS, 'Containers', 'List', {}, LIST_TIME, namespace)
    const infos = list(answer.containers)
      .map((c) => containerOf(object(c), namespace))
      .filter((info) => info !== undefined)
    // report names first: with hundreds of containers the rest takes a while
    for (const info of infos) this.onContainer(info)
    await each(infos, async (info) => this.onContainer(await this.withImage(grpc, namespace, info, ANSWER_TIME)))
  }

  private event(e: Raw): void {
    const namespace = text(e.namespace)
    if (namespace === OF_DOCKER || !/^\/(containers\/(create|update)|tasks\/(create|start))$/.test(text(e.topic)))
      return
    if (!this.namespaces.includes(namespace)) {
      if (this.namespaces.length >= MOST_NAMESPACES) return
      this.namespaces = [...this.namespaces, namespace]
    }
    const id = firstText(object(e.event).value)
    if (id !== '') this.lookUps.add(`${namespace}/${id}`)
  }

  private async lookUp(what: string): Promise<void> {
    const slash = what.indexOf('/')
    const info = await this.findPlain(what.slice(0, slash), what.slice(slash + 1), ANSWER_TIME).catch(() => undefined)
    if (info !== undefined) this.onContainer(info)
  }

  async findPlain(namespace: string, id: string, ms: number): Promise<ContainerInfo | undefined> {
    const { grpc } = this.socket
    if (grpc === undefined) throw new Error('it is not connected')
    try {
      const answer = await grpc.call(CONTAINERS, 'Containers', 'Get', { id }, ms, namespace)
      const info = containerOf(object(answer.container), namespace)
      return info?.fullId === id ? await this.withImage(grpc, namespace, info, ms) : undefined
    } catch (e) {
      if ((e as { code?: number }).code === NOT_FOUND) return undefined
      void this.socket.doubt(e)
      throw e
    }
  }

  /** Adds data about the image, unless it was removed or the response fails. */
  private async withImage(grpc: Grpc, namespace: string, info: ContainerInfo, ms: number): Promise<ContainerInfo> {
    if (info.image === '') return info
    const facts = await this.images.facts(grpc, namespace, info.image, ms).catch(() => undefined)
    return facts === undefined ? info : { ...info, ...facts }
  }
}

/** The text of field 1 of a message: in all events used here, the container's id. */
function firstText(value: unknown): string {
  if (!(value instanceof Uint8Array) || value[0] !== 10) return ''
  const length = value[1] ?? 0
  return length > 127 || value.length < 2 + length ? '' : Buffer.from(value.subarray(2, 2 + length)).toString()
}

/** Converts containerd's record of a container. For plain containers the namespace is the first part of the cgroup. */
function containerOf(c: Raw, namespace: string): ContainerInfo | undefined {
  const id = text(c.id)
  if (id === '') return undefined
  const spec = object(c.spec).value
  const described = fromSpec(id, 'containerd', json(spec instanceof Uint8Array ? Buffer.from(spec).toString() : ''))
  const labels = texts(c.labels)
  const created = object(c.created_at)
  const pod = labels['io.kubernetes.pod.name'] ?? ''
  const sandbox = labels['io.cri-containerd.kind'] === 'sandbox'
  const plain = labels['nerdctl/name'] ?? (namespace === 'k8s.io' ? '' : id)
  return merge(described, {
    ...described,
    partial: false,
    ...imageParts(text(c.image)),
    name: sandbox ? pod : (labels['io.kubernetes.container.name'] ?? (described.name || plain)),
    created: number(Number(created.seconds)) + number(created.nanos) / 1e9,
    labels: { ...described.labels, ...labels },
    sandbox: sandbox || described.sandbox,
  })
}
