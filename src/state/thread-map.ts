// The threads by tid. Those of a snapshot are created with their process when something needs them; whatever iterates over all creates all.
import type { Thread } from '../model/thread.js'
import type { PendingThreads } from './pending-threads.js'

export class ThreadMap extends Map<number, Thread> {
  private notCreated: PendingThreads | undefined

  /** From now on these threads are in the map, too. The map must be empty. */
  expect(pending: PendingThreads): void {
    this.notCreated = pending
    this.done(pending.loadWithoutMain())
  }

  /** The threads that are not created yet. */
  get pending(): PendingThreads | undefined {
    return this.notCreated
  }

  /** The threads that are created: those that something needed, and those that are not from a snapshot. */
  created(): IterableIterator<Thread> {
    return super.values()
  }

  /** Creates the child processes of a process. */
  createChildren(pid: number): void {
    if (this.notCreated !== undefined) this.done(this.notCreated.loadChildren(pid))
  }

  /** Creates the processes that have descriptors in common with others, which only objects show. */
  createCommon(): void {
    if (this.notCreated !== undefined) this.done(this.notCreated.loadCommon())
  }

  /** Creates all threads. */
  createAll(): void {
    if (this.notCreated !== undefined) this.done(this.notCreated.loadAll())
  }

  override get(tid: number): Thread | undefined {
    const t = super.get(tid)
    if (t !== undefined || this.notCreated === undefined || !this.notCreated.has(tid)) return t
    this.done(this.notCreated.load(tid))
    return super.get(tid)
  }

  override has(tid: number): boolean {
    return super.has(tid) || this.notCreated?.has(tid) === true
  }

  override get size(): number {
    return super.size + (this.notCreated?.size ?? 0)
  }

  override clear(): void {
    this.notCreated = undefined
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
    if (pending.size === 0 && this.notCreated === pending) this.notCreated = undefined
  }
}
