// How much CPU time a thread has used.
import { readFileSync } from 'node:fs'

/** ms of CPU time of the calling thread; ms of any clock where the kernel does not count it (CONFIG_SCHED_INFO). */
export function threadTime(): number {
  try {
    return Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'latin1'), 10) / 1e6
  } catch {
    return performance.now()
  }
}
