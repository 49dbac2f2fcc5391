// Numbers of a run of the bench of costs, its options and its file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Costs, readCosts, writeCosts } from '../../bench/cost/costs.js'
import { ownUse, reported } from '../../bench/cost/measure.js'
import { parseOptions } from '../../bench/cost/options.js'
import { programTime } from '../../bench/cost/usage.js'

const usage = (cpu: number, programs: [string, { ns: number; runs: number }][]) => ({
  cpu,
  rss: 200,
  pss: 150,
  programs: new Map(programs),
})

describe('the use of a tool', () => {
  const before = usage(1e9, [['7', { ns: 1000, runs: 10 }]])
  const after = usage(1.5e9, [
    ['7', { ns: 101_000, runs: 1010 }],
    ['8', { ns: 50_000, runs: 900 }],
  ])
  test('its programs together, and the calls that the most frequent one saw', () =>
    expect(programTime(before, after)).toEqual({ ns: 150_000, calls: 1000 }))
  test('is divided by calls, and in per cent of all processors', () => {
    const use = { before, after, ms: 10_000 }
    expect(ownUse('statistics', use, 4000)).toMatchObject({ programs: 150, cpuCall: 500_000, bytes: 4 })
    expect(ownUse('half', use, undefined).halfCpu).toBeCloseTo(5 / availableParallelism())
  })
  test('has no numbers of calls without programs', () =>
    expect(Object.keys(ownUse('statistics', { before: after, after, ms: 1 }, 1))).toEqual(['share']))
})

test('what ksys reports: losses, and the share that a ceiling leaves', () => {
  expect(reported('ksys: 1,234 events were lost\n')).toEqual({ eventsLost: 1234 })
  const ceiling = 'ksys: 17,448 events were only counted because of --max-calls (99.6 %): / 17,448 in 1.2 s\n'
  expect(reported(ceiling).kept).toBeCloseTo(0.4)
})

describe('options', () => {
  test('all loads and tools in five rounds are the default', () => {
    const { rounds, loads, tools, parts } = parseOptions([])
    expect(rounds).toBe(5)
    expect(loads.map(({ name }) => name)).toContain('super')
    expect(tools.map(({ name }) => name)).toContain('rules')
    expect(parts).toEqual(['full', 'statistics', 'half'])
  })
  test('names choose', () => {
    const { loads, tools } = parseOptions(['--loads', 'redis,exec', '--tools', 'rules'])
    expect([loads.map(({ name }) => name), tools.map(({ name }) => name)]).toEqual([['redis', 'exec'], ['rules']])
  })
  test('an unknown name is an error with the known ones', () =>
    expect(() => parseOptions(['--loads', 'nosuch'])).toThrow(/no load 'nosuch': redis, /))
  test('tables are written neither on a busy machine nor from too few rounds', () => {
    expect(() => parseOptions(['--write', '--trial'])).toThrow('quiet machine')
    expect(() => parseOptions(['--write', '--rounds', '4'])).toThrow('5 rounds')
  })
})

describe('the file', () => {
  const costs = (kernel: string, tools: Costs['loads'][string]['tools']): Costs => ({
    machine: { kernel, processor: 'A', cpus: 2 },
    date: '2026-12-01',
    loads: { redis: { title: 'redis', operation: 'a request', bare: 2, half: 1, rounds: 5, tools } },
  })
  const tools = (file: Costs) => Object.keys(file.loads.redis?.tools ?? {})
  test('keeps tools that were not measured now, but only those of the same machine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ksys-test-'))
    const path = join(folder, 'costs.json')
    try {
      writeFileSync(path, JSON.stringify(costs('6.18', { nosuch: { p99: { median: 1 } } })))
      writeCosts(path, costs('6.18', { rules: { p99: { median: 2 } } }))
      expect(tools(readCosts(path))).toEqual(['nosuch', 'rules'])
      writeCosts(path, costs('7.0', { write: { p99: { median: 3 } } }))
      expect(tools(readCosts(path))).toEqual(['write'])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
