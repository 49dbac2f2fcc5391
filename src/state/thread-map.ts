// The threads by tid. Those of a snapshot are created with their process when something asks for them; whatever iterates over all creates all.
import type { Thread } from '../model/thread.js'
import type { PendingThreads } from './pending-threads.js'

export class ThreadMap extends Map<number, Thread> {
  private pending: PendingThreads | undefined

  /** From now on these threads are in the map, too. The map must be empty. */
  expect(pending: PendingThreads): void {
    this.pending = pending
    this.done(pending.loadWithoutMain())
  }

  /** The threads that nothing has asked for. */
  get unasked(): PendingThreads | undefined {
    return this.pending
  }

  /** The threads that were asked for, and those that are not from a snapshot. */
  created(): IterableIterator<Thread> {
    return super.values()
  }

  /** Creates the child processes of a process. */
  createChildren(pid: number): void {
    if (this.pending !== undefined) this.done(this.pending.loadChildren(pid))
  }

  /** Creates the processes that have descriptors in common with others, which only objects show. */
  createCommon(): void {
    if (this.pending !== undefined) this.done(this.pending.loadCommon())
  }

  /** Creates all threads. */
  createAll(): void {
    if (this.pending !== undefined) this.done(this.pending.loadAll())
  }

  override get(tid: number): Thread | undefined {
    const t = super.get(tid)
    if (t !== undefined || this.pending === undefined || !this.pending.has(tid)) return t
    this.done(this.pending.load(tid))
    return super.get(tid)
  }

  override has(tid: number): boolean {
    return super.has(tid) || this.pending?.has(tid) === true
  }

  override get size(): number {
    return super.size + (this.pending?.size ?? 0)
  }

  override clear(): void {
    this.pending = undefined
    super.clear()
  }

  override keys(): MapIterator<number> {
    this.createAll()
    return super.keys()
  }

  override values(): MapIterator<Thread> {
    this.createAll()
    return super.values()
  }

  override entries(): MapIterator<[number, Thread]> {
    this.createAll()
    return super.entries()
  }

  override [Symbol.iterator](): MapIterator<[number, Thread]> {
    return this.entries()
  }

  override forEach(visit: (t: Thread, tid: number, map: Map<number, Thread>) => void): void {
    this.createAll()
    super.forEach(visit)
  }

  private done(pending: PendingThreads): void {
    if (pending.size === 0 && this.pending === pending) this.pending = undefined
  }
}
