// What a container runtime is to the rest of the room, and how what several of them tell comes together.
import type { ContainerInfo } from '../model/container.js'

/** A source of names. Nothing here ever rejects or blocks: a runtime that hangs or lies costs its names only. */
export interface Runtime {
  /** Connects, lists, and goes on telling until close(); reconnects by itself. */
  start(told: Told): void
  /** Fulfilled when the first list is complete, or cannot be had for now. */
  readonly ready: Promise<void>
  /** Whether it answers at present. */
  readonly answers: boolean
  /** What it knows of a container, by the full id; undefined: nothing (yet). */
  find(id: string): Promise<ContainerInfo | undefined>
  close(): void
}

export type Told = (info: ContainerInfo) => void

/** Tells a person about something that does not work; each sentence is shown once. */
export type Complain = (sentence: string) => void

/** ms that one answer may take, and until the next try to reach a runtime. */
export const ANSWER_TIME = 1_000
export const RETRY = 1_000

/** Two accounts of one container: what `later` leaves open stays as it was. */
export function merge(earlier: ContainerInfo | undefined, later: ContainerInfo): ContainerInfo {
  if (earlier === undefined) return later
  const merged: Record<string, unknown> = { ...earlier }
  for (const [key, value] of Object.entries(later)) if (!isEmpty(value)) merged[key] = value
  return merged as unknown as ContainerInfo
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '' || value === 0 || value === false) return true
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

/** Runs `work` for each item, `most` at a time. */
export async function each<T>(items: readonly T[], most: number, work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
}
