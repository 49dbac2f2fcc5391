// docker and podman, which speak one interface and keep different files; CRI-O shares podman's storage.
import { addressOf } from '../address.js'
import { Docker } from '../docker.js'
import { dockerData } from '../folders/docker.js'
import { storage } from '../folders/storage.js'
import { RANK, type RuntimeEntry } from './entry.js'

export const docker = {
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
