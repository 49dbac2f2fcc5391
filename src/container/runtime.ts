// The interface of a container runtime, limits for its use, and how data from several runtimes is merged.
import type { ContainerInfo } from '../model/container.js'

/** A source of names. Its methods never reject or block: a runtime that hangs or sends wrong data loses only its names. */
export interface Runtime {
  /**
   * Connects, lists containers, and reports changes until close(); reconnects by itself. onReach: called when it is connected and when the
   * connection is lost, by runtimes with findPlain().
   */
  start(onContainer: OnContainer, onReach: () => void): void
  /** Fulfilled when the first list is complete, or not available for now. */
  readonly ready: Promise<void>
  /** Whether it responds at present. */
  readonly answers: boolean
  /** it exists, and it is not known yet whether it responds */
  readonly connecting: boolean
  /** Data about a container, by the full id; undefined: not known (yet), or no response within `ms` to each request. */
  find(id: string, ms: number): Promise<ContainerInfo | undefined>
  /**
   * Data about the container whose cgroup is /NAMESPACE/ID; undefined: none. Rejects if the runtime does not respond.
   * Only for runtimes with containers whose cgroups do not contain their ids.
   */
  findPlain?(namespace: string, id: string, ms: number): Promise<ContainerInfo | undefined>
  /** its socket exists: it may have data although it does not respond now */
  readonly there?: boolean
  close(): void
}

export type OnContainer = (info: ContainerInfo) => void

/** Reports a problem to the user; each sentence is shown once. */
export type Complain = (sentence: string) => void

/** Time limits in ms: of a response, of the first response of a runtime, and of a full list. */
export const ANSWER_TIME = 1_000
export const GREETING_TIME = 1_500
export const LIST_TIME = 3_000
/** ms that runtimes have after files gave a name: files contain less than runtimes provide */
export const FILES_GRACE = 500
/** ms for which a late name is still looked for, and how long a response may take then */
export const LATE = 60_000
export const LATE_ANSWER = 10_000
/** ms until the next attempt to reach a runtime: at first, and after many failures */
const RETRY = 500
const SELDOM = 8_000
/** ms that a response may take at most, after earlier ones timed out */
const PATIENT = 12_000
/** Limits of look-ups that run at once, and of waiting ones. */
export const AT_ONCE = 8
const MOST_WAITING = 4_096

/** Merges two descriptions of a container: members that are empty in `later` are retained. */
export function merge(earlier: ContainerInfo | undefined, later: ContainerInfo): ContainerInfo {
  if (earlier === undefined) return later
  const merged: Record<string, unknown> = { ...earlier }
  for (const [key, value] of Object.entries(later)) if (!isEmpty(value)) merged[key] = value
  merged.sandbox = earlier.sandbox || later.sandbox
  merged.partial = earlier.partial && later.partial
  return merged as unknown as ContainerInfo
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '' || value === 0) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Resolves as the promise does, or with undefined if it fails or takes longer than `ms`. */
export function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms, undefined)
    const end = (value: T | undefined) => {
      clearTimeout(timer)
      done(value)
    }
    promise.then(end, () => end(undefined))
  })
}

/** Runs `work` for each item, AT_ONCE at a time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
}

/** Admits AT_ONCE pieces of work at a time; others wait for their turn. */
export class Gate {
  private free = AT_ONCE
  private readonly waiting: (() => void)[] = []

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--
    else await new Promise<void>((turn) => this.waiting.push(turn))
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.free++
      else next()
    }
  }
}

/** Look-ups requested by events: AT_ONCE at a time; dropped if too many are waiting. */
export class LookupBudget {
  private readonly waiting = new Set<string>()
  private running = 0

  constructor(private readonly work: (id: string) => Promise<unknown>) {}

  add(id: string): void {
    if (this.waiting.size < MOST_WAITING) this.waiting.add(id)
    void this.run()
  }

  private async run(): Promise<void> {
    if (this.running >= AT_ONCE) return
    this.running++
    for (const id of this.waiting) {
      this.waiting.delete(id)
      await this.work(id)
    }
    this.running--
  }
}

/** Schedules retries: soon at first, at longer intervals after each failure. */
export class Retry {
  private pause = RETRY
  private failures = 0
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly work: () => void) {}

  /** Schedules a retry without counting a failure: nothing exists there, which is cheap to check. */
  later(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(this.work, this.pause)
    this.timer.unref()
  }

  /** Schedules a retry after a wrong or missing response. */
  failed(): void {
    this.later()
    this.failures++
    this.pause = Math.min(2 * this.pause, SELDOM)
  }

  succeeded(): void {
    this.pause = RETRY
    this.failures = 0
  }

  /** ms that the next response may take: `ms` at first, doubled with each failure. */
  patience(ms: number): number {
    return Math.min(ms * 2 ** this.failures, Math.max(ms, PATIENT))
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}

/** Limits a stream to an initial amount and a rate per second (bytes or messages); a faster stream is not from a runtime. */
export class Allowance {
  private readonly since = Date.now()
  private used = 0

  constructor(private readonly most: number) {}

  /** Whether that much more is within the limit. */
  take(amount: number): boolean {
    this.used += amount
    return this.used <= this.most * (1 + (Date.now() - this.since) / 1000)
  }
}

/** ms after which a read is considered blocked. */
const HUNG = 2_000

export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve()
  private since: number | undefined

  /** Does the work after earlier work; undefined if it is rejected because earlier work is blocked. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.since !== undefined && Date.now() - this.since > HUNG) return undefined
    const reading = this.last.then(() => {
      this.since = Date.now()
      return work()
    })
    const finished = () => {
      this.since = undefined
    }
    this.last = reading.then(finished, finished)
    return reading
  }
}
