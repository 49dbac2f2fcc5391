// npm run bench rotation: the cost of a file a second compared with one file, as ksys's CPU for each call of a load at a steady rate, and
// the cost of reading a thousand files compared with one.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSeconds, KSYS, loaded, median, startKsys, timeKsys } from './tracer.js'

const RATE = 200_000
const SECONDS = 20
/** seconds of the same load before: meanwhile the code that creates files is compiled, once in a run */
const WARM = 30
const FILES = 1000
const EVENTS = RATE * (WARM + SECONDS)

/** Rows of the report: name and value. dir: a folder for files. */
export async function rotation(rounds: number, dir: string): Promise<[string, string][]> {
  const one = join(dir, 'one.ksys')
  const live = join(dir, 'live')
  const ring = join(dir, 'ring')
  for (const folder of [live, ring]) mkdirSync(folder)
  const cases = { one: ['-w', one], ring: ['-w', join(live, 'x.ksys'), '-G', '1', '-W', '5'] }
  const cpu = { one: [] as number[], ring: [] as number[] }
  for (let i = 0; i < rounds; i++)
    for (const name of ['one', 'ring'] as const) {
      const t = await startKsys(['-q', ...cases[name]], 0)
      await loaded(RATE, WARM)
      const before = cpuSeconds(t.pid)
      await loaded(RATE, SECONDS)
      cpu[name].push(cpuSeconds(t.pid) - before)
      await t.stop()
    }
  const [alone, several] = [median(cpu.one), median(cpu.ring)]
  const ms = ((several - alone) / SECONDS) * 1e3
  const rows: [string, string][] = [
    [
      'a file a second',
      `${(several / alone).toFixed(3)} of -w's CPU, ${ms.toFixed(1)} ms a file, ${readdirSync(live).length} files`,
    ],
  ]
  execFileSync(process.execPath, [KSYS, '-r', one, '-w', join(ring, 'x.ksys'), '-e', String(Math.ceil(EVENTS / FILES))])
  for (const question of ['proc.name=nosuch', 'proc.name=load', '']) {
    const seconds = async (path: string) => {
      const runs = []
      for (let i = 0; i < rounds; i++)
        runs.push((await timeKsys(['-r', path, '-q', '-S', ...(question === '' ? [] : [question])])).seconds)
      return median(runs)
    }
    const ratio = (await seconds(ring)) / (await seconds(one))
    rows.push([
      `${readdirSync(ring).length} files as one, ${question || 'all events'}`,
      `${ratio.toFixed(2)} of one file's time`,
    ])
  }
  return rows
}
