// A capture with limits as its reader sees it. The kernel's counts and the clock are simulated.
import { describe, expect, test } from 'vitest'
import { batchBytes, EventBatch } from '../../../../src/model/batch.js'
import { Event } from '../../../../src/model/event.js'
import { CODE } from '../../../../src/schema/codes.js'
import { EVENTS, LAYOUTS } from '../../../../src/schema/events/index.js'
import type { Ceilings } from '../../../../src/source/ceilings/ceilings.js'
import { type Levels, UNLIMITED } from '../../../../src/source/ceilings/levels.js'
import { ThrottledSource, type Throttling } from '../../../../src/source/ceilings/source.js'
import type { CaptureInfo, CaptureStats } from '../../../../src/source/source.js'
import { WrappedSource } from '../../../../src/source/wrapped.js'

const NONE: Ceilings = { cpu: undefined, memory: undefined, calls: undefined }
const SECOND = 1e9
const OTHER = EVENTS.findIndex((def) => def !== undefined && def.params.length === 0)

/** The time that captureNow() calculates from it is `clock` (s). */
class Info {
  readonly kind = 'live'
  /** the maximum number of CPUs */
  readonly cpus = 240
  readonly startSec = 0
  clock = 0
  get startNsec(): number {
    return (performance.timeOrigin + performance.now()) * 1e6 - this.clock * SECOND
  }
}

/** Delivers two events in each batch. */
class Kernel extends WrappedSource implements Throttling {
  over = false
  misses = 0
  readonly counts = new Map<number, [recorded: number, leftOut: number, others: number, othersLeftOut: number]>()
  levels: Levels = UNLIMITED
  /** records that update threads and descriptors were omitted */
  state = false
  /** what the kernel does before it applies a decision */
  meanwhile: () => void = () => {}
  private num = 0

  constructor(readonly own = new Info()) {
    super({ info: own } as never, own as unknown as CaptureInfo)
  }

  override next(): Promise<EventBatch | undefined> {
    if (this.over) return Promise.resolve(undefined)
    const batch = new EventBatch(new ArrayBuffer(batchBytes(2, 64)), 2, 64)
    for (let i = 0; i < 2; i++) {
      batch.num[i] = ++this.num
      batch.time[i] = this.own.clock * SECOND
      batch.type[i] = OTHER
    }
    batch.count = 2
    return Promise.resolve(batch)
  }
  override stats(): CaptureStats {
    return { events: this.num, lost: 0, late: 0 }
  }
  override close(): Promise<void> {
    return Promise.resolve()
  }
  throttle(): void {}
  limit(levels: Levels): void {
    this.meanwhile()
    this.levels = levels
  }
  forgetCgroup(cgroup: number): void {
    this.counts.delete(cgroup)
  }
  ceilings(): Float64Array {
    const missed = this.state ? 1 : 0
    this.state = false
    return Float64Array.from([0, 0, 0, missed, ...[...this.counts].flatMap(([id, counts]) => [id, ...counts])])
  }
  missed(): void {
    this.misses++
  }
}

/** A capture whose calls cost 2 us each. */
class Capture {
  readonly kernel = new Kernel()
  readonly source: ThrottledSource
  readonly nums: number[] = []
  readonly throttles: Record<string, unknown>[] = []
  cpu = 0

  constructor(
    ceilings: Partial<Ceilings>,
    private readonly filtered = false,
  ) {
    this.source = new ThrottledSource(this.kernel, {
      ceilings: { ...NONE, ...ceilings },
      cpus: 2,
      filtered,
      own: { cpu: () => this.cpu, memory: () => 0 },
      pathOf: (cgroup) => `/${cgroup}`,
      hopeless: () => {},
    })
  }

  /** rates: calls a second by cgroup. */
  async run(seconds: number, rates: Readonly<Record<number, number>> = {}, step = 0.25): Promise<void> {
    for (let t = 0; t < seconds; t += step) {
      this.kernel.own.clock += step
      for (const [id, rate] of Object.entries(rates)) this.call(Number(id), rate * step, step)
      await this.take()
    }
  }

  call(cgroup: number, calls: number, step = 0.25): void {
    const [recorded, leftOut, others, othersLeftOut] = this.kernel.counts.get(cgroup) ?? [0, 0, 0, 0]
    const { levels } = this.kernel
    // with a filter, half of the calls do not pass it
    const shown = this.filtered ? calls / 2 : calls
    const rest = calls - shown
    const keptShown = Math.floor(Math.min(shown, levels.shown * step))
    const kept = Math.floor(Math.min(rest, levels.others * step))
    this.kernel.counts.set(cgroup, [
      recorded + keptShown,
      leftOut + shown - keptShown,
      others + kept,
      othersLeftOut + rest - kept,
    ])
    this.kernel.state ||= keptShown + kept < calls
    this.cpu += (keptShown + kept) * 2e-6
  }

  /** Reads to the end. */
  async end(): Promise<void> {
    this.kernel.over = true
    while (await this.take());
  }

  get leftOut(): number {
    return this.throttles.reduce((sum, t) => sum + Number(t.left_out), 0)
  }

  private async take(): Promise<boolean> {
    const batch = await this.source.next()
    if (batch === undefined) return false
    const event = new Event(EVENTS, LAYOUTS)
    let made = false
    for (let i = 0; i < batch.count; i++) {
      this.nums.push(batch.num[i] as number)
      if (batch.type[i] !== CODE.throttle) continue
      made = true
      event.moveTo(batch, i)
      const [change, cgroup, ceiling] = [0, 1, 2].map((p) => event.text(p))
      this.throttles.push({ change, cgroup, ceiling, left_out: event.number(4), lasted: event.number(5) })
    }
    // what follows belongs to the same moment
    if (made) await this.take()
    return true
  }
}

function ascending(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1)
}

describe('a throttled capture', () => {
  test('has one number for each event, those of its changes included', async () => {
    const c = new Capture({ cpu: 0.05 })
    await c.run(6, { 1: 500_000, 2: 100 })
    await c.run(6, { 2: 100 })
    await c.run(3, { 1: 500_000, 2: 100 })
    await c.end()
    expect(c.throttles.map(({ change, cgroup }) => [change, cgroup])).toEqual([
      ['begin', '/1'],
      ['end', '/1'],
      ['begin', '/1'],
      ['end', '/1'],
    ])
    expect(c.nums).toEqual(ascending(c.nums.length))
  })

  test('reports all throttled events in its changes, also those until the kernel received an end', async () => {
    const c = new Capture({ cpu: 0.05 })
    await c.run(6, { 1: 500_000 })
    c.kernel.meanwhile = () => c.call(1, 700)
    await c.run(6, { 1: 100 })
    c.kernel.meanwhile = () => {}
    await c.run(3, { 1: 100 })
    await c.end()
    expect(c.throttles.at(-1)).toMatchObject({ change: 'end', cgroup: '/1' })
    expect(c.leftOut).toBe(c.kernel.counts.get(1)?.[1])
    expect(c.source.stats().leftOut).toBe(c.leftOut)
  })

  test('includes events that the kernel omitted before the first check, and those of a run that ends before it', async () => {
    for (const seconds of [0.5, 3]) {
      const c = new Capture({ calls: 10 })
      c.kernel.counts.set(1, [10, 90, 0, 0])
      await c.run(seconds)
      await c.end()
      expect(c.throttles).toMatchObject([
        { change: 'begin', cgroup: '/1', ceiling: 'max-calls' },
        { change: 'end', cgroup: '/1', left_out: 90 },
      ])
      // the start is known only to be after the start of the capture
      expect(c.throttles[1]?.lasted).toBeGreaterThan(0.4 * SECOND)
    }
  })

  test('has a total even if its reader stops before its end', async () => {
    const c = new Capture({ cpu: 0.05 })
    await c.run(6, { 1: 500_000 })
    c.call(1, 5)
    const leftOut = c.kernel.counts.get(1)?.[1]
    expect(c.source.sumUpAll()).toMatchObject([{ cgroup: '/1', leftOut }])
    expect(c.source.stats().leftOut).toBe(leftOut)
    expect(c.source.sumUpAll()).toMatchObject([{ cgroup: '/1', leftOut }])
  })

  test('includes throttled events of removed cgroups in its sum', async () => {
    const c = new Capture({ cpu: 0.05 })
    await c.run(6, { 1: 500_000 })
    await c.run(6)
    const sum = c.source.stats().leftOut
    expect(sum).toBeGreaterThan(0)
    for (let i = 0; i < 300 && c.kernel.counts.has(1); i++) {
      await c.run(0.25, { 2: 100 })
      expect(c.source.stats().leftOut).toBe(sum)
    }
    expect(c.kernel.counts.has(1)).toBe(false)
    await c.run(2, { 2: 100 })
    expect(c.source.stats().leftOut).toBe(sum)
    await c.end()
    expect(c.source.sumUpAll()).toMatchObject([{ cgroup: '/1', leftOut: sum }])
  })

  test('reads descriptors again at the end, and at intervals while only other events are throttled', async () => {
    const c = new Capture({ cpu: 0.05 }, true)
    // the events that the filter passes, half of them, cost less than the limit, all of them more
    await c.run(30, { 1: 70_000 })
    expect(c.kernel.levels.shown).toBeGreaterThan(35_000)
    expect(c.kernel.levels.others).toBeLessThan(35_000)
    expect(c.kernel.misses).toBeGreaterThan(1)
  })

  test('stays below its limit even if it is read slowly', async () => {
    const c = new Capture({ cpu: 0.05 })
    await c.run(12, { 1: 500_000 }, 1.5)
    expect(c.throttles).toMatchObject([{ change: 'begin', cgroup: '/1' }])
  })
})
