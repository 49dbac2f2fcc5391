// npm run bench mixed: a trace of a mixed load (mixed.sh), its size, the cost of writing it, and the time of queries
// of it. Loops of one call flatter a reader: here calls differ, and a third of them change the state.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { cpuSeconds, KSYS, median, memoryKb, ROOT, startKsys, timeKsys } from './tracer.js'

const SECONDS = 30

const QUESTIONS: Record<string, string[]> = {
  'fd.name contains /nosuch': ['-q', 'fd.name', 'contains', '/nosuch'],
  'fd.name contains /etc': ['-q', 'fd.name', 'contains', '/etc'],
  'proc.name=nginx': ['-q', 'proc.name=nginx'],
  'evt.type=openat and evt.failed=true': ['-q', 'evt.type=openat', 'and', 'evt.failed=true'],
  '-c topprocs_net': ['-c', 'topprocs_net'],
  '-c topfiles_bytes': ['-c', 'topfiles_bytes'],
  '-c topscalls': ['-c', 'topscalls'],
  'text lines': [],
  'JSON lines': ['-j'],
}

/** Rows of the report: name and value. dir: a folder for the trace. */
export async function mixed(rounds: number, dir: string): Promise<[string, string][]> {
  const trace = join(dir, 'mixed.ksys')
  const t = await startKsys(['-q', '-s', '80', '-w', trace], 0)
  const load = spawn('bash', [join(ROOT, 'test/bench/mixed.sh'), String(SECONDS)], { stdio: 'ignore' })
  await new Promise((done) => load.on('close', done))
  const cpu = cpuSeconds(t.pid)
  const mb = memoryKb(t.pid, 'RssAnon') / 1024
  await t.stop()
  const info = JSON.parse(execFileSync(process.execPath, [KSYS, 'info', '-j', trace], { encoding: 'utf8' }))
  const { events: calls, lost, bytes } = info as Record<'events' | 'lost' | 'bytes', number>
  const rows: [string, string][] = [
    ['mixed load to a file', `${(calls / SECONDS / 1e3).toFixed(0)} k calls/s, ${lost} lost, ${mb.toFixed(0)} MB own`],
    ['the same, a call', `${((cpu / calls) * 1e6).toFixed(2)} us of ksys's CPU, ${(bytes / calls).toFixed(2)} bytes`],
  ]
  for (const [name, args] of Object.entries(QUESTIONS)) {
    const runs = []
    for (let i = 0; i < Math.min(rounds, 3); i++) runs.push(await timeKsys(['-r', trace, ...args]))
    const s = median(runs.map((r) => r.seconds))
    const failed = runs.some((r) => r.code !== 0) ? ', FAILED' : ''
    const most = Math.max(...runs.map((r) => r.mb)).toFixed(0)
    rows.push([`mixed trace, ${name}`, `${(calls / s / 1e6).toFixed(2)} M calls/s, ${most} MB${failed}`])
  }
  return rows
}
