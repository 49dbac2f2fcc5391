// The container runtimes that are queried. Each has one entry here: where it listens, its client, and where it stores files.

import { Containerd } from './containerd.js'
import { Cri } from './cri.js'
import { Docker } from './docker.js'
import { containerdState } from './folders/containerd.js'
import { dockerData } from './folders/docker.js'
import type { FolderKind } from './folders/kind.js'
import { storage } from './folders/storage.js'
import type { Endpoint } from './http.js'
import { addressOf, pathOf } from './http.js'
import type { Complain, Runtime } from './runtime.js'

/** Which source wins when two describe one container: the CRI runtime is best, users' runtimes are last. */
export const RANK = { user: 0, runtime: 1, cri: 2 } as const

/** Where a runtime listens; none of it needs to exist. */
export interface Sockets {
  /** usual paths of its socket */
  readonly usual: readonly string[]
  /** usual paths of users' sockets, below /run/user/UID */
  readonly ofUsers?: readonly string[]
  /** the option whose addresses it uses, if any */
  readonly given?: 'cri' | 'docker'
  /** environment variables that may contain an address */
  readonly env: readonly string[]
  /** Parses an address that the user has given; undefined if its scheme is not supported. */
  readonly address: (text: string) => Endpoint | undefined
}

/** What a client reports besides containers. */
export interface ClientHooks {
  /** The runtime stores files in a folder of that kind (FolderKind.kind); dir: its path on the host. */
  readonly folder: (kind: string, dir: string) => void
  readonly complain: Complain
}

export interface RuntimeEntry {
  readonly name: string
  readonly rank: number
  readonly sockets: Sockets
  /** Creates the client for one socket; it connects after start(). */
  readonly open: (at: Endpoint, hooks: ClientHooks) => Runtime
  /** kinds of folders in which it stores files */
  readonly folders: readonly FolderKind[]
}

const CONTAINERD_SOCKETS = [
  '/run/containerd/containerd.sock',
  // k3s and RKE2
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
]

/** Over its own interface, which provides more than CRI. */
const containerd = {
  name: 'containerd',
  rank: RANK.runtime,
  sockets: { usual: CONTAINERD_SOCKETS, given: 'cri', env: ['CONTAINERD_ADDRESS'], address: pathOf },
  open: ({ socketPath = '' }, { complain }) => new Containerd(socketPath, complain),
  folders: [containerdState],
} as const satisfies RuntimeEntry

/** docker and podman, which share one interface and store different files; CRI-O shares podman's storage. */
const docker = {
  name: 'docker',
  rank: RANK.runtime,
  sockets: {
    usual: ['/run/docker.sock', '/run/podman/podman.sock'],
    ofUsers: ['podman/podman.sock', 'docker.sock'],
    given: 'docker',
    env: ['DOCKER_HOST', 'CONTAINER_HOST'],
    address: addressOf,
  },
  open: (at, { folder, complain }) =>
    new Docker(at, (kind, dir) => folder((kind === 'podman' ? storage : dockerData).kind, dir), complain),
  folders: [storage, dockerData],
} as const satisfies RuntimeEntry

/** The CRI runtime of a kubelet: containerd, CRI-O, or docker through cri-dockerd. */
const cri = {
  name: 'cri',
  rank: RANK.cri,
  sockets: {
    usual: [...CONTAINERD_SOCKETS, '/run/crio/crio.sock', '/run/cri-dockerd.sock'],
    given: 'cri',
    env: ['CONTAINERD_ADDRESS'],
    address: pathOf,
  },
  open: ({ socketPath = '' }, { complain }) => new Cri(socketPath, complain),
  folders: [],
} as const satisfies RuntimeEntry

export const RUNTIMES = [containerd, docker, cri] as const satisfies readonly RuntimeEntry[]

export type RuntimeName = (typeof RUNTIMES)[number]['name']

/** Kinds of folders, the most informative first. */
export const FOLDER_KINDS: readonly FolderKind[] = RUNTIMES.flatMap((r): readonly FolderKind[] => r.folders)

export function runtimeNamed(name: RuntimeName): RuntimeEntry {
  return RUNTIMES.find((r) => r.name === name) as RuntimeEntry
}

/** Throws for an unknown kind. */
export function folderKind(kind: string): FolderKind {
  const found = FOLDER_KINDS.find((f) => f.kind === kind)
  if (found === undefined) throw new Error(`no runtime has folders of kind '${kind}'`)
  return found
}
