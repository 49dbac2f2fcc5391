// The view of time: calls by file or peer, each nanosecond once, and the program itself.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import time from '../../../src/views/time.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, World } from '../state/world.js'
import { rowsOf } from './rows-of.js'

const socket = { localIp: '10.0.0.5', localPort: 40_000, remoteIp: '10.0.0.9', remotePort: 5432, server: false }
const world = () => new World(shell([file(3, '/srv/data'), { num: 4, type: 'ipv4', name: '', ...socket }]))
const ran = (at: number, ns: number): RowSpec => ({
  type: CODE.ks_times,
  time: at,
  params: { ran: ns, user: 3, system: 1, pgft_maj: 0, pgft_min: 0, vm_size: 0, vm_rss: 0, vm_swap: 0 },
})
const inFlight = (at: number, latency: number): RowSpec => ({
  type: CODE.ks_inflight,
  time: at,
  latency,
  params: { nr: 202, arg0: 0, arg1: 0, arg2: 0, arg3: 0, arg4: 0, arg5: 0 },
})

/** The ms, by what they were spent in and on. */
const spent = (rows: readonly RowSpec[], filter?: string): Record<string, unknown> =>
  Object.fromEntries(rowsOf(time, world(), rows, filter).map((r) => [`${r.IN} ${r.ON}`.trim(), Number(r.TIME) / 1e6]))

test('rows are calls by file or peer, and the CPU time in user mode', () => {
  expect(
    spent(
      [
        ran(0, 0),
        { type: 'read', time: 300e6, ret: 1, latency: 200e6, params: { fd: 3 } },
        { type: 'read', time: 350e6, ret: 1, latency: 50e6, params: { fd: 3 } },
        { type: 'recvfrom', time: 450e6, ret: 1, latency: 100e6, params: { fd: 4 } },
        { type: 'getppid', time: 460e6, ret: 1, latency: 1e6 },
        ran(1e9, 400e6),
      ],
      'proc.name=sh',
    ),
  ).toEqual({ 'read /srv/data': 250, 'recvfrom 10.0.0.9:5432': 100, getppid: 1, 'on CPU': 300 })
})

test('a call that started before the shown time counts only within it', () => {
  expect(spent([{ type: 'getppid', time: 300e6, ret: 1, latency: 5000e6 }], 'proc.name=sh')).toMatchObject({
    getppid: 300,
  })
})

test('a call reported in flight several times counts once, and its end adds the rest', () => {
  const end: RowSpec = { type: 'futex', time: 900e6, ret: 0, latency: 800e6 }
  const reports = [inFlight(200e6, 100e6), inFlight(600e6, 500e6)]
  expect(spent(reports, 'proc.name=sh')).toMatchObject({ futex: 500 })
  expect(spent([...reports, end], 'proc.name=sh')).toMatchObject({ futex: 800 })
})
