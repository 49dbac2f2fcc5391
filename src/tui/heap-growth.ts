// Limits how much garbage V8 keeps in the live UI. V8 collects the garbage of a heap when the heap has grown by a share of what was in use
// the last time. Where collecting is slow compared with allocating, as on a busy machine, that share is up to 300 %. Each refresh replaces
// many objects of the previous one, so after some minutes there was more garbage than everything else that the UI has in memory.
import { setFlagsFromString } from 'node:v8'

/** Percent by which a heap may grow. Half of it saves little more memory and collects twice as often. */
const PERCENT = 40

/** Major versions of Node whose V8 is known to have the flag: V8 reports flags that it does not know. */
const KNOWN_BY: ReadonlySet<string> = new Set(['20', '22', '24'])

/** Sets the limit for the heaps of all threads. */
export function limitHeapGrowth(): void {
  const [major = ''] = process.versions.node.split('.')
  if (KNOWN_BY.has(major)) setFlagsFromString(`--heap-growing-percent=${PERCENT}`)
}
