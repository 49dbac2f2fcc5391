// Where a container's files lie on the host, as its runtime has put them together before the first process runs.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { json, list, number, object, text } from './raw.js'
import { readSmall } from './read.js'

/** A range of a user namespace: numbers inside from `inside` on are `outside` on. */
export interface IdRange {
  readonly inside: number
  readonly outside: number
  readonly count: number
}

export interface Tree {
  /** path of its root directory */
  readonly root: string
  readonly uids: readonly IdRange[]
  readonly gids: readonly IdRange[]
}

export const SAME: readonly IdRange[] = [{ inside: 0, outside: 0, count: 0xffffffff }]

/** The tree that an OCI bundle describes; none when there is no such bundle. `host`: where the host's own root is, '' for /. */
export async function ofBundle(bundle: string, host: string): Promise<Tree[]> {
  const spec = object(json((await readSmall(join(bundle, 'config.json')))?.toString() ?? ''))
  const path = text(object(spec.root).path)
  if (path === '') return []
  const linux = object(spec.linux)
  return [
    {
      root: path.startsWith('/') ? host + path : join(bundle, path),
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

/** The names in a folder; none when there is no such folder. */
export const entries = (dir: string): Promise<string[]> => readdir(dir).catch(() => [])
