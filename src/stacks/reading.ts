// Everything that is read of files of those who are traced goes through here: whose CPU time it takes, and which file it is while it
// lasts, for whoever must end the thread when the file never answers.
import { statSync } from 'node:fs'
import { Allowance } from './allowance.js'
import { READING } from './limits.js'
import type { ReadingNow } from './reading-now.js'
import { threadTime } from './thread-time.js'

/** Users whose time is counted one by one; of more, those that came first begin anew. */
const MOST_USERS = 1024

/** In place of the user of a process that has ended. */
const GONE = -1

/** The user whose time it takes to look for files of a process. */
export function ownerOf(pid: number): number {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? GONE
}

/** Takes notice of what is not used of a file: its path, and why in words for a person. */
export type OnCut = (path: string, why: string) => void

export class Reading {
  private readonly root = new Allowance(READING.root)
  private readonly users = new Allowance(READING.users)
  private readonly byUser = new Map<number, Allowance>()

  /**
   * @param now where the file that is being read is written down
   * @param refused files that are not read
   * @param time ms of CPU time that the calling thread has used
   */
  constructor(
    private readonly onCut: OnCut,
    private readonly now?: ReadingNow,
    private readonly refused: ReadonlySet<string> = new Set(),
    private readonly time: () => number = threadTime,
  ) {}

  /** Calls `use`, which opens and reads a file; undefined without a call where the file is refused. */
  watched<T>(path: string, use: () => T): T | undefined {
    if (this.refused.has(path)) return undefined
    this.now?.begin(path)
    try {
      return use()
    } finally {
      this.now?.end()
    }
  }

  /**
   * Calls `read`, whose CPU time counts as that of a user. undefined without a call where the user's time is used up: a later call may read
   * it.
   */
  charged<T>(path: string, uid: number, read: () => T): T | undefined {
    const allowances = uid === 0 ? [this.root] : [this.users, this.ofUser(uid)]
    if (allowances.some((a) => a.rest <= 0)) {
      this.cut(
        path,
        `reading files of ${uid === GONE ? 'processes that have ended' : `user ${uid}`} takes too much time`,
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

  private ofUser(uid: number): Allowance {
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
