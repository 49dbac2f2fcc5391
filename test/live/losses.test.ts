// What does not fit into the rings is counted: shown and lost together are what a program made.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ksys, main, privileged, type Ran } from '../helpers/ksys.js'
import { compile, readRows, scratchDir } from '../helpers/live.js'

const dir = scratchDir('losses')
const CALLS = 400_000
const FILTER = 'proc.name=calls and evt.type=getppid or evt.type=drop'

/** Captures with rings that are far too small, stopped by the command itself while it makes its calls. */
function overflow(args: string[]): Ran {
  const command = 'kill -STOP $PPID; "$0" "$1" < /dev/null; kill -CONT $PPID'
  return ksys(['--buffer', '2m', ...args, FILTER, '--', 'sh', '-c', command, compile(dir, 'calls'), String(CALLS)])
}

const SUM = /[\d,]+ events were lost/
const number = (text: string | undefined) => Number(text?.replaceAll(',', '') ?? Number.NaN)
const lostBy = (stderr: string) => number(SUM.exec(stderr)?.[0].split(' ')[0])

/** The filter is decided in the kernel: only these calls and the few that keep the state true can be lost. */
function addsUp(shown: number, lost: number): void {
  expect(shown).toBeGreaterThan(1000)
  expect(shown).toBeLessThan(CALLS)
  expect(shown + lost).toBeGreaterThanOrEqual(CALLS)
  expect(shown + lost).toBeLessThan(CALLS * 1.01)
}

describe.skipIf(!privileged())('losses', () => {
  test('are events of the file and a sum on standard error, and nothing else is missing', () => {
    const trace = join(dir, 'losses.ksys')
    const { stderr } = overflow(['-w', trace])
    expect(readFileSync(trace).length).toBeGreaterThan(1000)
    const drops = ksys(['-r', trace, '-p', '%evt.arg.lost', 'evt.type=drop'])
    expect(drops.stderr).toContain(SUM.exec(stderr)?.[0])
    const told = drops.stdout
      .trimEnd()
      .split('\n')
      .reduce((sum, line) => sum + Number(line), 0)
    expect(told).toBe(lostBy(stderr))
    addsUp(readRows(trace, ['evt.type'], ['evt.type=getppid']).length, lostBy(stderr))
  })

  test('are lines of live text, where they happened, and a sum on standard error', () => {
    const { stdout, stderr, code } = overflow([])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    const drops = lines.filter((l) => / drop /.test(l))
    expect(drops.length).toBeGreaterThan(0)
    expect(drops.reduce((sum, l) => sum + number(/ lost=(\d+)/.exec(l)?.[1]), 0)).toBe(lostBy(stderr))
    addsUp(lines.filter((l) => / getppid /.test(l)).length, lostBy(stderr))
  })

  test('leave nothing unknown for long: who began while events were lost is known with all that there is to know', async () => {
    const marker = join(dir, 'marker')
    writeFileSync(marker, '')
    const format = '*%proc.name %proc.pid %proc.ppid %evt.type %proc.cwd %proc.env[MARK] %proc.exepath'
    const capture = spawn(process.execPath, [main, '--buffer', '2m', '-p', format, `fd.name=${marker}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const lines: string[] = []
    createInterface(capture.stdout).on('line', (l) => lines.push(l))
    const ended = new Promise((done) => capture.on('close', done))
    /** Does it again and again until a line comes that is like that. */
    const until = async (like: RegExp, act: () => void) => {
      for (let i = 0; i < 300 && !lines.some((l) => like.test(l)); i++) {
        act()
        await sleep(100)
      }
      expect(lines.find((l) => like.test(l)) ?? lines.at(-1)).toMatch(like)
    }
    const script = 'exec 9< "$0"; echo; while read -r go; do read -r nothing <&9; done'
    let born: ChildProcessByStdio<Writable, Readable, null> | undefined
    try {
      await until(/^cat /, () => spawnSync('cat', [marker], { timeout: 10_000 }))
      capture.kill('SIGSTOP')
      const fill = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=100000']
      for (const cpu of cpus().keys()) spawnSync('taskset', ['-c', `${cpu}`, ...fill], { timeout: 60_000 })
      born = spawn('sh', ['-c', script, marker], {
        cwd: dir,
        env: { ...process.env, MARK: 'here' },
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      await once(born.stdout, 'data')
      capture.kill('SIGCONT')
      await until(
        new RegExp(`^sh ${born.pid} ${process.pid} read ${realpathSync(dir)}/ here ${realpathSync('/bin/sh')}$`),
        () => born?.stdin.write('go\n'),
      )
    } finally {
      born?.kill('SIGKILL')
      capture.kill('SIGCONT')
      capture.kill('SIGINT')
      await ended
    }
  })
})
