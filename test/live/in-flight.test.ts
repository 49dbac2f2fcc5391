// Calls that have not ended are shown at once, on an idle machine too, and at the end of a trace, but nowhere else.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { captureStarted, readRows, scratchDir, somethingRuns } from '../helpers/live.js'

const dir = scratchDir('in-flight')
somethingRuns()
const started: ChildProcess[] = []
afterAll(() => {
  for (const p of started) p.kill('SIGKILL')
})

function start(file: string, ...args: string[]): ChildProcess & { pid: number } {
  const p = spawn(file, args, { stdio: 'ignore' }) as ChildProcess & { pid: number }
  started.push(p)
  return p
}

function fifo(name: string): string {
  const path = join(dir, name)
  execFileSync('mkfifo', [path])
  return path
}

/** Waits until the process sleeps in this call. */
async function blocked(pid: number, nr: number): Promise<void> {
  for (let i = 0; i < 2400; i++) {
    try {
      if (readFileSync(`/proc/${pid}/syscall`, 'utf8').startsWith(`${nr} `)) return
    } catch {
      // not yet
    }
    await sleep(25)
  }
  throw new Error(`process ${pid} never came into call ${nr}`)
}

const READ = 0
const OPENAT = 257
const json = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe.skipIf(!privileged())('calls in flight', () => {
  test('a call that started long before is shown at once, with its descriptor and the time that its thread has slept', async () => {
    const path = fifo('old')
    const held = start('sh', '-c', `exec 3<>${path}; exec cat <&3`)
    await blocked(held.pid, READ)
    await sleep(1200)
    const only = `proc.pid=${held.pid}`
    const [call, ...more] = json(ksys(['--inflight', '-j', only]).stdout)
    expect(more).toEqual([])
    expect(call).toMatchObject({ 'evt.type': 'read', 'proc.name': 'cat', 'fd.num': 0, 'fd.name': path })
    expect(call['evt.latency.atleast']).toBe(true)
    expect(call['evt.latency']).toBeGreaterThan(1e9)

    const table = ksys(['--inflight', only])
    expect(table).toMatchObject({ code: 0, stderr: '' })
    const [head, row, ...rest] = table.stdout.trimEnd().split('\n')
    expect(head).toMatch(/^RUNNING +PID +TID +PROCESS +CALL +ARGUMENTS$/)
    expect(row).toMatch(new RegExp(`^ *[\\d.]+s\\+ +${held.pid} +${held.pid} +cat +read +fd=0\\(<p>${path}\\)`))
    expect(rest).toEqual([])
    expect(ksys(['--inflight', '-p', '%proc.name %evt.type', `${only} and evt.latency > 1s`]).stdout).toBe('cat read\n')
    const none = ksys(['--inflight', `${only} and evt.latency > 1h`])
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: 'ksys: no call in progress passes the filter\n' })
    const omitted = ksys(['--inflight', '-p', '%proc.name %evt.stack.text', only])
    expect(omitted).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(
        /^ksys: 1 line was omitted because a field has no value there: evt\.stack\.text;.*\n$/,
      ),
    })
    held.kill('SIGSTOP')
    await expect.poll(() => ksys(['--inflight', '-j', only]).stdout, { timeout: 60_000 }).toBe('')
  })

  test('a trace contains those that are running at its end, and shows them only on request', async () => {
    const trace = join(dir, 'end.ksys')
    const path = fifo('new')
    const capture = spawn(process.execPath, [main, '-w', trace], { stdio: 'ignore' })
    const ended = new Promise<number | null>((done) => capture.on('close', done))
    await captureStarted(trace)
    const held = start('cat', path)
    await blocked(held.pid, OPENAT)
    capture.kill('SIGINT')
    expect(await ended).toBe(0)
    const only = `proc.pid=${held.pid}`
    const calls = json(ksys(['-r', trace, '--inflight', '-j', only]).stdout)
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({ 'evt.type': 'openat', 'evt.latency.atleast': false })
    expect(calls[0]['evt.args']).toContain(path)
    expect(calls[0]['evt.latency']).toBeGreaterThan(0)

    const numbers = readRows(trace, ['evt.num']).map((r) => r['evt.num'] as number)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers).not.toContain(0)
    expect(readRows(trace, ['evt.args'], [`${only} and evt.type=openat and evt.args contains ${path}`])).toEqual([])
  })

  test('a trace that was recorded with a filter contains those that pass it', async () => {
    const trace = join(dir, 'some.ksys')
    const held = start('cat', fifo('some'))
    const other = start('cat', fifo('other'))
    for (const { pid } of [held, other]) await blocked(pid, OPENAT)
    expect(ksys(['-w', trace, '-M', '1', 'proc.name=cat and proc.args contains some']).code).toBe(0)
    const calls = json(ksys(['-r', trace, '--inflight', '-j']).stdout)
    expect(calls.map((c) => [c['proc.pid'], c['evt.type']])).toEqual([[held.pid, 'openat']])
    const less = join(dir, 'less.ksys')
    expect(ksys(['-r', trace, '-w', less, 'evt.type=read']).code).toBe(0)
    expect(ksys(['-r', less, '--inflight']).stderr).toMatch(/with those that passed their filter/)
  })

  test('a capture that ends by itself contains them too', () => {
    const trace = join(dir, 'limited.ksys')
    expect(ksys(['-w', trace, '-n', '1']).code).toBe(0)
    const calls = json(ksys(['-r', trace, '--inflight', '-j']).stdout)
    expect(calls.some((c) => c['proc.pid'] === process.pid)).toBe(true)
    expect(readRows(trace, ['evt.num'])).toHaveLength(1)
  })

  test('an input without them reports it, and impossible options are refused', () => {
    const old = ksys(['-r', 'test/unit/trace/formats/version-1.ksys', '--inflight'])
    expect(old).toMatchObject({ code: 0, stdout: '' })
    expect(old.stderr).toMatch(/does not contain calls in progress at its end/)
    expect(ksys(['--inflight', '-n', '3'])).toMatchObject({ code: 2, stdout: '' })
  })
})
