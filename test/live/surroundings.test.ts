// ksys in restricted environments (surroundings.ts): it works, or it reports in a sentence what happened and what to do.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, main, privileged, type Ran, root } from '../helpers/ksys.js'
import { compile, readRows, scratchDir } from '../helpers/live.js'
import { SURROUNDINGS, type Surroundings } from './surroundings.js'

const dir = scratchDir('surroundings')
const SHELL = join(root, 'captures/shell.ksys')
const READ = ['-r', SHELL, '-n', '2']
const CHISEL = ['-r', SHELL, '-c', 'topprocs_cpu']
const UNAVAILABLE = 3

/** Runs ksys in such an environment. */
function within(s: Surroundings, args: string[]): Promise<Ran> {
  const env = {
    ...process.env,
    ...s.env,
    DIR: dir,
    KSYS: root,
    FORBID: compile(dir, 'forbid'),
    MDWE: compile(dir, 'mdwe'),
  }
  const words = ['-c', s.script, 'sh', process.execPath, main, ...args]
  const child = spawn('sh', words, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 100_000 })
  const ran: Ran = { stdout: '', stderr: '', code: -1 }
  child.stdout.on('data', (text) => (ran.stdout += text))
  child.stderr.on('data', (text) => (ran.stderr += text))
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code) => done({ ...ran, code: code ?? -1 }))
  })
}

/** One sentence, and optionally a line about the features that nevertheless work. */
function expectSentence(ran: Ran, code: number, says: RegExp): void {
  expect(ran).toMatchObject({ code, stdout: '' })
  expect(ran.stderr).toMatch(says)
  expect(ran.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
}

/** The output of `info --host` agrees with the result of a capture. */
function expectHost(host: Ran, refused: RegExp | undefined): void {
  expect(host).toMatchObject({ code: 0, stderr: '' })
  const [, possible, why] = /^capture +(possible|not possible: (.*))$/m.exec(host.stdout) ?? []
  if (refused) expect(`ksys: ${why}\n`).toMatch(refused)
  else expect(possible).toBe('possible')
}

const messageOf = (says: RegExp | undefined) => (says ? expect.stringMatching(says) : '')

describe.skipIf(!privileged())('ksys works, or reports what to do, in', () => {
  chmodSync(dir, 0o777)
  const inPlain = ksys(READ)

  test.each(SURROUNDINGS.map((s) => [s.name, s] as const))('%s', async (_, s) => {
    const trace = join(dir, 'command.ksys')
    rmSync(trace, { force: true })
    const [command, machine, read, chisel, host] = await Promise.all([
      within(s, ['-w', trace, '--', '/bin/true']),
      s.refused || s.toldOfMachine ? within(s, ['-q', '-M', '0.2']) : undefined,
      within(s, READ),
      // where captures cannot be read, chisels fail with the same sentence
      s.unread ? within(s, CHISEL) : undefined,
      s.refused || s.told || s.toldOfMachine ? within(s, ['info', '--host']) : undefined,
    ])
    if (s.refused) {
      expectSentence(command, UNAVAILABLE, s.refused)
      expectSentence(machine as Ran, UNAVAILABLE, s.refused)
      expect(existsSync(trace)).toBe(false)
    } else {
      expect(command).toEqual({ code: 0, stdout: '', stderr: messageOf(s.told) })
      if (machine) expect(machine).toEqual({ code: 0, stdout: '', stderr: messageOf(s.told ?? s.toldOfMachine) })
      expect(ksys(['-r', trace, '-p', '%proc.name', 'evt.type=execve'])).toMatchObject({ code: 0, stdout: 'true\n' })
    }
    if (s.unread) for (const ran of [read, chisel as Ran]) expectSentence(ran, s.unread.code, s.unread.says)
    else expect(read).toEqual(inPlain)
    if (host !== undefined) expectHost(host, s.refused)
  })
})

describe.skipIf(!privileged())('limits so low that Node itself may end by a signal', () => {
  /** ksys works, or reports the reason in a sentence; Node itself ends by a signal. */
  const tolerable = (ran: Ran) => {
    if (ran.code < 0 || ran.code > 128) return
    expect(ran.code).toBeOneOf([0, 1, 3, 4])
    expect(ran.stderr).toMatch(ran.code === 0 ? /^$/ : /^ksys: [^\n]*(open|memory)[^\n]*(\n[^\n]*)?\n$/)
    expect(ran.stderr).not.toContain('please report')
  }
  const limited = (limit: string) => ({ name: limit, script: `exec prlimit ${limit} "$@"` })

  test('on open files are reported', async () => {
    const endings = new Set<number>()
    for (let files = 18; files <= 54; files += 6) {
      const s = limited(`--nofile=${files}:${files}`)
      const ran = await Promise.all([within(s, READ), within(s, ['-q', '-M', '0.1'])])
      for (const r of ran) tolerable(r)
      endings.add((ran[1] as Ran).code)
    }
    expect([...endings]).toEqual(expect.arrayContaining([1, 3]))
  })

  test('on address space are reported', async () => {
    const show = 'console.log(/VmPeak:\\s+(\\d+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1])'
    const own = Number(execFileSync(process.execPath, ['-e', show], { encoding: 'utf8' })) * 1024
    for (const more of [150, 300, 450]) {
      const s = limited(`--as=${own + more * 1e6}`)
      for (const ran of await Promise.all([within(s, READ), within(s, ['-q', '-M', '0.1'])])) tolerable(ran)
    }
  })

  test('on file sizes are reported', async () => {
    const trace = join(dir, 'long.ksys')
    const ran = await within(limited('--fsize=100'), ['-w', trace, '--', '/bin/true'])
    expectSentence(ran, 6, /^ksys: .*long\.ksys cannot be written.*: the file would be too large[^\n]*\n$/)
  })
})

test.skipIf(!privileged())(
  'the page of messages describes how Node ends if it may not execute what it compiled',
  async () => {
    const { stderr } = await within({ name: 'mdwe', script: 'exec "$MDWE" "$@"' }, READ)
    const [sign] = /^# (Check failed: .*)\.$/m.exec(stderr)?.slice(1) ?? []
    expect(sign).toBeDefined()
    expect(readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8')).toContain(`\`${sign}\``)
  },
)

describe.skipIf(!privileged())('clocks', () => {
  test('events have the time of day in a time namespace too', async () => {
    const trace = join(dir, 'time.ksys')
    const s = { name: 'time', script: 'exec unshare --time --boottime 100000 "$@"' }
    const before = Date.now()
    expect(await within(s, ['-w', trace, '--', '/bin/true'])).toMatchObject({ code: 0, stderr: '' })
    const after = Date.now()
    const [row] = readRows(trace, ['evt.rawtime', 'proc.duration'], ['evt.type=execve'])
    const ms = Number(row?.['evt.rawtime']) / 1e6
    expect(ms).toBeGreaterThanOrEqual(before)
    expect(ms).toBeLessThanOrEqual(after)
    expect(Number(row?.['proc.duration']) / 1e6).toBeLessThan(after - before)
  })
})
