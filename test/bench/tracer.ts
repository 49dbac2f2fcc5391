// Starts and stops tracers, measures single programs, and lists the tracers that are attached to this kernel.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
export const KSYS = `${ROOT}.build/js/src/main.js`
const LOOP = `${ROOT}.build/bench/loop`

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** Processes that hold links of tracing BPF programs, as "pid name". */
export function tracers(): string[] {
  const found = new Set<string>()
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
        const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')
        if (/^link_type:\s*(raw_tracepoint|tracing|perf_event|kprobe_multi)/m.test(info))
          found.add(`${pid} ${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}`)
      }
    } catch {
      // the process has exited or the descriptor was closed
    }
  }
  return [...found]
}

export interface Tracer {
  child: ChildProcess
  pid: number
  /** its standard error so far */
  stderr: () => string
  /** interrupts it and waits for its end */
  stop: () => Promise<void>
}

/** The events that were lost, by what ksys prints at its end. */
export function lost(stderr: string): number {
  return Number(/([\d,]+) events? (?:was|were) lost/.exec(stderr)?.[1]?.replace(/,/g, '') ?? 0)
}

/** Starts ksys on CPU `cpu` and waits until its programs are attached. */
export async function startKsys(args: string[], cpu: number): Promise<Tracer> {
  const t = start('taskset', ['-c', String(cpu), process.execPath, KSYS, ...args])
  for (let i = 0; i < 100; i++) {
    if (t.child.exitCode !== null) throw new Error(`ksys ended at once:\n${t.stderr()}`)
    if (tracers().some((x) => x.startsWith(`${t.pid} `))) {
      await sleep(300)
      return t
    }
    await sleep(50)
  }
  await t.stop()
  throw new Error(`ksys was not attached after 5 s:\n${t.stderr()}`)
}

export function start(cmd: string, args: string[]): Tracer {
  const child = spawn(cmd, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (d) => {
    text += d
  })
  const gone = new Promise<void>((done) => child.on('close', () => done()))
  return {
    child,
    pid: child.pid as number,
    stderr: () => text,
    stop: async () => {
      child.kill('SIGINT')
      await gone
    },
  }
}

/** A load of calls of every kind at a rate, from four processes, for a number of seconds or until it is killed. */
export function startLoad(rate: number, seconds: number): ChildProcess {
  return spawn(`${ROOT}.build/bench/load`, [String(rate), '4', String(seconds)], { stdio: 'inherit' })
}

/** The same load, until it has ended. */
export function loaded(rate: number, seconds: number): Promise<void> {
  const load = startLoad(rate, seconds)
  return new Promise((done) => load.on('close', () => done()))
}

export type Pattern = 'getppid' | 'read' | 'open'

/** ns per iteration of a pattern on CPU `cpu`. */
export function loop(pattern: Pattern, n: number, cpu: number, before: string[] = []): number {
  const words = [...before, LOOP, pattern, String(n), String(cpu)]
  return Number(execFileSync(words[0] as string, words.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] }))
}

/** Seconds that a ksys command takes, output to /dev/null, and its peak resident size in MB. */
export async function timeKsys(args: string[]): Promise<{ seconds: number; mb: number; code: number }> {
  const from = process.hrtime.bigint()
  const child = spawn(process.execPath, [KSYS, ...args], { stdio: ['ignore', 'ignore', 'ignore'] })
  let kb = 0
  const look = setInterval(() => {
    kb = Math.max(kb, memoryKb(child.pid as number, 'VmHWM'))
  }, 50)
  const code = await new Promise<number>((done) => child.on('close', (c) => done(c ?? -1)))
  clearInterval(look)
  return { seconds: Number(process.hrtime.bigint() - from) / 1e9, mb: kb / 1024, code }
}

/** A value of /proc/PID/status in KiB, 0 if the process has exited. */
export function memoryKb(pid: number, name: string): number {
  try {
    return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** CPU seconds that a process has used, with all its threads. */
export function cpuSeconds(pid: number): number {
  return usedSeconds(`/proc/${pid}/stat`)
}

/** CPU seconds that the first thread of a process has used: for ksys ui, the one that draws. */
export function mainThreadSeconds(pid: number): number {
  return usedSeconds(`/proc/${pid}/task/${pid}/stat`)
}

function usedSeconds(stat: string): number {
  const f = readFileSync(stat, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(f[11]) + Number(f[12])) / 100
}

export function median(values: number[]): number {
  const s = [...values].sort((a, b) => a - b)
  return s.length === 0 ? Number.NaN : (s[s.length >> 1] as number)
}
