// A container as the state knows it, and what a runtime tells about one.
import type { GroupInfo, UserInfo } from './snapshot.js'

export interface Mount {
  readonly source: string
  readonly dest: string
  readonly mode: string
  readonly writable: boolean
  readonly propagation: string
}

/** A command that a runtime or kubelet runs inside to see whether the container is well. */
export interface Probe {
  readonly exe: string
  readonly args: readonly string[]
}

/** What a runtime tells. Texts are empty and switches undefined where nobody told. */
export interface ContainerInfo {
  /** what container.id shows: the first 12 digits of a hexadecimal id, other ids whole */
  readonly id: string
  readonly fullId: string
  /** docker, podman, containerd, cri-o ... */
  readonly type: string
  readonly name: string
  /** image as it was asked for, and its parts */
  readonly image: string
  readonly imageId: string
  readonly imageRepository: string
  readonly imageTag: string
  readonly imageDigest: string
  readonly user: string
  /** IPv4 text; empty with the host's network */
  readonly ip: string
  readonly cniJson: string
  /** seconds since the epoch, 0 when unknown */
  readonly created: number
  readonly privileged: boolean | undefined
  readonly hostPid: boolean | undefined
  readonly hostNetwork: boolean | undefined
  readonly hostIpc: boolean | undefined
  /** the container that only holds a pod's namespaces */
  readonly sandbox: boolean
  /** full id of the pod's sandbox */
  readonly sandboxId: string
  readonly labels: Readonly<Record<string, string>>
  readonly podLabels: Readonly<Record<string, string>>
  readonly mounts: readonly Mount[]
  readonly env: readonly string[]
  readonly healthcheck: Probe | undefined
  readonly liveness: Probe | undefined
  readonly readiness: Probe | undefined
  /** its cgroup, where that does not tell the id; '' otherwise */
  readonly cgroup: string
}

/** Information of which only the id and perhaps the type are known, to be spread under what else is. */
export function unnamed(fullId: string, type: string): ContainerInfo {
  return {
    id: shortId(fullId),
    fullId,
    type,
    name: '',
    image: '',
    imageId: '',
    imageRepository: '',
    imageTag: '',
    imageDigest: '',
    user: '',
    ip: '',
    cniJson: '',
    created: 0,
    privileged: undefined,
    hostPid: undefined,
    hostNetwork: undefined,
    hostIpc: undefined,
    sandbox: false,
    sandboxId: '',
    labels: {},
    podLabels: {},
    mounts: [],
    env: [],
    healthcheck: undefined,
    liveness: undefined,
    readiness: undefined,
    cgroup: '',
  }
}

/** The labels that kubelets give to containers begin so. */
const POD_LABEL = 'io.kubernetes.pod.'

/** What the labels tell of a container's pod (name, namespace, uid); undefined outside of pods. */
export function podLabel({ labels }: Pick<ContainerInfo, 'labels'>, what: string): string | undefined {
  const key = POD_LABEL + what
  return (Object.hasOwn(labels, key) && labels[key]) || undefined
}

const HEX = /^[0-9a-f]{64}$/

/** The form of an id that is shown and looked up. */
export function shortId(fullId: string): string {
  return HEX.test(fullId) ? fullId.slice(0, 12) : fullId
}

/** One container, shared by reference between its threads; it stays when the container ends. */
export class Container {
  /** what a runtime told; undefined while nobody did */
  info: ContainerInfo | undefined = undefined
  /** the text that `info` was read from */
  json = ''
  /** batch time (ns) at which its first process (number 1 inside) began, undefined when that was not seen */
  began: number | undefined = undefined
  /** its own accounts by the host's numbers; undefined when they were not read */
  users: Map<number, UserInfo> | undefined = undefined
  groups: Map<number, GroupInfo> | undefined = undefined

  constructor(
    readonly id: string,
    /** empty where only the short id is known */
    readonly fullId: string,
    /** what its cgroup tells about the runtime, '' when nothing */
    readonly type: string,
  ) {}
}
