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

describe.skipIf(!privileged())('losses', () => {
  test('are events of the file and a sum on standard error, and nothing else is missing', async () => {
    const exe = compile(dir, 'calls')
    const trace = join(dir, 'losses.ksys')
    const filter = 'proc.name=calls and evt.type=getppid or evt.type=drop'
    const writer = spawn(process.execPath, [main, '--buffer', '2m', '-w', trace, filter], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let err = ''
    writer.stderr.on('data', (d) => {
      err += d
    })
    const ended = new Promise((done) => writer.on('close', done))
    await sleep(2500)
    writer.kill('SIGSTOP')
    spawnSync(exe, [String(CALLS)], { input: '' })
    writer.kill('SIGCONT')
    await sleep(1500)
    writer.kill('SIGINT')
    await ended

    const shown = readRows(trace, ['evt.type'], ['evt.type=getppid']).length
    const lost = Number(/(\d[\d,]*)/.exec(err)?.[1]?.replaceAll(',', '') ?? 0)
    expect(err).toMatch(/lost|dropped/)
    expect(readFileSync(trace).length).toBeGreaterThan(1000)
    const drops = ksys(['-r', trace, 'evt.type=drop'])
    expect(drops.stdout).toContain('drop')
    expect(drops.stderr).toContain(/[\d,]+ events were lost/.exec(err)?.[0])
    expect(shown).toBeGreaterThan(1000)
    expect(shown).toBeLessThan(CALLS)
    // the filter is decided in the kernel, so only these calls and the few that keep the state true can be lost
    expect(shown + lost).toBeGreaterThanOrEqual(CALLS)
    expect(shown + lost).toBeLessThan(CALLS * 1.01)
  })
})
