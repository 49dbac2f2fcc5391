// Checks whether a pid still belongs to the process of a row, by its start time.
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** ticks per second in /proc, the same on all architectures */
const TICKS = 100
/** ms by which two measurements of the same start may differ: tick resolution, and adjusted clocks */
const TOLERANCE = 2000

/** The start of a process or thread, in ticks since boot; undefined if it does not exist. */
function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the third field follows the name, which may contain any characters
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    return undefined
  }
}

/** The process of a thread; undefined if it does not exist. */
function processOf(tid: number): number | undefined {
  try {
    return Number(/^Tgid:\s*(\d+)$/m.exec(readFileSync(`/proc/${tid}/status`, 'latin1'))?.[1])
  } catch {
    return undefined
  }
}

/**
 * The start in ticks of the process with this id (a pid, or the tid of one of its threads), if it is the one started at `started` (ns since
 * the epoch); otherwise undefined.
 */
export function sameProcess(id: number, started: bigint): number | undefined {
  const pid = processOf(id)
  const ticks = pid === undefined ? undefined : startTicks(pid)
  if (ticks === undefined) return undefined
  const startedMs = Date.now() - (uptime() - ticks / TICKS) * 1000
  return Math.abs(startedMs - Number(started / 1_000_000n)) <= TOLERANCE ? ticks : undefined
}
