// The views about latency: by call, by file and by peer, the same numbers for the same calls.
import { expect, test } from 'vitest'
import { BARS_TITLE } from '../../../src/table/cell.js'
import latency from '../../../src/views/latency.js'
import latencyFiles from '../../../src/views/latency-files.js'
import latencyPeers from '../../../src/views/latency-peers.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, World } from '../state/world.js'
import { rowsOf } from './rows-of.js'

const client = { localIp: '10.0.0.5', localPort: 40_000, remoteIp: '10.0.0.9', remotePort: 5432, server: false }
const server = { localIp: '10.0.0.5', localPort: 80, remoteIp: '10.0.0.7', remotePort: 50_123, server: true }
const world = () =>
  new World(
    shell([
      file(3, '/etc/hosts'),
      { num: 4, type: 'ipv4', name: '', ...client },
      { num: 5, type: 'ipv4', name: '', ...server },
    ]),
  )

/** All of them started after the capture. */
const calls = [
  { type: 'read', ret: 10, latency: 1000, params: { fd: 3 } },
  { type: 'read', ret: -5, latency: 3_000_000, params: { fd: 3 } },
  { type: 'fsync', latency: 5_000_000_000, params: { fd: 3 } },
  { type: 'read', ret: 10, params: { fd: 3 } },
  { type: 'sendto', ret: 10, latency: 7000, params: { fd: 4 } },
  { type: 'recvfrom', ret: 10, latency: 2000, params: { fd: 4 } },
  { type: 'recvfrom', ret: -11, latency: 600, params: { fd: 4 } },
  { type: 'recvfrom', ret: 10, latency: 4000, params: { fd: 5 } },
].map((c, i): RowSpec => ({ ...c, time: 10e9 + i }))

test('by call: the highest total time is first, with errors; a call without a captured start does not count', () => {
  const rows = rowsOf(latency, world(), calls)
  expect(rows.map((r) => r.SYSCALL)).toEqual(['fsync', 'read', 'sendto', 'recvfrom'])
  const [, read = {}] = rows
  expect(read).toMatchObject({ CALLS: 2, ERRORS: 1, TOTAL: 3_001_000, MAX: 3_000_000 })
  expect((read[BARS_TITLE] as number[]).flatMap((n, power) => (n > 0 ? [[power, n]] : []))).toEqual([
    [9, 1],
    [21, 1],
  ])
})

test('by file: reads, writes and syncs are counted', () => {
  expect(rowsOf(latencyFiles, world(), calls)).toMatchObject([
    { FILENAME: '/etc/hosts', CALLS: 3, TOTAL: 5_003_001_000 },
  ])
})

test("by peer: rows are the address and port of a server, the address of a client with the server's port; no failed calls", () => {
  expect(rowsOf(latencyPeers, world(), calls)).toMatchObject([
    { 'REMOTE ADDRESS': '10.0.0.9', SERVICE: 5432, CALLS: 2, TOTAL: 9000 },
    { 'REMOTE ADDRESS': '10.0.0.7', SERVICE: 80, CALLS: 1, TOTAL: 4000 },
  ])
})
