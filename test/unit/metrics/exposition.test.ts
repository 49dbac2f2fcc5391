// Metrics as text are accepted by strict readers of both formats, whatever the names of programs and containers are.

import { describe, expect, test } from 'vitest'
import { exposition, formatFor } from '../../../src/metrics/exposition.js'
import { counter, gauge, info, type Metric } from '../../../src/metrics/metric.js'
import { readMetrics, sampleValue } from '../../helpers/prometheus.js'
import fc from '../../helpers/properties.js'

const FORMATS = ['prometheus', 'openmetrics'] as const

const histogram = (labels: Record<string, string>, counts: number[], sum: number): Metric => ({
  type: 'histogram',
  name: 'x_duration_seconds',
  help: 'How long.',
  bounds: [0.000001024, 0.001, 1],
  samples: [{ labels, counts, sum }],
})

describe.each(FORMATS)('%s', (format) => {
  test('has counters, gauges, facts and histograms with names as the format requires', () => {
    const metrics = [
      counter('x_calls_total', 'Calls.', [{ labels: { call: 'read' }, value: 3 }]),
      gauge('x_memory_bytes', 'Memory.', 1.5),
      info('x_build_info', 'Build.', { version: '1' }),
      histogram({ call: 'read' }, [1, 0, 2, 4], 7.25),
    ]
    const families = readMetrics(exposition(metrics, format), format)
    const open = format === 'openmetrics'
    expect(families.map((f) => [f.name, f.type, f.unit])).toEqual([
      [open ? 'x_calls' : 'x_calls_total', 'counter', undefined],
      ['x_memory_bytes', 'gauge', open ? 'bytes' : undefined],
      [open ? 'x_build' : 'x_build_info', open ? 'info' : 'gauge', undefined],
      ['x_duration_seconds', 'histogram', open ? 'seconds' : undefined],
    ])
    expect(sampleValue(families, 'x_calls_total', { call: 'read' })).toBe(3)
    expect(sampleValue(families, 'x_build_info', { version: '1' })).toBe(1)
    const bucket = (le: string) => sampleValue(families, 'x_duration_seconds_bucket', { call: 'read', le })
    expect(['1.024e-06', '0.001', '1.0', '+Inf'].map(bucket)).toEqual([1, 1, 3, 7])
    expect(sampleValue(families, 'x_duration_seconds_sum', { call: 'read' })).toBe(7.25)
  })

  test('has labels with arbitrary values', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('\\', '"', '\n', '\r', '\t', '\0', '\x1b', '{', '}', ',', '=', 'n', '#', ' '),
      }),
    )
    // `le` is the label of a histogram's buckets
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((text) => text !== 'le')
    const labels = fc.dictionary(name, value, { noNullPrototype: true })
    fc.assert(
      fc.property(labels, fc.string(), fc.double({ min: 0, noNaN: true }), (of, help, n) => {
        const text = exposition(
          [counter('x_total', help, [{ labels: of, value: n }]), histogram(of, [1, 2, 3, 4], n)],
          format,
        )
        const families = readMetrics(text, format)
        expect(families[0]?.help).toBe(help)
        for (const { samples } of families) {
          const { le: _, ...read } = { ...samples[0]?.labels }
          expect(read).toEqual(of)
        }
        expect(families[0]?.samples[0]?.value).toBe(n)
      }),
    )
  })

  test('without metrics only the end marker is written', () => {
    expect(exposition([gauge('x', 'x', [])], format)).toBe(format === 'openmetrics' ? '# EOF\n' : '')
  })
})

test('incomplete characters do not make the text invalid UTF-8', () => {
  const text = exposition([gauge('x', 'x', [{ labels: { a: 'b\udcff' }, value: 1 }])])
  expect(Buffer.from(text).toString()).toBe(text)
  expect(text).toContain('a="b\ufffd"')
})

test.each([
  [undefined, 'prometheus'],
  ['*/*', 'prometheus'],
  ['text/plain', 'prometheus'],
  ['application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1', 'openmetrics'],
  ['application/openmetrics-text;q=0.3, text/plain;q=0.9', 'prometheus'],
  ['application/openmetrics-text;version=2.0.0', 'prometheus'],
  ['application/openmetrics-text;q=0', 'prometheus'],
  ['application/openmetrics-text;q=x', 'prometheus'],
])('a client that accepts %s gets the format %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format)
})
