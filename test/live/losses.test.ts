// What does not fit into the rings is counted: shown and lost together are what a program made.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { compile, readRows, scratchDir } from '../helpers/live.js'

const dir = scratchDir('losses')
const CALLS = 400_000
const FILTER = 'proc.name=calls and evt.type=getppid or evt.type=drop'

/** Runs ksys with rings that are far too small, stopped while a program makes its calls; what it printed at its end. */
async function overflow(args: string[]): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const exe = compile(dir, 'calls')
  const capture = spawn(process.execPath, [main, '--buffer', '2m', ...args, FILTER], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  let stderr = ''
  capture.stdout.on('data', (d) => out.push(d))
  capture.stderr.on('data', (d) => {
    stderr += d
  })
  const ended = new Promise<number | null>((done) => capture.on('close', done))
  await sleep(2500)
  capture.kill('SIGSTOP')
  spawnSync(exe, [String(CALLS)], { input: '' })
  capture.kill('SIGCONT')
  await sleep(1500)
  capture.kill('SIGINT')
  const code = await ended
  return { stdout: Buffer.concat(out).toString(), stderr, code }
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
  test('are events of the file and a sum on standard error, and nothing else is missing', async () => {
    const trace = join(dir, 'losses.ksys')
    const { stderr } = await overflow(['-w', trace])
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

  test('are lines of live text, where they happened, and a sum on standard error', async () => {
    const { stdout, stderr, code } = await overflow([])
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    const drops = lines.filter((l) => / drop /.test(l))
    expect(drops.length).toBeGreaterThan(0)
    expect(drops.reduce((sum, l) => sum + number(/ lost=(\d+)/.exec(l)?.[1]), 0)).toBe(lostBy(stderr))
    addsUp(lines.filter((l) => / getppid /.test(l)).length, lostBy(stderr))
  })
})
