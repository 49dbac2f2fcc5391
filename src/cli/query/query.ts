// What a run asks of a capture: the filter and the line format, checked before anything is opened.

import { exportLine } from '../../export/line.js'
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { isSamePerResult, needsOnlyRow } from '../../fields/row-only.js'
import {
  type CheckedFilter,
  checkFilter,
  compileChecked,
  eachTest,
  FilterError,
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
import type { Settings } from '../options/parse.js'
import { wantsColor } from '../output/color.js'
import { outputOf } from '../output/format.js'
import { notAFilter } from './not-a-filter.js'

export interface Query {
  /** the whole filter, with what -U, --from and --to leave out; undefined without one */
  readonly filter: CheckedFilter | undefined
  /** the line format */
  readonly format: string
  /** fields that the lines show, or a recorder's trigger looks at; empty when there are neither */
  readonly printed: readonly string[]
  readonly color: boolean
  /** the state is looked at as time passes, in the part of a file that its filter chooses: what no event says matters, too */
  readonly span?: { readonly filter: CheckedFilter | undefined } | undefined
  /** chisels look at nothing but events that pass; undefined without chisels */
  readonly passingOnly?: boolean
  /** the columns of events answer all that is asked: no threads and descriptors need be followed */
  readonly eventsOnly?: boolean
  /** what runtimes tell of containers is asked for, whatever the fields are */
  readonly containers?: boolean
  /** how things are at the start may be all that is looked at, live */
  readonly atStart?: boolean
  /** the filter is no more than a bound: whoever takes the events decides about each, and gets others too, of those that pass this one */
  readonly bound?: { readonly passing: CheckedFilter | undefined }
  /** ms after which a container goes without a name, live; undefined: the usual time */
  readonly namesWithin?: number
  /** events are kept for others to look at, live: with all that is known of them, as for a file */
  readonly kept?: boolean
  /** events that come only where they are asked for, live, beside those of the settings */
  readonly demands?: { readonly enter: boolean; readonly switches: boolean; readonly pageFaults: boolean }
  /** numbers of calls answer all that is asked, live: see CapturePlan.count */
  readonly counted?: Counting | undefined
}

/** Checks filter and format. Throws CliError (usage) that shows the place of the mistake. */
export function checkQuery(s: Settings): Query {
  const color = wantsColor(s.color, process.stdout.isTTY === true, process.env)
  const format = lineFormat(s, color)
  const lines = s.exported === undefined ? !s.quiet && s.write === undefined : s.chisels.length === 0
  const template = orUsage(() => compileTemplate(format, registry, checkingContext(s)))
  if (s.exported !== undefined && template.fieldsUsed.length === 0)
    throw new CliError(EXIT.usage, `-p '${format}' names no field: a column is made of each, such as %proc.name`)
  if (s.filter !== '') orUsage(() => checkFilter(s.filter, registry))
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
    format,
    printed: withRuleFields(
      s,
      lines ? ((s.exported && formatOf(s.exported).fields) ?? template.fieldsUsed) : lookedAt(s),
    ),
    color,
    ...(lines ? {} : ofNoLines(s, filter)),
  }
}

/** Fields that are looked at beside those of the filter. */
function lookedAt({ recording }: Settings): readonly string[] {
  return recording?.trigger?.fieldsUsed ?? []
}

/** The filter as planners are to see it: with what the rules ask that it speaks of, and about what a redaction lets through. */
function asPlanned(s: Settings, filter: CheckedFilter): CheckedFilter {
  return throughRedaction(withRules(s, filter), s.redaction)
}

/** A filter with what the rules of the run ask, where it speaks of them. */
export function withRules({ rules }: Pick<Settings, 'rules'>, filter: CheckedFilter): CheckedFilter {
  return rules === undefined ? filter : filterWithRules(filter, rules)
}

/** Fields with those that the rules of the run look at, where one of them tells of rules. */
export function withRuleFields({ rules }: Pick<Settings, 'rules'>, fields: readonly string[]): readonly string[] {
  return rules === undefined ? fields : fieldsWithRules(fields, rules)
}

/** What a run without lines and files needs: events are at most counted. */
function ofNoLines(s: Settings, filter: CheckedFilter | undefined): Partial<Query> {
  if (s.write !== undefined || s.inFlight) return {}
  const uses = filter?.fieldsUsed ?? []
  const counted = s.summary && uses.every(isSamePerResult) && wantsCountsOnly(s)
  return { eventsOnly: uses.every(needsOnlyRow), counted: counted ? 'magnitudes' : undefined }
}

/** Whether nothing but sums of calls is wanted of a run: no file, no end after so many events, no starts of calls. */
export function wantsCountsOnly(s: Settings): boolean {
  return s.write === undefined && s.limit === undefined && !s.enter
}

/** What --stacks adds to ksys's own lines. */
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

/** A line that ksys has; undefined where the format is the user's. */
function ownLine(s: Settings, color: boolean): string | undefined {
  if (s.format === 'c' || s.format === 'container') return CONTAINER_LINE
  if (s.format === 'k' || s.format === 'kubernetes') return POD_LINE
  if (s.format === undefined || s.format === 'p') return defaultLine(color && outputOf(s).value === undefined)
  return undefined
}

/** The part of a file that --from and --to choose, as a filter; '' for all of it. */
export function spanFilter(s: Settings): string {
  return [s.from, s.to].filter(Boolean).join(' and ')
}

/** What -U leaves out, as a filter; '' where that is nothing. */
export function suppressFilter({ suppress }: Pick<Settings, 'suppress'>): string {
  const quoted = suppress.map((n) => `"${n.replace(/[\\"]/g, '\\$&')}"`).join(', ')
  return quoted && `not proc.name in (${quoted})`
}

/** The filter together with what -U, --from and --to say. */
function wholeFilter(s: Settings, filter: string): string {
  const more = [spanFilter(s), suppressFilter(s)].filter(Boolean)
  if (more.length === 0) return filter
  return [...(filter === '' ? [] : [`(${filter})`]), ...more].join(' and ')
}

/** Types of events that tell what of a capture is missing. */
const MISSING = EVENTS.flatMap((def) => (def?.missing ? [def.name] : []))

/**
 * The filter, which also passes what tells of losses and of what a ceiling leaves out, unless it speaks of that itself. Not what is asked of
 * files, which tell at the end what they lack, and of calls in flight; chisels are given what they ask for.
 */
function withLossEvents(s: Settings): string {
  const { filter } = s
  if (filter === '' || s.read.length > 0 || s.inFlight || s.explain || s.chisels.length > 0) return filter
  const spoken = new Set<unknown>()
  eachTest(orUsage(() => checkFilter(filter, registry)).root, (test) => {
    for (const constant of test.constants) spoken.add(constant)
  })
  const more = MISSING.filter((type) => !spoken.has(type))
  return more.length === 0 ? filter : `(${filter}) or evt.type in (${more.join(', ')})`
}

/** How a run of the command shows fields. */
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

/** No event is shown, all keep the state true. */
const NO_EVENTS = { predicate: () => false, passing: { ...allRows(), types: NO_TYPES } }

/** What a query means for the loop over one input. */
export function loopOptions(
  s: Settings,
  { filter, eventsOnly, bound }: Query,
  ctx: FieldContext,
): Pick<LoopOptions, 'predicate' | 'passing' | 'duration' | 'stateless'> {
  const decided = bound === undefined ? filter : bound.passing
  return {
    ...(s.inFlight
      ? NO_EVENTS
      : {
          predicate: decided && compileChecked(decided, ctx).keep,
          passing: filter && rowsPassing(filter, ctx.info.has),
        }),
    duration: s.seconds && s.seconds * 1e9,
    stateless: eventsOnly,
  }
}

/** What getters and templates may use of no capture, for what only checks. */
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
    startBoot: 0,
    addresses: [],
  }
  return contextOf(styleOf(s), info, [new State(info)])
}

/** Runs a check; a mistake in a filter or format becomes a CliError that shows its place. */
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
