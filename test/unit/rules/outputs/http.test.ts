// Alerts to web servers: real ones on loopback, that respond, fail, hang, refuse, or require a client certificate.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createServerTls } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { certificates } from '../../../helpers/certificates.js'
import { openOne } from './open-one.js'

interface Got {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: Buffer
}

/** Listens until the test ends: the port. */
async function listen(server: Server | ReturnType<typeof createSocketServer>, port = 0): Promise<number> {
  const connections = new Set<Socket>()
  server.on('connection', (s: Socket) => connections.add(s))
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  onTestFinished(async () => {
    for (const s of connections) s.destroy()
    await new Promise((done) => server.close(done))
  })
  return (server.address() as AddressInfo).port
}

/** A server that responds with these codes, one after the other, the last for all others; and its requests. */
function answering(...codes: number[]): { listener: RequestListener; got: Got[] } {
  const got: Got[] = []
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const code = codes[Math.min(got.length, codes.length - 1)] as number
      got.push({ method, url, headers, body: Buffer.concat(parts) })
      response.writeHead(code, code === 302 ? { location: '/elsewhere' } : {}).end('an answer')
    })
  }
  return { listener, got }
}

async function web(...codes: number[]) {
  const { listener, got } = answering(...codes)
  const connections = new Set<Socket>()
  const server = createServer(listener).on('connection', (s) => connections.add(s))
  const port = await listen(server)
  return { got, url: `http://127.0.0.1:${port}/alerts?x=1`, port, connections }
}

test('each alert is a POST of its line, over persistent connections', async () => {
  const { got, url, connections } = await web(200)
  const { offer, settled, output } = await openOne({ kind: 'http', target: url })
  for (let i = 0; i < 20; i++) offer(`alert ${i}`)
  await settled(20)
  expect(got.map((g) => g.body.toString()).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `alert ${i}`).sort())
  expect(got[0]).toMatchObject({
    method: 'POST',
    url: '/alerts?x=1',
    headers: { 'content-type': 'text/plain', 'user-agent': 'ksys/1.2.3' },
  })
  expect(output.stats).toMatchObject({ sent: 20, failed: 0 })
  expect(connections.size).toBeLessThanOrEqual(4)
})

test('JSON is sent as such, compressed on request, with the requested user agent', async () => {
  const { got, url } = await web(204)
  const spec = { kind: 'http', target: url, compress: true, userAgent: 'mine/2' } as const
  const { offer, settled } = await openOne(spec, { json: true })
  offer('{"a":"ü"}')
  await settled(1)
  expect(gunzipSync(got[0]!.body).toString()).toBe('{"a":"ü"}')
  expect(got[0]!.headers).toMatchObject({
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'user-agent': 'mine/2',
  })
})

test('a request to a failing server is retried, and nothing is lost', async () => {
  const { got, url } = await web(500, 503, 429, 200)
  const { offer, settled, output, problems: said } = await openOne({ kind: 'http', target: url })
  offer('x')
  await settled(1)
  expect(got).toHaveLength(4)
  expect(output.stats).toMatchObject({ sent: 1, failed: 0 })
  expect(said).toEqual(['http cannot deliver alerts at present: it responded with 500'])
})

test('a request to a server that always fails has a limited number of tries; then the alert is counted', async () => {
  const { got, url } = await web(500)
  const { offer, settled, output } = await openOne({ kind: 'http', target: url, retries: 2 })
  offer('x')
  await settled(1)
  expect(got).toHaveLength(3)
  expect(output.takeLosses()).toEqual({ dropped: 0, failed: 1, reason: 'it responded with 500' })
})

test.each([
  [404, 'it responded with 404'],
  [302, 'it responded with 302, a redirect, which is not followed'],
])('a response of %d is not retried', async (code, reason) => {
  const { got, url } = await web(code)
  const { offer, settled, output } = await openOne({ kind: 'http', target: url })
  offer('x')
  await settled(1)
  expect(got).toHaveLength(1)
  expect(output.takeLosses()).toMatchObject({ failed: 1, reason })
})

test('alerts wait for a server that starts later', async () => {
  const { port } = await web(200)
  const free = createServer(answering(200).listener)
  const later = await listen(free)
  await new Promise((done) => free.close(done))
  expect(later).not.toBe(port)
  const {
    offer,
    settled,
    output,
    problems: said,
  } = await openOne({ kind: 'http', target: `http://127.0.0.1:${later}/` })
  offer('x')
  await sleep(50)
  const { listener, got } = answering(200)
  await listen(createServer(listener), later)
  await settled(1)
  expect(got).toHaveLength(1)
  expect(output.stats).toMatchObject({ sent: 1, failed: 0 })
  expect(said[0]).toMatch(/^http cannot deliver alerts at present: the connection was refused \(127\.0\.0\.1:\d+\)$/)
})

test('a server that accepts connections but never responds has a time limit; the queue fills, and the end does not wait for it', async () => {
  const port = await listen(createSocketServer(() => {}))
  const spec = { kind: 'http', target: `http://127.0.0.1:${port}/`, timeout: 50, retries: 1, capacity: 10 } as const
  const { offer, settled, output } = await openOne(spec)
  offer('x')
  await settled(1)
  expect(output.takeLosses()).toMatchObject({ failed: 1, reason: `no response within 50 ms (127.0.0.1:${port})` })
  for (let i = 0; i < 30; i++) offer(`${i}`)
  await output.close(20)
  const { sent, dropped, failed } = output.stats
  expect(sent).toBe(0)
  expect(dropped + failed).toBe(31)
})

test('an endless response is not read forever', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200)
    const more = () => void (response.destroyed || response.write('x'.repeat(100_000), more))
    more()
  })
  const port = await listen(server)
  const { offer, settled, output } = await openOne({ kind: 'http', target: `http://127.0.0.1:${port}/`, retries: 0 })
  offer('x')
  await settled(1)
  expect(output.stats.failed).toBe(1)
})

test('an invalid response is counted', async () => {
  const port = await listen(createSocketServer((s) => s.end('SSH-2.0-OpenSSH\r\n\r\n')))
  const { offer, settled, output } = await openOne({ kind: 'http', target: `http://127.0.0.1:${port}/`, retries: 0 })
  offer('x')
  await settled(1)
  expect(output.stats.failed).toBe(1)
})

test('an unknown host is not an error in the options: it is retried', async () => {
  const { offer, settled, output } = await openOne({ kind: 'http', target: 'http://nosuchhost.invalid/', retries: 1 })
  offer('x')
  await settled(1)
  expect(output.takeLosses().reason).toMatch(/the host|the name|no host/)
})

describe('with TLS', () => {
  const files = certificates()

  async function secure(clients = false) {
    const { listener, got } = answering(200)
    const key = readFileSync(files.server.key)
    const cert = readFileSync(files.server.cert)
    const who = clients ? { ca: readFileSync(files.ca), requestCert: true, rejectUnauthorized: true } : {}
    const port = await listen(createServerTls({ key, cert, ...who }, listener))
    return { got, target: `https://127.0.0.1:${port}/` }
  }

  test('a server is trusted if its authority was specified, as a file or folder', async () => {
    const folder = join(files.dir, 'authorities')
    mkdirSync(folder, { recursive: true })
    copyFileSync(files.ca, join(folder, 'one.pem'))
    copyFileSync(files.otherCa, join(folder, 'two.crt'))
    const { got, target } = await secure()
    for (const ca of [files.ca, folder]) {
      const { offer, settled, output } = await openOne({ kind: 'http', target, ca })
      offer('x')
      await settled(1)
      expect(output.stats).toMatchObject({ sent: 1, failed: 0 })
    }
    expect(got).toHaveLength(2)
  })

  test('a server with an untrusted certificate gets nothing, unless this is allowed', async () => {
    const { got, target } = await secure()
    for (const ca of [undefined, files.otherCa]) {
      const { offer, settled, output } = await openOne({ kind: 'http', target, retries: 0, ca })
      offer('x')
      await settled(1)
      expect(output.takeLosses().reason).toMatch(/certificate/)
    }
    expect(got).toHaveLength(0)
    const { offer, settled } = await openOne({ kind: 'http', target, insecure: true })
    offer('x')
    await settled(1)
    expect(got).toHaveLength(1)
  })

  test('a server that requires a client certificate gets it', async () => {
    const { got, target } = await secure(true)
    const stranger = await openOne({ kind: 'http', target, ca: files.ca, retries: 0 })
    stranger.offer('x')
    await stranger.settled(1)
    expect(stranger.output.stats.failed).toBe(1)
    const { cert, key } = files.client
    const { offer, settled, output } = await openOne({ kind: 'http', target, ca: files.ca, cert, key })
    offer('x')
    await settled(1)
    expect(output.stats).toMatchObject({ sent: 1, failed: 0 })
    expect(got).toHaveLength(1)
  })

  test('a key that does not match the certificate is reported at once', async () => {
    const spec = {
      kind: 'http',
      target: 'https://127.0.0.1:1/',
      cert: files.client.cert,
      key: files.server.key,
    } as const
    await expect(openOne(spec)).rejects.toThrow(/not usable for TLS/)
  })
})
