// The web server with clients that occupy its connections: other clients get their response nevertheless.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { counter } from '../../../src/metrics/metric.js'
import { peerName } from '../../../src/web/connections.js'
import { type ServeOptions, serve } from '../../../src/web/server.js'
import { serverTls } from '../../../src/web/tls.js'
import { certificates } from '../../helpers/certificates.js'
import { asker, CROWDED, crowded } from '../../helpers/crowd.js'

const files = certificates()
const PATHS = ['/healthz', '/metrics']
const WELL = ['/healthz 200', '/metrics 200']

async function serving(given: Partial<ServeOptions> = {}, size = 1) {
  const samples = Array.from({ length: size }, (_, i) => ({ labels: { i: `${i}`.padEnd(4000) }, value: i }))
  const metrics = [counter('x_total', 'X.', samples)]
  const sources = { ailing: () => undefined, versions: () => ({}), metrics: () => metrics }
  const s = await serve({ port: 0, sources, ...given })
  onTestFinished(() => s.close())
  return s
}

/** A connection without a request, from this address. */
async function connected(port: number, localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined).resume()
  await once(socket, 'connect')
  return socket
}

const gone = (sockets: readonly Socket[]) => sockets.filter((socket) => socket.closed).length

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(10)
}

test.each([70, 500])('%i clients that send no request do not block others', { timeout: CROWDED }, async (size) => {
  const { port } = await serving()
  expect(await crowded({ port }, size, PATHS)).toEqual(WELL)
})

test.each([70, 500])(
  '%i clients with https, most of which never finish a handshake, do not block others',
  { timeout: CROWDED },
  async (size) => {
    const { port } = await serving({ tls: serverTls(files.server.cert, files.server.key) })
    expect(await crowded({ port, ca: readFileSync(files.ca) }, size, PATHS)).toEqual(WELL)
  },
)

/** A client that requests metrics and does not read the response, once the server has started to send it. */
async function stalled(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1', () => socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'))
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'readable')
}

test('while other clients read no responses, the health check works, and clients of metrics may retry', async () => {
  const limits = { idle: 64, busy: 2, all: 512, grace: 600_000 }
  const { port } = await serving({ limits }, 2000)
  for (let i = 0; i < 2; i++) await stalled(port)
  expect(await asker({ port }).ask('/healthz')).toBe(200)
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
    503,
    '1',
    'too many requests in progress: try again\n',
  ])
})

test('clients that read no response for a long time are disconnected for others', async () => {
  const { port } = await serving({ limits: { idle: 64, busy: 2, all: 512, grace: 200 } }, 2000)
  for (let i = 0; i < 2; i++) await stalled(port)
  const { ask } = asker({ port })
  let status = await ask('/metrics')
  for (; status === 503; status = await ask('/metrics')) await sleep(20)
  expect(status).toBe(200)
})

test('a peer with many connections loses one for a peer with few at once, and the latest is accepted if all are recent', async () => {
  const limits = { idle: 4, busy: 4, all: 4, grace: 600_000 }
  const { port } = await serving({ limits })
  const many = await Promise.all(Array.from({ length: 4 }, () => connected(port, '127.0.0.1')))
  const few = await connected(port, '127.0.0.2')
  await until(() => gone(many) === 1)
  const more = await Promise.all(Array.from({ length: 3 }, () => connected(port, '127.0.0.1')))
  await until(() => gone(many) === 4)
  expect([gone([few]), gone(more)]).toEqual([0, 0])
  expect(await asker({ port }).ask('/healthz')).toBe(200)
})

test('the end of the server does not wait for handshakes', async () => {
  const { port, close } = await serving({ tls: serverTls(files.server.cert, files.server.key) })
  const socket = connect(port, '127.0.0.1')
  await new Promise((done) => socket.once('connect', done))
  socket.on('error', () => undefined).resume()
  // a response to one shows that the other was accepted
  expect(await asker({ port, ca: readFileSync(files.ca) }).ask('/healthz')).toBe(200)
  await close()
  await until(() => socket.closed)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s is the peer %s', (address, peer) => {
  expect(peerName(address)).toBe(peer)
})
