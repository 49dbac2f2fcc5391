// tcpconnect: results of blocking and non-blocking attempts to connect.
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { inetAddress, inetTuple } from '../state/world.js'

const S = 1e9
const socket: RowSpec = { type: 'socket', ret: 3, time: S, params: { domain: 2, type: 1, proto: 6 } }
const connect = (ret: number, time: number, latency = 1000): RowSpec => ({
  type: 'connect',
  ...{ ret, time, latency },
  params: { fd: 3, tuple: inetTuple('127.0.0.1', 40000, '10.0.0.9', 80), addr: inetAddress('10.0.0.9', 80) },
})
const soError = (error: number, time: number): RowSpec => {
  const val = new Uint8Array(9)
  val[0] = 1
  new DataView(val.buffer).setBigInt64(1, BigInt(-error), true)
  return { type: 'getsockopt', ret: 0, time, params: { fd: 3, level: 1, optname: 4, val, optlen: 4 } }
}
const close = (time: number): RowSpec => ({ type: 'close', ret: 0, time, params: { fd: 3 } })
const io = (ret: number, time: number): RowSpec => ({
  type: 'sendto',
  ...{ ret, time },
  params: { fd: 3, data: 'x', size: 1, flags: 0 },
})
const ends = async (...rows: RowSpec[]) =>
  (await overRows('tcpconnect', [socket, ...rows])).values.map((v) => [v.result, v.latency])

test('a blocking connect ends when it returns', async () => {
  const seen = await overRows('tcpconnect', [socket, connect(0, 2 * S, 0.5 * S)])
  expect(seen.values).toEqual([
    expect.objectContaining({
      ...{ pid: 100, proc: 'sh', result: 'ok', latency: 0.5 * S },
      ...{ local: '127.0.0.1:40000', remote: '10.0.0.9:80' },
    }),
  ])
  expect(seen.lines[1]).toMatch(/^\d\d:\d\d:\d\d 100 +sh +500ms +ok +10\.0\.0\.9:80$/)
  expect(await ends(connect(-111, 2 * S, 7))).toEqual([['ECONNREFUSED', 7]])
  expect(await ends(connect(-110, 62 * S, 60 * S), close(63 * S))).toEqual([['ETIMEDOUT', 60 * S]])
})

test('a non-blocking connect ends when the program gets its result', async () => {
  const began = connect(-115, 2 * S, 0)
  expect(await ends(began, soError(111, 3 * S), close(4 * S))).toEqual([['ECONNREFUSED', S]])
  expect(await ends(began, soError(0, 3 * S), close(4 * S))).toEqual([['ok', S]])
  expect(await ends(began, connect(-114, 3 * S), connect(0, 4 * S))).toEqual([['ok', 2 * S]])
  expect(await ends(began, connect(-106, 4 * S))).toEqual([['ok', 2 * S]])
  expect(await ends(began, connect(-113, 4 * S))).toEqual([['EHOSTUNREACH', 2 * S]])
  expect(await ends(began, io(-11, 3 * S), io(1, 4 * S), io(1, 5 * S))).toEqual([['ok', 2 * S]])
  expect(await ends(began, io(-111, 3 * S))).toEqual([['ECONNREFUSED', S]])
})

test('an abandoned or pending attempt is shown as such', async () => {
  const began = connect(-115, 2 * S, 0)
  expect(await ends(began, close(5 * S))).toEqual([['closed', 3 * S]])
  const range = (first: number, flags: number, time: number): RowSpec => ({
    type: 'close_range',
    ...{ time, params: { first, last: 0xffffffff, flags } },
  })
  expect(await ends(began, range(4, 0, 3 * S), range(3, 4, 4 * S), range(3, 0, 5 * S))).toEqual([['closed', 3 * S]])
  expect(await ends(began, { type: 'procexit', time: 5 * S })).toEqual([['closed', 3 * S]])
  expect(await ends(began, { type: 'getppid', time: 5 * S })).toEqual([['pending', 3 * S]])
})

test('an IPv6 address with a port is in brackets', async () => {
  const { params, ...row } = connect(-111, 2 * S)
  const over6 = { ...socket, params: { domain: 10, type: 1, proto: 6 } }
  const seen = await overRows('tcpconnect', [over6, { ...row, params: { ...params, addr: inetAddress('::1', 80) } }])
  expect(seen.values).toEqual([expect.objectContaining({ remote: '[::1]:80', result: 'ECONNREFUSED' })])
})

test('two attempts of one socket are two lines; datagram sockets are not shown', async () => {
  expect(await ends(connect(-111, 2 * S, 1), connect(0, 3 * S, 2))).toEqual([
    ['ECONNREFUSED', 1],
    ['ok', 2],
  ])
  const datagrams = { ...socket, params: { domain: 2, type: 2, proto: 17 } }
  const seen = await overRows('tcpconnect', [datagrams, connect(0, 2 * S)])
  expect([seen.lines.length, seen.values]).toEqual([1, []])
})
