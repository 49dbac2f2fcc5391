// The view of DNS: queries and responses by name, with the time between, from the side of the client.
import packet from 'dns-packet'
import { expect, test } from 'vitest'
import dns from '../../../src/views/dns.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, World } from '../state/world.js'
import { rowsOf } from './rows-of.js'

const client = { localIp: '10.0.0.5', localPort: 40_000, remoteIp: '10.0.0.9', remotePort: 53, server: false }
const server = { localIp: '10.0.0.5', localPort: 53, remoteIp: '10.0.0.7', remotePort: 40_000, server: true }
const world = () =>
  new World(
    shell([
      { num: 3, type: 'ipv4', name: '', sockType: 2, proto: 17, ...client },
      { num: 4, type: 'ipv4', name: '', sockType: 2, proto: 17, ...server },
    ]),
  )

const NXDOMAIN = 3
/** The ms at which a query, or a response, is sent or received on a descriptor. */
function message(ms: number, out: boolean, fd: number, id: number, name: string, code?: number): RowSpec {
  const questions = [{ type: 'A' as const, name }]
  const answers = code === 0 ? [{ type: 'A' as const, name, data: '10.1.2.3' }] : []
  const data = packet.encode({
    type: code === undefined ? 'query' : 'response',
    id,
    questions,
    ...(code === undefined ? {} : { flags: code, answers }),
  })
  return { type: out ? 'sendto' : 'recvfrom', time: 1e9 + ms * 1e6, ret: data.length, params: { fd, data } }
}

test('rows are names with queries, responses, errors, and the time of responses with a captured query', () => {
  const rows = rowsOf(dns, world(), [
    message(0, true, 3, 1, 'web.test'),
    message(7, false, 3, 1, 'web.test', 0),
    message(10, true, 3, 2, 'no.test'),
    message(11, true, 3, 2, 'no.test'),
    message(15, false, 3, 2, 'no.test', NXDOMAIN),
    message(20, false, 3, 9, 'before.test', 0),
    message(30, true, 3, 4, 'never.test'),
    { ...message(40, false, 3, 5, 'cut.test', 0), params: { fd: 3, data: new Uint8Array(14) } },
  ])
  expect(rows.map((r) => [r.NAME, r.ASKED, r.ANSWERED, r.FAILED, r.LAST, r.P50, r.SERVER])).toEqual([
    ['no.test', 2, 1, 1, 'NXDOMAIN', 5e6, '10.0.0.9'],
    ['web.test', 1, 1, 0, 'NOERROR', 7e6, '10.0.0.9'],
    ['never.test', 1, 0, 0, undefined, undefined, '10.0.0.9'],
    ['before.test', 0, 1, 0, 'NOERROR', undefined, '10.0.0.9'],
  ])
})

test('a query that a server receives does not count as its own', () => {
  const queries = [message(0, false, 4, 1, 'web.test'), message(1, true, 4, 1, 'web.test', 0)]
  expect(rowsOf(dns, world(), queries)).toEqual([])
})
