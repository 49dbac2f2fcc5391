// Which process has a number now: the one that a row is about, or another one since.
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** ticks a second in /proc, the same on every machine that Linux runs on */
const TICKS = 100
/** ms that two accounts of one start may differ by: ticks, and clocks that are set */
const SAME = 2000

/** When a process or thread began, in ticks since the machine did; undefined when there is none. */
export function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // behind the name, which may have anything in it, from the third field on
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    return undefined
  }
}

/** The process that a thread belongs to; undefined when there is none. */
function processOf(tid: number): number | undefined {
  try {
    return Number(/^Tgid:\s*(\d+)$/m.exec(readFileSync(`/proc/${tid}/status`, 'latin1'))?.[1])
  } catch {
    return undefined
  }
}

/**
 * The start in ticks of the process that `id` (of it, or of a thread of it) is a number of, when that is still the one that
 * began at `started` (ns since the epoch); else undefined.
 */
export function sameProcess(id: number, started: bigint): number | undefined {
  const pid = processOf(id)
  const ticks = pid === undefined ? undefined : startTicks(pid)
  if (ticks === undefined) return undefined
  const began = Date.now() - (uptime() - ticks / TICKS) * 1000
  return Math.abs(began - Number(started / 1_000_000n)) <= SAME ? ticks : undefined
}
