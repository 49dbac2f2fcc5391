// Access to the web server, and the format of its responses.
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { counter } from '../../../src/metrics/metric.js'
import { bearerMatches, readToken } from '../../../src/web/bearer.js'
import { type ServeOptions, serve } from '../../../src/web/server.js'
import { serverTls } from '../../../src/web/tls.js'
import { WebError } from '../../../src/web/web-error.js'
import { certificates } from '../../helpers/certificates.js'
import { readMetrics } from '../../helpers/prometheus.js'

const files = certificates()
const METRICS = [counter('x_total', 'X.', 1)]

async function serving(given: Partial<ServeOptions> = {}, metrics = () => METRICS) {
  const sources = { ailing: () => undefined, versions: () => ({ ksys: '1' }), metrics }
  const s = await serve({ port: 0, sources, ...given })
  onTestFinished(() => s.close())
  return { ...s, get: (path: string, headers = {}) => fetch(`http://127.0.0.1:${s.port}${path}`, { headers }) }
}

test('with a token, only the health check is available without it', async () => {
  const { get } = await serving({ token: 'secret' })
  for (const authorization of ['', 'Bearer', 'Bearer secre', 'Bearer secret2', 'Basic secret', 'secret']) {
    const answer = await get('/metrics', { authorization })
    expect([authorization, answer.status, answer.headers.get('www-authenticate')]).toEqual([
      authorization,
      401,
      'Bearer',
    ])
    expect(await answer.text()).not.toContain('x_total')
    expect((await get('/versions', { authorization })).status).toBe(401)
  }
  expect((await get('/healthz')).status).toBe(200)
  expect((await get('/metrics', { authorization: 'Bearer secret' })).status).toBe(200)
  expect((await get('/metrics', { authorization: 'bearer secret' })).status).toBe(200)
})

test('a token is read from a file with one word in it', () => {
  const file = join(files.dir, 'token')
  const reads = (text: string) => {
    writeFileSync(file, text)
    return readToken(file)
  }
  expect(reads('abc\n')).toBe('abc')
  for (const text of ['', '\n', 'two words', 'caf\u00e9', 'x'.repeat(5000)]) expect(() => reads(text)).toThrow(WebError)
  expect(() => readToken(join(files.dir, 'nothing'))).toThrow(/nothing cannot be read: /)
  expect(bearerMatches(undefined, undefined)).toBe(true)
})

test('it serves https with a certificate', async () => {
  const { port } = await serving({ tls: serverTls(files.server.cert, files.server.key) })
  const text = await new Promise<string>((done, fail) => {
    const sent = request({ port, host: '127.0.0.1', path: '/metrics', ca: readFileSync(files.ca) }, (answer) => {
      let body = ''
      answer.on('data', (part) => {
        body += part
      })
      answer.on('end', () => done(body))
    })
    sent.on('error', fail)
    sent.end()
  })
  expect(readMetrics(text, 'prometheus')).toHaveLength(1)
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow()
})

test('files that are not a certificate and key are reported by name', () => {
  expect(() => serverTls(files.server.cert, files.client.key)).toThrow(/server\.crt.*client\.key: not usable for TLS/)
  expect(() => serverTls(files.dir, files.server.key)).toThrow(WebError)
})

test('it responds in the requested format', async () => {
  const { get } = await serving()
  const text = await get('/metrics')
  expect(readMetrics(await text.text(), 'prometheus')).toHaveLength(1)
  const open = await get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0' })
  expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(readMetrics(await open.text(), 'openmetrics')).toHaveLength(1)
})

test('a long response is compressed if the client accepts it', async () => {
  const samples = Array.from({ length: 1000 }, (_, i) => ({ labels: { i: String(i) }, value: i }))
  const { get } = await serving({}, () => [counter('x_total', 'X.', samples)])
  const packed = await get('/metrics', { 'accept-encoding': 'gzip' })
  const plain = await get('/metrics', { 'accept-encoding': 'gzip;q=0' })
  expect([packed, plain].map((a) => a.headers.get('content-encoding'))).toEqual(['gzip', null])
  expect(Number(packed.headers.get('content-length'))).toBeLessThan(Number(plain.headers.get('content-length')) / 4)
  expect(await packed.text()).toBe(await plain.text())
})
