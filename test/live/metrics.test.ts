// Metrics of this machine: those of a command, and those that a real Prometheus scrapes and evaluates.
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { certificates } from '../helpers/certificates.js'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { readMetrics, sampleValue } from '../helpers/prometheus.js'

/** Debian's, installed or as the set-up of tests downloads it. */
const PROMETHEUS = ['/usr/bin/prometheus', join(root, '.build/prometheus/usr/bin/prometheus')].find(existsSync)
const WRITES = 5000

/** A program with this name, which writes a byte a number of times. */
function writer(dir: string, name: string): string[] {
  const exe = join(dir, name)
  copyFileSync('/usr/bin/dd', exe)
  return [exe, 'if=/dev/zero', 'of=/dev/null', 'bs=1', `count=${WRITES}`, 'status=none']
}

function started(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGINT')
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(late)
  })
  return child
}

/** The standard error of a process once it matches the pattern. */
async function errorsMatching(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = ''
  for await (const part of child.stderr as AsyncIterable<Buffer>) {
    text += part.toString()
    const found = pattern.exec(text)
    if (found !== null) {
      child.stderr?.resume()
      return found
    }
  }
  throw new Error(`it ended and said: ${text}`)
}

/** Repeats a query until there is a result. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    await sleep(200)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}

async function runs([exe, ...args]: string[]): Promise<void> {
  await new Promise((done) => spawn(exe as string, args, { stdio: 'ignore' }).once('exit', done))
}

describe.runIf(privileged())('metrics of this machine', () => {
  const dir = scratchDir('metrics')
  const files = certificates()

  test.each([[['--by', 'program,call']], [['--by', 'program,call', `proc.name = known-writer`]], [[]]])(
    'the calls, bytes and latencies of a command are complete (%j)',
    (args) => {
      const ran = ksys(['metrics', ...args, '--', ...writer(dir, 'known-writer')])
      expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringMatching(/lost/)])
      const families = readMetrics(ran.stdout, 'prometheus')
      const samples = families.flatMap((f) => f.samples).filter((s) => s.labels.program === 'known-writer')
      const of = (name: string, more = {}) => {
        const found = samples.filter(
          (s) => s.name === name && Object.entries({ call: 'write', ...more }).every(([k, v]) => s.labels[k] === v),
        )
        return found.reduce((n, s) => n + s.value, 0)
      }
      expect(of('ksys_syscalls_total')).toBe(WRITES)
      expect(of('ksys_syscall_bytes_total', { direction: 'write' })).toBe(WRITES)
      expect(of('ksys_syscall_bytes_total', { call: 'read', direction: 'read' })).toBeGreaterThanOrEqual(WRITES)
      expect(of('ksys_syscall_duration_seconds_count')).toBe(WRITES)
      expect(of('ksys_syscall_duration_seconds_sum')).toBeGreaterThan(0)
      expect(of('ksys_syscall_errors_total')).toBe(0)
      expect(sampleValue(families, 'process_cpu_seconds_total')).toBeGreaterThan(0)
      expect(sampleValue(families, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    },
  )

  test('--buckets off counts all calls and bytes, and measures no latencies', () => {
    const ran = ksys(['metrics', '--buckets', 'off', '--by', 'program,call', '--', ...writer(dir, 'untimed-writer')])
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringMatching(/lost/)])
    const families = readMetrics(ran.stdout, 'prometheus')
    const write = { program: 'untimed-writer', call: 'write' }
    expect(sampleValue(families, 'ksys_syscalls_total', write)).toBe(WRITES)
    expect(sampleValue(families, 'ksys_syscall_bytes_total', { ...write, direction: 'write' })).toBe(WRITES)
    expect(families.map((f) => f.name)).not.toContain('ksys_syscall_duration_seconds')
  })

  test('every interval prints all of them', () => {
    const ran = ksys(['metrics', '--interval', '500ms', '-M', '2', '--by', 'call'])
    const texts = ran.stdout.split('\n\n')
    expect(texts.length).toBeGreaterThan(1)
    for (const text of texts) readMetrics(`${text.trimEnd()}\n`, 'prometheus')
  })

  test.runIf(PROMETHEUS !== undefined)(
    'Prometheus scrapes them, by https and with a token, and evaluates them',
    async () => {
      const token = join(dir, 'token')
      writeFileSync(token, 'a-token\n')
      const tls = ['--tls-cert', files.server.cert, '--tls-key', files.server.key]
      const by = ['--by', 'program,call', '--listen', '0.0.0.0:0', '--token-file', token, ...tls]
      // because of all other programs, there may be more series than the limit
      const filter = 'proc.name in (prom-writer, prometheus)'
      const tracer = started(process.execPath, [main, 'metrics', ...by, filter])
      const [, target] = await errorsMatching(tracer, /https:\/\/0\.0\.0\.0:(\d+)\/metrics/)
      const port = await freePort()
      const config = join(dir, 'prometheus.json')
      const job = {
        job_name: 'ksys',
        scheme: 'https',
        scrape_interval: '500ms',
        tls_config: { ca_file: files.ca },
        authorization: { credentials_file: token },
        static_configs: [{ targets: [`127.0.0.1:${target}`] }],
      }
      writeFileSync(config, JSON.stringify({ scrape_configs: [job] }))
      const where = [`--storage.tsdb.path=${join(dir, 'data')}`, `--web.listen-address=127.0.0.1:${port}`]
      started(PROMETHEUS as string, [`--config.file=${config}`, ...where])
      const ask = (query: string, wanted: (value: number) => boolean) =>
        until(async () => {
          const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`
          const answer = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } }
          const value = Number(answer.data.result[0]?.value[1])
          return wanted(value) ? value : undefined
        })
      // the capture is running and was scraped
      expect(await ask('up{job="ksys"}', (n) => n === 1)).toBe(1)
      await ask('sum(ksys_syscalls_total)', (n) => n > 0)
      const command = writer(dir, 'prom-writer')
      await runs(command)
      await runs(command)
      const writes = 'ksys_syscalls_total{program="prom-writer",call="write"}'
      expect(await ask(writes, (n) => n >= 2 * WRITES)).toBe(2 * WRITES)
      const buckets = 'ksys_syscall_duration_seconds_bucket{program="prom-writer",call="write"}'
      expect(await ask(`histogram_quantile(0.5, ${buckets})`, (n) => n > 0)).toBeLessThan(0.01)
      expect(await ask('sum(ksys_events_lost_total)', (n) => n >= 0)).toBe(0)
    },
  )
})
