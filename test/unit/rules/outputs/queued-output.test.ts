// An output and its queue: callers never wait for it, and each alert is delivered or counted as lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { AlertQueue } from '../../../../src/rules/outputs/alert-queue.js'
import { type Channel, NotSent } from '../../../../src/rules/outputs/channel.js'
import type { Formatted } from '../../../../src/rules/outputs/output.js'
import { type QueuedOptions, QueuedOutput } from '../../../../src/rules/outputs/queued-output.js'
import type { Priority } from '../../../../src/rules/rule.js'
import { type Attempt, pause } from '../../../../src/web/attempt.js'
import fc from '../../../helpers/properties.js'

const line = (text: string, priority: Priority = 'Warning', internal = false): Formatted => ({
  line: text,
  priority,
  internal,
})

/** A channel whose deliveries end when the test ends them. */
class Held implements Channel {
  readonly got: string[] = []
  private waiting: (() => void)[] = []
  constructor(
    readonly most = 2,
    readonly atOnce = 1,
  ) {}
  async send(alerts: readonly Formatted[], { abort }: Attempt): Promise<void> {
    await new Promise<void>((done) => {
      this.waiting.push(done)
      abort.addEventListener('abort', () => done())
    })
    if (abort.aborted) throw new Error('given up')
    this.got.push(...alerts.map((a) => a.line))
  }
  async release(): Promise<void> {
    for (const done of this.waiting.splice(0)) done()
    await sleep(0)
  }
}

function output(channel: Channel, options: Partial<QueuedOptions> = {}) {
  const problems: string[] = []
  const o = new QueuedOutput(channel, {
    ...{ name: 'test', minimum: undefined, capacity: undefined, reportProblem: (s: string) => problems.push(s) },
    ...options,
  })
  return { o, said: problems }
}

test('alerts are delivered in order, several at a time', async () => {
  const channel = new Held()
  const { o } = output(channel)
  for (const t of ['a', 'b', 'c']) o.offer(line(t))
  await sleep(0)
  await channel.release()
  await channel.release()
  expect(channel.got).toEqual(['a', 'b', 'c'])
  expect(o.stats).toEqual({ sent: 3, dropped: 0, failed: 0, queued: 0 })
})

test('alerts below its minimum priority are not delivered to it', async () => {
  const channel = new Held(10)
  const { o } = output(channel, { minimum: 'Error' })
  for (const p of ['Debug', 'Warning', 'Error', 'Emergency'] as const) o.offer(line(p, p))
  await sleep(0)
  await channel.release()
  expect(channel.got).toEqual(['Error', 'Emergency'])
  expect(o.stats.dropped).toBe(0)
})

test('an output that does not accept alerts drops the excess at once, and counts it', async () => {
  const { o } = output(new Held(1), { capacity: 3 })
  for (let i = 0; i < 10; i++) o.offer(line(`${i}`))
  await sleep(0)
  o.offer(line('internal', 'Warning', false))
  expect(o.stats).toMatchObject({ sent: 0, dropped: 7, queued: 4 })
  expect(o.takeLosses()).toMatchObject({ dropped: 7, failed: 0 })
  expect(o.takeLosses()).toMatchObject({ dropped: 0, failed: 0 })
  expect(o.full).toBe(true)
})

test('a lost alert about losses is counted, but not reported', async () => {
  const { o } = output(new Held(1), { capacity: 1 })
  o.offer(line('a'))
  o.offer(line('told of another', 'Error', true))
  expect(o.stats.dropped).toBe(1)
  expect(o.takeLosses().dropped).toBe(0)
})

test('if a batch of alerts is delivered in part, the others are counted, with the reason', async () => {
  const half: Channel = {
    most: 10,
    atOnce: 1,
    send: async (alerts) => {
      throw new NotSent(alerts.length - 1, 'the disk is full')
    },
  }
  const { o } = output(half)
  for (const t of ['a', 'b', 'c']) o.offer(line(t))
  await o.close(1000)
  expect(o.stats).toEqual({ sent: 1, dropped: 0, failed: 2, queued: 0 })
  expect(o.takeLosses()).toEqual({ dropped: 0, failed: 2, reason: 'the disk is full' })
})

test('a problem is reported once until it works again', async () => {
  let works = false
  const flaky: Channel = {
    most: 1,
    atOnce: 1,
    async send(_, { trouble, abort }) {
      while (!works && !abort.aborted) {
        trouble('nobody answers')
        await pause(1, abort)
      }
    },
  }
  const { o, said } = output(flaky)
  o.offer(line('a'))
  await sleep(30)
  expect(said).toEqual(['test cannot deliver alerts at present: nobody answers'])
  works = true
  await o.close(1000)
  expect(o.stats.sent).toBe(1)
})

test('at the end, waiting alerts have a time limit; the rest is counted, even if no delivery ends by itself', async () => {
  for (const channel of [new Held(1), { most: 1, atOnce: 1, send: () => new Promise<void>(() => {}) }]) {
    const { o } = output(channel)
    for (const t of ['a', 'b', 'c']) o.offer(line(t))
    await o.close(20)
    expect(o.stats).toEqual({ sent: 0, dropped: 0, failed: 3, queued: 0 })
    o.offer(line('late'))
    expect(o.stats.dropped).toBe(1)
  }
})

test('waiting for space ends when an alert was delivered, or without progress', async () => {
  const channel = new Held(10)
  const { o } = output(channel, { capacity: 4 })
  for (let i = 0; i < 14; i++) o.offer(line(`${i}`))
  await sleep(0)
  expect(o.full).toBe(false)
  for (let i = 0; i < 4; i++) o.offer(line(`${i}`))
  expect(o.full).toBe(true)
  const room = o.waitForSpace()
  await channel.release()
  await room
  expect(o.full).toBe(false)
  for (let i = 0; i < 4; i++) o.offer(line(`${i}`))
  await o.waitForSpace()
  expect(o.full).toBe(true)
  await o.close(0)
})

test('it is reopened between two deliveries; a failure is reported, and it continues', async () => {
  const order: string[] = []
  const channel: Channel = {
    most: 1,
    atOnce: 1,
    async send([alert]) {
      await sleep(5)
      order.push((alert as Formatted).line)
    },
    async reopen() {
      order.push('reopen')
      throw new Error('there is no such folder')
    },
  }
  const { o, said } = output(channel)
  o.offer(line('a'))
  o.offer(line('b'))
  await sleep(0)
  o.reopen()
  await o.close(1000)
  expect(order).toEqual(['a', 'reopen', 'b'])
  expect(said).toEqual(['test cannot be reopened and continues with the open file: there is no such folder'])
})

test('whatever a channel does, each alert was delivered, dropped or counted as failed', async () => {
  const fate = fc.constantFrom('sent', 'failed', 'partly', 'slow')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 3 }),
      async (fates, n, atOnce) => {
        let at = 0
        const channel: Channel = {
          most: 3,
          atOnce,
          async send(alerts, { abort }) {
            const f = fates[at++ % Math.max(1, fates.length)]
            if (f === 'slow') await pause(1, abort)
            if (f === 'failed') throw new Error('no')
            if (f === 'partly') throw new NotSent(1, 'no')
            expect(alerts.length).toBeGreaterThan(0)
          },
        }
        const { o } = output(channel, { capacity: 10 })
        for (let i = 0; i < n; i++) {
          o.offer(line(`${i}`))
          if (i % 7 === 0) await sleep(0)
        }
        await o.close(1000)
        const { sent, dropped, failed, queued } = o.stats
        expect(queued).toBe(0)
        expect(sent + dropped + failed).toBe(n)
      },
    ),
    { numRuns: 50 },
  )
})

test('a queue preserves the order, and holds a limited number of alerts and characters', () => {
  const step = fc.oneof(fc.string({ maxLength: 6 }), fc.integer({ min: 0, max: 5 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 6 }), (steps, capacity) => {
      const queue = new AlertQueue(capacity, 12)
      let model: string[] = []
      for (const s of steps) {
        if (typeof s === 'number') {
          expect(queue.take(s).map((a) => a.line)).toEqual(model.slice(0, s))
          model = model.slice(s)
        } else {
          const fits = model.length < capacity && (model.length === 0 || model.join('').length + s.length <= 12)
          expect(queue.push(line(s))).toBe(fits)
          if (fits) model.push(s)
        }
        expect(queue.length).toBe(model.length)
      }
    }),
  )
})

test('a queue of very many alerts is emptied in the order in which it was filled', () => {
  const queue = new AlertQueue(10_000)
  for (let i = 0; i < 10_000; i++) expect(queue.push(line(`${i}`))).toBe(true)
  const all = Array.from({ length: 100 }, () => queue.take(100).map((a) => a.line)).flat()
  expect(all).toEqual(Array.from({ length: 10_000 }, (_, i) => `${i}`))
})
