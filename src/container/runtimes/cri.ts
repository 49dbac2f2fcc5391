// Whatever a kubelet asks over CRI: containerd, CRI-O, docker by way of cri-dockerd.
import { pathOf } from '../address.js'
import { Cri } from '../cri.js'
import { CONTAINERD_SOCKETS } from './containerd.js'
import { RANK, type RuntimeEntry } from './entry.js'

export const cri = {
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
