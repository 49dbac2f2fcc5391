// Packs snapshots, one thread at a time: those of a large machine would take much memory if all were decoded, or packed, at once.
// A recorder packs repeatedly, and most of a snapshot are lists of strings that do not change (above all environments), so their packed
// forms are cached between calls.
import type { Snapshot } from '../model/snapshot.js'
import { listHeader, mapHeader, type PackedPart, pack, packPart } from './pack.js'

/** bytes of cached lists: those of about a thousand processes */
const MAX_CACHED = 4 << 20

/** packed lists of the last snapshot's threads */
let cache = new Map<readonly string[], PackedPart>()

/** The bytes of pack(s), in pieces. The lists of strings in the snapshot must not be changed afterwards. */
export function* packSnapshot(s: Snapshot): Generator<Buffer, void> {
  const entries = Object.entries(s).filter(([, value]) => value !== undefined)
  yield mapHeader(entries.length)
  for (const [key, value] of entries) {
    yield pack(key)
    if (key === 'threads') yield* packThreads(s.threads)
    else yield pack(value)
  }
}

function* packThreads(threads: Snapshot['threads']): Generator<Buffer, void> {
  const part = cachedParts()
  yield listHeader(threads.length)
  for (const t of threads) {
    const { args, env, cgroups, fds } = t
    const parts = {
      args: part(args),
      env: part(env),
      cgroups: part(cgroups),
      ...(fds !== undefined && { fds: [...fds] }),
    }
    yield pack({ ...t, ...parts })
  }
}

/** Packs lists, each once. */
function cachedParts(): (list: readonly string[]) => readonly string[] | PackedPart {
  const previous = cache
  cache = new Map()
  let bytes = 0
  return (list) => {
    if (list.length === 0) return list
    const cached = cache.get(list) ?? previous.get(list)
    const packed = cached ?? packPart(list)
    if (!cache.has(list) && bytes < MAX_CACHED) {
      bytes += packed.bytes.length
      cache.set(list, packed)
    }
    return packed
  }
}
