// npm run bench processes [COUNT...]: what each process that already exists costs: until the first event, in memory while it does
// nothing, and when a trace is read. Other programs disturb, so that the least of several runs counts (ROUNDS, default 5).
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSeconds, KSYS, memoryKb, ROOT, sleep, start, timeKsys } from './tracer.js'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const COUNTS = process.argv.slice(2).map(Number)
/** ms in which a started ksys must not use the CPU */
const QUIET = 1000

interface Costs {
  /** seconds until the first event, and of the CPU until ksys waits for events that no filter passes */
  readonly first: number
  readonly cpu: number
  /** KB while it waits */
  readonly memory: number
  /** seconds and KB of reading one event of a trace */
  readonly read: number
  readonly readMemory: number
}

/** Starts that many processes. */
async function existing(count: number): Promise<ChildProcess> {
  const child = spawn(`${ROOT}.build/bench/processes`, [String(count)], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise<void>((done, fail) => {
    child.stdout.once('data', () => done())
    child.once('close', () => fail(new Error('the processes have ended')))
  })
  return child
}

/** CPU seconds and KB of a ksys that waits. */
async function waiting(): Promise<[number, number]> {
  const t = start(process.execPath, [KSYS, '-q', 'proc.name=ksys-bench-nobody'])
  let before = -1
  let cpu = 0
  while (cpu < 0.1 || cpu - before > 0.02) {
    await sleep(QUIET)
    before = cpu
    cpu = cpuSeconds(t.pid)
  }
  const memory = memoryKb(t.pid, 'RssAnon')
  await t.stop()
  return [cpu, memory]
}

async function costs(count: number, trace: string): Promise<Costs> {
  const processes = await existing(count)
  try {
    await timeKsys(['-q', '-n', '1', '-w', trace])
    const all: Costs[] = []
    for (let i = 0; i < ROUNDS; i++) {
      const [cpu, memory] = await waiting()
      const first = await timeKsys(['-n', '1'])
      const read = await timeKsys(['-n', '1', '-r', trace])
      all.push({ first: first.seconds, cpu, memory, read: read.seconds, readMemory: read.mb * 1024 })
    }
    const least = (key: keyof Costs) => Math.min(...all.map((c) => c[key]))
    return {
      first: least('first'),
      cpu: least('cpu'),
      memory: least('memory'),
      read: least('read'),
      readMemory: least('readMemory'),
    }
  } finally {
    processes.stdin?.end()
    await new Promise((done) => processes.once('close', done))
  }
}

const dir = mkdtempSync(join(tmpdir(), 'ksys-processes-'))
try {
  const none = await costs(0, join(dir, '0.ksys'))
  for (const count of COUNTS.length > 0 ? COUNTS : [1000, 8000]) {
    const some = await costs(count, join(dir, `${count}.ksys`))
    const ms = (key: 'first' | 'cpu' | 'read') => (((some[key] - none[key]) * 1e3) / count).toFixed(3)
    const kb = (key: 'memory' | 'readMemory') => ((some[key] - none[key]) / count).toFixed(1)
    console.log(
      `${count} processes, each: ${ms('first')} ms until the first event, ${ms('cpu')} ms of CPU, ${kb('memory')} KB; ` +
        `read from a trace: ${ms('read')} ms, ${kb('readMemory')} KB`,
    )
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}
