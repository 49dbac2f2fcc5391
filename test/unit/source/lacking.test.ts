// Starting without features that a kernel lacks or rejects.
import { constants, release } from 'node:os'
import { expect, test } from 'vitest'
import { FEATURES } from '../../../src/source/features.js'
import { noticesFor, startWithout } from '../../../src/source/lacking.js'
import { everything, VERDICT } from '../../../src/source/plan.js'
import { trialOf } from '../../../src/source/trial.js'

const has = (lacking: string[] = []) => new Map(FEATURES.map((f) => [f.name, !lacking.includes(f.name)]))
const failure = (feature?: string, log = 'libbpf: no\n') =>
  Object.assign(new Error('load: no'), { step: 'load', errno: 22, log, ...(feature === undefined ? {} : { feature }) })

/** A start function that is rejected unless these are all omitted; with the attempts. */
function refusing(...features: string[]) {
  const tries: string[][] = []
  const begin = (without: string[]) => {
    tries.push(without)
    const refused = features.find((f) => !without.includes(f))
    if (refused !== undefined) throw failure(refused)
    return 'begun'
  }
  return { begin, tries }
}

test('features that the kernel lacks are omitted at once', () => {
  const { begin, tries } = refusing('page faults')
  const started = startWithout(begin, has(['page faults', 'io_uring']))
  expect(started).toMatchObject({ value: 'begun' })
  expect(tries).toEqual([['page faults', 'io_uring']])
  expect(started.lacks.map((l) => l.refused)).toEqual([false, false])
})

test('features that it rejects are omitted one by one', () => {
  const { begin, tries } = refusing('signals', 'io_uring', 'iterators')
  expect(startWithout(begin, has())).toMatchObject({ value: 'begun' })
  expect(tries).toEqual([[], ['signals'], ['signals', 'io_uring'], ['signals', 'io_uring', 'iterators']])
})

test('it fails if a required feature is rejected, or one is rejected again after it was omitted', () => {
  for (const features of [['threads'], ['signals', 'threads']]) {
    const { begin, tries } = refusing(...features)
    const started = startWithout(begin, has())
    expect(started).toMatchObject({ failure: { feature: 'threads' } })
    expect(tries.length).toBeLessThan(FEATURES.length)
  }
  let tries = 0
  const stubborn = (feature: string | undefined) => () => {
    tries++
    throw failure(feature)
  }
  expect(startWithout(stubborn('signals'), has())).toHaveProperty('failure')
  expect(tries).toBe(2)
  expect(startWithout(stubborn(undefined), has())).toHaveProperty('failure')
  expect(startWithout(stubborn('what no table has'), has())).toHaveProperty('failure')
  expect(tries).toBe(4)
  const short = () => {
    throw Object.assign(failure('signals'), { errno: constants.errno.ENOMEM })
  }
  expect(startWithout(short, has())).toMatchObject({ failure: { errno: constants.errno.ENOMEM }, lacks: [] })
})

test('rejected programs are retried without optional features that they use, and the first failure is reported', () => {
  const started = startWithout((without) => {
    if (!without.includes('direct reads')) throw failure('typed tracepoints')
    return 'begun'
  }, has())
  expect(started).toMatchObject({ value: 'begun', lacks: [{ feature: { name: 'direct reads' }, refused: true }] })
  const logs: string[] = []
  const never = startWithout(() => {
    logs.push(`${logs.length}`)
    throw failure('threads', logs.at(-1))
  }, has())
  expect(never).toMatchObject({ failure: { log: '0' } })
})

test('without known kernel features, rejections alone decide', () => {
  expect(startWithout(refusing('page faults').begin, undefined)).toMatchObject({ value: 'begun' })
})

test('a missing feature is reported if it was requested, a rejected one always, in one line each', () => {
  const absent = startWithout(() => {}, has(['page faults', 'direct reads', 'signals'])).lacks
  const plan = everything(0)
  expect(noticesFor(absent, plan).map((t) => t.text)).toEqual([
    `continuing without signals: this kernel (${release()}) does not support it; no signals are captured`,
  ])
  const requested = noticesFor(absent, { ...plan, pageFaults: VERDICT.PASS }).map((t) => t.text)
  expect(requested).toHaveLength(2)
  expect(requested[1]).toMatch(/^continuing without page faults: .* does not support it; no page faults are captured$/)
  const refused = startWithout(refusing('memory of processes').begin, has()).lacks
  expect(noticesFor(refused, plan)).toEqual([
    {
      text: expect.stringMatching(/^continuing without memory of processes: .* rejected it; .*report/),
      detail: 'libbpf: no\n',
    },
  ])
})

test('a trial reports loaded features, rejected ones with the reason, and the rest as unknown', () => {
  const of = (trial: ReturnType<typeof trialOf>) =>
    Object.fromEntries(trial.features.map((f) => [f.feature.name, f.available]))
  const good = trialOf(refusing('signals').begin, has(['page faults']))
  expect(good.failure).toBeUndefined()
  expect(of(good)).toMatchObject({ 'typed tracepoints': true, signals: false, 'page faults': false, io_uring: true })
  expect(good.features.find((f) => f.feature.name === 'signals')?.reason).toBe('libbpf: no')
  expect(good.features.find((f) => f.feature.name === 'page faults')?.reason).toBeUndefined()
  const bad = trialOf(refusing('threads').begin, has(['page faults']))
  expect(bad.failure?.message).toMatch(/could not start/)
  expect(of(bad)).toMatchObject({ threads: false, 'typed tracepoints': undefined, 'page faults': false })
})
