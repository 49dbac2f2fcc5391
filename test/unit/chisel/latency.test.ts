// latency: buckets that double, by call, file and peer; bars that fit the terminal.

import { expect, test } from 'vitest'
import { PowerHistogram } from '../../../src/chisel/power-histogram.js'
import { overRows } from '../../helpers/chisel.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell } from '../state/world.js'

const socket = (num: number, server: boolean) => ({
  num,
  type: 'ipv4' as const,
  name: '',
  proto: 6,
  sockType: 1,
  localIp: '10.0.0.5',
  localPort: server ? 80 : 40000,
  remoteIp: '10.0.0.9',
  remotePort: server ? 40001 : 443,
  server,
})
const snapshot = shell([file(3, '/a'), file(4, '/b'), socket(5, false), socket(6, true)])
const read = (fd: number, latency: number): RowSpec => ({
  type: 'read',
  ret: 1,
  time: 1e6,
  latency,
  params: { fd, data: 'x', size: 1 },
})

test('every latency is counted in exactly its bucket', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1, max: 2 ** 53, noNaN: true }), { minLength: 1 }), (latencies) => {
      const h = new PowerHistogram()
      for (const l of latencies) h.add(l)
      const buckets = h.buckets()
      expect(buckets.reduce((n, b) => n + b.calls, 0)).toBe(latencies.length)
      const least = Math.min(...latencies)
      expect(buckets[0]?.from).toBeLessThanOrEqual(least)
      for (const line of h.lines(80)) expect(line.length).toBeLessThanOrEqual(80)
    }),
  )
})

test('calls are shown with bars in proportion to their counts', async () => {
  const rows = [read(3, 1000), read(3, 1023), read(3, 3000), { type: 'getppid', time: 1e6, latency: 5 }]
  const seen = await overRows('latency', rows, { snapshot })
  expect(seen.lines).toEqual([
    'read: 3 calls, 5.02us in all, 1.67us on average, 3.00us at most',
    '     512ns - 1.02us           2 |****************************************|',
    '    1.02us - 2.04us           0 |                                        |',
    '    2.04us - 4.09us           1 |********************                    |',
    '',
    'getppid: 1 call, 5ns in all, 5ns on average, 5ns at most',
    '       4ns - 8ns              1 |****************************************|',
  ])
  expect(seen.values[1]).toEqual({
    by: 'call',
    key: 'getppid',
    calls: 1,
    total: 5,
    longest: 5,
    buckets: [{ from: 4, to: 8, calls: 1 }],
  })
})

test('files and peers are shown, limited to the requested number', async () => {
  const rows = [read(3, 10), read(4, 20), read(5, 30), read(6, 40), { ...read(3, 0), latency: 0 }]
  const keys = async (...words: string[]) =>
    (await overRows('latency', rows, { snapshot, words })).values.map((v) => v.key)
  expect(await keys('file')).toEqual(['/b', '/a'])
  expect(await keys('file', '1')).toEqual(['/b'])
  expect(await keys('peer')).toEqual(['10.0.0.9', '10.0.0.9:443'])
})

test('without a known latency a message is printed', async () => {
  const seen = await overRows('latency', [{ type: 'getppid' }], { snapshot })
  expect([seen.lines, seen.values, seen.messages]).toEqual([[], [], ['no call with a known latency was captured']])
})
