// The container runtimes that are asked. Each is one entry here, of where it is asked, how, and where it keeps files; and its client.
import { addressOf, pathOf } from './address.js'
import { Containerd } from './containerd.js'
import { Cri } from './cri.js'
import { Docker } from './docker.js'
import { containerdState } from './folders/containerd.js'
import { dockerData } from './folders/docker.js'
import type { FolderKind } from './folders/kind.js'
import { storage } from './folders/storage.js'
import type { Endpoint } from './http.js'
import type { Complain, Runtime } from './runtime.js'

/** Whose word counts where two tell of one container: what a kubelet asks for its CRI runtime knows best; users none. */
export const RANK = { user: 0, runtime: 1, cri: 2 } as const

/** Where a runtime listens. Nothing of it needs to exist. */
export interface Sockets {
  /** paths where it usually does */
  readonly usual: readonly string[]
  /** the same of users' own, below /run/user/UID */
  readonly ofUsers?: readonly string[]
  /** the list of addresses given by hand that are its, if any is */
  readonly given?: 'cri' | 'docker'
  /** environment variables that may have an address */
  readonly env: readonly string[]
  /** An address that somebody has given; undefined when it is of a kind that is not spoken. */
  readonly address: (text: string) => Endpoint | undefined
}

/** What a client tells besides containers. */
export interface ClientHooks {
  /** It keeps files in a folder of that kind (FolderKind.kind), as the host has it. */
  readonly folder: (kind: string, dir: string) => void
  readonly complain: Complain
}

export interface RuntimeEntry {
  readonly name: string
  readonly rank: number
  readonly sockets: Sockets
  /** Makes the client of one socket; it connects once it is started. */
  readonly open: (at: Endpoint, hooks: ClientHooks) => Runtime
  /** kinds of folders that it keeps files in */
  readonly folders: readonly FolderKind[]
}

const CONTAINERD_SOCKETS = [
  '/run/containerd/containerd.sock',
  // k3s and RKE2
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
]

/** By its own interface, of which CRI is only a part. */
const containerd = {
  name: 'containerd',
  rank: RANK.runtime,
  sockets: { usual: CONTAINERD_SOCKETS, given: 'cri', env: ['CONTAINERD_ADDRESS'], address: pathOf },
  open: ({ socketPath = '' }, { complain }) => new Containerd(socketPath, complain),
  folders: [containerdState],
} as const satisfies RuntimeEntry

/** docker and podman, which speak one interface and keep different files; CRI-O shares podman's storage. */
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

/** Whatever a kubelet asks over CRI: containerd, CRI-O, docker by way of cri-dockerd. */
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

/** Kinds of folders, those first that tell most of a container. */
export const FOLDER_KINDS: readonly FolderKind[] = RUNTIMES.flatMap((r): readonly FolderKind[] => r.folders)

export function runtimeNamed(name: RuntimeName): RuntimeEntry {
  return RUNTIMES.find((r) => r.name === name) as RuntimeEntry
}

/** Throws for a kind that there is not. */
export function folderKind(kind: string): FolderKind {
  const found = FOLDER_KINDS.find((f) => f.kind === kind)
  if (found === undefined) throw new Error(`no runtime has folders of kind '${kind}'`)
  return found
}
