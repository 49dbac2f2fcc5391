// Where runtimes listen and where their files are: the usual places, those in the environment, and those given by the user.
import { readdirSync } from 'node:fs'
import { hostRoot } from '../source/host.js'
import type { LaterNeeds } from '../source/later-needs.js'
import type { Endpoint } from './http.js'
import { RUNTIMES, type RuntimeEntry, type RuntimeName, type Sockets } from './runtimes.js'

export interface PlaceOptions {
  /** sockets of CRI runtimes, in addition to the usual ones */
  readonly cri?: readonly string[]
  /** addresses of docker or podman: unix:///path, tcp://host:port or a path */
  readonly docker?: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Folders in which runtimes store files, by kind; any of them may be missing. */
export type Folders = Readonly<Record<string, string[]>>

/** A socket of a user's own runtime, which is not trusted. */
interface UserEndpoint extends Endpoint {
  readonly runtime: RuntimeName
}

/** Endpoints to query, by runtime; a text is the path of a socket. */
type EndpointsByRuntime = { readonly [N in RuntimeName]?: readonly (Endpoint | string)[] }

export interface Places extends EndpointsByRuntime {
  readonly users: readonly UserEndpoint[]
  /** sockets that the user has named, as opposed to usual ones */
  readonly given: readonly string[]
  readonly folders: Folders
  /** where the host's root ('' for /) and its /proc are mounted */
  readonly host: string
  readonly proc: string
}

/** All places to try; none of them needs to exist. In a container, HOST_ROOT is where the host's file system is mounted. */
export function places(o: PlaceOptions): Places {
  const root = hostRoot(o.env)
  const host = (path: string) => root + path
  const endpoints: Record<string, readonly Endpoint[]> = {}
  const folders: Record<string, string[]> = {}
  const allGiven: string[] = []
  for (const r of RUNTIMES as readonly RuntimeEntry[]) {
    const given = givenTo(r.sockets, o)
    const paths = given.map((e) => e.socketPath ?? '').filter((path) => path !== '')
    allGiven.push(...paths)
    endpoints[r.name] = distinct([...given, ...r.sockets.usual.map((path) => ({ socketPath: host(path) }))])
    for (const { kind, usual, ofSocket } of r.folders)
      folders[kind] = [...new Set([...usual.map(host), ...(ofSocket === undefined ? [] : paths.map(ofSocket))])]
  }
  const users = userEndpoints(root).filter((e) => !endpoints[e.runtime]?.some((x) => same(x, e)))
  return {
    ...(endpoints as EndpointsByRuntime),
    users,
    given: [...new Set(allGiven)],
    folders,
    host: root,
    proc: host('/proc'),
  }
}

/** The connections that remain in use during a capture. Users' own sockets are excluded: root can connect only with capabilities that ksys gives up. */
export function connections(where: Places): Pick<LaterNeeds, 'sockets' | 'network'> {
  const endpoints = RUNTIMES.flatMap((r) => where[r.name] ?? []).map((e) =>
    typeof e === 'string' ? { socketPath: e } : e,
  )
  return {
    sockets: [...new Set(endpoints.flatMap((e) => e.socketPath ?? []))],
    network: endpoints.some((e) => e.host !== undefined),
  }
}

function givenTo({ given, env, address }: Sockets, o: PlaceOptions): Endpoint[] {
  const texts = [...(given === undefined ? [] : (o[given] ?? [])), ...env.flatMap((name) => o.env[name] ?? [])]
  return texts.map(address).filter((e) => e !== undefined)
}

const same = (a: Endpoint, b: Endpoint): boolean =>
  a.socketPath === b.socketPath && a.host === b.host && a.port === b.port

function distinct(all: readonly Endpoint[]): Endpoint[] {
  return all.filter((e, i) => all.findIndex((x) => same(x, e)) === i)
}

/** Sockets of users' own runtimes. */
function userEndpoints(root: string): UserEndpoint[] {
  const sockets = (RUNTIMES as readonly RuntimeEntry[]).flatMap((r) =>
    (r.sockets.ofUsers ?? []).map((path) => ({ runtime: r.name as RuntimeName, path })),
  )
  try {
    const users = readdirSync(`${root}/run/user`).filter((u) => /^\d+$/.test(u))
    return users.flatMap((u) =>
      sockets.map(({ runtime, path }) => ({
        runtime,
        socketPath: `${root}/run/user/${u}/${path}`,
        owner: Number(u),
      })),
    )
  } catch {
    return []
  }
}
