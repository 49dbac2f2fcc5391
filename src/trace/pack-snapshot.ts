// Packs snapshots. A recorder does that repeatedly, and most of a snapshot are lists of strings that do not change
// (above all environments), so their packed forms are cached between calls.
import { areRecords, type Snapshot, type ThreadInfo } from '../model/snapshot.js'
import { type PackedPart, pack, packPart } from './pack.js'

/** bytes of cached lists: those of about a thousand processes */
const MAX_CACHED = 4 << 20

/** packed lists of the last snapshot's threads */
let cache = new Map<readonly string[], PackedPart>()

/** Equals pack(s). The lists of strings in the snapshot must not be changed afterwards. */
export function packSnapshot(s: Snapshot): Buffer {
  const previous = cache
  cache = new Map()
  let bytes = 0
  const part = (list: readonly string[]): readonly string[] | PackedPart => {
    if (list.length === 0) return list
    const cached = cache.get(list) ?? previous.get(list)
    const packed = cached ?? packPart(list)
    if (!cache.has(list) && bytes < MAX_CACHED) {
      bytes += packed.bytes.length
      cache.set(list, packed)
    }
    return packed
  }
  const threads = Array.from(s.threads, (t: ThreadInfo) => ({
    ...t,
    args: part(t.args),
    env: part(t.env),
    cgroups: part(t.cgroups),
    // packed at once, so that the decoded descriptors of one table exist at a time
    ...(t.fds !== undefined && areRecords(t.fds) && { fds: packPart([...t.fds]) }),
  }))
  return pack({ ...s, threads })
}
