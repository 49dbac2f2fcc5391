// The interface of a kind of folder in which runtimes store files about containers: what they contain about a container, and where its
// file system tree is.
import type { ContainerInfo } from '../../model/container.js'
import type { Tree } from '../tree.js'

/** Read access to a folder; in users' folders only to files that they own. */
export interface ReadFolder {
  /** The JSON at a path below it; undefined if there is none. */
  json(path: readonly string[]): Promise<unknown>
  /** The names in a folder below it; none if the folder does not exist. */
  names(path: readonly string[]): Promise<readonly string[]>
  /** Whether it exists; a folder that a process named is assumed to exist. */
  exists(): Promise<boolean>
}

/** What a runtime's process beside a container reveals. */
export interface FolderClue {
  /** where the folder is; '' if not revealed */
  readonly path: string
  /** the cgroup of a running container, if cgroups of this runtime do not contain an id */
  readonly cgroup?: string
  /** the container that it monitors, if its command line contains the name */
  readonly container?: ContainerInfo
}

export interface FolderKind {
  readonly kind: string
  /** usual paths of such folders */
  readonly usual: readonly string[]
  /** path of a user's own folder below the home; undefined: such folders of users are ignored */
  readonly home?: string
  /** the folder that belongs to a socket that the user has named */
  readonly ofSocket?: (path: string) => string
  /** programs beside containers, by the start of their names, and what their command line and working directory reveal */
  readonly watcher: { readonly program: string; clue(args: readonly string[], cwd: string): FolderClue | undefined }
  /** What the folder contains about a container, by the full id. */
  find(id: string, folder: ReadFolder): Promise<ContainerInfo | undefined>
  /** What the folder contains about the container whose cgroup may be /NAMESPACE/ID. */
  findPlain?(namespace: string, id: string, folder: ReadFolder): Promise<ContainerInfo | undefined>
  /** What is known of such a container before any query. */
  plain?(namespace: string, id: string): ContainerInfo
  /** Trees that may be a container's, by its full id. `host`: where the host's root is mounted, '' for /. */
  trees(id: string, root: string, host: string): Promise<readonly Tree[]>
}

/** An id of docker, podman and CRI runtimes. */
export const HEX_ID = /^[0-9a-f]{64}$/
/** A name that is safe as a path component. */
export const NAMED_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/

/** The value of an option in any of its spellings, as the next argument or after a =; '' without the option. */
export function option(args: readonly string[], ...names: readonly string[]): string {
  for (const [i, word] of args.entries())
    for (const name of names) {
      if (word === name) return args[i + 1] ?? ''
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1)
    }
  return ''
}
