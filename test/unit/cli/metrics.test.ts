// `ksys metrics` of capture files, and the options that it refuses.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isPublic, listenOf } from '../../../src/cli/options/listen.js'
import { ksys, root } from '../../helpers/ksys.js'
import { type Family, readMetrics, sampleValue } from '../../helpers/prometheus.js'

const capture = join(root, 'captures/build.ksys')
const dir = mkdtempSync(join(tmpdir(), 'ksys-metrics-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function metrics(...args: string[]): Family[] {
  const ran = ksys(['metrics', ...args])
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  return readMetrics(ran.stdout, args.includes('--openmetrics') ? 'openmetrics' : 'prometheus')
}

/** The counts by a key, from the lines of events. */
function counted(filter: string, format: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of ksys(['-r', capture, '-p', format, filter]).stdout.trimEnd().split('\n'))
    counts[line] = (counts[line] ?? 0) + 1
  return counts
}

const byCall = (families: readonly Family[], name: string): Record<string, number> =>
  Object.fromEntries(
    families
      .flatMap((f) => f.samples)
      .filter((s) => s.name === name)
      .map((s) => [s.labels.call ?? '', s.value]),
  )

const CALLS = 'syscall.type exists and evt.dir = <'

test('calls, errors and bytes of a file are those of its events', () => {
  const families = metrics('-r', capture, '--by', 'call')
  expect(byCall(families, 'ksys_syscalls_total')).toEqual(counted(CALLS, '%evt.type'))
  const failed = counted(`${CALLS} and evt.failed = true`, '%evt.type')
  const errors = Object.entries(byCall(families, 'ksys_syscall_errors_total')).filter(([, n]) => n > 0)
  expect(Object.fromEntries(errors)).toEqual(failed)
  const bytes = ksys(['-r', capture, '-p', '%evt.buflen', 'evt.type = read and evt.buflen exists']).stdout
  const sum = bytes
    .trimEnd()
    .split('\n')
    .reduce((n, line) => n + Number(line), 0)
  expect(sampleValue(families, 'ksys_syscall_bytes_total', { call: 'read', direction: 'read' })).toBe(sum)
})

test('a filter selects what counts, and labels define the series', () => {
  const families = metrics(
    '-r',
    capture,
    '--by',
    'program,call',
    'proc.name = make and evt.type = read',
    '--openmetrics',
  )
  const reads = counted('proc.name = make and evt.type = read and evt.dir = <', '%proc.name')
  expect(sampleValue(families, 'ksys_syscalls_total', { program: 'make', call: 'read' })).toBe(reads.make)
  expect(families.find((f) => f.name === 'ksys_syscalls')?.samples).toHaveLength(1)
})

/** What Prometheus counts: the lines of the text that are not comments. */
const lines = (...args: string[]) => {
  const text = ksys(['metrics', ...args]).stdout.split('\n')
  return { series: text.filter((l) => l !== '' && !l.startsWith('#')), text: text.join('\n') }
}

test.each([
  [100, 'fine'],
  [1000, 'coarse'],
  [1000, 'none'],
  [1000, 'off'],
  [5000, 'fine'],
] as const)('there are %d series at most with buckets that are %s, as Prometheus counts them', (limit, buckets) => {
  const { series, text } = lines('-r', capture, '--series', `${limit}`, '--buckets', buckets)
  const families = readMetrics(text, 'prometheus')
  expect(series.length).toBeLessThanOrEqual(limit)
  expect(new Set(series.map((l) => l.replace(/ [^ ]*$/, ''))).size).toBe(series.length)
  expect(sampleValue(families, 'ksys_series')).toBe(series.length)
  expect(sampleValue(families, 'ksys_series_limit')).toBe(limit)
  const sets = lines('-r', capture, '--series', '100000').text.match(/^ksys_label_sets (\d+)$/m)?.[1]
  const [own, folded] = ['ksys_label_sets', 'ksys_label_sets_folded'].map((name) => sampleValue(families, name) ?? 0)
  expect((own as number) + (folded as number)).toBe(Number(sets))
  // there is no capacity for another set of labels
  if (folded !== 0) expect(series.length).toBeGreaterThan(limit - 60)
})

test('a whole build fits into the default number of series, with its latencies', () => {
  const { series, text } = lines('-r', capture)
  expect(series.length).toBeLessThan(5000)
  expect(text).toContain('\nksys_label_sets_folded 0\n')
  expect(text).toMatch(/^ksys_syscall_duration_seconds_bucket\{.*le="0\.001048576"\} /m)
})

test('a limit on series does not change totals', () => {
  const total = (families: readonly Family[]) =>
    families.find((f) => f.name === 'ksys_syscalls_total')?.samples.reduce((n, s) => n + s.value, 0)
  const few = metrics('-r', capture, '--series', '100', '-q')
  expect(total(few)).toBe(total(metrics('-r', capture)))
  expect(few.find((f) => f.name === 'ksys_syscalls_total')?.samples.at(-1)?.labels.call).toBe('other')
  expect(sampleValue(few, 'ksys_label_sets_folded')).toBeGreaterThan(200)
})

test('a full table of series is reported once, with advice, unless --quiet is given', () => {
  const full = ksys(['metrics', '-r', capture, '-r', capture, '--series', '1000'])
  expect(full.stderr).toMatch(
    /^ksys: 1,000 series suffice for only \d+ sets of labels: calls with further sets count as other; to cover them use fewer labels \(--by\), .*\n$/,
  )
  expect(ksys(['metrics', '-r', capture, '--series', '1000', '-q']).stderr).toBe('')
})

test('several files are counted together', () => {
  const once = sampleValue(metrics('-r', capture, '--by', 'call'), 'ksys_syscalls_total', { call: 'read' }) ?? 0
  const twice = metrics('-r', capture, '-r', capture, '--by', 'call')
  expect(sampleValue(twice, 'ksys_syscalls_total', { call: 'read' })).toBe(2 * once)
})

test('a file without a call that passes has the metrics of the capture', () => {
  const families = metrics('-r', capture, 'proc.name = nobody')
  expect(families.map((f) => f.name)).not.toContain('ksys_syscalls_total')
  expect(sampleValue(families, 'ksys_label_sets')).toBe(0)
})

test('an invalid file and an invalid filter are reported', () => {
  const file = join(dir, 'text')
  writeFileSync(file, 'text')
  expect(ksys(['metrics', '-r', file]).code).toBe(4)
  const ran = ksys(['metrics', '-r', capture, 'proc.nam = x'])
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/proc\.nam\b/)])
})

describe('contradictory options are refused in a sentence', () => {
  test.each([
    [['--listen', '0.0.0.0:9435'], /other machines can reach 0\.0\.0\.0:9435: use --token-file, or --tls-cert/],
    [['--listen', '[::]:9435'], /other machines can reach \[::\]:9435/],
    [['--listen', 'example.org:9435'], /other machines can reach example\.org:9435/],
    [['--listen', 'x'], /a port, or an address with one/],
    [['--listen', '9435', '--tls-cert', 'x'], /https needs both --tls-cert and --tls-key/],
    [['--listen', '9435', '--token-file', '/nowhere'], /\/nowhere cannot be read: /],
    [['--listen', '9435', '--interval', '1s'], /--interval sets how often metrics are printed/],
    [['--token-file', 'x'], /--token-file requires --listen/],
    [['-r', capture, '--listen', '9435'], /--listen applies to live captures/],
    [['-r', capture, '--interval', '1s'], /--interval applies to live captures/],
    [['--interval', '1ms'], /a time from 100ms to 24h/],
    [['--by', 'pid'], /some of container, pod, program, call/],
    [['--series', '99'], /a number of series, 100 or more/],
    [['--buckets', 'all'], /one of fine, coarse, none, off/],
  ])('%j', (args, message) => {
    const ran = ksys(['metrics', ...args])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(message)
  })
})

test('privacy options apply to labels and to the values that the filter sees', () => {
  const redact = join(dir, 'redact')
  writeFileSync(redact, 'proc.name mask\n')
  const programs = (...args: string[]) => [
    ...new Set(
      metrics('-r', capture, '--by', 'program', ...args)
        .flatMap((f) => f.samples)
        .flatMap((s) => s.labels.program ?? []),
    ),
  ]
  expect(programs().length).toBeGreaterThan(3)
  expect(programs('--redact', redact)).toEqual(['***'])
  expect(programs('--no-buffers', '--no-args', '--no-env')).toEqual(programs())
  expect(programs('evt.buffer contains a')).not.toEqual([])
  expect(programs('evt.buffer contains a', '--no-buffers')).toEqual([])
  const key = ksys(['metrics', '-r', capture, '--redact', redact, '--redact-key', '/nowhere'])
  expect([key.code, key.stderr]).toEqual([
    2,
    expect.stringContaining('--redact-key requires a --redact file with a hash rule'),
  ])
})

test('without an address, only this machine can query the server', () => {
  const at = (text: string) => {
    const listen = listenOf(text)
    return listen && [listen.address, listen.port, isPublic(listen)]
  }
  expect(['9435', ':9435', 'localhost:1', '127.9.9.9:1', '[::1]:1'].map(at)).toEqual([
    ['127.0.0.1', 9435, false],
    ['127.0.0.1', 9435, false],
    ['localhost', 1, false],
    ['127.9.9.9', 1, false],
    ['::1', 1, false],
  ])
  expect(['0.0.0.0:1', '[::]:1', '10.1.2.3:1', 'host:1'].map(at).every((a) => a?.[2] === true)).toBe(true)
  expect(['', 'a', '70000', '::1:1', '[x]:1', '1.2.3.4', '1:2:3'].map(at)).toEqual(new Array(7).fill(undefined))
})
