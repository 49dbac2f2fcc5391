// tlslog: hellos that are complete, in pieces, truncated or invalid. The hellos are those that OpenSSL (in Node.js) sends.
import { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'
import { expect, test } from 'vitest'
import { clientHello } from '../../../src/chisel/tls-hello.js'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell } from '../state/world.js'

/** The first bytes that a client sends. */
function hello(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((done) => {
    const socket = new Duplex({
      read() {},
      write(data: Buffer, _, next) {
        done(data)
        next()
      },
    })
    connect({ socket, ...options }).on('error', () => {})
  })
}

const full = await hello({ servername: 'a.test', ALPNProtocols: ['h2', 'http/1.1'] })
const plain = await hello({ maxVersion: 'TLSv1.2' })

const socket = (num: number, server: boolean) => ({
  num,
  type: 'ipv4' as const,
  name: '',
  proto: 6,
  sockType: 1,
  localIp: '127.0.0.1',
  localPort: server ? 443 : 40000,
  remoteIp: '127.0.0.1',
  remotePort: server ? 40000 : 443,
  server,
})
const snapshot = shell([socket(3, false), socket(4, true)])
const io = (type: string, fd: number, data: Uint8Array, length = data.length, flags?: number): RowSpec => ({
  type,
  ret: length,
  params: { fd, size: length, data, ...(flags === undefined ? {} : { flags }) },
})
const shown = async (rows: RowSpec[]) =>
  (await overRows('tlslog', rows, { snapshot })).lines.slice(1).map((l) => l.slice(9).replace(/ +/g, ' '))

test('a hello is shown with its name, protocols and newest version', async () => {
  expect(clientHello(full)).toEqual({
    serverName: 'a.test',
    alpn: ['h2', 'http/1.1'],
    version: '1.3',
    encrypted: false,
    cut: false,
  })
  expect(
    await shown([io('write', 3, full), io('write', 3, plain), io('write', 3, Buffer.from('GET / HTTP/1.1'))]),
  ).toEqual(['> 100 sh 1.3 h2,http/1.1 a.test (127.0.0.1:443)', '> 100 sh 1.2 - - (127.0.0.1:443)'])
})

test('a server may peek at the first byte, read the header, and then the rest', async () => {
  const rows = [
    io('recvfrom', 4, full.subarray(0, 1), 1, 2),
    io('read', 4, full.subarray(0, 5)),
    io('write', 3, Buffer.from('other data')),
    io('read', 4, full.subarray(5)),
  ]
  expect(await shown(rows)).toEqual(['< 100 sh 1.3 h2,http/1.1 a.test (127.0.0.1:443)'])
})

test('a truncated hello is shown as far as it was captured, if it has enough bytes', async () => {
  const cut = await shown([io('write', 3, full.subarray(0, full.length - 3), full.length)])
  expect(cut[0]).toContain('[cut]')
  const little = await overRows('tlslog', [io('write', 3, full.subarray(0, 20), full.length)], { snapshot })
  expect([little.values, little.messages]).toEqual([
    [],
    [expect.stringMatching(/^too little was captured of 1 TLS connection; .* -s 2048/)],
  ])
  const seen = await overRows('tlslog', [io('write', 3, full.subarray(0, 230), full.length)], { snapshot })
  expect(seen.values).toMatchObject([{ direction: '>', version: '1.2+', cut: true }])
})

test('control characters in a name are escaped', async () => {
  const at = full.indexOf('a.test')
  const hostile = Buffer.from(full)
  hostile.write('\u001b[31mx', at, 'latin1')
  expect((await shown([io('write', 3, hostile)]))[0]).toContain('\\x1b[31mx')
})
