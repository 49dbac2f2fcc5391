// How the kernel side limits the events of a cgroup, at times specified by the test.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const native = new URL('../../../../native/', import.meta.url).pathname
const source = new URL('throttle.c', import.meta.url).pathname
const dir = mkdtempSync(join(tmpdir(), 'ksys-limits-'))
const program = join(dir, 'throttle')

beforeAll(() => execFileSync('cc', ['-O1', '-w', '-iquote', native, '-o', program, source]))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const MS = 1_000_000
const NONE = 0xffffffff

/** Calls at a time (ms). */
type Calls = readonly [at: number, cpu: number, calls: number]

interface Limits {
  /** ms between two events; 0: any number */
  readonly interval: number
  /** events that a CPU reserves at once from the interval, and from --max-calls */
  readonly flush: readonly [time: number, calls: number]
  readonly mostCalls?: number
}

/** The number of these calls that are recorded, each time. */
function recorded({ interval, flush: [time, calls], mostCalls = 0 }: Limits, made: readonly Calls[]): number[] {
  const args = [Math.min(interval * MS, NONE), time, calls, mostCalls].map(String)
  const input = made.map(([at, cpu, n]) => `${Math.round((1000 + at) * MS)} ${cpu} ${n}\n`).join('')
  const out = execFileSync(program, args, { input, encoding: 'utf8' })
  return out.trimEnd().split('\n').map(Number)
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, n) => all + n, 0)
/** This many calls a second on two CPUs in turn, for ten seconds. */
const steady = (each: number): Calls[] => Array.from({ length: 10 * each }, (_, i) => [(i * 1000) / each, i % 2, 1])

test.each([1, 8])('a level of few events a second is kept: 5, of which a CPU reserves %i at once', (flush) => {
  const all = sum(recorded({ interval: 200, flush: [flush, 8] }, steady(500)))
  expect(all).toBeGreaterThanOrEqual(48)
  // those that were saved, and those that CPUs have reserved and not used
  expect(all).toBeLessThanOrEqual(50 + 16)
})

test('a cgroup that makes fewer calls than its level loses none', () => {
  expect(sum(recorded({ interval: 200, flush: [1, 8] }, steady(4)))).toBe(40)
  expect(sum(recorded({ interval: 1, flush: [8, 8] }, steady(900)))).toBe(9000)
})

test('a level of zero records nothing', () => {
  expect(sum(recorded({ interval: Number.POSITIVE_INFINITY, flush: [1, 8] }, steady(100)))).toBe(0)
})

test('calls that --max-calls omits do not count towards the level', () => {
  // 16 calls in a second use up 320 ms of it; many more are made in that second, and after it 16 at once
  const flood = Array.from({ length: 200 }, (_, i): Calls => [i * 5, 0, 20])
  const [first, ...others] = recorded({ interval: 20, flush: [8, 8], mostCalls: 16 }, [...flood, [1100, 0, 16]])
  expect(first).toBe(16)
  expect(sum(others.slice(0, -1))).toBe(0)
  expect(others.at(-1)).toBe(16)
})

test('--max-calls holds if the level allows more', () => {
  const all = recorded({ interval: 1, flush: [1, 4], mostCalls: 100 }, steady(500))
  for (let second = 0; second < 10; second++)
    expect(sum(all.slice(second * 500, second * 500 + 500))).toBeLessThanOrEqual(100 + 2 * 3)
  expect(sum(all)).toBeGreaterThan(850)
})
