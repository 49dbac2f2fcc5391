// The marked operations beside each load, and how many of them a tool has seen: an event is lost if the program made it and the tool
// does not have it, whatever the tool reports.
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KSYS } from '../tracer.js'
import { GRACE, type LoadResult, parseResult, program } from './loads/load.js'
import type { Place } from './measure.js'
import { run } from './processes.js'
import type { Counting } from './tools/tool.js'

/** the name of the process, and its calls in each marked operation */
const MARKER = 'ksys-marked'
const CALLS = ['openat', 'fchmodat', 'unlinkat'] as const
export const CALLS_MARKED = CALLS.length

/** Marked operations a second beside a load that does not say how many. */
const RATE = 20

/** Makes marked operations for some seconds beside a load. folder: where the marked file is. */
export async function makeMarks({ load, prepared, folder }: Place, seconds: number): Promise<LoadResult> {
  closeSync(openSync(join(folder, 'marked'), 'a'))
  const command = [program('work'), 'marked', '1', `${load.marks ?? RATE}`, `${seconds}`, folder]
  return parseResult(await run(prepared.aroundMarks?.(command) ?? command, seconds + GRACE))
}

/** Events of a trace that pass a filter. */
export async function eventsOf(trace: string, filter: string): Promise<number> {
  const json = await run([process.execPath, KSYS, '-r', trace, '-j', '-c', 'topscalls', filter], 10 * GRACE)
  const { data } = JSON.parse(json) as { data: [string, number][] }
  return data.reduce((sum, [, count]) => sum + count, 0)
}

/** Alerts of the rules for marked operations. */
export function markedAlerts(alerts: string): number {
  return alerts.split('\n').filter((line) => line.includes(`program=${MARKER} `)).length
}

/** Marked calls that `ksys metrics` has counted. */
export function markedSamples(metrics: string): number {
  return CALLS.reduce((sum, call) => {
    const sample = new RegExp(`^ksys_syscalls_total\\{(?=.*program="${MARKER}")(?=.*call="${call}").*\\} (\\d+)`, 'gm')
    return [...metrics.matchAll(sample)].reduce((all, found) => all + Number(found[1]), sum)
  }, 0)
}

/** Marked calls that a tool has seen. folder: of the tool; trace: what it has recorded. */
export async function marksSeen(counting: Counting, folder: string, trace: string): Promise<number> {
  const file = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
  if (counting === 'alerts') return markedAlerts(file('alerts'))
  if (counting === 'metrics') return markedSamples(file('stdout'))
  return eventsOf(trace, `proc.name=${MARKER} and evt.type in (${CALLS.join(', ')})`)
}
