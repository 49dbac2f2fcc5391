// Metrics as an OpenTelemetry receiver gets them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main, root } from '../../helpers/ksys.js'
import { receiver } from '../../helpers/otlp.js'

const capture = join(root, 'captures/build.ksys')

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, 'metrics', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part) => {
      output[name] += part
    })
  const [code] = await once(child, 'close')
  return { code: code as number | null, ...output }
}

test('counters are cumulative sums, histograms have their buckets, and names are those of OpenTelemetry', async () => {
  const got = await receiver()
  const ran = await run('-r', capture, '--by', 'program', '--otlp', got.url)
  expect(ran).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(got.requests.map((r) => r.path)).toEqual(['/v1/metrics'])
  const of = (metric: string, program: string) =>
    got.points.find((p) => p.metric === metric && p.attributes['process.executable.name'] === program)
  const calls = of('ksys.syscalls', 'make')
  expect(calls).toMatchObject({ kind: 'sum', temporality: 2, monotonic: true, value: 516 })
  expect((calls?.begin ?? 0n) < (calls?.time ?? 0n)).toBe(true)
  const durations = of('ksys.syscall.duration', 'make')
  expect(durations).toMatchObject({ kind: 'histogram', unit: 's', temporality: 2 })
  expect(durations?.counts).toHaveLength((durations?.bounds.length ?? 0) + 1)
  expect(durations?.counts.reduce((a, b) => a + b)).toBe(durations?.count)
  expect(durations?.bounds[0]).toBe(1.6384e-5)
  const bytes = got.points.filter((p) => p.metric === 'ksys.syscall.bytes' || p.unit === 'By')
  expect(
    bytes.find((p) => p.attributes.direction === 'read' && p.attributes['process.executable.name'] === 'make')?.value,
  ).toBe(16_644)
  expect(got.points.find((p) => p.metric === 'ksys.label.sets')).toMatchObject({ kind: 'gauge', value: 9 })
})

test('a receiver that rejects metrics is reported, and the run ends with 6', async () => {
  const got = await receiver({ answer: () => ({ status: 503 }) })
  const ran = await run('-r', capture, '--otlp', `${got.url},retries=1`)
  expect([ran.code, ran.stderr]).toEqual([6, expect.stringMatching(/values were not delivered: it responded with 503/)])
})

test.each([
  [429, 2],
  [502, 2],
  [503, 2],
  [504, 2],
  [500, 1],
  [501, 1],
  [408, 1],
  [400, 1],
])(
  'after a response with %d the request is sent %d times: the specification of OTLP decides',
  async (status, times) => {
    const got = await receiver({ answer: () => ({ status }) })
    const ran = await run('-r', capture, '--otlp', `${got.url},retries=1`)
    expect([ran.code, got.requests.length]).toEqual([6, times])
  },
)

test('an invalid URL is rejected', async () => {
  const ran = await run('-r', capture, '--otlp', 'collector:4318')
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/'collector:4318' is not the URL of a web server/)])
})
