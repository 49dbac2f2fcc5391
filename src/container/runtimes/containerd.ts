// containerd by its own interface, of which CRI is only a part.
import { pathOf } from '../address.js'
import { Containerd } from '../containerd.js'
import { containerdState } from '../folders/containerd.js'
import { RANK, type RuntimeEntry } from './entry.js'

export const CONTAINERD_SOCKETS = [
  '/run/containerd/containerd.sock',
  // k3s and RKE2
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
]

export const containerd = {
  name: 'containerd',
  rank: RANK.runtime,
  sockets: { usual: CONTAINERD_SOCKETS, given: 'cri', env: ['CONTAINERD_ADDRESS'], address: pathOf },
  open: ({ socketPath = '' }, { complain }) => new Containerd(socketPath, complain),
  folders: [containerdState],
} as const satisfies RuntimeEntry
