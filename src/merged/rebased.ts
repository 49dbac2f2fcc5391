// A host's capture as a member of a capture of several hosts: its batch times count from the start that all members
// share.

import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { changedThreads } from '../model/thread-records.js'
import { addNs, type BatchNs, type EpochNs, startOf, startParts } from '../model/time.js'
import type { CaptureSource } from '../source/source.js'
import { WrappedSource } from '../source/wrapped.js'

export class RebasedSource extends WrappedSource {
  /** ns that are added to batch times */
  private readonly offset: number

  /**
   * start: the time that batch times will count from, at most 2^53 ns before the capture's own start; shift: ns by which the
   * host's clock is corrected.
   */
  constructor(source: CaptureSource, hostname: string, start: EpochNs, shift: number) {
    const offset = Number(startOf(source.info) - start) + shift
    const { startBoot } = source.info
    super(source, {
      ...source.info,
      hostname,
      ...startParts(start),
      startBoot: startBoot === 0 ? startBoot : addNs(startBoot, -offset),
    })
    this.offset = offset
  }

  override get firstTime(): BatchNs | undefined {
    const time = this.source.firstTime
    return time === undefined ? undefined : addNs(time, this.offset)
  }

  override async snapshot(): Promise<Snapshot> {
    return this.rebased(await this.source.snapshot())
  }

  override async next(): Promise<EventBatch | undefined> {
    const batch = await this.source.next()
    if (batch === undefined) return undefined
    const { time, count } = batch
    for (let i = 0; i < count; i++) time[i]! += this.offset
    if (batch.resync !== undefined) batch.resync = this.rebased(batch.resync)
    return batch
  }

  /** A snapshot with its batch times converted. */
  private rebased(s: Snapshot): Snapshot {
    const threads = changedThreads(s.threads, (t) => ({
      ...t,
      ...(t.ranAt !== undefined && { ranAt: addNs(t.ranAt, this.offset) }),
      ...(t.fsToldAt !== undefined && { fsToldAt: addNs(t.fsToldAt, this.offset) }),
    }))
    return { ...s, threads }
  }
}
