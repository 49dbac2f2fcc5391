// Where runtimes are asked: the usual places, what the environment says, and what was given by hand.
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { hostRoot } from '../source/host.js'
import type { Folders } from './files.js'
import type { Endpoint } from './http.js'

export interface PlaceOptions {
  /** sockets of CRI runtimes, besides the usual ones */
  readonly cri?: readonly string[]
  /** addresses of docker or podman: unix:///path, tcp://host:port or a path */
  readonly docker?: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

export interface Places {
  readonly docker: readonly Endpoint[]
  /** sockets of users' own docker and podman, which may say what they like */
  readonly users: readonly Endpoint[]
  /** sockets that somebody has named, rather than that they are usual */
  readonly given: readonly string[]
  /** sockets that may speak containerd's interface, and those that may speak CRI */
  readonly containerd: readonly string[]
  readonly cri: readonly string[]
  readonly folders: Folders
  /** where the host's root ('' for /) and its /proc are seen */
  readonly host: string
  readonly proc: string
}

const CONTAINERD = [
  '/run/containerd/containerd.sock',
  // k3s and RKE2
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
]
const CRI = ['/run/crio/crio.sock', '/run/cri-dockerd.sock']
const DOCKER = ['/run/docker.sock', '/run/podman/podman.sock']
const STATES = [
  '/run/containerd',
  '/run/k3s/containerd',
  '/run/k0s/containerd',
  '/var/snap/microk8s/common/run/containerd',
]

/** Everything that is worth a try. Nothing of it needs to exist. In a container, HOST_ROOT is where the host's tree is. */
export function places(o: PlaceOptions): Places {
  const root = hostRoot(o.env)
  const host = (path: string) => root + path
  const given = (o.docker ?? []).concat(o.env.DOCKER_HOST ?? [], o.env.CONTAINER_HOST ?? [])
  const asked = given.map((a) => endpoint(a)).filter((e) => e !== undefined)
  const criGiven = [...(o.cri ?? []), ...(o.env.CONTAINERD_ADDRESS ? [o.env.CONTAINERD_ADDRESS] : [])].map((p) =>
    p.replace(/^unix:\/\//, ''),
  )
  const docker = [...asked, ...DOCKER.map((path) => ({ socketPath: host(path) }))]
  const containerd = [...new Set([...criGiven, ...CONTAINERD.map(host)])]
  return {
    given: [...asked.map((e) => e.socketPath ?? ''), ...criGiven].filter((path) => path !== ''),
    docker: docker.filter((e, i) => docker.findIndex((x) => same(x, e)) === i),
    users: rootless(root)
      .map(({ path, owner }) => ({ socketPath: host(path), owner }))
      .filter((e) => !docker.some((x) => same(x, e))),
    containerd,
    cri: [...new Set([...containerd, ...CRI.map(host)])],
    folders: {
      docker: [host('/var/lib/docker')],
      storage: [host('/var/lib/containers/storage')],
      // a daemon's socket is among its state, unless somebody moved one of the two
      containerd: [...new Set([...STATES.map(host), ...criGiven.map((path) => dirname(path))])],
    },
    host: root,
    proc: host('/proc'),
  }
}

const same = (a: Endpoint, b: Endpoint): boolean =>
  a.socketPath === b.socketPath && a.host === b.host && a.port === b.port

/** undefined when the address is of a kind that is not spoken (ssh). */
function endpoint(address: string): Endpoint | undefined {
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^:/]+):(\d{1,5})/.exec(address)
  if (tcp !== null) return { host: (tcp[1] as string).replace(/^\[|\]$/g, ''), port: Number(tcp[2]) }
  const path = address.replace(/^unix:\/\//, '')
  return path.startsWith('/') ? { socketPath: path } : undefined
}

/** Sockets of users' own podman and docker. */
function rootless(root: string): { path: string; owner: number }[] {
  try {
    const users = readdirSync(`${root}/run/user`).filter((u) => /^\d+$/.test(u))
    return users.flatMap((u) =>
      ['podman/podman.sock', 'docker.sock'].map((name) => ({ path: `/run/user/${u}/${name}`, owner: Number(u) })),
    )
  } catch {
    return []
  }
}
