// What a run requests of a file: the blocks that may hold what its filter passes, the rows that a sink looks at, and where the filter is
// about certain processes the rows of those.
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
import { followsFiles, type Redaction } from '../redact/redaction.js'
import { EVENTS } from '../schema/events/index.js'
import type { Described, IdleRows, ReadRequest, Relevant } from '../source/read-request.js'
import { allRows, type RowBounds } from '../source/row-bounds.js'
import type { CaptureInfo } from '../source/source.js'
import { hasInFlight } from '../source/summary.js'
import { globalEvents, naming, namingAddresses, namingThreads } from '../state/effects/event-scope.js'
import { MatchingContainers } from '../state/matching-containers.js'
import { State } from '../state/state.js'
import { idleTypes, NO_TYPES } from './event-uses.js'

/** Needs of fields that look at what any process did. */
const OF_OTHERS = ['peers', 'switches', 'everybody'] as const

/** What a run looks at. */
export interface ReadNeeds {
  readonly filter: CheckedFilter | undefined
  /** fields that are read of events that pass, beside those of the filter */
  readonly fields: readonly string[]
  /**
   * passing: events that pass, and nothing else. kept: the same, and they are kept, so that any field may be read of them later. state:
   * processes and descriptors as well, as time passes, within `span`. calls in flight: nothing but those. everything: every row.
   */
  readonly looksAt: 'passing' | 'kept' | 'state' | 'calls in flight' | 'everything'
  /** of 'state', in place of the filter: the part of the file whose state is looked at */
  readonly span?: { readonly filter: CheckedFilter | undefined } | undefined
  /** the time of every event counts, whether it passes or not */
  readonly everyTime?: boolean
  /** names of containers are wanted, whatever the fields are */
  readonly containers?: boolean | undefined
  /** enter events are wanted, whatever the filter is */
  readonly enter?: boolean | undefined
  readonly redaction: Redaction | undefined
}

/** The request of a run over a file. */
export function readRequest(needs: ReadNeeds): ReadRequest {
  const { filter, fields, enter, containers } = needs
  return {
    enter: enter === true || (filter !== undefined && matchesEnter(filter)),
    names: containers === true || needsOf(registry, [...(filter?.fieldsUsed ?? []), ...fields]).has('container'),
    relevant: relevantTo(needs),
  }
}

/** What is relevant of a file; undefined: every row. */
function relevantTo(needs: ReadNeeds): ReadRequest['relevant'] {
  const { filter, looksAt, span, redaction } = needs
  // which processes are in a namespace is known by following all of them
  if (readsAll() || looksAt === 'everything' || redaction?.namespace !== undefined) return undefined
  if (looksAt === 'calls in flight')
    return (file) => ({ blocks: hasInFlight, idle: omitsRows(needs) ? idleRows(NO_ROWS, file) : undefined })
  const matters = looksAt === 'state' && span !== undefined ? span.filter : filter
  if (matters === undefined) return undefined
  const processes = looksAt === 'passing' ? processesOf(needs) : undefined
  return (file): Relevant => {
    const { info } = file
    const bounds = boundsWithTypes(matters, info)
    const blocks = pruneBounds(bounds)
    if (filter === undefined || !omitsRows(needs)) return { blocks }
    return { blocks, idle: idleRows(rowsPassing(filter, info.has), file), processes: processes?.(info, bounds) }
  }
}

/** Whether nothing is left out: tests compare what is read otherwise with what all of a file says. */
function readsAll(): boolean {
  return process.env.KSYS_READ === 'all'
}

/** Whether rows may be counted instead of delivered. What a file calls a descriptor is known by following all processes. */
function omitsRows({ looksAt, everyTime, redaction }: ReadNeeds): boolean {
  return looksAt !== 'state' && everyTime !== true && (redaction === undefined || !followsFiles(redaction))
}

const NO_ROWS: RowBounds = { ...allRows(), types: NO_TYPES }

function idleRows(passing: RowBounds, { tables }: Described): IdleRows {
  const types = idleTypes(passing.types, tables?.defs ?? EVENTS)
  // the bounds are those of today's events, whose codes may mean others in the file
  return { types, bounds: tables === undefined ? passing : allRows() }
}

/** Whose rows are relevant to a filter, by the bounds around what it passes; undefined: everybody's. */
function processesOf(
  needs: ReadNeeds,
): ((info: CaptureInfo, bounds: BoundsWithTypes) => Relevant['processes']) | undefined {
  const { filter, fields } = needs
  if (filter === undefined) return undefined
  const needed: Set<Need> = needsOf(registry, [...fields, ...filter.fieldsUsed])
  if (OF_OTHERS.some((need) => needed.has(need))) return undefined
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

/** Events whose arguments may have what is looked for. */
function namingOf({ texts, threads }: RequiredLiterals): Uint8Array {
  return texts.length === 0 ? namingAddresses() : threads ? namingThreads() : naming()
}

/** For a filter about containers, what finds those; undefined for others. */
function containersOf(filter: CheckedFilter, info: CaptureInfo): MatchingContainers | undefined {
  const state = new State(info)
  const test = containerTest(filter, { info, states: [state], format: PLAIN })
  return test && new MatchingContainers(state.containers, test)
}
