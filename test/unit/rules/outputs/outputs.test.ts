// All outputs of a run: none delays another, losses are reported on the others, errors are reported before the run starts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { alertLine } from '../../../../src/rules/alerts/lines.js'
import { Outputs, type OutputsOptions } from '../../../../src/rules/outputs/outputs.js'
import { OutputError } from '../../../../src/rules/outputs/spec.js'
import { alertOf, ruleOf } from '../../../helpers/rules.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-outputs-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const NOW = 1_700_000_000_000_000_000n

function context(given: Partial<OutputsOptions> = {}) {
  const problems: string[] = []
  let text = ''
  const options: OutputsOptions = {
    json: false,
    write: (bytes) => {
      text += Buffer.from(bytes).toString()
    },
    reportProblem: (s) => problems.push(s),
    version: '1.2.3',
    format: (alert) => alertLine(alert, true),
    hostname: 'web1',
    ...given,
  }
  return { options, said: problems, lines: () => text.split('\n').slice(0, -1) }
}

test('without a specified output, alerts go to standard output', async () => {
  const { options, lines } = context()
  const outputs = await Outputs.open([], options)
  outputs.offer(alertOf({ text: 'x' }))
  await outputs.close(1000, NOW)
  expect(lines()).toEqual(['2023-11-14T22:13:20.000000007+0000: Warning x'])
  expect(outputs.stats()).toEqual([{ name: 'stdout', sent: 1, dropped: 0, failed: 0, queued: 0 }])
})

test('an output with a hanging reader delays no other, and its losses are reported on the others and in a message', async () => {
  const { options, said } = context({ write: () => new Promise(() => {}) })
  const path = join(dir, 'hang')
  const outputs = await Outputs.open(
    [
      { kind: 'stdout', capacity: 2 },
      { kind: 'file', target: path },
    ],
    options,
  )
  for (let i = 0; i < 5; i++) outputs.offer(alertOf({ text: `${i}` }))
  await sleep(1100)
  outputs.tick(NOW)
  await outputs.close(50, NOW)
  const file = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  expect(file.slice(0, 5).map((l) => l.at(-1))).toEqual(['0', '1', '2', '3', '4'])
  expect(file[5]).toBe(
    '2023-11-14T22:13:20.000000000+0000: Error An output lost alerts (output.dropped=3 output.failed=0 output.name="stdout" output.reason=null)',
  )
  expect(said).toEqual([
    'stdout: 3 alerts were dropped because the queue was full',
    'stdout: 2 alerts were not delivered: they were still queued at the end',
  ])
})

test('each output has its own minimum priority', async () => {
  const { options, lines } = context()
  const path = join(dir, 'minimum')
  const outputs = await Outputs.open(
    [
      { kind: 'stdout', minimum: 'Critical' },
      { kind: 'file', target: path },
    ],
    options,
  )
  outputs.offer(alertOf({ rule: ruleOf({ priority: 'Notice' }), text: 'small' }))
  outputs.offer(alertOf({ rule: ruleOf({ priority: 'Alert' }), text: 'great' }))
  await outputs.close(1000, NOW)
  expect(lines()).toHaveLength(1)
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3)
})

test('a closed standard output ends the run with its own error', async () => {
  const gone = new Error('the reader has gone')
  const { options } = context({
    write: () => {
      throw gone
    },
  })
  const outputs = await Outputs.open([], options)
  outputs.check()
  outputs.offer(alertOf())
  await sleep(5)
  expect(() => outputs.check()).toThrow(gone)
  await expect(outputs.waitForSpace()).rejects.toThrow(gone)
  await outputs.close(0, NOW)
})

test.each([
  [
    [{ kind: 'file', target: '/nonexistent/folder/alerts' }] as const,
    /alerts cannot be written to \/nonexistent\/folder\/alerts: there is no such folder/,
  ],
  [[{ kind: 'file', target: tmpdir() }] as const, /it is a directory/],
  [
    [{ kind: 'program', target: 'nosuchprogram-at-all' }] as const,
    /nosuchprogram-at-all cannot be run: it is not installed/,
  ],
  [[{ kind: 'program', target: 'cat | wc' }] as const, /without a shell, but \| needs one/],
  [[{ kind: 'http', target: 'ftp://host/' }] as const, /'ftp:\/\/host\/' is not the URL of a web server/],
  [[{ kind: 'http', target: 'http://host/', insecure: true }] as const, /insecure requires https/],
  [
    [{ kind: 'http', target: 'https://host/', cert: '/etc/hostname' }] as const,
    /a client certificate requires its key/,
  ],
  [[{ kind: 'http', target: 'https://host/', ca: '/nonexistent.pem' }] as const, /\/nonexistent.pem cannot be read/],
  [
    [{ kind: 'http', target: 'https://host/', cert: '/etc/hostname', key: '/etc/hostname' }] as const,
    /not usable for TLS/,
  ],
  [[{ kind: 'stdout' }, { kind: 'stdout' }] as const, /stdout can be given only once/],
])('an error is reported before anything starts: %j', async (specs, message) => {
  const { options } = context()
  const opening = Outputs.open(specs, options)
  await expect(opening).rejects.toThrow(OutputError)
  await expect(Outputs.open(specs, options)).rejects.toThrow(message)
})

test('names of outputs contain neither secrets of a URL nor words of a program', async () => {
  const { options } = context()
  const outputs = await Outputs.open(
    [
      { kind: 'http', target: 'http://user:secret@127.0.0.1:9/path?token=secret', insecure: false },
      { kind: 'program', target: 'cat --token secret' },
    ],
    options,
  )
  expect(outputs.stats().map((s) => s.name)).toEqual(['http=http://127.0.0.1:9/path', 'program=cat ...'])
  await outputs.close(0, NOW)
})

test('ten thousand alerts in a burst are all printed to standard output', async () => {
  const { options, lines } = context()
  const outputs = await Outputs.open([], options)
  for (let i = 0; i < 10_000; i++) outputs.offer(alertOf({ text: `${i}` }))
  await outputs.close(10_000, NOW)
  expect(lines()).toHaveLength(10_000)
  expect(outputs.stats()[0]).toMatchObject({ sent: 10_000, dropped: 0 })
})
