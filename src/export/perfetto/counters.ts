// Counter tracks: calls, failed calls and bytes per second, and lost events.
import { bytesMoved, eachSide, isRead, isWrite } from '../../fields/io.js'
import { failed } from '../../fields/result.js'
import type { Event } from '../../model/event.js'
import { CODE } from '../../schema/codes.js'
import { eventsLost } from '../../schema/losses.js'
import { lossesIn } from '../../source/stats.js'
import type { Sequence } from './sequence.js'
import type { Uuids } from './tracks.js'
import { COUNTER, EVENT, PACKET, TRACK, TYPE } from './wire.js'

/** Duration (ns) that a value covers, from its time on. */
const INTERVAL = 100_000_000
const PER_SECOND = 1e9 / INTERVAL

/** The rates, in display order. */
const RATES = [
  { name: 'calls/s', unit: 'calls/s' },
  { name: 'failed calls/s', unit: 'calls/s' },
  { name: 'bytes read/s', unit: 'bytes/s' },
  { name: 'bytes written/s', unit: 'bytes/s' },
] as const
const [CALLS, FAILED, READ, WRITTEN] = [0, 1, 2, 3] as const
const LOST = { name: 'lost events', unit: 'events' } as const

export class Counters {
  private readonly sums = new Float64Array(RATES.length)
  /** the last written values: unchanged values are not written again */
  private readonly emitted = new Float64Array(RATES.length).fill(Number.NaN)
  private uuids: readonly number[] = []
  private lostUuid = 0
  private lost = 0
  /** number of the current interval since the capture's start; undefined before the first event */
  private interval: number | undefined

  constructor(
    private readonly sequence: Sequence,
    private readonly numbers: Uuids,
  ) {}

  /** Counts a finished call. */
  call(e: Event): void {
    const { sums } = this
    sums[CALLS]! += e.calls
    if (failed(e)) sums[FAILED]! += e.calls
    eachSide(e, this.bytes)
  }

  private readonly bytes = (e: Event): void => {
    const { sums } = this
    const moved = bytesMoved(e)
    if (moved === undefined) return
    if (isWrite(e)) sums[WRITTEN]! += moved
    else if (isRead(e)) sums[READ]! += moved
  }

  /** Called before an event is counted: writes the intervals that have ended, and losses. */
  reach(e: Event): void {
    const interval = Math.floor(e.time / INTERVAL)
    if (this.interval === undefined) this.start(interval, e.time)
    else if (interval > this.interval) this.pass(interval)
    if (e.type !== CODE.drop) return
    this.lost += eventsLost(lossesIn(e))
    this.write(this.lostUuid, e.time, this.lost)
  }

  /** Ends the capture. */
  end(): void {
    if (this.interval === undefined) return
    this.pass(this.interval + 1)
    this.writeRates(this.interval)
  }

  private start(interval: number, time: number): void {
    this.interval = interval
    this.uuids = RATES.map(({ name, unit }, i) => this.describe(name, unit, i, time))
    this.lostUuid = this.describe(LOST.name, LOST.unit, RATES.length, time)
    this.write(this.lostUuid, time, 0)
  }

  /** Ends the intervals before `next`. */
  private pass(next: number): void {
    const was = this.interval as number
    this.writeRates(was)
    this.sums.fill(0)
    if (next > was + 1) this.writeRates(was + 1)
    this.interval = next
  }

  private writeRates(interval: number): void {
    for (let i = 0; i < RATES.length; i++) {
      // results in a damaged file may be arbitrary numbers
      const rate = Math.min(Math.round((this.sums[i] as number) * PER_SECOND), Number.MAX_SAFE_INTEGER)
      if (rate === this.emitted[i]) continue
      this.emitted[i] = rate
      this.write(this.uuids[i] as number, interval * INTERVAL, rate)
    }
  }

  private describe(name: string, unit: string, rank: number, time: number): number {
    const { sequence } = this
    const { out } = sequence
    const uuid = this.numbers.next()
    const packet = sequence.start(time)
    const descriptor = out.open(PACKET.trackDescriptor)
    out.uintField(TRACK.uuid, uuid)
    out.textField(TRACK.name, name)
    out.uintField(TRACK.siblingOrderRank, rank)
    const counter = out.open(TRACK.counter)
    out.textField(COUNTER.unitName, unit)
    out.close(counter)
    out.close(descriptor)
    sequence.end(packet)
    return uuid
  }

  private write(uuid: number, time: number, value: number): void {
    const { sequence } = this
    const packet = sequence.start(time)
    const event = sequence.event(TYPE.COUNTER, uuid)
    sequence.out.intField(EVENT.counterValue, value)
    sequence.out.close(event)
    sequence.end(packet)
  }
}
