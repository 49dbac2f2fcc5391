// Counts what the header shows: calls, errors and bytes of all events, and their distribution over time.
import type { FieldContext, Getter } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { eachSide } from '../../fields/io.js'
import type { Event } from '../../model/event.js'
import type { RunRules } from '../../run/context.js'
import type { Meter } from './messages.js'
import type { Missing } from './missing.js'
import { TimeMarks } from './time-marks.js'

/** Maximum number of bars of the timeline; twice as many are collected before two are merged into one. */
const BARS = 300
const SECOND = 1e9

/** ns after which the header's numbers are sent with the next result, and without one */
const METER = { withRows: 0.75 * SECOND, alone: 1.25 * SECOND } as const

/** Whether the header's numbers are due, live. They are sent with a result, since one frame then shows both. passed: ns since the last ones. */
export function isMeterDue(passed: number, sent: boolean): boolean {
  return passed >= (sent ? METER.withRows : METER.alone)
}

export class Counters {
  private calls = 0
  private errors = 0
  private netIn = 0
  private netOut = 0
  private diskIn = 0
  private diskOut = 0
  private events = 0
  private step = SECOND
  private bars: number[] = []
  private firstBar = 0
  private from: number | undefined
  private to = 0
  private net!: Getter
  private file!: Getter
  private input!: Getter
  private failed!: Getter
  private fired: FieldContext['rules']
  /** ns from the first capture's start to the present one's */
  private offset = 0
  private readonly marks = new TimeMarks()
  /** events and state records lost at the last read() */
  private lost = 0
  private firstStart: { sec: number; nsec: number } | undefined

  /** rules: evaluated in a pass that only counts */
  constructor(
    private readonly live: boolean,
    readonly rules?: RunRules,
  ) {
    if (!live) this.step = SECOND / 1000
  }

  /** Starts counting events of another capture; counts are cumulative. */
  attach(ctx: FieldContext): void {
    const get = (name: string) => registry.find(name).def.make(ctx, undefined)
    this.net = get('evt.buflen.net')
    this.file = get('evt.buflen.file')
    this.input = get('evt.is_io_read')
    this.failed = get('evt.failed')
    this.fired = ctx.rules
    const { startSec: sec, startNsec: nsec } = ctx.info
    this.firstStart ??= { sec, nsec }
    const { trigger } = ctx.info
    if (trigger !== undefined) this.marks.add('trigger', Math.floor(trigger / this.step))
    this.offset = this.live ? (sec - this.firstStart.sec) * SECOND + nsec - this.firstStart.nsec : 0
  }

  add(e: Event): void {
    const time = e.time + this.offset
    this.events++
    this.calls++
    if (this.from === undefined) {
      this.from = time
      this.firstBar = Math.floor(time / this.step)
    }
    if (time > this.to) this.to = time
    const step = Math.floor(time / this.step)
    this.marks.event(e.type, step)
    if (this.fired !== undefined && this.fired.at(e).length > 0) this.marks.add('alert', step)
    const bar = step - this.firstBar
    if (bar >= 0) this.count(bar)
    if (this.failed(e) === true) this.errors++
    eachSide(e, this.countBytes)
  }

  private readonly countBytes = (e: Event): void => {
    if (e.fd === undefined) return
    const net = this.net(e) as number | undefined
    if (net !== undefined) {
      if (this.input(e) === true) this.netIn += net
      else this.netOut += net
      return
    }
    const file = this.file(e) as number | undefined
    if (file === undefined) return
    if (this.input(e) === true) this.diskIn += file
    else this.diskOut += file
  }

  /** Time passed without events: ns since the present capture's start. */
  advance(since: number): void {
    const time = since + this.offset
    this.from ??= time
    if (time > this.to) this.to = time
  }

  /** The present numbers. `span`: ns that the sums cover, for rates; live, sums restart from zero. */
  read(
    span: number,
    { lost, stateLost, leftOut, retained, armed }: Missing & Pick<Meter, 'retained' | 'armed'>,
  ): Meter {
    const perSecond = span > 0 ? SECOND / span : 0
    if (lost + stateLost > this.lost && this.live) this.marks.add('loss', Math.floor(this.to / this.step) - 1)
    this.lost = lost + stateLost
    const timeline = this.timeline()
    const meter: Meter = {
      kind: 'meter',
      calls: this.calls * perSecond,
      errors: this.errors * perSecond,
      netIn: this.netIn * perSecond,
      netOut: this.netOut * perSecond,
      diskIn: this.diskIn * perSecond,
      diskOut: this.diskOut * perSecond,
      lost,
      stateLost,
      leftOut,
      retained,
      armed,
      time: Date.now(),
      events: this.events,
      span: this.to - (this.from ?? 0),
      timeline: timeline.bars,
      step: this.step,
      begins: this.epochOf(timeline.first * this.step),
      marks: this.marks.between(timeline.first, timeline.first + timeline.bars.length),
    }
    if (this.live) this.calls = this.errors = this.netIn = this.netOut = this.diskIn = this.diskOut = 0
    return meter
  }

  /** events so far */
  get total(): number {
    return this.events
  }

  /** ns between the first and the last event. */
  get span(): number {
    return this.to - (this.from ?? this.to)
  }

  /** ms since the epoch of a time (ns) since the first capture's start. */
  private epochOf(time: number): number {
    const { sec, nsec } = this.firstStart ?? { sec: 0, nsec: 0 }
    return sec * 1e3 + (nsec + time) / 1e6
  }

  private count(bar: number): void {
    let at = bar
    if (at >= BARS * 2) {
      if (this.live) at = this.shift(at)
      else
        while (at >= BARS * 2) {
          at += this.firstBar
          this.join()
          at = Math.floor(at / 2) - this.firstBar
        }
    }
    while (this.bars.length <= at) this.bars.push(0)
    this.bars[at]!++
  }

  /** Live: drops the oldest bars. */
  private shift(at: number): number {
    const away = at - BARS
    this.bars.splice(0, away)
    this.firstBar += away
    return at - away
  }

  /** For a file: merges pairs of bars, so that the whole file fits. */
  private join(): void {
    const half: number[] = []
    const odd = this.firstBar & 1
    for (let i = -odd; i < this.bars.length; i += 2) half.push((this.bars[i] ?? 0) + (this.bars[i + 1] ?? 0))
    this.bars = half
    this.step *= 2
    this.marks.join()
    this.firstBar = Math.floor(this.firstBar / 2)
  }

  /** The bars; live up to now, without the bar that is still growing. */
  private timeline(): { readonly first: number; readonly bars: number[] } {
    if (!this.live) return { first: this.firstBar, bars: [...this.bars] }
    const upTo = Math.floor(this.to / this.step) - this.firstBar
    while (this.bars.length < upTo) this.bars.push(0)
    const from = Math.max(0, upTo - BARS)
    return { first: this.firstBar + from, bars: this.bars.slice(from, upTo) }
  }
}
