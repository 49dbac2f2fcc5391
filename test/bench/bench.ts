// npm run bench [live] [refs] [containers] [file] [mixed] [rotation] [record] [rules] [scap] [export] [start]: one process per case, medians of interleaved rounds, a
// table at the end. `columns [CALLS]` runs only if it is named.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { columns } from './columns.js'
import { containers } from './containers.js'
import { bytesEach, EXPORTS, receiver, recordTraffic } from './export.js'
import { mixed } from './mixed.js'
import { record } from './record.js'
import { rotation } from './rotation.js'
import { rulesAlerts, rulesFile, rulesLive } from './rules.js'
import { repeatCapture } from './scap.js'
import {
  cpuSeconds,
  KSYS,
  loop,
  lost,
  median,
  memoryKb,
  type Pattern,
  ROOT,
  sleep,
  startKsys,
  timeKsys,
  tracers,
} from './tracer.js'

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const LAST_CPU = availableParallelism() - 1
const dir = mkdtempSync(join(tmpdir(), 'ksys-bench-'))
const trace = join(dir, 'trace.ksys')
const out = join(dir, 'out.scap')
const PATTERNS: readonly Pattern[] = ['getppid', 'read', 'open']
const COUNT = { getppid: 3_000_000, read: 2_000_000, open: 700_000 }
const rows: string[][] = []

/** Added ns per call: the same loop alone, with a full capture to a file, and with a filter that matches nothing. */
async function live(): Promise<void> {
  const cases: Record<string, string[]> = {
    'full capture to a file': ['-w', trace],
    'the same below a ceiling': ['-w', trace, '--max-calls', '1000000000'],
    'counted for a ceiling': ['-w', trace, '--max-calls', '1'],
    'with stacks of programs': ['-w', trace, '--stacks', 'user'],
    'with stacks of both': ['-w', trace, '--stacks', 'both'],
    'proc.name=nosuch': ['-w', trace, 'proc.name=nosuch'],
    '-c topscalls': ['-c', 'topscalls'],
    '-q -S': ['-q', '-S'],
    'metrics, counted in the kernel': ['metrics'],
    'metrics, call by call': ['metrics', 'evt.rawres >= -4095'],
    '-c topprocs_net': ['-c', 'topprocs_net'],
  }
  const times: Record<string, Record<Pattern, number[]>> = {}
  const losses: Record<string, number> = {}
  const note = (name: string, p: Pattern, ns: number) => {
    times[name] ??= { getppid: [], read: [], open: [] }
    ;(times[name] as Record<Pattern, number[]>)[p].push(ns)
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const p of PATTERNS) note('alone', p, loop(p, COUNT[p], LAST_CPU))
    for (const [name, args] of Object.entries(cases)) {
      const t = await startKsys(args, 0)
      for (const p of PATTERNS) note(name, p, loop(p, COUNT[p], LAST_CPU))
      await t.stop()
      losses[name] = (losses[name] ?? 0) + lost(t.stderr())
    }
  }
  const base = times.alone as Record<Pattern, number[]>
  rows.push(['alone, ns per call', ...PATTERNS.map((p) => median(base[p]).toFixed(0)), ''])
  for (const name of Object.keys(cases)) {
    const of = times[name] as Record<Pattern, number[]>
    rows.push([
      `${name}, added ns`,
      ...PATTERNS.map((p) => (median(of[p]) - median(base[p])).toFixed(0)),
      `${losses[name]} lost`,
    ])
  }
  const t = await startKsys(['-w', trace], 0)
  loop('getppid', 10_000_000, LAST_CPU)
  const anon = memoryKb(t.pid, 'RssAnon') / 1024
  const peak = memoryKb(t.pid, 'VmHWM') / 1024
  await t.stop()
  rows.push([
    '10 M getppid into a file',
    '',
    '',
    '',
    `${lost(t.stderr())} lost, ${anon.toFixed(0)} MB own, ${peak.toFixed(0)} MB with rings`,
  ])
  const idle = await startKsys(['-w', trace], 0)
  await sleep(2000)
  const before = cpuSeconds(idle.pid)
  await sleep(8000)
  const used = ((cpuSeconds(idle.pid) - before) / 8) * 100
  await idle.stop()
  rows.push(['idle host', '', '', '', `${used.toFixed(1)} % of a core`])
}

/** Other common tracers, on the same loop. */
async function refs(): Promise<void> {
  const tools: Record<string, string[]> = {
    'strace -f -c': ['strace', '-f', '-c', '-o', '/dev/null'],
    'perf trace -s': ['perf', 'trace', '-s', '-o', '/dev/null', '--'],
  }
  const base = Object.fromEntries(PATTERNS.map((p) => [p, loop(p, COUNT[p], LAST_CPU)]))
  for (const [name, before] of Object.entries(tools)) {
    try {
      const ns = PATTERNS.map((p) => loop(p, COUNT[p] / 30, LAST_CPU, before) - (base[p] as number))
      rows.push([`${name}, added ns`, ...ns.map((x) => x.toFixed(0)), ''])
    } catch {
      rows.push([name, '', '', '', 'not available here'])
    }
  }
}

/** Rates from a file of mixed calls. */
async function file(): Promise<void> {
  const t = await startKsys(['-w', trace], 0)
  for (const p of PATTERNS) {
    loop(p, COUNT[p], LAST_CPU)
    if (p === 'read') execFileSync('head', ['-c', '1', '/etc/passwd'])
  }
  await t.stop()
  const calls = COUNT.getppid + COUNT.read + COUNT.open * 2
  rows.push(['file', '', '', '', `${(statSync(trace).size / calls).toFixed(1)} bytes per call`])
  const cases: Record<string, string[]> = {
    'read back, fd.name contains /nosuch': ['fd.name', 'contains', '/nosuch'],
    'read back, evt.type=openat and proc.name=nosuch': ['evt.type=openat', 'and', 'proc.name=nosuch'],
    'read back, proc.name=head, one short process': ['proc.name=head'],
    '-c topprocs_net': ['-c', 'topprocs_net'],
    '-c topfiles_bytes': ['-c', 'topfiles_bytes'],
    '-c topscalls': ['-c', 'topscalls'],
    'text lines': [],
    'JSON lines': ['-j'],
    'written as .scap': ['-w', out],
  }
  const start = median(await times(['--version'], 5))
  for (const [name, args] of Object.entries(cases)) {
    rows.push([name, '', '', '', await rate(calls, 'calls', start, ['-r', trace, ...args])])
  }
}

/** Rates from a capture of another tool: recorded events a second with a filter that matches nothing, and lines. */
async function scap(): Promise<void> {
  const plain = join(dir, 'big.scap')
  const events = repeatCapture(join(ROOT, 'test/golden/captures/mix.scap.gz'), plain, 6_000_000)
  const packed = `${plain}.gz`
  writeFileSync(packed, gzipSync(readFileSync(plain), { level: 1 }))
  // when folded, a pair of events is a line
  const lines = events / 2
  const start = median(await times(['--version'], 5))
  for (const [name, file, unit, count, args] of [
    ['.scap, proc.name=nosuch', plain, 'events', events, ['-q', 'proc.name=nosuch']],
    ['.scap, fd.name contains /nosuch', plain, 'events', events, ['-q', 'fd.name', 'contains', '/nosuch']],
    ['.scap.gz, proc.name=nosuch', packed, 'events', events, ['-q', 'proc.name=nosuch']],
    ['.scap, written anew', plain, 'events', events, ['-w', out]],
    ['.scap, text lines', plain, 'lines', lines, []],
    ['.scap, JSON lines', plain, 'lines', lines, ['-j']],
  ] as const) {
    rows.push([name, '', '', '', await rate(count, unit, start, ['-r', file, ...args])])
  }
}

/** Rates of files for other tools, from a trace of mixed calls and from one of connections. */
async function exported(): Promise<void> {
  const t = await startKsys(['-w', trace], 0)
  for (const p of PATTERNS) loop(p, COUNT[p], LAST_CPU)
  await t.stop()
  const traffic = recordTraffic(KSYS, dir)
  const from = {
    mixed: { file: trace, calls: COUNT.getppid + COUNT.read + COUNT.open * 2 },
    traffic,
  }
  const start = median(await times(['--version'], 5))
  for (const [name, format, kind] of EXPORTS) {
    const { file, calls } = from[kind]
    const text = await rate(calls, 'calls', start, ['-r', file, '--to', format, '-w', out])
    rows.push([name, '', '', '', `${text}, ${bytesEach(out, calls)}`])
  }
  const { url, close } = await receiver()
  const { file, calls } = from.mixed
  rows.push(['calls as OTLP', '', '', '', await rate(calls, 'records', start, ['-r', file, '--to', 'otlp', '-w', url])])
  close()
}

/** The number of units by the median of runs, each of which writes a new file, without the seconds of a start; and memory. */
async function rate(count: number, unit: string, start: number, args: string[]): Promise<string> {
  const runs = []
  for (let i = 0; i < Math.min(ROUNDS, 3); i++) {
    rmSync(out, { force: true })
    runs.push(await timeKsys(args))
  }
  const s = median(runs.map((r) => r.seconds)) - start
  const failed = runs.some((r) => r.code !== 0) ? ', FAILED' : ''
  const mb = Math.max(...runs.map((r) => r.mb)).toFixed(0)
  return `${(count / s / 1e6).toFixed(2)} M ${unit}/s, ${mb} MB${failed}`
}

async function times(args: string[], n: number): Promise<number[]> {
  const all = []
  for (let i = 0; i < n; i++) all.push((await timeKsys(args)).seconds)
  return all
}

/** The time that a user waits. */
async function starts(): Promise<void> {
  const version = median(await times(['--version'], 11)) * 1e3
  rows.push(['--version', '', '', '', `${version.toFixed(0)} ms`])
  const first = []
  for (let i = 0; i < ROUNDS; i++) {
    const from = process.hrtime.bigint()
    const child = spawn(process.execPath, [KSYS, '-n', '1'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const busy = setInterval(() => process.cpuUsage(), 5)
    await new Promise((done) => child.stdout.once('data', done))
    first.push(Number(process.hrtime.bigint() - from) / 1e6)
    await new Promise((done) => child.once('close', done))
    clearInterval(busy)
  }
  rows.push(['first live event', '', '', '', `${median(first).toFixed(0)} ms`])
}

function print(): void {
  const table = [['', 'getppid', 'read 1 B', 'open+close', ''], ...rows]
  const width = [0, 1, 2, 3].map((c) => Math.max(...table.map((r) => (r[c] as string).length)))
  for (const r of table)
    console.log(
      r
        .map((v, c) => (c === 0 ? v.padEnd(width[0] as number) : c < 4 ? v.padStart(width[c] as number) : v))
        .join('  ')
        .trimEnd(),
    )
}

const chosen = process.argv.slice(2)
const foreign = chosen.length === 1 && chosen[0] === 'scap' ? [] : tracers()
if (foreign.length > 0) {
  console.error(`another tracer is attached and would be measured too: ${foreign.join(', ')}. Stop it first.`)
  process.exit(1)
}
const names = async () => {
  for (const [what, text] of await containers(ROUNDS, LAST_CPU)) rows.push([what, '', '', '', text])
}
const load = async () => {
  for (const [what, text] of await mixed(ROUNDS, dir)) rows.push([what, '', '', '', text])
}
const several = async () => {
  for (const [what, text] of await rotation(ROUNDS, dir)) rows.push([what, '', '', '', text])
}
const recorder = async () => {
  for (const [what, text] of await record(ROUNDS, dir)) rows.push([what, '', '', '', text])
}
const rules = async () => {
  rows.push(...(await rulesLive(ROUNDS, LAST_CPU)))
  for (const [what, text] of await rulesFile(Math.min(ROUNDS, 3), dir, LAST_CPU)) rows.push([what, '', '', '', text])
  for (const [what, text] of await rulesAlerts(dir)) rows.push([what, '', '', '', text])
}
const many = async () => {
  for (const [what, text] of await columns(dir, Number(chosen[1] ?? 100_000_000))) rows.push([what, '', '', '', text])
}
const groups = {
  live,
  refs,
  containers: names,
  file,
  mixed: load,
  rotation: several,
  columns: many,
  record: recorder,
  rules,
  scap,
  export: exported,
  start: starts,
}
try {
  for (const [name, run] of Object.entries(groups))
    if (chosen.length === 0 ? name !== 'columns' : chosen.includes(name)) await run()
  print()
} finally {
  rmSync(dir, { recursive: true, force: true })
}
