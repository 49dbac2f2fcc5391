// A host's capture as a member of one of several hosts: its batch times count from the moment that all of them count from.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { CaptureInfo, CaptureSource } from '../source/source.js'
import { WrappedSource } from '../source/wrapped.js'

/** A point in time: ns since the epoch. */
export type Moment = bigint

const NS = 1_000_000_000n

/** When a capture began. */
export function startOf({ startSec, startNsec }: CaptureInfo): Moment {
  return BigInt(startSec) * NS + BigInt(startNsec)
}

export class RebasedSource extends WrappedSource {
  /** ns that are added to times */
  private readonly by: number

  /**
   * start: the moment that times count from, at most 2^53 ns before the capture's own; shift: ns by which the host's clock is
   * corrected.
   */
  constructor(source: CaptureSource, hostname: string, start: Moment, shift: number) {
    const by = Number(startOf(source.info) - start) + shift
    const { startBoot } = source.info
    super(source, {
      ...source.info,
      hostname,
      startSec: Number(start / NS),
      startNsec: Number(start % NS),
      startBoot: startBoot === 0 ? 0 : startBoot - by,
    })
    this.by = by
  }

  override get firstTime(): number | undefined {
    const time = this.source.firstTime
    return time === undefined ? undefined : time + this.by
  }

  override async snapshot(): Promise<Snapshot> {
    return this.moved(await this.source.snapshot())
  }

  override async next(): Promise<EventBatch | undefined> {
    const batch = await this.source.next()
    if (batch === undefined) return undefined
    const { time, count } = batch
    for (let i = 0; i < count; i++) time[i]! += this.by
    if (batch.resync !== undefined) batch.resync = this.moved(batch.resync)
    return batch
  }

  /** What exists, with the times that are batch times. */
  private moved(s: Snapshot): Snapshot {
    const threads = s.threads.map((t) => ({
      ...t,
      ...(t.ranAt !== undefined && { ranAt: t.ranAt + this.by }),
      ...(t.fsToldAt !== undefined && { fsToldAt: t.fsToldAt + this.by }),
    }))
    return { ...s, threads }
  }
}
