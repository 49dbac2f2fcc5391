// What a container runtime is to the rest of the room, and how what several of them tell comes together.
import type { ContainerInfo } from '../model/container.js'

/** A source of names. Nothing here ever rejects or blocks: a runtime that hangs or lies costs its names only. */
export interface Runtime {
  /** Connects, lists, and goes on telling until close(); reconnects by itself. */
  start(onContainer: OnContainer): void
  /** Fulfilled when the first list is complete, or cannot be had for now. */
  readonly ready: Promise<void>
  /** Whether it answers at present. */
  readonly answers: boolean
  /** it is there, and whether it answers is not known yet */
  readonly connecting: boolean
  /** What it knows of a container, by the full id; undefined: nothing (yet), or no answer within `ms` each. */
  find(id: string, ms: number): Promise<ContainerInfo | undefined>
  /**
   * What it knows of the container that /NAMESPACE/ID is the cgroup of; undefined: nothing. Rejects when it does not answer.
   * Only of runtimes that have containers whose cgroups do not tell their ids.
   */
  findPlain?(namespace: string, id: string, ms: number): Promise<ContainerInfo | undefined>
  /** there is such a socket: it may know what it does not answer now */
  readonly there?: boolean
  close(): void
}

export type OnContainer = (info: ContainerInfo) => void

/** Tells a person about something that does not work; each sentence is shown once. */
export type Complain = (sentence: string) => void

/** ms that one answer may take, the first one of a runtime, and one with all that it has. */
export const ANSWER_TIME = 1_000
export const GREETING_TIME = 1_500
export const LIST_TIME = 3_000
/** ms until the next try to reach a runtime: at first, and when many have failed */
const RETRY = 500
const SELDOM = 8_000
/** ms that an answer may take that was waited for in vain before */
const PATIENT = 12_000
/** Look-ups at once, and how many more may wait. */
export const AT_ONCE = 8
const MOST_WAITING = 4_096

/** Two accounts of one container: what `later` leaves open stays as it was. */
export function merge(earlier: ContainerInfo | undefined, later: ContainerInfo): ContainerInfo {
  if (earlier === undefined) return later
  const merged: Record<string, unknown> = { ...earlier }
  for (const [key, value] of Object.entries(later)) if (!isEmpty(value)) merged[key] = value
  merged.sandbox = earlier.sandbox || later.sandbox
  return merged as unknown as ContainerInfo
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '' || value === 0) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** Settles as the promise does, but undefined when it fails or takes longer than `ms`. */
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

/** Lets AT_ONCE of those through who ask at the same time; the others wait for their turn. */
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

/** Look-ups that events ask for: some at a time, and none that come when too many wait. */
export class LookUps {
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

/** When to try again what failed: soon, and more seldom the more often it fails. */
export class Retry {
  private pause = RETRY
  private failures = 0
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly work: () => void) {}

  /** It is not there, which costs next to nothing to find out. */
  later(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(this.work, this.pause)
    this.timer.unref()
  }

  /** It is there and does not answer as it should. */
  failed(): void {
    this.later()
    this.failures++
    this.pause = Math.min(2 * this.pause, SELDOM)
  }

  succeeded(): void {
    this.pause = RETRY
    this.failures = 0
  }

  /** ms that the next answer may take: `ms` at first, and the longer the more often that was too short. */
  patience(ms: number): number {
    return Math.min(ms * 2 ** this.failures, Math.max(ms, PATIENT))
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}

/** A stream may bring so much at once and a second (bytes or messages); one that brings more is no runtime's. */
export class Allowance {
  private readonly since = Date.now()
  private used = 0

  constructor(private readonly most: number) {}

  /** Whether so much more is still right. */
  take(amount: number): boolean {
    this.used += amount
    return this.used <= this.most * (1 + (Date.now() - this.since) / 1000)
  }
}
