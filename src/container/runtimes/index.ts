// The container runtimes that are asked: another is its client, and an entry beside this file that is listed here.
import type { FolderKind } from '../folders/kind.js'
import { containerd } from './containerd.js'
import { cri } from './cri.js'
import { docker } from './docker.js'
import type { RuntimeEntry } from './entry.js'

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
