// What exists, packed. A recorder packs it again and again, and most of it are lists of texts that stay as they are (environments
// above all): what they became is kept from one time to the next.
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { type PackedPart, pack, packPart } from './pack.js'

/** bytes of lists that are kept: those of a thousand processes */
const MOST = 4 << 20

/** lists of the threads that were packed last, and what they became */
let known = new Map<readonly string[], PackedPart>()

/** The same bytes as pack() gives. The lists of texts in it are not changed afterwards. */
export function packSnapshot(s: Snapshot): Buffer {
  const before = known
  known = new Map()
  let bytes = 0
  const part = (list: readonly string[]): readonly string[] | PackedPart => {
    if (list.length === 0) return list
    const had = known.get(list) ?? before.get(list)
    const packed = had ?? packPart(list)
    if (!known.has(list) && bytes < MOST) {
      bytes += packed.bytes.length
      known.set(list, packed)
    }
    return packed
  }
  const threads = s.threads.map((t: ThreadInfo) => ({
    ...t,
    args: part(t.args),
    env: part(t.env),
    cgroups: part(t.cgroups),
  }))
  return pack({ ...s, threads })
}
