// A container as the state knows it, and its metadata from a runtime.

import type { GroupInfo, UserInfo } from './snapshot.js'
import type { BatchNs } from './time.js'

export interface Mount {
  readonly source: string
  readonly dest: string
  readonly mode: string
  readonly writable: boolean
  readonly propagation: string
}

/** A command that a runtime or kubelet runs inside to check the container's health. */
export interface Probe {
  readonly exe: string
  readonly args: readonly string[]
}

/** Metadata from a runtime. Texts are empty and switches undefined if not reported. */
export interface ContainerInfo {
  /** what container.id shows: the first 12 digits of a hexadecimal id, other ids in full */
  readonly id: string
  readonly fullId: string
  /** docker, podman, containerd, cri-o ... */
  readonly type: string
  readonly name: string
  /** more is to come: this is what a list or an event of its runtime contains, or its monitor's command line */
  readonly partial: boolean
  /** image as it was requested, and its components */
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
  /** its cgroup, if the cgroup does not contain the id; '' otherwise */
  readonly cgroup: string
}

/**
 * Metadata of which only the id and perhaps the type are known, to be spread before the known members. A source that reports all that a
 * runtime has about a container sets `partial` to false.
 */
export function unnamed(fullId: string, type: string): ContainerInfo {
  return {
    id: shortId(fullId),
    fullId,
    type,
    name: '',
    partial: true,
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

/** Prefix of the labels that kubelets give to containers. */
const POD_LABEL = 'io.kubernetes.pod.'

/** A pod property from the container's labels (name, namespace, uid); undefined outside pods. */
export function podLabel({ labels }: Pick<ContainerInfo, 'labels'>, what: string): string | undefined {
  const key = POD_LABEL + what
  return (Object.hasOwn(labels, key) && labels[key]) || undefined
}

const HEX = /^[0-9a-f]{64}$/

/** The form of an id that is shown and used as a key. */
export function shortId(fullId: string): string {
  return HEX.test(fullId) ? fullId.slice(0, 12) : fullId
}

/** One container, shared by reference between its threads; it is retained when the container ends. */
export class Container {
  /** metadata from a runtime; undefined until resolved */
  info: ContainerInfo | undefined = undefined
  /** the text that `info` was parsed from */
  json = ''
  /** batch time (ns) at which its first process (pid 1 inside) started, undefined if that was not recorded */
  began: BatchNs | undefined = undefined
  /** its own accounts by the host's ids; undefined if they were not read */
  users: Map<number, UserInfo> | undefined = undefined
  groups: Map<number, GroupInfo> | undefined = undefined

  constructor(
    readonly id: string,
    /** empty as long as only the short id is known */
    public fullId: string,
    /** runtime according to its cgroup, '' if the cgroup does not identify one */
    readonly type: string,
  ) {}
}
