// Derives from a run's needs what it requests from a file: the blocks that may have events which its filter passes, the
// rows that its sinks need, and, for a filter about certain processes, only rows of those.
import { PLAIN } from '../fields/field.js'
import { registry } from '../fields/index.js'
import {
  type BoundsWithTypes,
  boundsWithTypes,
  type CheckedFilter,
  containerTest,
  matchesEnter,
  type Need,
  needsOf,
  processesWithin,
  pruneBounds,
  type RequiredLiterals,
  requiredLiterals,
  rowsPassing,
} from '../filter/index.js'
import { type Redaction, tracksProcFiles } from '../redact/redaction.js'
import { EVENTS } from '../schema/events/index.js'
import type { Described, IdleRows, ReadRequest, Relevant } from '../source/read-request.js'
import { allRows, type RowBounds } from '../source/row-bounds.js'
import type { CaptureInfo } from '../source/source.js'
import { hasInFlight } from '../source/summary.js'
import { globalEvents, naming, namingAddresses, namingThreads } from '../state/effects/event-scope.js'
import { MatchingContainers } from '../state/matching-containers.js'
import { State } from '../state/state.js'
import { idleTypes, NO_TYPES, withoutLookups } from './event-uses.js'

/** Needs of fields that depend on the actions of other processes. */
const ON_OTHER_PROCESSES = ['peers', 'switches', 'everybody'] as const

/** What a run reads. */
export interface ReadNeeds {
  readonly filter: CheckedFilter | undefined
  /** fields that are evaluated for passing events, beside those of the filter */
  readonly fields: readonly string[]
  /**
   * passing: only passing events. kept: the same, but retained, so that any field may be evaluated later. state: also processes
   * and descriptors over time, within `span`. calls in flight: only those. everything: every row.
   */
  readonly looksAt: 'passing' | 'kept' | 'state' | 'calls in flight' | 'everything'
  /** for 'state', instead of the filter: the range of the file whose state is read */
  readonly span?: { readonly filter: CheckedFilter | undefined } | undefined
  /** the time of every event is needed, whether it passes or not */
  readonly everyTime?: boolean
  /** container names are needed, whatever the fields are */
  readonly containers?: boolean | undefined
  /** calls in flight are needed, whether the filter passes them or not */
  readonly inFlight?: boolean | undefined
  /** enter events are needed, whatever the filter is */
  readonly enter?: boolean | undefined
  readonly redaction: Redaction | undefined
}

/** The request of a run for a file. */
export function readRequest(needs: ReadNeeds): ReadRequest {
  const { filter, fields, enter, containers } = needs
  return {
    enter: enter === true || (filter !== undefined && matchesEnter(filter)),
    names: containers === true || needsOfFields({ filter, fields }).has('container'),
    relevant: relevantTo(needs),
  }
}

/** Selects the relevant rows of a file; undefined: every row. */
function relevantTo(needs: ReadNeeds): ReadRequest['relevant'] {
  const { filter, looksAt, span, redaction, inFlight } = needs
  // all processes must be followed to determine which ones are in a namespace
  if (readsAll() || looksAt === 'everything' || redaction?.namespace !== undefined) return undefined
  if (looksAt === 'calls in flight')
    return (file) => ({ blocks: hasInFlight, idle: omitsRows(needs) ? idleRows(NO_ROWS, file) : undefined })
  const relevant = looksAt === 'state' && span !== undefined ? span.filter : filter
  if (relevant === undefined) return undefined
  if (needsOfFields(needs).has('lookups')) return (file) => withLookups(needs, file)
  const processes = looksAt === 'passing' ? processesOf(needs) : undefined
  return (file): Relevant => {
    const { info } = file
    const bounds = boundsWithTypes(relevant, info)
    const passing = pruneBounds(bounds)
    const blocks: Relevant['blocks'] = inFlight === true ? (b) => hasInFlight(b) || passing(b) : passing
    if (filter === undefined || !omitsRows(needs)) return { blocks }
    return { blocks, idle: idleRows(rowsPassing(filter, info.has), file), processes: processes?.(info, bounds) }
  }
}

/** A name may have been looked up at any time before, so rows of lookups are read in all blocks. */
function withLookups(needs: ReadNeeds, { info, tables }: Described): Relevant {
  const blocks = () => true
  if (needs.filter === undefined || !omitsRows(needs)) return { blocks }
  const defs = tables?.defs ?? EVENTS
  const types = withoutLookups(idleTypes(rowsPassing(needs.filter, info.has).types, defs), defs)
  return { blocks, idle: { types, bounds: allRows() } }
}

function needsOfFields({ filter, fields }: Pick<ReadNeeds, 'filter' | 'fields'>): Set<Need> {
  return needsOf(registry, [...fields, ...(filter?.fieldsUsed ?? [])])
}

/** Whether nothing may be skipped: tests compare results with and without skipping. */
function readsAll(): boolean {
  return process.env.KSYS_READ === 'all'
}

/** Whether rows may be counted instead of delivered. Redaction by descriptor names needs all processes. */
function omitsRows({ looksAt, everyTime, redaction }: ReadNeeds): boolean {
  return looksAt !== 'state' && everyTime !== true && (redaction === undefined || !tracksProcFiles(redaction))
}

const NO_ROWS: RowBounds = { ...allRows(), types: NO_TYPES }

function idleRows(passing: RowBounds, { tables }: Described): IdleRows {
  const types = idleTypes(passing.types, tables?.defs ?? EVENTS)
  // the bounds apply to current event codes, which the file may use for other events
  return { types, bounds: tables === undefined ? passing : allRows() }
}

/** The processes whose rows a filter needs, according to the bounds of its events; undefined: all processes. */
function processesOf(
  needs: ReadNeeds,
): ((info: CaptureInfo, bounds: BoundsWithTypes) => Relevant['processes']) | undefined {
  const { filter } = needs
  if (filter === undefined) return undefined
  const needed = needsOfFields(needs)
  if (ON_OTHER_PROCESSES.some((need) => needed.has(need))) return undefined
  const ofAnyProcess = globalEvents(needed.has('names'))
  return (info, bounds) => {
    const passing = processesWithin(bounds)
    if (passing !== undefined) return { passing, ofAnyProcess }
    const texts = requiredLiterals(filter)
    if (texts !== undefined) return { ...texts, naming: namingOf(texts), ofAnyProcess }
    const containers = containersOf(filter, info)
    return containers && { texts: [], ports: [], containers, threads: true, naming: namingThreads(), ofAnyProcess }
  }
}

/** Events whose arguments may contain the required literals. */
function namingOf({ texts, threads }: RequiredLiterals): Uint8Array {
  return texts.length === 0 ? namingAddresses() : threads ? namingThreads() : naming()
}

/** Finds the containers that a filter about containers matches; undefined for other filters. */
function containersOf(filter: CheckedFilter, info: CaptureInfo): MatchingContainers | undefined {
  const state = new State(info)
  const test = containerTest(filter, { info, states: [state], format: PLAIN })
  return test && new MatchingContainers(state.containers, test)
}
