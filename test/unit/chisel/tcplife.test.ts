// tcplife: connections that are shared, copied, refused, older than the capture, or still open.
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { inetAddress, inetTuple, shell } from '../state/world.js'

const S = 1e9
const made: RowSpec[] = [
  { type: 'socket', ret: 3, time: S, params: { domain: 2, type: 1, proto: 6 } },
  {
    type: 'connect',
    ret: 0,
    time: 2 * S,
    params: { fd: 3, tuple: inetTuple('127.0.0.1', 40000, '127.0.0.1', 80), addr: inetAddress('127.0.0.1', 80) },
  },
]
const io = (type: string, ret: number, time: number, flags = 0): RowSpec => ({
  type,
  ret,
  time,
  params: { fd: 3, data: 'x', size: ret, flags },
})
const close = (time: number, tid = 100): RowSpec => ({ type: 'close', ret: 0, time, tid, params: { fd: 3 } })

test('a connection is shown with its bytes in each direction, and the time from start to end', async () => {
  const seen = await overRows('tcplife', [
    ...made,
    io('sendto', 100, 3 * S),
    io('recvfrom', 7000, 4 * S, 2),
    io('recvfrom', 7000, 4 * S),
    io('sendto', -104, 4 * S),
    close(5 * S),
  ])
  expect(seen.values).toEqual([
    expect.objectContaining({
      duration: 3 * S,
      open: false,
      side: 'client',
      pid: 100,
      proc: 'sh',
      local: '127.0.0.1',
      localPort: 40000,
      remote: '127.0.0.1',
      remotePort: 80,
      sent: 100,
      received: 7000,
    }),
  ])
  expect(seen.lines).toHaveLength(2)
  expect(seen.lines[1]).toMatch(/^\d\d:\d\d:\d\d 100 +sh +3\.00s +100B +6\.84KB +->127\.0\.0\.1:80$/)
})

test('a connection that is open at the end is shown with a mark', async () => {
  const seen = await overRows('tcplife', [...made, io('sendto', 1, 4 * S)])
  expect(seen.lines[1]).toMatch(/ 2\.00s\+ /)
  expect(seen.values[0]).toMatchObject({ open: true })
})

test('a connection that a fork shares ends with the last process', async () => {
  const child = { type: 'clone', tid: 200, ret: 0, params: { ptid: 100, pid: 200, tid: 200, flags: 0, comm: 'kid' } }
  const seen = await overRows('tcplife', [
    ...made,
    { type: 'clone', ret: 200, time: 3 * S, params: { pid: 100, tid: 100, flags: 0, comm: 'sh' } },
    { ...child, time: 3 * S },
    close(3.5 * S),
    { ...io('sendto', 5, 6 * S), tid: 200 },
    { type: 'procexit', tid: 200, time: 7 * S },
    { type: 'getppid', time: 9 * S },
  ])
  expect(seen.values).toEqual([expect.objectContaining({ duration: 5 * S, sent: 5, open: false })])
})

test('a failed connect is not shown', async () => {
  const { params } = made[1] as { params: object }
  const refused = { type: 'connect', ret: -111, time: 2 * S, params } as RowSpec
  expect((await overRows('tcplife', [made[0] as RowSpec, refused, close(3 * S)])).values).toEqual([])
  // the later result of a non-blocking connect
  const pending = { ...(made[1] as RowSpec), ret: -115 }
  const soError = (value: number): RowSpec => {
    const val = new Uint8Array([1, value & 255, 255, 255, 255, 255, 255, 255, 255])
    return { type: 'getsockopt', ret: 0, time: 2.5 * S, params: { fd: 3, level: 1, optname: 4, val, optlen: 4 } }
  }
  const rows = (value: number) => [made[0] as RowSpec, pending, soError(value), close(3 * S)]
  expect((await overRows('tcplife', rows(-111))).values).toEqual([])
})

test('a connection older than the capture counts from its first event', async () => {
  const fd = {
    num: 3,
    type: 'ipv4' as const,
    name: '',
    proto: 6,
    sockType: 1,
    tcpState: 1,
    localIp: '10.0.0.5',
    localPort: 22,
    remoteIp: '10.0.0.9',
    remotePort: 50000,
    server: true,
  }
  const seen = await overRows('tcplife', [io('sendto', 10, 3 * S), close(5 * S)], { snapshot: shell([fd]) })
  expect(seen.lines[1]).toMatch(/ >2\.00s +10B +0B +:22<-10\.0\.0\.9:50000$/)
  expect(seen.values[0]).toMatchObject({ side: 'server' })
  expect(seen.values[0]).not.toHaveProperty('began')
})

test('without connections only the titles are printed, and no JSON', async () => {
  const seen = await overRows('tcplife', [{ type: 'getppid' }])
  expect([seen.lines.length, seen.values, seen.messages]).toEqual([1, [], []])
})
