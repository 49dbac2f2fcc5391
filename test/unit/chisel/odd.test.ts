// Chisels about data, slow calls and attacks with unusual input: no events, unknown processes, hostile bytes, large buffers.
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'

const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/
const EVIL = '\x1b]0;PWNED\x07\x1b[2J\x9b31m\u202e\r\n'

/** Nothing is known of thread 999. */
const write = (fd: number, data: string | Uint8Array, bytes = data.length): RowSpec => ({
  type: 'write',
  tid: 999,
  ret: bytes,
  latency: 5e6,
  params: { fd, data, size: bytes },
})

test.each([
  ['fileslower', ['0'], 2],
  ['netlower', ['0'], 2],
  ['scallslower', ['0'], 2],
  ['bottlenecks', [], 0],
  ['proc_exec_time', [], 2],
  ['spy_file', [], 0],
  ['spy_ip', ['::1'], 0],
  ['spy_port', ['80'], 0],
  ['stdin', [], 0],
  ['spy_logs', [], 0],
  ['spy_syslog', [], 0],
  ['list_login_shells', [], 1],
  ['shellshock_detect', [], 1],
  ['memcachelog', [], 0],
  ['udp_extract', [], 0],
] as const)('%s without events prints only its titles', async (name, words, titles) => {
  const { lines, values } = await overRows(name, [], { words })
  expect([lines.length, values]).toEqual([titles, []])
})

test.each([
  ['scallslower', ['0'], /^\S+ \S+ +<NA> +5 +write$/],
  ['bottlenecks', [], /^\d+\) 0\.005000000 <NA> \(999\) < write res=/],
] as const)('%s shows calls of unknown processes', async (name, words, wanted) => {
  const { lines } = await overRows(name, [write(1, 'x')], { words })
  expect(lines.at(-1)).toMatch(wanted)
})

test.each(['stdout', 'bottlenecks'])('%s escapes control characters', async (name) => {
  const { lines } = await overRows(name, [write(1, EVIL)])
  expect(lines.join('\n')).toContain('PWNED')
  expect(lines.filter((l) => CONTROLS.test(l) || l.includes('\u202e'))).toEqual([])
})

test('stdout shows all captured bytes of a large buffer, and reports the missing ones', async () => {
  const { lines, values, messages: told } = await overRows('stdout', [write(1, 'y'.repeat(60_000), 10_000_000)])
  expect(lines).toEqual(['y'.repeat(60_000)])
  expect(values).toEqual([expect.objectContaining({ bytes: 10_000_000, data: 'y'.repeat(60_000) })])
  expect(told).toEqual([
    '1 read or write transferred more data than was captured; capture with -s 1048576 to record more',
  ])
})

test('bottlenecks shows the ten slowest calls, slowest first', async () => {
  const calls = Array.from({ length: 30 }, (_, i): RowSpec => ({ type: 'getppid', latency: ((i * 7) % 30) + 1 }))
  const { values } = await overRows('bottlenecks', calls)
  expect(values.map((v) => v.latency)).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21])
})
