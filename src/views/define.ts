// Declaration of a view of the terminal UI: a table, a list of events or a spectrogram.
import { registry } from '../fields/index.js'
import { joinFilters } from '../table/index.js'
import type { Column, TableDef } from '../table/types.js'

/** One row for each event, in the order of the capture. */
interface ListDef {
  readonly columns: readonly Column[]
  readonly filter?: string
  /** live, bytes of data to capture from each call; undefined: none */
  readonly buffers?: number
  /** shows data as programs transferred them: masked until the user unmasks them (B) */
  readonly raw?: true
  /** Enter on a row opens its event */
  readonly detail?: true
  /**
   * Enter on a row opens drillTo with the events of its container (for a process on the host: of the process) from this
   * many ns before its event to as many after it
   */
  readonly around?: number
  /** shows the data of the events as lines of a conversation instead of the columns */
  readonly conversation?: true
}

/** Number of calls by latency, for each interval of time. */
interface SpectrogramDef {
  /** calls to count; those without a latency are never counted */
  readonly filter?: string
}

interface Common {
  /** name for -v */
  readonly id: string
  /** another name that -v accepts */
  readonly alsoNamed?: string
  /** title in the list of views and in the header */
  readonly name: string
  /** help text: what the view shows */
  readonly description: string
  readonly tips?: readonly string[]
  /** a useful filter for this view; its help page (F7) shows it */
  readonly example: string
  /** selection fields for which the view may be opened; WHOLE_MACHINE for no selection */
  readonly appliesTo: readonly string[]
  /** id of the view that Enter opens for the selected row; without it Enter does nothing */
  readonly drillTo?: string
}

export interface TableView extends Common {
  readonly table: TableDef
  readonly list?: undefined
  readonly spectrogram?: undefined
  /** fields by which processes or threads that lived less than a refresh are grouped into one row */
  readonly collapseBy?: readonly string[]
  /** live, values accumulate since the view was opened, instead of since the last refresh */
  readonly sums?: true
  /** live, with `sums`: calls from before the view was opened count too, if retained; no column may have percentiles or histograms */
  readonly countsKept?: true
  /** live, bytes of data to capture from each call, which its fields decode; undefined: none */
  readonly buffers?: number
  /** live, rows stay from one refresh to the next (for rows that are single events) */
  readonly keep?: true
  /** its events are the calls in progress (with a file: at its end) instead of ('only') or in addition to ('too') finished calls */
  readonly inFlight?: 'only' | 'too'
  /** sentence to show when there are no rows; undefined: a general one */
  readonly empty?: string
}

export interface ListView extends Common {
  readonly list: ListDef
  readonly table?: undefined
  readonly spectrogram?: undefined
  readonly empty?: string
}

export interface SpectrogramView extends Common {
  readonly spectrogram: SpectrogramDef
  readonly table?: undefined
  readonly list?: undefined
  readonly empty?: string
}

export type View = TableView | ListView | SpectrogramView

/** appliesTo: no selection yet. */
export const WHOLE_MACHINE = ''

/** Groups short-lived processes by their program and their parent's program. */
export const BY_PROGRAM = ['proc.exe', 'proc.pname'] as const

/** Selections of several processes: by where they run, or by the row that grouped them. */
export const WHERE = ['container.id', 'k8s.pod.id', 'k8s.ns.name', BY_PROGRAM[0]] as const
/** Selections of the processes or threads that made calls. */
export const WHO = [...WHERE, 'proc.pid', 'proc.name', 'thread.tid', 'thread.nametid'] as const
/** Selections of what calls operated on. */
export const WHAT = ['fd.name', 'fd.containername', 'fd.directory', 'fd.containerdirectory', 'fd.type'] as const
/** Selections of calls and results. */
export const CALLS = ['evt.type', 'evt.res'] as const
/** Selections of a port, a protocol or a peer. */
export const PORTS = [
  'fd.sport',
  'fd.sproto',
  'fd.lport',
  'fd.rport',
  'fd.dport',
  'fd.dproto',
  'fd.port',
  'fd.proto',
  'fd.rip',
] as const

/** Declares a view. A file of src/views with the result as default export needs no registration. */
export function defineView(view: View): View {
  return view
}

/** Fields of an event from which the query for the events around it is built. */
export const AROUND_FIELDS = ['evt.rawtime', 'container.id', 'proc.pid', 'host.name'] as const

/**
 * Fields whose values follow the shown columns in each row. Of a table: the fields by which removed rows are summed, and the
 * start time of the process if a row has one process. Of a list with `around`: AROUND_FIELDS.
 */
export function hiddenFields(view: View): readonly string[] {
  if (view.table === undefined) return view.list?.around === undefined ? [] : AROUND_FIELDS
  const process = view.table.columns.some((c) => PROCESS.has(c.field) && c.agg === undefined)
  return [...(view.collapseBy ?? []), ...(process ? ['proc.pid.ts'] : [])]
}

const PROCESS: ReadonlySet<string> = new Set(['proc.pid', 'thread.tid'])

/** The columns of a view; a spectrogram has none. */
export function columnsOf(view: View): readonly Column[] {
  return (view.table ?? view.list)?.columns ?? []
}

/** Whether a view decodes the data of calls: without them it has no rows. */
export function needsCallData({ table, list, ...view }: View): boolean {
  if (table !== undefined) return 'buffers' in view
  return list?.buffers !== undefined && list.raw !== true
}

/** The filter that a view itself applies to events; undefined: none. */
export function filterOf({ table, list, spectrogram }: View): string | undefined {
  if (spectrogram !== undefined) return joinFilters(TIMED, spectrogram.filter)
  return joinFilters(table?.threadFilter, (table ?? list)?.filter)
}

/** Calls with a known latency. */
const TIMED = 'evt.latency>0'

/** Whether a view evaluates rules: its rows are alerts. */
export function needsRules(view: View): boolean {
  return columnsOf(view).some(({ field }) => registry.get(field)?.needs?.includes('rules') === true)
}

/** What a capture lacks that some views need. */
export interface Lacking {
  /** the capture has no data of calls */
  readonly noData: boolean
  /** no rules were loaded */
  readonly noRules: boolean
}

/** Whether a view has no rows because of what the capture lacks. */
export function lacksAll(view: View, { noData, noRules }: Lacking): boolean {
  return (noData && needsCallData(view)) || (noRules && needsRules(view))
}

/** A sentence for a view without rows: the reason if known, else the view's own sentence. */
export function emptyOf(view: View, { noData, noRules }: Lacking): string {
  if (noData && needsCallData(view))
    return 'This view needs the data of calls, which this capture does not record (--no-buffers).'
  const empty = view.empty ?? 'No event matches this view.'
  return noRules && needsRules(view) ? `${empty} No rules are loaded: start with ksys ui --rules FILE.` : empty
}
