// The name of the process, which ps, top and systemctl show: Node calls its first thread `node` or `MainThread`.
import { writeFileSync } from 'node:fs'

/**
 * Names the first thread `ksys`. Threads that start later inherit it, except those that Node names. process.title is not an alternative:
 * it overwrites the command line that ps shows.
 */
export function nameProcess(): void {
  try {
    writeFileSync('/proc/self/comm', 'ksys')
  } catch {
    // without /proc, or where it is read-only, Node's name remains
  }
}
