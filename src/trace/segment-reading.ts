// Opens consecutive files as one, and converts it to the times and numbers of the whole sequence.

import { lstatSync } from 'node:fs'
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { changedThreads } from '../model/thread-records.js'
import { addNs, bootNs } from '../model/time.js'
import type { OpenOptions } from '../source/kind.js'
import type { Described, Relevant } from '../source/read-request.js'
import { finalName } from '../source/rotation-files.js'
import type { CaptureInfo, CaptureStats, Damage } from '../source/source.js'
import { addStats, NO_STATS } from '../source/stats.js'
import { TraceSource } from './reader.js'
import { type Member, type Shift, shifted } from './rotation-members.js'
import type { Segment } from './segments.js'
import type { Shared } from './shared.js'
import type { Tail } from './tail.js'

/** Files that are being read as one. */
export interface Reading {
  readonly files: Segment
  readonly source: TraceSource
}

/**
 * Opens consecutive files as one; undefined if they were removed, which is reported. base: description of the first file of the
 * sequence, whose times the query uses. Throws TraceError if they cannot be read.
 */
export async function openSegment(
  files: Segment,
  options: OpenOptions,
  shared: Shared,
  base: CaptureInfo | undefined,
  damage: Damage[],
): Promise<Reading | undefined> {
  for (let rest = files; rest.length > 0; rest = rest.slice(1)) {
    const [first] = rest as readonly [Member]
    const { relevant } = options
    const rebased =
      relevant && ((file: Described) => shiftedBy(relevant({ ...file, info: base ?? file.info }), first.shift))
    const joined =
      rest.length === 1 ? undefined : rest.map(({ path, size, tail }) => ({ path, size, index: tail?.index ?? -1 }))
    for (const path of new Set([first.path, finalName(first.path)])) {
      try {
        const more = { growing: first.growing && path === first.path, shared, ...(joined && { files: joined }) }
        return { files: rest, source: await TraceSource.open(path, { ...options, relevant: rebased }, more) }
      } catch (e) {
        if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw e
      }
    }
    damage.push({ file: first.path, offset: 0, what: 'it was removed before it could be read' })
  }
  return undefined
}

/** The relevant rows of a file, converted by its shift to the times and numbers of the sequence. */
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

/** Converts the times of a snapshot from one capture to another. */
export function rebase(s: Snapshot, from: CaptureInfo, to: CaptureInfo, { time }: Shift): Snapshot {
  const boot = to.startBoot + time - from.startBoot
  if (time === 0 && boot === 0) return s
  const threads = changedThreads(
    s.threads,
    (t): ThreadInfo => ({
      ...t,
      startBoot: t.startBoot > 0 ? addNs(t.startBoot, boot) : bootNs(0),
      ...(t.ranAt !== undefined && { ranAt: addNs(t.ranAt, time) }),
      ...(t.fsToldAt !== undefined && { fsToldAt: addNs(t.fsToldAt, time) }),
    }),
  )
  return { ...s, threads }
}

/** Statistics of the files being read. For several files, the losses come from their end blocks. */
export function statsOf({ source, files }: Reading): CaptureStats {
  const own = source.stats()
  if (files.length === 1) return own
  const { events: _, ...lost } = files.reduce((all, { tail }) => addStats(all, (tail as Tail).stats), NO_STATS)
  return { events: own.events, ...lost }
}

export function bytesOf(files: readonly Member[]): number {
  return files.reduce((all, { size }) => all + size, 0)
}
