// Finds a container's files on the host, which its runtime has set up before the first process runs.
import { join } from 'node:path'
import { namesInForeign, type ReadResult, readForeign } from '../source/foreign/file.js'
import type { ForeignPath } from '../source/foreign/find.js'
import { inHost } from '../source/host.js'
import { json, list, number, object, text } from './raw.js'

/** Limits: bytes of a file, and names in a folder. */
const LARGEST = 4 << 20
const MOST_NAMES = 4_096

/** A range of a user namespace: `count` ids from `inside` on are mapped to ids from `outside` on. */
export interface IdRange {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

export interface Tree {
  /** its root directory */
  readonly root: ForeignPath['root']
  readonly uids: readonly IdRange[]
  readonly gids: readonly IdRange[]
}

export const SAME: readonly IdRange[] = [{ inside: 0, outside: 0, count: 0xffffffff }]

/** The tree that an OCI bundle describes; empty if there is no such bundle. `host`: where the host's root is mounted, '' for /. */
export async function treeOfBundle(bundle: string, host: string): Promise<Tree[]> {
  const spec = object(json((await readText(inHost(host, join(bundle, 'config.json')))) ?? ''))
  const path = text(object(spec.root).path)
  if (path === '') return []
  const linux = object(spec.linux)
  return [
    {
      root: inHost(host, path.startsWith('/') ? host + path : join(bundle, path)),
      uids: mappings(linux.uidMappings),
      gids: mappings(linux.gidMappings),
    },
  ]
}

function mappings(value: unknown): readonly IdRange[] {
  const ranges = list(value)
    .map(object)
    .map((m) => ({ inside: number(m.containerID), outside: number(m.hostID), count: number(m.size) }))
  return ranges.length === 0 ? SAME : ranges
}

/** The names in a folder; none if it does not exist. */
export const entries = (dir: ForeignPath): Promise<string[]> => namesInForeign(dir, MOST_NAMES)

/** The content of a file of a runtime or of a container. */
export const readSmall = (file: ForeignPath): Promise<ReadResult> => readForeign(file, LARGEST)

/** The text of such a file; undefined if it does not exist or is refused. */
export async function readText(file: ForeignPath): Promise<string | undefined> {
  const got = await readSmall(file)
  return got !== undefined && 'bytes' in got ? got.bytes.toString() : undefined
}
