// The web server of a rules run: its responses, and its limits for untrusted clients.
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { exposition } from '../../../src/metrics/exposition.js'
import { AlertCounts } from '../../../src/rules/alerts/summary.js'
import { metricsOf } from '../../../src/rules/metrics.js'
import { type Sources, serve } from '../../../src/web/server.js'
import { WebError } from '../../../src/web/web-error.js'
import { alertOf, ruleOf } from '../../helpers/rules.js'

async function serving(given: Partial<Sources> = {}) {
  const sources: Sources = { ailing: () => undefined, versions: () => ({ ksys: '1.2.3', engine: '0.63.0' }), ...given }
  const s = await serve({ port: 0, sources })
  onTestFinished(() => s.close())
  return { ...s, get: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${s.port}${path}`, init) }
}

test('it accepts connections from this machine only unless another address is given', async () => {
  expect((await serving()).address).toBe('127.0.0.1')
})

test('it reports whether the run is healthy, and the reason if not', async () => {
  let ailing: string | undefined
  const { get } = await serving({ ailing: () => ailing })
  const well = await get('/healthz')
  expect([well.status, await well.json()]).toEqual([200, { status: 'ok' }])
  ailing = 'no events come'
  const ill = await get('/healthz?verbose')
  expect([ill.status, await ill.json()]).toEqual([503, { status: 'not ok', reason: 'no events come' }])
})

test('it reports versions, and metrics if enabled', async () => {
  const { get } = await serving()
  expect(await (await get('/versions')).json()).toEqual({ ksys: '1.2.3', engine: '0.63.0' })
  expect((await get('/metrics')).status).toBe(404)
})

test('metrics are those of rules, outputs and events, as Prometheus reads them', async () => {
  const alerts = new AlertCounts()
  for (const name of ['Shell "x"\\', 'Read', 'Read']) alerts.count(alertOf({ rule: ruleOf({ name }) }))
  const outputs = [{ name: 'stdout', sent: 2, dropped: 1, failed: 0, queued: 3 }]
  const measured = {
    alerts,
    joined: 4,
    outputs,
    events: { judged: 1e21, lost: 5 },
    rules: 93,
    reloads: { done: 2, failed: 1 },
    uptime: 1.5,
  }
  const { get } = await serving({ metrics: () => metricsOf(measured) })
  const answer = await get('/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await answer.text()
  expect(text).toContain(
    [
      '# HELP ksys_rules_alerts_total Alerts by rule.',
      '# TYPE ksys_rules_alerts_total counter',
      'ksys_rules_alerts_total{rule="Shell \\"x\\"\\\\",priority="Warning",source="syscall"} 1',
      'ksys_rules_alerts_total{rule="Read",priority="Warning",source="syscall"} 2',
      '# HELP ksys_rules_alerts_joined_total ',
    ].join('\n'),
  )
  expect(text).toContain('\nksys_output_dropped_total{output="stdout"} 1\n')
  expect(text).toContain('\nksys_events_total 1e+21\n')
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [\d.e+-]+)$/)
})

test('a name with a line break does not break the line', () => {
  const samples = [{ labels: { rule: 'a\nb{}\ud800' }, value: Number.POSITIVE_INFINITY }]
  expect(exposition([{ name: 'x', type: 'gauge', help: 'A\nhelp', samples }])).toBe(
    '# HELP x A\\nhelp\n# TYPE x gauge\nx{rule="a\\nb{}\ufffd"} +Inf\n',
  )
})

test('it responds to GET and HEAD alone, and has no other paths', async () => {
  const { get } = await serving()
  expect((await get('/healthz', { method: 'POST', body: 'x'.repeat(1e6) }).catch(() => ({ status: 405 }))).status).toBe(
    405,
  )
  const head = await get('/healthz', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const other = await get('/../etc/passwd')
  expect([other.status, await other.text()]).toEqual([404, 'not found; available: /healthz, /versions\n'])
})

test('a failing response does not end the server', async () => {
  const { get } = await serving({
    metrics: () => {
      throw new Error('x')
    },
  })
  expect((await get('/metrics')).status).toBe(500)
  expect((await get('/healthz')).status).toBe(200)
})

test('a request with endless headers is refused', async () => {
  const { port } = await serving()
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
  const [said] = await once(socket, 'data')
  expect(String(said)).toMatch(/^HTTP\/1\.1 431 /)
  socket.destroy()
})

test('it ends even if a client is still connected', async () => {
  const { port, close } = await serving()
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  await close()
  socket.destroy()
})

test.each([['192.0.2.1', /cannot listen at 192\.0\.2\.1, port 0: this machine does not have that address/]])(
  'if it cannot listen (%s), a sentence says why',
  async (address, message) => {
    const sources = { ailing: () => undefined, versions: () => ({}) }
    await expect(serve({ address, port: 0, sources })).rejects.toThrow(WebError)
    await expect(serve({ address, port: 0, sources })).rejects.toThrow(message)
  },
)

test('a port in use is reported', async () => {
  const { port } = await serving()
  const sources = { ailing: () => undefined, versions: () => ({}) }
  await expect(serve({ port, sources })).rejects.toThrow(/another program is listening there/)
})
