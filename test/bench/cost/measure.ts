// One run: a tool beside a load and beside marked operations.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { KSYS, lost } from '../tracer.js'
import { attach, commandOf } from './attach.js'
import type { Load, LoadResult, PreparedLoad } from './loads/load.js'
import { CALLS_MARKED, eventsOf, makeMarks, marksSeen } from './marks.js'
import type { Sample } from './metrics.js'
import { type Running, run } from './processes.js'
import type { Tool } from './tools/tool.js'
import { programTime, type Usage, usage } from './usage.js'

/** A load that is ready, with the folder of the bench. */
export interface Place {
  load: Load
  prepared: PreparedLoad
  folder: string
}

/** What a run is for: as much as possible, the same with the kernel's statistics on, or at a fixed rate. */
export type Part = 'full' | 'statistics' | 'half'

/** A run that has ended. */
export interface Measured {
  result: LoadResult
  sample: Sample
}

async function loadAndMarks(place: Place, seconds: number, rate: number | undefined, wrap: readonly string[]) {
  const { load, prepared } = place
  const [result, marks] = await Promise.all([prepared.run({ seconds, rate, wrap }), makeMarks(place, seconds)])
  return { result: load.latencyOfMarks ? { ...result, p50: marks.p50, p99: marks.p99 } : result, marks }
}

const latencies = (part: Part, { p50, p99 }: LoadResult): Sample =>
  part === 'half' ? { halfP50: p50, halfP99: p99 } : { p50, p99 }

/** The trace that a tool has recorded: that of -w, or the memory of a recorder. */
async function traceOf(tool: Tool, running: Running, folder: string): Promise<string> {
  if (tool.counts !== 'dump') return join(folder, 'all.ksys')
  return (await run([process.execPath, KSYS, 'dump', `${running.pid}`], 120)).trim()
}

/** What a tool has used, in how many ms. */
interface Use {
  before: Usage
  after: Usage
  ms: number
}

/** Numbers of the tool's own use. bytes: of its trace. */
export function ownUse(part: Part, { before, after, ms }: Use, bytes: number | undefined): Sample {
  const cpu = after.cpu - before.cpu
  /** ns of processor time in per cent of all processors */
  const percent = (ns: number) => ns / 1e4 / ms / availableParallelism()
  if (part === 'full') return {}
  if (part === 'half') return { halfCpu: percent(cpu), halfRss: after.rss, halfPss: after.pss }
  const { ns, calls } = programTime(before, after)
  const share = percent(cpu + ns)
  if (calls === 0) return { share }
  return { share, programs: ns / calls, cpuCall: cpu / calls, ...(bytes === undefined ? {} : { bytes: bytes / calls }) }
}

/** What a tool reports at its end. */
export function reported(stderr: string): Sample {
  const counted = /only counted because of --max-\w+ \(([\d.]+) %\)/.exec(stderr)?.[1]
  return { eventsLost: lost(stderr), ...(counted === undefined ? {} : { kept: 100 - Number(counted) }) }
}

/** What of the calls that programs have counted themselves is missing. */
async function losses(place: Place, tool: Tool, folder: string, trace: string, made: { load: number; marks: number }) {
  if (tool.counts === undefined) return {}
  const marksMade = made.marks * CALLS_MARKED
  const sample: Sample = { marksMade, marksLost: marksMade - (await marksSeen(tool.counts, folder, trace)) }
  const { counted } = place.prepared
  if (counted === undefined || tool.counts !== 'trace') return sample
  return { ...sample, callsLost: made.load * counted.perOperation - (await eventsOf(trace, counted.filter)) }
}

/** Runs the load alone, or started by a tool that wraps it. */
export async function bareRun(place: Place, part: Part, seconds: number, rate?: number, wrap: readonly string[] = []) {
  const { result } = await loadAndMarks(place, seconds, rate, wrap)
  return { result, sample: latencies(part, result) } satisfies Measured
}

/** Runs the load beside the tool. */
export async function runBeside(
  place: Place,
  tool: Tool,
  part: Part,
  seconds: number,
  rate?: number,
): Promise<Measured> {
  const folder = mkdtempSync(join(place.folder, `${tool.name}-`))
  try {
    if (tool.wraps) return await bareRun(place, part, seconds, rate, commandOf(tool, folder))
    const running = await attach(tool, folder)
    const from = performance.now()
    const before = usage(running.pid)
    const { result, marks } = await loadAndMarks(place, seconds, rate, [])
    const use = { before, after: usage(running.pid), ms: performance.now() - from }
    const trace = await traceOf(tool, running, folder)
    const code = await running.end('SIGINT', 60_000)
    const { stderr } = running.output()
    if (tool.ksys && code !== 0) throw new Error(`${tool.name} ended with exit code ${code}:\n${stderr}`)
    const bytes = tool.counts === 'trace' ? statSync(trace).size : undefined
    // statistics make programs and so the load slower
    const latency = part === 'statistics' ? {} : latencies(part, result)
    const sample = { ...latency, ...ownUse(part, use, bytes) }
    if (part !== 'full') return { result, sample }
    const made = { load: result.operations, marks: marks.operations }
    const lossReport = tool.ksys || / lost/.test(stderr) ? reported(stderr) : {}
    return { result, sample: { ...sample, ...lossReport, ...(await losses(place, tool, folder, trace, made)) } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
