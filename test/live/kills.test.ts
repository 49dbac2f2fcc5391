// A writer that is killed while dozens of programs compete for the processors: its file contains everything older than 1.5 s. Long runs
// (npm run soak) specify with KSYS_KILLS the number of writers, and with KSYS_BUSY the number of busy programs.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { captureStarted, compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('kills')
const KILLS = Number(process.env.KSYS_KILLS ?? 5)
const BUSY = Number(process.env.KSYS_BUSY ?? 3 * cpus().length)
/** ms */
const OLD = 1500
/** s that Node itself may need to start among so many programs */
const LONGEST = 120

/** Programs that only compute: half of them share this session's part of the processors, the others have parts of their own. */
function busy(program: string): ChildProcess[] {
  return Array.from({ length: BUSY }, (_, i) => spawn(program, ['busy'], { stdio: 'ignore', detached: i % 2 === 1 }))
}

/** Numbers and times (ms since the epoch) of the calls. */
function marksIn(path: string): [number: number, time: number][] {
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return whole.map((line) => line.split(' ').map(Number) as [number, number])
}

test.runIf(privileged())(
  'killed writers on a busy machine leave everything that is older than 1.5 s',
  { timeout: KILLS * 180_000 },
  async () => {
    const log = join(dir, 'said')
    const out = openSync(log, 'w')
    const program = compile(dir, 'marks')
    const load = busy(program)
    const marks = spawn(program, { stdio: ['ignore', out, 'ignore'] })
    closeSync(out)
    const all = (signal: NodeJS.Signals) => {
      for (const p of load) p.kill(signal)
    }
    const left: string[] = []
    try {
      for (let i = 0; i < KILLS; i++) {
        // the start of a runtime is not tested, but every tenth one starts among busy programs
        if (i % 10 !== 0) all('SIGSTOP')
        const trace = join(dir, `${i}.ksys`)
        const writer = spawn(process.execPath, [main, '--no-container-metadata', '-w', trace], { stdio: 'ignore' })
        const ended = new Promise((done) => writer.on('close', done))
        await captureStarted(trace, LONGEST)
        all('SIGCONT')
        // the calls of at least half a second must be in the file
        await sleep(OLD + 500 + 173 * (i % 10))
        const at = Date.now()
        writer.kill('SIGKILL')
        await ended
        all('SIGSTOP')
        const read = ksys(['-r', trace, '-p', '%evt.arg.name', 'evt.type=access and proc.name=marks'])
        const seen = new Set([...read.stdout.matchAll(/\/mark\/(\d+)/g)].map((m) => Number(m[1])))
        const first = Math.min(...seen)
        const old = marksIn(log).filter(([n, time]) => n >= first && time < at - OLD)
        const missing = old.filter(([n]) => !seen.has(n)).map(([, time]) => at - time)
        if (old.length === 0 || missing.length > 0)
          left.push(`kill ${i}: of ${old.length} calls ${missing.length} are missing, up to ${missing[0]} ms old`)
        rmSync(trace, { force: true })
        all('SIGCONT')
      }
    } finally {
      all('SIGKILL')
      marks.kill('SIGKILL')
    }
    expect(left).toEqual([])
  },
)
