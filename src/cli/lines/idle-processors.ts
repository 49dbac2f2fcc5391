// Whether the machine has a processor to spare.
import { readFileSync } from 'node:fs'

/** ms that are looked at together */
const SPAN = 500
/** ms of a tick of /proc/stat, which counts in USER_HZ */
const TICK = 10

export class IdleProcessors {
  private from = performance.now()
  private before = idleTicks()

  /**
   * How many processors had nothing to do since this was asked last, or this was made; undefined while that is too short a
   * time ago to tell.
   */
  processors(): number | undefined {
    const now = performance.now()
    const passed = now - this.from
    if (passed < SPAN) return undefined
    const ticks = idleTicks()
    const idle = ((ticks - this.before) * TICK) / passed
    this.from = now
    this.before = ticks
    return idle
  }
}

/** Ticks that all processors together were idle, or waited for a disk. */
function idleTicks(): number {
  const [, , , , idle, waiting] = readFileSync('/proc/stat', 'utf8').split(/ +/, 6).map(Number)
  return (idle ?? 0) + (waiting ?? 0)
}
