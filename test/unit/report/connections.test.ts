// What a report says about connections that were made, that failed, and that were given up.
import { describe, expect, test } from 'vitest'
import { pageOf } from '../../../src/report/page.js'
import { pageText } from '../../../src/report/text.js'
import { reportOn } from '../../helpers/report.js'
import type { RowSpec } from '../../helpers/rows.js'
import { inetAddress, inetTuple } from '../state/world.js'

const ECONNREFUSED = 111
const ETIMEDOUT = 110
const EINPROGRESS = 115
const SOL_SOCKET = 1
const SO_ERROR = 4

const socket = (fd: number): RowSpec => ({ type: 'socket', ret: fd, params: { domain: 2, type: 1, proto: 0 } })

/** A call of connect; one that was begun has both ends, one that failed only the address. */
const connect = (fd: number, ip: string, error = 0): RowSpec => ({
  type: 'connect',
  ret: -error,
  params: {
    fd,
    ...(error === 0 || error === EINPROGRESS ? { tuple: inetTuple('10.0.0.5', 50_000, ip, 443) } : {}),
    addr: inetAddress(ip, 443),
  },
})

/** The result that the socket's option has: 0 is success. */
const result = (fd: number, error: number): RowSpec => ({
  type: 'getsockopt',
  ret: 0,
  params: {
    fd,
    level: SOL_SOCKET,
    optname: SO_ERROR,
    val: Uint8Array.from([2, -error & 255, ...(error === 0 ? [0, 0, 0] : [255, 255, 255]), 255, 255, 255, 255]),
  },
})

const hosts = (rows: readonly RowSpec[]) =>
  reportOn(rows).report.hosts.map(({ host, connections, failed, errors, unanswered }) => [
    ...[host, connections, failed],
    ...[errors.join(), unanswered],
  ])

describe('a connection', () => {
  test('that is refused at once has failed, and so has one that timed out', () => {
    const rows = [socket(7), connect(7, '192.0.2.1', ECONNREFUSED), connect(7, '192.0.2.1', ETIMEDOUT)]
    expect(hosts(rows)).toEqual([['192.0.2.1:443', 0, 2, 'ECONNREFUSED,ETIMEDOUT', 0]])
  })

  test('that the program does not wait for has the result that the program reads later, once', () => {
    const begun = [socket(7), connect(7, '192.0.2.1', EINPROGRESS)]
    expect(hosts([...begun, result(7, ECONNREFUSED), result(7, ECONNREFUSED)])).toEqual([
      ['192.0.2.1:443', 0, 1, 'ECONNREFUSED', 0],
    ])
    expect(hosts([...begun, connect(7, '192.0.2.1', ECONNREFUSED)])).toEqual([
      ['192.0.2.1:443', 0, 1, 'ECONNREFUSED', 0],
    ])
    expect(hosts([...begun, result(7, 0)])).toEqual([['192.0.2.1:443', 1, 0, '', 0]])
    expect(hosts([...begun, connect(7, '192.0.2.1')])).toEqual([['192.0.2.1:443', 1, 0, '', 0]])
  })

  test('over which data passed was made, although nobody asked for its result', () => {
    const rows = [
      socket(7),
      connect(7, '192.0.2.1', EINPROGRESS),
      { type: 'write', ret: 5, params: { fd: 7, data: new Uint8Array(5) } },
    ]
    expect(hosts(rows)).toEqual([['192.0.2.1:443', 1, 0, '', 0]])
  })

  test('of which nothing was heard is without an answer', () => {
    expect(hosts([socket(7), connect(7, '192.0.2.1', EINPROGRESS)])).toEqual([['192.0.2.1:443', 0, 0, '', 1]])
  })

  test('that failed is on the page with its error', () => {
    const { report } = reportOn([
      ...[socket(7), connect(7, '192.0.2.1'), socket(9), connect(9, '192.0.2.2', ECONNREFUSED)],
      ...[socket(8), connect(8, '192.0.2.3', EINPROGRESS)],
    ])
    const text = pageText(pageOf(report, undefined))
    expect(text).toContain('192.0.2.2:443: 1 connection failed (ECONNREFUSED), 0 B sent')
    expect(text).toContain('192.0.2.3:443: 1 connection without an answer, 0 B sent')
  })
})
