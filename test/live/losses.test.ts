// What does not fit into the rings is counted: shown and lost together are what a program made.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged, type Ran } from '../helpers/ksys.js'
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
})
