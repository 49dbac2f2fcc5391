// --to otlp: what an OpenTelemetry receiver gets from a capture, and how rejected records are handled.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { certificates } from '../../helpers/certificates.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { receiver } from '../../helpers/otlp.js'

const capture = join(root, 'captures/build.ksys')
const dir = mkdtempSync(join(tmpdir(), 'ksys-otlp-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const files = certificates()

/** Runs ksys in another process, while this one responds to it. */
async function run(...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (part) => {
    stderr += part
  })
  const [code] = await once(child, 'close')
  return { code: code as number | null, stderr }
}

/** The same events from lines of JSON. */
function rows(fields: string, filter: string): Record<string, unknown>[] {
  const lines = ksys(['-r', capture, '-j', '-p', `*${fields}`, filter])
    .stdout.trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

test('each event is a record with its time, its call, and fields as attributes with the names of OpenTelemetry', async () => {
  const got = await receiver()
  const filter = 'proc.name = make and evt.type in (openat, read)'
  const ran = await run('-r', capture, '--to', 'otlp', '-w', got.url, filter)
  expect(ran).toEqual({ code: 0, stderr: '' })
  const fields = '%evt.rawtime %evt.type %evt.args %evt.num %evt.latency %evt.res %proc.pid %thread.tid %fd.name'
  const expected = rows(fields, filter)
  expect(got.records).toHaveLength(expected.length)
  expect(got.requests[0]?.path).toBe('/v1/logs')
  expect(got.requests[0]?.headers['content-type']).toBe('application/x-protobuf')
  const byNumber = new Map(got.records.map((r) => [r.attributes['evt.num'], r]))
  for (const row of expected) {
    const record = byNumber.get(row['evt.num'] as number)
    expect(record?.event).toBe(`ksys.${row['evt.type']}`)
    expect(record?.body).toBe(`${row['evt.type']} ${row['evt.args']}`)
    expect(record?.severity).toBe(9)
    expect(record?.attributes).toMatchObject({
      'evt.type': row['evt.type'],
      'evt.res': row['evt.res'],
      'process.executable.name': 'make',
      'process.pid': row['proc.pid'],
      'thread.id': row['thread.tid'],
    })
    expect(record?.attributes['fd.name']).toEqual(row['fd.name'] ?? undefined)
    expect(record?.attributes['container.id']).toBeUndefined()
    expect(record?.resource).toMatchObject({ 'service.name': 'ksys', 'os.type': 'linux' })
  }
  const exact = ksys(['-r', capture, '-t', 'a', '-p', '%evt.rawtime', '-n', '1', filter]).stdout.trim()
  const first = got.records.reduce((a, b) => (a.time < b.time ? a : b))
  expect(first.time).toBe(BigInt(exact.replace(/\D/g, '')))
})

test('-p selects the fields', async () => {
  const got = await receiver()
  await run('-r', capture, '--to', 'otlp', '-w', got.url, '-p', '%evt.type %proc.cmdline', '-n', '3')
  expect(got.records.map((r) => Object.keys(r.attributes))).toEqual(
    new Array(3).fill(['evt.type', 'process.command_line']),
  )
  expect(got.records[0]?.body).toBe(got.records[0]?.attributes['evt.type'])
})

test('a whole file is sent in several requests, each record once; they may be compressed', async () => {
  const got = await receiver()
  // a late response would repeat a request, and the receiver is this process, which may be slow next to other tests
  const url = `${got.url}/v1/logs,compress=true,timeout=10m`
  const ran = await run('-r', capture, '-r', capture, '--to', 'otlp', '-w', url)
  expect(ran.code).toBe(0)
  const lines = ksys(['-r', capture, '-p', '*%evt.num']).stdout.trimEnd().split('\n')
  expect(got.records).toHaveLength(2 * lines.length)
  expect(got.requests.length).toBeGreaterThan(3)
  for (const { path, headers } of got.requests)
    expect([path, headers['content-encoding']]).toEqual(['/v1/logs', 'gzip'])
})

test('the URL may be followed by headers and files for TLS', async () => {
  const tls = { cert: readFileSync(files.server.cert), key: readFileSync(files.server.key) }
  const got = await receiver({ tls })
  const headers = join(dir, 'headers')
  writeFileSync(headers, 'Authorization: Bearer secret\n\nX-Scope: a\n')
  const url = `${got.url},ca=${files.ca},headers=${headers},header=X-Scope: b`
  expect(await run('-r', capture, '--to', 'otlp', '-w', url, '-n', '1')).toEqual({ code: 0, stderr: '' })
  expect(got.requests[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-scope': 'b' })
  const strange = await run('-r', capture, '--to', 'otlp', '-w', `${got.url},retries=0`, '-n', '1')
  expect(strange.code).toBe(6)
  expect(strange.stderr).toMatch(/1 record was not delivered: .*certificate/)
})

test('a receiver that fails for a while gets all records, and Retry-After is respected', async () => {
  const got = await receiver({
    answer: (i) => (i === 0 ? { status: 503, headers: { 'retry-after': '1' } } : { status: i < 3 ? 502 : 200 }),
  })
  const ran = await run('-r', capture, '--to', 'otlp', '-w', got.url, '-n', '5')
  expect(ran.code).toBe(0)
  expect(ran.stderr).toMatch(/does not accept records at present: it responded with 503/)
  expect(got.records).toHaveLength(5)
})

test.each([
  [
    'refuses them for good',
    () => ({ status: 400 }) as const,
    '',
    /4 records were not delivered: it responded with 400/,
  ],
  ['goes on failing', () => ({ status: 503 }) as const, ',retries=2', /not delivered: it responded with 503/],
  ['hangs', () => 'hang' as const, ',timeout=200ms,retries=1', /not delivered: no response within 200 ms/],
  ['redirects', () => ({ status: 302 }) as const, '', /a redirect, which is not followed/],
])('if the receiver %s, the run exits with 6 and reports it', async (_, answer, options, message) => {
  const got = await receiver({ answer })
  const ran = await run('-r', capture, '--to', 'otlp', '-w', `${got.url}${options}`, '-n', '4')
  expect(ran.code).toBe(6)
  expect(ran.stderr).toMatch(message)
})

test('records that a receiver rejects in its response are reported', async () => {
  const reason = Buffer.from('too old')
  const partial = Buffer.concat([Buffer.from([8, 2, 18, reason.length]), reason])
  const body = Buffer.concat([Buffer.from([10, partial.length]), partial])
  const got = await receiver({ answer: () => ({ status: 200, body }) })
  const ran = await run('-r', capture, '--to', 'otlp', '-w', got.url, '-n', '4')
  expect([ran.code, ran.stderr]).toEqual([6, expect.stringMatching(/2 records were not delivered: too old/)])
})

const partialSuccess = (rejected: number, reason: string) => {
  const text = Buffer.from(reason)
  const partial = Buffer.concat([Buffer.from([8, rejected, 18, text.length]), text])
  return Buffer.concat([Buffer.from([10, partial.length]), partial])
}

test.each([
  [
    'with nothing refused and a warning',
    partialSuccess(0, 'use gRPC'),
    /^ksys: http\S+ accepted the records with a warning: use gRPC\n$/,
  ],
  ['with nothing refused', partialSuccess(0, ''), /^$/],
  ['as JSON', Buffer.from('{"partialSuccess":{"rejectedLogRecords":"0"}}'), /^$/],
  ['as an empty object', Buffer.from('{}'), /^$/],
  ['as text', Buffer.from('OK'), /^$/],
])('a receiver accepts records by responding with %s', async (_, body, stderr) => {
  const got = await receiver({ answer: () => ({ status: 200, body }) })
  const ran = await run('-r', capture, '--to', 'otlp', '-w', got.url)
  expect(ran).toEqual({ code: 0, stderr: expect.stringMatching(stderr) })
  expect(got.requests.length).toBeGreaterThan(1)
})

test('a JSON response reports rejected records', async () => {
  const body = Buffer.from('{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}')
  const got = await receiver({ answer: () => ({ status: 200, body }) })
  const ran = await run('-r', capture, '--to', 'otlp', '-w', got.url, '-n', '4')
  expect([ran.code, ran.stderr]).toEqual([6, expect.stringMatching(/2 records were not delivered: too old/)])
})

test('many requests that end late cause no warning of Node, and a run that gives up reports the last response of the receiver', async () => {
  const { Sender } = await import('../../../src/web/sender.js')
  const warnings: Error[] = []
  const heard = (warning: Error) => warnings.push(warning)
  process.on('warning', heard)
  try {
    const poster = { send: () => new Promise<Buffer>((done) => setTimeout(() => done(Buffer.alloc(0)), 5)), close() {} }
    const sender = new Sender({ poster, complain: () => undefined })
    for (let i = 0; i < 100; i++) sender.offer(Buffer.from('x'), 1)
    await sender.close(30_000)
    await new Promise((done) => setImmediate(done))
    expect([sender.sent, warnings]).toEqual([100, []])
  } finally {
    process.off('warning', heard)
  }
  const got = await receiver({ answer: () => ({ status: 503 }) })
  const abort = new AbortController()
  const poster = new (await import('../../../src/web/poster.js')).Poster({ url: got.url, headers: {}, atOnce: 1 })
  const sent = poster.send(Buffer.from('x'), { abort: abort.signal, trouble: () => abort.abort() })
  await expect(sent).rejects.toThrow(/^it responded with 503; the run ended before it responded/)
  poster.close()
})

test('an unreachable receiver is reported, and the run ends', async () => {
  const ran = await run('-r', capture, '--to', 'otlp', '-w', 'http://127.0.0.1:1,retries=1', '-n', '1')
  expect([ran.code, ran.stderr]).toEqual([6, expect.stringMatching(/the connection was refused \(127\.0\.0\.1:1\)/)])
})

test('Ctrl-C ends a run that waits for a receiver', async () => {
  const got = await receiver({ answer: () => 'hang' })
  const child = spawn(process.execPath, [main, '-r', capture, '--to', 'otlp', '-w', `${got.url},timeout=1s`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (part) => {
    stderr += part
  })
  while (got.requests.length === 0) await new Promise((done) => setTimeout(done, 50))
  child.kill('SIGINT')
  const [code] = await once(child, 'close')
  expect([code, stderr]).toEqual([6, expect.stringMatching(/records were not delivered/)])
})

test.each([
  [['--to', 'otlp'], /otlp is sent to a server: name it with -w/],
  [['--to', 'otlp', '-w', 'x.otlp'], /'x\.otlp' is not the URL of a web server/],
  [['--to', 'otlp', '-w', 'http://h,tiemout=1s'], /a URL has no option 'tiemout' \(did you mean timeout\?\)/],
  [['--to', 'otlp', '-w', 'http://h,timeout=1'], /timeout must be a time such as 500ms/],
  [['--to', 'otlp', '-w', 'http://h,ca=x'], /ca requires https, but http:\/\/h uses http/],
  [['--to', 'otlp', '-w', 'http://h,header=x'], /header: a header is written NAME: VALUE/],
  [['--to', 'otlp', '-w', 'http://h,headers=/nowhere'], /\/nowhere cannot be read/],
  [['--to', 'otlp', '-w', 'http://h', '-t', 'a'], /-t does not apply to otlp: records have absolute times/],
  [
    ['--to', 'otlp', '-w', 'http://h', '--mode', '600'],
    /--owner, --group and --mode require a file, but http:\/\/h is a server/,
  ],
  [['--to', 'otlp', '-w', 'http://h', '-c', 'topscalls'], /otlp cannot represent the table of a chisel/],
])('%j is refused', (args, message) => {
  const ran = ksys(['-r', capture, ...args])
  expect([ran.code, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(message)
})
