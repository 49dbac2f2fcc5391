// Files of several that follow each other, opened as one, in the times and numbers of the whole.
import { lstatSync } from 'node:fs'
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import type { OpenOptions } from '../source/kind.js'
import type { Described, Relevant } from '../source/read-request.js'
import { wholeName } from '../source/rotation-files.js'
import type { CaptureInfo, CaptureStats, Damage } from '../source/source.js'
import { addStats, NO_STATS } from '../source/stats.js'
import { TraceSource } from './reader.js'
import { type Member, type Shift, shifted } from './rotation-members.js'
import type { Segment } from './segments.js'
import type { Shared } from './shared.js'
import type { Tail } from './tail.js'

/** Files that are being read. */
export interface Reading {
  readonly files: Segment
  readonly source: TraceSource
}

/**
 * Opens files to be read as one; undefined when they are gone, which is told. base: of the first file of all, in whose times the
 * query is. Throws TraceError when they cannot be read.
 */
export async function openSegment(
  files: Segment,
  options: OpenOptions,
  shared: Shared,
  base: CaptureInfo | undefined,
  told: Damage[],
): Promise<Reading | undefined> {
  for (let rest = files; rest.length > 0; rest = rest.slice(1)) {
    const [first] = rest as readonly [Member]
    const { relevant } = options
    const inTimesOfAll =
      relevant && ((file: Described) => shiftedBy(relevant({ ...file, info: base ?? file.info }), first.shift))
    const joined =
      rest.length === 1 ? undefined : rest.map(({ path, size, tail }) => ({ path, size, index: tail?.index ?? -1 }))
    for (const path of new Set([first.path, wholeName(first.path)])) {
      try {
        const more = { part: first.written && path === first.path, shared, ...(joined && { files: joined }) }
        return { files: rest, source: await TraceSource.open(path, { ...options, relevant: inTimesOfAll }, more) }
      } catch (e) {
        if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw e
      }
    }
    told.push({ file: first.path, offset: 0, what: 'it was removed before it could be read' })
  }
  return undefined
}

/** What is relevant of a file whose times and numbers are those of the whole less a shift. */
function shiftedBy(relevant: Relevant, shift: Shift): Relevant {
  if (shift.time === 0 && shift.num === 0) return relevant
  const { processes } = relevant
  return {
    ...relevant,
    blocks: (s) => relevant.blocks(shifted(s, shift)),
    processes:
      processes !== undefined && 'passing' in processes
        ? { ...processes, passing: (s) => processes.passing(shifted(s, shift)) }
        : processes,
  }
}

/** A snapshot of one capture in the times of another. */
export function moved(s: Snapshot, of: CaptureInfo, to: CaptureInfo, { time }: Shift): Snapshot {
  const boot = to.startBoot + time - of.startBoot
  if (time === 0 && boot === 0) return s
  const threads = s.threads.map(
    (t): ThreadInfo => ({
      ...t,
      startBoot: t.startBoot > 0 ? t.startBoot + boot : 0,
      ...(t.ranAt !== undefined && { ranAt: t.ranAt + time }),
      ...(t.fsToldAt !== undefined && { fsToldAt: t.fsToldAt + time }),
    }),
  )
  return { ...s, threads }
}

/** Of what is being read; of several files, their ends have told what was lost. */
export function statsOf({ source, files }: Reading): CaptureStats {
  const own = source.stats()
  if (files.length === 1) return own
  const { events: _, ...lost } = files.reduce((all, { tail }) => addStats(all, (tail as Tail).stats), NO_STATS)
  return { events: own.events, ...lost }
}

export function bytesOf(files: readonly Member[]): number {
  return files.reduce((all, { size }) => all + size, 0)
}
