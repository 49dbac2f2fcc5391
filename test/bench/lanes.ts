// npm run bench lanes [LANES...]: how fast the records of many CPUs become a trace, without a kernel: through the merge, the state,
// compression and the file. Rows are those of the captures in `captures`, played on each two CPUs in the order of their times. Each run
// is a process of its own; the least CPU time of several rounds counts, since other programs disturb (ROUNDS, default 3). It prints the
// rate of calls, too, and its ratio to that of the first number of lanes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './tracer.js'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const CALLS = process.env.CALLS ?? '8000000'
const BUILT = `${ROOT}.build/bench/lanes/`
const CAPTURES = ['web', 'build', 'shell'].map((name) => `${ROOT}captures/${name}.ksys`)
const STAGES = { merge: 'merge', state: 'and state', file: 'and compression and file' } as const

/** What a run prints (lanes/run.ts). */
interface Run {
  readonly calls: number
  readonly seconds: number
  readonly cpu: number
  readonly main: number
}

const counts = process.argv.slice(2)
const dir = mkdtempSync(join(tmpdir(), 'ksys-lanes-'))

function measure(stage: string, lanes: string): Run {
  const runs = Array.from({ length: ROUNDS }, () => {
    const args = [`${BUILT}test/bench/lanes/run.js`, `${BUILT}lanes.node`, stage, lanes, CALLS, join(dir, 'lanes.ksys')]
    return JSON.parse(execFileSync(process.execPath, [...args, ...CAPTURES], { encoding: 'utf8' })) as Run
  })
  return runs.reduce((least, run) => (run.cpu / run.calls < least.cpu / least.calls ? run : least))
}

try {
  const first: Record<string, number> = {}
  for (const lanes of counts.length > 0 ? counts : ['2', '16', '64', '128', '256']) {
    const found = Object.entries(STAGES).map(([stage, text]) => {
      const { calls, cpu, main, seconds } = measure(stage, lanes)
      const ns = (of: number) => ((of / calls) * 1e9).toFixed(0)
      const rate = calls / seconds
      first[stage] ??= rate
      const rates = `${(rate / 1e6).toFixed(2)} M/s, ${(rate / first[stage]).toFixed(2)} of the first`
      return `${text} ${ns(cpu)} ns of CPU a call (${ns(main)} of the main thread), ${rates}`
    })
    console.log(`${lanes} lanes: ${found.join('; ')}`)
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
