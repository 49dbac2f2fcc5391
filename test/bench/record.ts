// npm run bench record: the cost of retaining calls in memory compared with writing them to a file, whether a full memory keeps its
// size, and how soon a file of it can be read. RECORD_SECONDS is the time for which the memory is filled (default 60).
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSeconds, KSYS, loaded, median, memoryKb, sleep, startKsys, type Tracer, timeKsys } from './tracer.js'

const RATE = 500_000
const SECONDS = 10
const FILLING = Number(process.env.RECORD_SECONDS ?? 60)
const MEMORY = '256M'

interface Found {
  cpu: number
  lost: boolean
}

/** A tracer next to the load: its CPU seconds, and whether it lost events. */
async function beside(args: string[], seconds: number): Promise<Found> {
  const t = await startKsys(args, 0)
  const before = cpuSeconds(t.pid)
  await loaded(RATE, seconds)
  const cpu = cpuSeconds(t.pid) - before
  await t.stop()
  return { cpu, lost: / lost /.test(t.stderr()) }
}

/** Own memory, MB: the contents of the file without a name are not mapped, and the kernel's buffers are not own. */
const own = (t: Tracer) => memoryKb(t.pid, 'RssAnon') / 1024

/** Rows of the report: name and value. dir: a folder for files. */
export async function record(rounds: number, dir: string): Promise<[string, string][]> {
  const files = join(dir, 'recorded')
  mkdirSync(files)
  const recorder = ['record', '-q', '--last', MEMORY, '--after', '0s', '-w', join(files, 'x.ksys')]
  const cases = { file: ['-q', '-w', join(dir, 'one.ksys')], memory: recorder }
  const cpu: Record<keyof typeof cases, Found[]> = { file: [], memory: [] }
  for (let i = 0; i < rounds; i++)
    for (const name of ['file', 'memory'] as const) cpu[name].push(await beside(cases[name], SECONDS))
  const ratio = median(cpu.memory.map((f) => f.cpu)) / median(cpu.file.map((f) => f.cpu))
  const rows: [string, string][] = [['into memory', `${ratio.toFixed(3)} of -w's CPU`]]

  const t = await startKsys(recorder, 0)
  const filled: string[] = []
  for (let part = 0; part < 4; part++) {
    await loaded(RATE, FILLING / 4)
    filled.push(own(t).toFixed(0))
  }
  const status = execFileSync(process.execPath, [KSYS, 'dump', '--status', String(t.pid)], { encoding: 'utf8' })
  const from = performance.now()
  const path = execFileSync(process.execPath, [KSYS, 'dump', String(t.pid)], { encoding: 'utf8' }).trim()
  const dumped = performance.now() - from
  const { seconds } = await timeKsys(['-r', path, '-q', '-n', '1'])
  await sleep(100)
  await t.stop()
  rows.push(
    [
      `${FILLING} s of ${RATE / 1e3} k calls/s`,
      `${filled.join(', ')} MB own at each quarter${/ lost /.test(t.stderr()) ? ', LOST SOME' : ', nothing lost'}`,
    ],
    [
      'what was kept then',
      status
        .trim()
        .replace(/^\d+: /, '')
        .replace(/;.*/, ''),
    ],
    ['ksys dump', `${(dumped / 1e3).toFixed(2)} s with its start, first line ${seconds.toFixed(2)} s later`],
  )
  return rows
}
