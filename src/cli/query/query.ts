// What a run needs from a capture: the filter and the line format, checked before anything is opened.

import { exportLine } from '../../export/formats.js'
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { isSamePerResult, needsOnlyRow } from '../../fields/row-only.js'
import {
  type CheckedFilter,
  checkFilter,
  compileChecked,
  eachTest,
  FilterError,
  matchesEnter,
  rowsPassing,
} from '../../filter/index.js'
import {
  CONTAINER_LINE,
  compileTemplate,
  defaultLine,
  FormatError,
  POD_LINE,
  withHost,
} from '../../format/template/template.js'
import { bootNs } from '../../model/time.js'
import { throughRedaction } from '../../redact/opaque.js'
import { fieldsWithRules, filterWithRules } from '../../rules/rule-fields.js'
import { contextOf, type RunStyle } from '../../run/context.js'
import { NO_TYPES } from '../../run/event-uses.js'
import type { LoopOptions } from '../../run/loop.js'
import { EVENTS } from '../../schema/events/index.js'
import { capabilitiesOf } from '../../source/capabilities.js'
import type { Counting } from '../../source/plan.js'
import { allRows } from '../../source/row-bounds.js'
import type { CaptureInfo } from '../../source/source.js'
import { State } from '../../state/state.js'
import { CliError, EXIT } from '../errors/exit.js'
import { formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import { outputOf, wantsColor } from '../output/format.js'
import { notAFilter } from './not-a-filter.js'

export interface Query {
  /** the filter, including -U, --since and --until; undefined without one */
  readonly filter: CheckedFilter | undefined
  /** the filter as the user wrote it, for suggestions: without those options, events about losses and the filters of chisels */
  readonly written?: CheckedFilter['ast'] | undefined
  /** the line format */
  readonly format: string
  /** fields that the lines show, or that a recorder's trigger tests; empty without both */
  readonly printed: readonly string[]
  readonly color: boolean
  /** the state is sampled over time, in the range of a file that this filter selects, so changes of state without a passing event matter */
  readonly span?: { readonly filter: CheckedFilter | undefined } | undefined
  /** chisels only use events that pass; undefined without chisels */
  readonly passingOnly?: boolean
  /** the columns of rows are sufficient: threads and descriptors need not be followed */
  readonly eventsOnly?: boolean
  /** container metadata is needed, regardless of the fields */
  readonly containers?: boolean
  /** calls in progress at the end are needed, too: they are passed to State.onInFlight */
  readonly inFlight?: boolean
  /** live: the state at the start may be all that is used */
  readonly atStart?: boolean
  /** the filter only limits what is captured: the receiver evaluates each event itself, and also gets others that pass `passing` */
  readonly bound?: { readonly passing: CheckedFilter | undefined }
  /** live: ms to wait for the name of a container; undefined: the default */
  readonly namesWithin?: number
  /** live: events are stored for later use, with all of their data, as in a file */
  readonly kept?: boolean
  /** live: events that are recorded only on request, in addition to those of the settings */
  readonly demands?: { readonly enter: boolean; readonly switches: boolean; readonly pageFaults: boolean }
  /** live: counts of calls are sufficient, see CapturePlan.count */
  readonly counted?: Counting | undefined
}

/** Checks filter and format. Throws CliError (usage) that shows the location of the error. */
export function checkQuery(s: Settings): Query {
  const color = wantsColor(s.color, process.stdout.isTTY === true, process.env)
  const format = lineFormat(s, color)
  const lines = s.exported === undefined ? !s.quiet && s.write === undefined : s.chisels.length === 0
  const template = orUsage(() => compileTemplate(format, registry, checkingContext(s)))
  if (s.exported !== undefined && template.fieldsUsed.length === 0)
    throw new CliError(EXIT.usage, `-p '${format}' names no field: each field becomes a column, such as %proc.name`)
  const written = s.filter === '' ? undefined : orUsage(() => checkFilter(s.filter, registry)).ast
  const filterText = wholeFilter(s, withLossEvents(s))
  const filter =
    filterText === ''
      ? undefined
      : asPlanned(
          s,
          orUsage(() => checkFilter(filterText, registry)),
        )
  return {
    filter,
    written,
    format,
    printed: withRuleFields(
      s,
      lines ? ((s.exported && formatOf(s.exported).fields) ?? template.fieldsUsed) : lookedAt(s),
    ),
    color,
    ...(lines ? {} : ofNoLines(s, filter)),
  }
}

/** Fields that are used in addition to those of the filter. */
function lookedAt({ recording }: Settings): readonly string[] {
  return recording?.trigger?.fieldsUsed ?? []
}

/** The filter for planners: with the conditions of the rules that it references, and applied to redacted values. */
function asPlanned(s: Settings, filter: CheckedFilter): CheckedFilter {
  return throughRedaction(withRules(s, filter), s.redaction)
}

/** A filter with the conditions of the run's rules, if it references them. */
export function withRules({ rules }: Pick<Settings, 'rules'>, filter: CheckedFilter): CheckedFilter {
  return rules === undefined ? filter : filterWithRules(filter, rules)
}

/** Fields with those that the run's rules use, if one of them is a field of rules. */
export function withRuleFields({ rules }: Pick<Settings, 'rules'>, fields: readonly string[]): readonly string[] {
  return rules === undefined ? fields : fieldsWithRules(fields, rules)
}

/** What a run without lines and files needs: at most counts of events. */
function ofNoLines(s: Settings, filter: CheckedFilter | undefined): Partial<Query> {
  if (s.write !== undefined || s.inFlight) return {}
  const uses = filter?.fieldsUsed ?? []
  const counted = s.summary && uses.every(isSamePerResult) && wantsCountsOnly(s)
  return { eventsOnly: uses.every(needsOnlyRow), counted: counted ? 'magnitudes' : undefined }
}

/** Whether a run only needs sums of calls: no file, no -n, no enter events. */
export function wantsCountsOnly(s: Settings): boolean {
  return s.write === undefined && s.limit === undefined && !s.enter
}

/** What --stacks adds to the default lines. */
const STACK = ' stack=%evt.stack.text'

/** The format of event lines: -p's, or the default line. */
export function lineFormat(s: Settings, color: boolean): string {
  if (s.exported !== undefined) {
    return exportLine(formatOf(s.exported), s.format, s.hosts)
  }
  const line = ownLine(s, color)
  if (line === undefined) return s.format as string
  const of = s.stacks === undefined ? line : `${line}${STACK}`
  const whole = s.hosts ? withHost(of) : of
  return outputOf(s).value === undefined ? whole : `${whole} %evt.schema`
}

/** A predefined line format; undefined if the format is the user's. */
function ownLine(s: Settings, color: boolean): string | undefined {
  if (s.format === 'c' || s.format === 'container') return CONTAINER_LINE
  if (s.format === 'k' || s.format === 'kubernetes') return POD_LINE
  if (s.format === undefined || s.format === 'p') return defaultLine(color && outputOf(s).value === undefined)
  return undefined
}

/** The range of --since and --until as a filter; '' for the whole file. */
export function spanFilter(s: Settings): string {
  return [s.since, s.until].filter(Boolean).join(' and ')
}

/** The exclusions of -U as a filter; '' without -U. */
export function suppressFilter({ suppress }: Pick<Settings, 'suppress'>): string {
  const quoted = suppress.map((n) => `"${n.replace(/[\\"]/g, '\\$&')}"`).join(', ')
  return quoted && `not proc.name in (${quoted})`
}

/** The filter combined with -U, --since and --until. */
function wholeFilter(s: Settings, filter: string): string {
  const more = [spanFilter(s), suppressFilter(s)].filter(Boolean)
  if (more.length === 0) return filter
  return [...(filter === '' ? [] : [`(${filter})`]), ...more].join(' and ')
}

/** Types of events that report missing events of a capture. */
const MISSING = EVENTS.flatMap((def) => (def?.missing ? [def.name] : []))

/**
 * The filter, extended to pass events about losses and throttling unless it references them itself. Not for files, whose losses are reported
 * at the end, calls in progress and chisels.
 */
function withLossEvents(s: Settings): string {
  const { filter } = s
  if (filter === '' || s.read.length > 0 || s.inFlight || s.explain || s.chisels.length > 0) return filter
  const referenced = new Set<unknown>()
  eachTest(orUsage(() => checkFilter(filter, registry)).root, (test) => {
    for (const constant of test.constants) referenced.add(constant)
  })
  const more = MISSING.filter((type) => !referenced.has(type))
  return more.length === 0 ? filter : `(${filter}) or evt.type in (${more.join(', ')})`
}

/** How a run prints fields. */
export function styleOf(s: Settings): RunStyle {
  const { rules } = s
  return {
    rules: rules && { all: rules, masked: false },
    format: {
      timeStyle: s.timeStyle,
      buffer: s.bufferStyle,
      fullBuffers:
        s.verbose ||
        s.chisels.length > 0 ||
        outputOf(s).value !== undefined ||
        (s.exported && formatOf(s.exported).fullData) === true,
      resolvePorts: s.resolvePorts,
      columns: process.stdout.columns ?? 80,
    },
  }
}

/** Show no events; all of them update the state. */
const NO_EVENTS = { predicate: () => false, passing: { ...allRows(), types: NO_TYPES } }

/** The options of the loop over one input for a query. */
export function loopOptions(
  s: Settings,
  q: Query,
  ctx: FieldContext,
): Pick<LoopOptions, 'predicate' | 'passing' | 'callsOnly' | 'duration' | 'stateless'> {
  const { filter, eventsOnly, bound } = q
  const decided = bound === undefined ? filter : bound.passing
  return {
    ...(s.inFlight
      ? NO_EVENTS
      : {
          predicate: decided && compileChecked(decided, ctx).keep,
          passing: filter && rowsPassing(filter, ctx.info.has),
        }),
    callsOnly: !requestsEnter(s, q),
    duration: s.seconds && s.seconds * 1e9,
    stateless: eventsOnly,
  }
}

/** Whether enter events were requested. Otherwise a run only has them because a .scap file contains them. */
function requestsEnter(s: Settings, { filter, demands }: Query): boolean {
  return s.enter || demands?.enter === true || (filter !== undefined && matchesEnter(filter))
}

/** A context without a capture, for checking filters and formats. */
export function checkingContext(s: Settings): FieldContext {
  const info: CaptureInfo = {
    kind: 'live',
    has: capabilitiesOf('ksys'),
    hostname: '',
    kernel: '',
    arch: 'x64',
    cpus: 1,
    startSec: 0,
    startNsec: 0,
    startBoot: bootNs(0),
    addresses: [],
  }
  return contextOf(styleOf(s), info, [new State(info)])
}

/** Runs a check; an error in a filter or format becomes a CliError that shows its location. */
export function orUsage<T>(f: () => T): T {
  try {
    return f()
  } catch (e) {
    const instead = e instanceof FilterError ? notAFilter(e.expression) : undefined
    if (instead !== undefined) throw new CliError(EXIT.usage, instead)
    if (e instanceof FilterError || e instanceof FormatError) throw new CliError(EXIT.usage, e.format())
    throw e
  }
}
