// npm run bench rules: the cost of 93 rules (test/rules/bench-rules.yaml), live compared with a filter that passes nothing, and over a
// file; the time to load them; the alerts printed to standard output in a second; the memory of a run with many alerts.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loop, median, memoryKb, type Pattern, ROOT, sleep, startKsys, timeKsys } from './tracer.js'

const RULES = join(ROOT, 'test/rules/bench-rules.yaml')
const PATTERNS: readonly Pattern[] = ['getppid', 'read', 'open']
const COUNT = { getppid: 3_000_000, read: 2_000_000, open: 700_000 }

/** A rule that every call of the file fires. */
const EVERY = `- rule: Every call
  desc: for measuring
  condition: evt.type in (getppid, read, openat)
  output: a call (program=%proc.name call=%evt.type)
  priority: NOTICE
`

type Costs = Record<Pattern, number[]>
const none = (): Costs => ({ getppid: [], read: [], open: [] })

/** Added ns per call for each pattern, by the tracer. cpu: the one that the load runs on. */
export async function rulesLive(rounds: number, cpu: number): Promise<string[][]> {
  const cases: Record<string, string[]> = {
    'proc.name=nosuch, lines': ['proc.name=nosuch'],
    '93 rules': ['rules', '-q', '-f', RULES],
  }
  const alone = none()
  const times: Record<string, Costs> = {}
  for (let round = 0; round < rounds; round++) {
    for (const p of PATTERNS) alone[p].push(loop(p, COUNT[p], cpu))
    for (const [name, args] of Object.entries(cases)) {
      const t = await startKsys(args, 0)
      const of = times[name] ?? none()
      times[name] = of
      for (const p of PATTERNS) of[p].push(loop(p, COUNT[p], cpu))
      await t.stop()
    }
  }
  return Object.entries(times).map(([name, of]) => [
    `${name}, added ns`,
    ...PATTERNS.map((p) => (median(of[p]) - median(alone[p])).toFixed(0)),
    '',
  ])
}

/** Rates over a file of mixed calls. dir: a folder for files. */
export async function rulesFile(rounds: number, dir: string, cpu: number): Promise<[string, string][]> {
  const trace = join(dir, 'rules.ksys')
  const every = join(dir, 'every.yaml')
  writeFileSync(every, EVERY)
  const t = await startKsys(['-w', trace], 0)
  for (const p of PATTERNS) loop(p, COUNT[p], cpu)
  await t.stop()
  const calls = COUNT.getppid + COUNT.read + 2 * COUNT.open
  const start = await seconds(rounds, ['--version'])
  const load = await seconds(rounds, ['rules', '--check', '-f', RULES])
  const over = await seconds(rounds, ['rules', '-q', '-f', RULES, '-r', trace])
  const all = await seconds(rounds, ['rules', '-q', '--rule-matching', 'all', '-f', RULES, '-r', trace])
  const alerts = await seconds(1, ['rules', '-q', '-f', every, '-r', trace])
  const rate = (s: number) => `${(calls / (s - start) / 1e6).toFixed(2)} M calls/s with the start of the run`
  return [
    ['93 rules are loaded', `${((load - start) * 1e3).toFixed(0)} ms`],
    ['93 rules over a file', rate(over)],
    ['the same, --rule-matching all', rate(all)],
    ['alerts as text', `${((COUNT.getppid + COUNT.read + COUNT.open) / (alerts - start) / 1e6).toFixed(2)} M/s`],
  ]
}

/** alerts in a second, and for how long (s) */
const RATE = 10_000
const LONG = Number(process.env.RULES_SECONDS ?? 180)

/** A live run with many alerts: whether all of them arrived, and its memory. dir: a folder for files. */
export async function rulesAlerts(dir: string): Promise<[string, string][]> {
  const rules = join(dir, 'asked.yaml')
  const to = join(dir, 'alerts.txt')
  writeFileSync(rules, EVERY.replace('evt.type in (getppid, read, openat)', 'evt.type = getppid and proc.name = perl'))
  const t = await startKsys(['rules', '-f', rules, '--output', `file=${to}`], 0)
  const load = spawn('perl', [
    '-e',
    `for (1..${LONG * 10}) { getppid for 1..${RATE / 10}; select(undef, undef, undef, 0.1) }`,
  ])
  const done = new Promise((ended) => load.on('close', ended))
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, memoryKb(t.pid, 'VmRSS'))
  }, 500)
  const from = performance.now()
  await done
  const took = (performance.now() - from) / 1e3
  await sleep(1000)
  clearInterval(look)
  await t.stop()
  const alerts = readFileSync(to, 'latin1').split('\n').length - 1
  const expected = LONG * RATE
  return [
    [`alerts live, of ${expected}`, `${alerts}, ${(alerts / took).toFixed(0)}/s`],
    [`memory at most within ${LONG} s of them`, `${(most / 1024).toFixed(0)} MB`],
  ]
}

async function seconds(rounds: number, args: string[]): Promise<number> {
  const all = []
  for (let i = 0; i < rounds; i++) all.push((await timeKsys(args)).seconds)
  return median(all)
}
