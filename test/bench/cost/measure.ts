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

/** The trace that a tool has recorded: that of -w, or the memory of a recorder. */
async function traceOf(tool: Tool, running: Running, folder: string): Promise<string> {
  if (tool.counts !== 'dump') return join(folder, 'all.ksys')
  return (await run([process.execPath, KSYS, 'dump', `${running.pid}`], 120)).trim()
}

/** Numbers of the tool's own use. */
function ownUse(part: Part, before: Usage, after: Usage, result: LoadResult, bytes: number | undefined): Sample {
  const cpu = after.cpu - before.cpu
  if (part === 'half')
    return {
      halfP50: result.p50,
      halfP99: result.p99,
      halfCpu: cpu / 1e7 / result.seconds / availableParallelism(),
      halfRss: after.rss,
      halfPss: after.pss,
    }
  if (part === 'full') return { p50: result.p50, p99: result.p99 }
  const { ns, calls } = programTime(before, after)
  const share = (cpu + ns) / 1e7 / result.seconds / availableParallelism()
  if (calls === 0) return { share }
  return { share, programs: ns / calls, cpuCall: cpu / calls, ...(bytes === undefined ? {} : { bytes: bytes / calls }) }
}

/** What ksys reports at its end. */
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

/** Runs the load alone. */
export async function bareRun(place: Place, part: Part, seconds: number, rate?: number): Promise<Measured> {
  const { result } = await loadAndMarks(place, seconds, rate, [])
  const latency = part === 'half' ? { halfP50: result.p50, halfP99: result.p99 } : { p50: result.p50, p99: result.p99 }
  return { result, sample: latency }
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
    if (tool.wraps) {
      const { result } = await loadAndMarks(place, seconds, rate, commandOf(tool, folder))
      return {
        result,
        sample: part === 'half' ? { halfP50: result.p50, halfP99: result.p99 } : { p50: result.p50, p99: result.p99 },
      }
    }
    const running = await attach(tool, folder)
    const before = usage(running.pid)
    const { result, marks } = await loadAndMarks(place, seconds, rate, [])
    const after = usage(running.pid)
    const trace = await traceOf(tool, running, folder)
    const code = await running.end('SIGINT', 60_000)
    const { stderr } = running.output()
    if (tool.ksys && code !== 0) throw new Error(`${tool.name} ended with exit code ${code}:\n${stderr}`)
    const bytes = tool.counts === 'trace' ? statSync(trace).size : undefined
    const sample = ownUse(part, before, after, result, bytes)
    if (part === 'full' && tool.ksys) Object.assign(sample, reported(stderr))
    // the statistics make programs slower, so more is lost then
    if (part === 'full')
      Object.assign(
        sample,
        await losses(place, tool, folder, trace, { load: result.operations, marks: marks.operations }),
      )
    return { result, sample }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
