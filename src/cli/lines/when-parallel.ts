// Whether the lines of a file are printed with help: it is for long outputs on machines with a processor to spare.
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { registry } from '../../fields/index.js'
import { needsOf } from '../../filter/index.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import { IdleProcessors } from './idle-processors.js'

/** The worker takes a processor: so much of one is to be idle, as far as we leave one idle ourselves. */
const IDLE = 1 / 2
/** Fewer lines are printed in the time that the worker needs to get up to speed: each thread compiles all code anew. */
const LINES = 3e6
/** Of fewer lines among the events that are read, formatting is not what takes the time. */
const SHARE = 1 / 4

/** Whether a worker may take part in printing a file: no line depends on those before it, and any number of them may come. */
export function mayRunParallel(s: Settings, q: Pick<Query, 'printed'>, path: string): boolean {
  if (s.limit !== undefined || s.unbuffered || s.timeStyle === 'D' || process.stdout.isTTY) return false
  if (availableParallelism() === 1 || needsOf(registry, q.printed).has('lines')) return false
  return path !== '-' && statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Tells whether now is the time to start a worker. `read`: events read so far, and the part of the file that this is, 0 to 1. */
export function whenParallel(read: () => { events: number; part: number }): (lines: number) => boolean {
  const idle = new IdleProcessors()
  return (lines) => {
    const processors = idle.processors()
    if (processors === undefined || processors < IDLE) return false
    const { events, part } = read()
    return lines >= events * SHARE && part > 0 && (lines / part) * (1 - part) >= LINES
  }
}
