// What a kind of folder is that runtimes keep files of containers in, and what is read there: who a container is, and where its
// own tree of files lies.
import type { ContainerInfo } from '../../model/container.js'
import type { Tree } from '../tree.js'

/** A folder as it is read: of users' nothing but what is theirs. */
export interface ReadFolder {
  /** The JSON at a path below it; undefined when there is none. */
  json(path: readonly string[]): Promise<unknown>
  /** The names in a folder below it; none when there is no such folder. */
  names(path: readonly string[]): Promise<readonly string[]>
  /** Whether it is there; a folder that somebody told of is taken to be. */
  exists(): Promise<boolean>
}

/** What a process tells that a runtime leaves beside its containers. */
export interface FolderClue {
  /** where the folder is; '' where that is not told */
  readonly path: string
  /** the cgroup of a container that runs, where cgroups of such do not tell whose they are */
  readonly cgroup?: string
  /** the container that it watches over, where its command line has the name */
  readonly container?: ContainerInfo
}

export interface FolderKind {
  readonly kind: string
  /** where such folders usually are */
  readonly usual: readonly string[]
  /** where, below their home, users have one of their own; undefined: what users say of such folders does not count */
  readonly home?: string
  /** the one that goes with a socket that somebody has named */
  readonly ofSocket?: (path: string) => string
  /** programs beside containers, by the beginning of their names, and what a command line and working directory tell */
  readonly watcher: { readonly program: string; clue(args: readonly string[], cwd: string): FolderClue | undefined }
  /** What it tells of a container, by the full id. */
  find(id: string, folder: ReadFolder): Promise<ContainerInfo | undefined>
  /** What it tells of the container that /NAMESPACE/ID may be the cgroup of. */
  findPlain?(namespace: string, id: string, folder: ReadFolder): Promise<ContainerInfo | undefined>
  /** All that is known of such a container before anybody was asked. */
  plain?(namespace: string, id: string): ContainerInfo
  /** Trees that may be a container's, by its full id. `host`: where the host's own root is, '' for /. */
  trees(id: string, root: string, host: string): Promise<readonly Tree[]>
}

/** An id of docker, podman and CRI runtimes. */
export const HEX_ID = /^[0-9a-f]{64}$/
/** A name that may stand in a path. */
export const NAMED_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/
