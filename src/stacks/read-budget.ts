// All reads of files of traced users go through here. It charges their CPU time to the user, and publishes the current file, so
// that the thread can be abandoned if the file never responds.
import { readFileSync, statSync } from 'node:fs'
import { Allowance } from './allowance.js'
import type { CurrentRead } from './current-read.js'
import { READING } from './limits.js'

/** Limit of users whose time is counted separately; beyond it the first ones start with a new budget. */
const MOST_USERS = 1024

/** Replaces the user of a process that has ended. */
const ENDED = -1

/** The user who is charged for reading files of a process. */
export function ownerOf(pid: number): number {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? ENDED
}

/** Called with the path of a file of which not everything is used, and the reason. */
export type OnCut = (path: string, why: string) => void

export class ReadBudget {
  private readonly root = new Allowance(READING.root)
  private readonly users = new Allowance(READING.users)
  private readonly byUser = new Map<number, Allowance>()

  /**
   * @param now where the file that is being read is published
   * @param refused files that are not read
   * @param time ms of CPU time that the calling thread has used
   */
  constructor(
    private readonly onCut: OnCut,
    private readonly now?: CurrentRead,
    private readonly refused: ReadonlySet<string> = new Set(),
    private readonly time: () => number = threadTime,
  ) {}

  /** Calls `use`, which opens and reads a file; returns undefined without calling it if the file is refused. */
  watched<T>(path: string, use: () => T): T | undefined {
    if (this.refused.has(path)) return undefined
    this.now?.start(path)
    try {
      return use()
    } finally {
      this.now?.end()
    }
  }

  /**
   * Calls `read` and charges its CPU time to a user. Returns undefined without calling it if the user's time is used up; a later call may
   * succeed.
   */
  charged<T>(path: string, uid: number, read: () => T): T | undefined {
    const allowances = uid === 0 ? [this.root] : [this.users, this.userAllowance(uid)]
    if (allowances.some((a) => a.available <= 0)) {
      this.cut(
        path,
        `reading files of ${uid === ENDED ? 'processes that have ended' : `user ${uid}`} takes too much time`,
      )
      return undefined
    }
    const from = this.time()
    try {
      return read()
    } finally {
      const used = this.time() - from
      for (const a of allowances) a.spend(used)
    }
  }

  cut(path: string, why: string): void {
    this.onCut(path, why)
  }

  private userAllowance(uid: number): Allowance {
    let allowance = this.byUser.get(uid)
    if (allowance === undefined) {
      allowance = new Allowance(READING.user)
      this.byUser.set(uid, allowance)
      const [first] = this.byUser.keys()
      if (this.byUser.size > MOST_USERS) this.byUser.delete(first as number)
    }
    return allowance
  }
}

/** ms of CPU time of the calling thread; wall-clock ms if the kernel does not count CPU time (CONFIG_SCHED_INFO). */
function threadTime(): number {
  try {
    return Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'latin1'), 10) / 1e6
  } catch {
    return performance.now()
  }
}
