// Test programs of the live tests: compiled once, run under ksys, their own accounts compared with the recorded events.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { ksys, root } from './ksys.js'

export { folderFor as scratchDir } from './folder.js'

/** Compiles test/live/programs/NAME.c into `dir`; returns the executable's path. */
export function compile(dir: string, name: string): string {
  const exe = join(dir, name)
  if (!existsSync(exe))
    execFileSync('cc', ['-O1', '-pthread', '-o', exe, join(root, 'test/live/programs', `${name}.c`)], { stdio: 'pipe' })
  return exe
}

/**
 * Waits until a live capture has started its trace file: then it is attached and knows the existing processes. Throws after `longest`
 * seconds: what follows would not be in the trace.
 */
export async function captureStarted(trace: string, longest = 120): Promise<void> {
  const until = performance.now() + longest * 1000
  while (!(existsSync(trace) && statSync(trace).size > 0)) {
    if (performance.now() > until) throw new Error(`no capture into ${trace} has started within ${longest} s`)
    await sleep(50)
  }
}

/**
 * Activity on an idle machine, for the whole of this test file: a shell that starts a program twenty times a second.
 * A capture that waits for a number of events would otherwise wait forever if nothing else runs.
 */
export function somethingRuns(): void {
  const LOOP = 'while kill -0 "$0" && sleep 0.05; do :; done'
  let shell: ReturnType<typeof spawn> | undefined
  beforeAll(() => {
    shell = spawn('sh', ['-c', LOOP, String(process.pid)], { stdio: 'ignore' })
  })
  afterAll(() => {
    shell?.kill('SIGKILL')
  })
}

export type Row = Record<string, unknown>

/** Reads a trace: these fields of every event that matches. */
export function readRows(
  trace: string,
  fields: readonly string[],
  filter: string[] = [],
  options: string[] = [],
): Row[] {
  const read = ksys(['-r', trace, '-j', ...options, '-p', `*${fields.map((f) => `%${f}`).join(' ')}`, ...filter])
  if (read.code !== 0) throw new Error(`reading ${trace} ended with ${read.code}: ${read.stderr}`)
  return read.stdout === ''
    ? []
    : read.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
}

export interface Claim {
  type: string
  ret: number
  fields: Record<string, string>
}

/** The contents of a program's SAID file: name TAB result TAB field=value ... */
export function claims(said: string): Claim[] {
  return readFileSync(said, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [type = '', ret, ...pairs] = line.split('\t')
      const fields = Object.fromEntries(pairs.map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]))
      return { type, ret: Number(ret), fields }
    })
}

/** Claims without a matching recorded event, each with the recorded candidates; empty if all are true. */
export function unfulfilled(said: readonly Claim[], seen: readonly Row[]): string[] {
  const out: string[] = []
  for (const c of said) {
    const same = seen.filter((s) => s['evt.type'] === c.type && s['evt.rawres'] === c.ret)
    const differing = (s: Row) => Object.keys(c.fields).filter((k) => String(s[k]) !== c.fields[k])
    if (same.some((s) => differing(s).length === 0)) continue
    same.sort((a, b) => differing(a).length - differing(b).length)
    const near = same.slice(0, 3).map((s) =>
      differing(s)
        .map((k) => `${k}=${s[k]}`)
        .join(' '),
    )
    out.push(`${c.type} ${c.ret} ${JSON.stringify(c.fields)}; recorded: ${near.join(' | ') || 'nothing'}`)
  }
  return out
}
