// What of a file a run needs: blocks that may hold what its filter passes, and where it asks about certain processes only those.
import { PLAIN } from '../fields/field.js'
import { registry } from '../fields/index.js'
import {
  type BoundsWithTypes,
  boundsWithTypes,
  type CheckedFilter,
  containerTest,
  type Need,
  needsOf,
  processesWithin,
  pruneBounds,
  type RequiredLiterals,
  requiredLiterals,
} from '../filter/index.js'
import { followsFiles, type Redaction } from '../redact/redaction.js'
import type { OpenOptions } from '../source/kind.js'
import type { ReadPlan } from '../source/read-plan.js'
import type { CaptureInfo } from '../source/source.js'
import { aboutEverybody, naming, namingAddresses, namingThreads } from '../state/effects/event-scope.js'
import { MatchingContainers } from '../state/matching-containers.js'
import { State } from '../state/state.js'

/** Needs of fields that look at what any process did. */
const OF_OTHERS = ['peers', 'switches', 'everybody'] as const

/** What a run looks at. */
export interface ReadNeeds {
  readonly filter: CheckedFilter | undefined
  /** fields that are asked of events that pass */
  readonly printed: readonly string[]
  /** nothing is looked at but events that pass: neither the state as time passes nor calls in flight, and nothing is kept for later */
  readonly passingOnly: boolean
  /** the part of a file whose state is looked at as time passes; undefined: the filter says what matters */
  readonly span?: { readonly filter: CheckedFilter | undefined } | undefined
  readonly redaction: Redaction | undefined
}

/** The needs of a run over files that looks at nothing but events which its filter passes; undefined for others. */
function needsOfPassing({ filter, printed, passingOnly }: ReadNeeds): Set<Need> | undefined {
  if (filter === undefined || !passingOnly) return undefined
  const needs = needsOf(registry, [...printed, ...filter.fieldsUsed])
  return OF_OTHERS.some((need) => needs.has(need)) ? undefined : needs
}

/**
 * The plan of a run over a file; undefined: every row matters. Blocks are judged by the filter, or by the span in its place, and
 * are not read at all before and behind all that matter.
 */
export function readPlan(needs: ReadNeeds): OpenOptions['plan'] {
  const { filter, span, redaction } = needs
  const matters = span === undefined ? filter : span.filter
  // whose rows are told is known by following everybody
  if (readsAll() || matters === undefined || redaction?.namespace !== undefined) return undefined
  // descriptors have names of other processes' making
  const processes = redaction !== undefined && followsFiles(redaction) ? undefined : processesOf(needs)
  return (info) => {
    const bounds = boundsWithTypes(matters, info)
    const ofFilter = () => (matters === filter || filter === undefined ? bounds : boundsWithTypes(filter, info))
    return { blocks: pruneBounds(bounds), processes: processes?.(info, ofFilter) }
  }
}

/** Whether nothing is left out: tests compare what is read otherwise with what all of a file says. */
function readsAll(): boolean {
  return process.env.KSYS_READ === 'all'
}

/** Of which processes rows matter, by the bounds around what the filter passes; undefined: of all. */
function processesOf(
  of: ReadNeeds,
): ((info: CaptureInfo, bounds: () => BoundsWithTypes) => ReadPlan['processes']) | undefined {
  const { filter } = of
  const needs = needsOfPassing(of)
  if (filter === undefined || needs === undefined) return undefined
  const ofAnyProcess = aboutEverybody(needs.has('names'))
  return (info, bounds) => {
    const passing = processesWithin(bounds())
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

/** For a query about containers, what tells those; undefined for others. */
function containersOf(filter: CheckedFilter, info: CaptureInfo): MatchingContainers | undefined {
  const state = new State(info)
  const test = containerTest(filter, { info, states: [state], format: PLAIN })
  return test && new MatchingContainers(state.containers, test)
}
