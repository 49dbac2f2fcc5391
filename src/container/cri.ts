// Client of CRI, the interface of a kubelet's runtime: pods and their containers, as a list first, then by id. Its event
// stream is left to the kubelet, because each event is delivered to only one listener.
import { type ContainerInfo, unnamed } from '../model/container.js'
import type { Grpc } from './grpc.js'
import { imageId, imageParts } from './image.js'
import { fromSpec } from './oci.js'
import { probes } from './probes.js'
import { flag, json, list, number, object, type Raw, text, texts } from './raw.js'
import { ANSWER_TIME, type Complain, each, LIST_TIME, type OnContainer, type Runtime } from './runtime.js'
import { GrpcSocket } from './socket.js'

const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** NamespaceMode: the host's own namespace */
const NODE = 2
/** MountPropagation */
const PROPAGATION = ['private', 'rslave', 'rshared']

export class Cri implements Runtime {
  readonly ready: Promise<void>
  private onContainer: OnContainer = () => undefined
  private readonly socket: GrpcSocket
  private kind = 'cri'
  /** status of pod sandboxes by id; it does not change once they run */
  private readonly pods = new Map<string, ContainerInfo>()

  /** by the image reference of containers; a reference with a digest always means the same image */
  private readonly imageIds = new Map<string, string>()

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

  start(onContainer: OnContainer): void {
    this.onContainer = onContainer
    this.socket.start()
  }

  async find(id: string): Promise<ContainerInfo | undefined> {
    const { grpc } = this.socket
    if (grpc === undefined) return undefined
    return (await this.container(grpc, id)) ?? (await this.pod(grpc, id))
  }

  close(): void {
    this.socket.close()
  }

  async greet(grpc: Grpc, ms: number): Promise<void> {
    const version = await call(grpc, 'Version', {}, ms)
    const runtime = text(version.runtime_name)
    this.kind = /containerd|cri-o|docker/.exec(runtime)?.[0] ?? 'cri'
  }

  async connected(grpc: Grpc): Promise<void> {
    const [pods, containers] = await Promise.all([
      call(grpc, 'ListPodSandbox', {}, LIST_TIME),
      call(grpc, 'ListContainers', {}, LIST_TIME),
    ])
    const ids = (items: unknown) => list(items).map((i) => text(object(i).id))
    await each(ids(pods.items), async (id) => this.report(await this.pod(grpc, id)))
    await each(ids(containers.containers), async (id) => this.report(await this.container(grpc, id)))
  }

  private report(info: ContainerInfo | undefined): void {
    if (info !== undefined) this.onContainer(info)
  }

  private async container(grpc: Grpc, id: string): Promise<ContainerInfo | undefined> {
    const answer = await this.tryCall(grpc, 'ContainerStatus', { container_id: id, verbose: true })
    const status = object(answer.status)
    if (text(status.id) !== id) return undefined
    const more = object(json(texts(answer.info).info ?? ''))
    const sandboxId = text(more.sandboxID) || (await this.sandboxOf(grpc, id))
    const pod = sandboxId === '' ? undefined : await this.pod(grpc, sandboxId)
    const info = containerOf(status, more, this.kind, sandboxId, pod)
    return info.imageId !== '' ? info : { ...info, imageId: await this.imageIdOf(grpc, text(status.image_ref)) }
  }

  /** The id of an image by a container's reference to it: a repository with a digest. '' if it cannot be found. */
  private async imageIdOf(grpc: Grpc, ref: string): Promise<string> {
    const known = this.imageIds.get(ref)
    if (known !== undefined || ref === '') return known ?? ''
    const request = { image: { image: ref } }
    const answer = await grpc
      .call('runtime.v1', 'ImageService', 'ImageStatus', request, ANSWER_TIME)
      .catch((): Raw => ({}))
    const id = imageId(text(object(answer.image).id))
    if (this.imageIds.size > 4096) this.imageIds.clear()
    if (id !== '') this.imageIds.set(ref, id)
    return id
  }

  private async sandboxOf(grpc: Grpc, id: string): Promise<string> {
    const answer = await this.tryCall(grpc, 'ListContainers', { filter: { id } })
    return text(object(list(answer.containers)[0]).pod_sandbox_id)
  }

  private async pod(grpc: Grpc, id: string): Promise<ContainerInfo | undefined> {
    const known = this.pods.get(id)
    if (known !== undefined) return known
    const answer = await this.tryCall(grpc, 'PodSandboxStatus', { pod_sandbox_id: id, verbose: true })
    const status = object(answer.status)
    if (text(status.id) !== id) return undefined
    const info = podOf(status, object(json(texts(answer.info).info ?? '')), this.kind)
    if (this.pods.size > 4096) this.pods.clear()
    this.pods.set(id, info)
    return info
  }

  private tryCall(grpc: Grpc, method: string, request: object): Promise<Raw> {
    return call(grpc, method, request, ANSWER_TIME).catch((e) => {
      void this.socket.doubt(e)
      return {}
    })
  }
}

const call = (grpc: Grpc, method: string, request: object, ms: number): Promise<Raw> =>
  grpc.call('runtime.v1', 'RuntimeService', method, request, ms)

/** Seconds since the epoch, from ns as text. */
const seconds = (ns: unknown): number => number(Number(ns)) / 1e9

function podOf(status: Raw, more: Raw, kind: string): ContainerInfo {
  const id = text(status.id)
  const { name, uid, namespace } = object(status.metadata)
  const labels = texts(status.labels)
  const options = object(object(object(status.linux).namespaces).options)
  const cni = object(more.cniResult)
  const pod = {
    'io.kubernetes.pod.name': text(name),
    'io.kubernetes.pod.namespace': text(namespace),
    'io.kubernetes.pod.uid': text(uid),
  }
  return {
    ...unnamed(id, kind),
    name: text(name),
    partial: false,
    ...imageParts(text(more.image)),
    ip: text(object(status.network).ip),
    cniJson: Object.keys(cni).length > 0 ? JSON.stringify(cni) : '',
    created: seconds(status.created_at),
    privileged: flag(object(object(object(object(more.config).linux).security_context)).privileged),
    hostPid: options.pid === NODE,
    hostNetwork: options.network === NODE,
    hostIpc: options.ipc === NODE,
    sandbox: true,
    sandboxId: id,
    labels: { ...labels, ...pod, ...applied(status) },
    podLabels: labels,
  }
}

/** The annotation with the probes, stored with the labels of a sandbox under the key that docker uses for it. */
function applied(status: Raw): Record<string, string> {
  const note = texts(status.annotations)[APPLIED]
  return note === undefined ? {} : { [`annotation.${APPLIED}`]: note }
}

function containerOf(
  status: Raw,
  more: Raw,
  kind: string,
  sandboxId: string,
  pod: ContainerInfo | undefined,
): ContainerInfo {
  const id = text(status.id)
  const spec = fromSpec(id, kind, more.runtimeSpec)
  const labels = texts(status.labels)
  const image = object(status.image)
  const wanted = text(image.user_specified_image) || text(image.image)
  const ref = text(status.image_ref)
  const secure = object(object(object(more.config).linux).security_context)
  // an image pulled by digest is listed by its id; the repository is in the reference
  const named = imageParts(imageParts(wanted).image === '' && ref.includes('@') ? ref : wanted)
  return {
    ...spec,
    name: text(object(status.metadata).name),
    partial: false,
    ...named,
    image: named.image || wanted,
    imageId: imageId(text(status.image_id) || (ref.includes('@') ? '' : ref)),
    imageDigest: named.imageDigest || (ref.includes('@') ? ref.slice(ref.indexOf('@') + 1) : ''),
    ip: pod?.ip ?? '',
    cniJson: pod?.cniJson ?? '',
    created: seconds(status.started_at) || seconds(status.created_at),
    privileged: flag(secure.privileged) ?? spec.privileged,
    hostPid: pod?.hostPid,
    hostNetwork: pod?.hostNetwork,
    hostIpc: pod?.hostIpc,
    sandboxId,
    labels: { ...podNames(pod), ...labels },
    podLabels: pod?.podLabels ?? {},
    mounts: list(status.mounts).map((m) => {
      const { container_path, host_path, readonly, propagation } = object(m)
      const how = PROPAGATION[number(propagation)] ?? ''
      return {
        source: text(host_path),
        dest: text(container_path),
        mode: '',
        writable: readonly !== true,
        propagation: how,
      }
    }),
    ...probes(pod?.labels[`annotation.${APPLIED}`], labels),
  }
}

const podNames = (pod: ContainerInfo | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(pod?.labels ?? {}).filter(([key]) => key.startsWith('io.kubernetes.pod.')))
