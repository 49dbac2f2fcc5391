// How a view of the terminal UI is declared: a table, a list of events or a spectrogram, where it can be opened, where Enter leads.
import { registry } from '../fields/index.js'
import { joinFilters } from '../table/index.js'
import type { Column, TableDef } from '../table/types.js'

/** One row for each event, in the order of the capture. */
export interface ListDef {
  readonly columns: readonly Column[]
  readonly filter?: string
  /** bytes of data to capture of each call, live; without it none are */
  readonly buffers?: number
  /** it shows data as programs moved them: masked until the person wants to see them */
  readonly raw?: true
  /** Enter on a row shows all about its event */
  readonly detail?: true
  /** Enter on a row opens drillTo with what its container did, or on the host its process, within so many ns before and after its event */
  readonly around?: number
  /** shows the data of the events as lines of a conversation instead of the columns */
  readonly conversation?: true
}

/** How often calls took how long, over time: the counts of each interval by latency. */
export interface SpectrogramDef {
  /** which calls count; those without a latency never do */
  readonly filter?: string
}

interface Common {
  /** what -v names */
  readonly id: string
  /** another name that -v takes */
  readonly alsoNamed?: string
  /** title in the list of views and in the header */
  readonly name: string
  /** what it shows, in a few sentences */
  readonly description: string
  readonly tips?: readonly string[]
  /** a filter that is worth opening it with, for the page about it */
  readonly example: string
  /** fields of the selection it may be opened from; WHOLE_MACHINE for the start */
  readonly appliesTo: readonly string[]
  /** id of the view that Enter opens for the selected row; without it Enter does nothing */
  readonly drillTo?: string
}

export interface TableView extends Common {
  readonly table: TableDef
  readonly list?: undefined
  readonly spectrogram?: undefined
  /** rows of processes or threads that lived less than a refresh are shown as one for each set of these values */
  readonly collapseBy?: readonly string[]
  /** live, values are those since the view was opened, not those since the last refresh */
  readonly sums?: true
  /** live, with `sums`: calls of before it was opened count too, as far as they are kept; no column has percentiles or the like */
  readonly countsKept?: true
  /** bytes of data to capture of each call, live, which its fields are made of; without it none are */
  readonly buffers?: number
  /** live, rows stay from one refresh to the next (rows that are single events) */
  readonly keep?: true
  /** the calls that run at the moment (of a file: at its end) are its events instead of those that ended, or besides them */
  readonly inFlight?: 'only' | 'too'
  /** what to do when nothing is shown, in a sentence; else a general one */
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

/** What short-lived processes are one row by: the program, and the one that began it. */
export const BY_PROGRAM = ['proc.exe', 'proc.pname'] as const

/** Selections that name several processes: where they run, or those that were one row. */
export const WHERE = ['container.id', 'k8s.pod.id', 'k8s.ns.name', BY_PROGRAM[0]] as const
/** Selections that name who did something. */
export const WHO = [...WHERE, 'proc.pid', 'proc.name', 'thread.tid', 'thread.nametid'] as const
/** Selections that name what it was done with. */
export const WHAT = ['fd.name', 'fd.containername', 'fd.directory', 'fd.containerdirectory', 'fd.type'] as const
/** Selections that name what was called, and how that ended. */
export const CALLS = ['evt.type', 'evt.res'] as const
/** Selections that name a port, a protocol or the other end. */
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

/** Declares a view: a file of src/views with it as default export is all it takes. */
export function defineView(view: View): View {
  return view
}

/** What is known of an event for what happened around it. */
export const AROUND_FIELDS = ['evt.rawtime', 'container.id', 'proc.pid', 'host.name'] as const

/**
 * Fields whose values ride behind the shown columns: of a table what gone rows are summed up by, and when the process of a
 * row began, where rows are of one; of a list what tells what is around an event, where Enter shows that.
 */
export function hiddenFields(view: View): readonly string[] {
  if (view.table === undefined) return view.list?.around === undefined ? [] : AROUND_FIELDS
  const process = view.table.columns.some((c) => PROCESS.has(c.field) && c.agg === undefined)
  return [...(view.collapseBy ?? []), ...(process ? ['proc.pid.ts'] : [])]
}

const PROCESS: ReadonlySet<string> = new Set(['proc.pid', 'thread.tid'])

/** The columns of a view, whatever it is; a spectrogram has none. */
export function columnsOf(view: View): readonly Column[] {
  return (view.table ?? view.list)?.columns ?? []
}

/** Whether the rows of a view are made of the data of calls: without these it has none. */
export function madeOfData({ table, list, ...view }: View): boolean {
  if (table !== undefined) return 'buffers' in view
  return list?.buffers !== undefined && list.raw !== true
}

/** What a view itself asks of events, whatever it is; undefined: nothing. */
export function filterOf({ table, list, spectrogram }: View): string | undefined {
  if (spectrogram !== undefined) return joinFilters(TIMED, spectrogram.filter)
  return joinFilters(table?.threadFilter, (table ?? list)?.filter)
}

/** Calls that are known to have taken any time. */
const TIMED = 'evt.latency>0'

/** Whether the rows of a view are alerts of rules. */
export function madeOfRules(view: View): boolean {
  return columnsOf(view).some(({ field }) => registry.get(field)?.needs?.includes('rules') === true)
}

/** What of a capture is missing that some views are made of. */
export interface Lacking {
  /** data are kept out of it */
  readonly noData: boolean
  /** no rules were given */
  readonly noRules: boolean
}

/** Whether a view has no rows for what is missing. */
export function lacksAll(view: View, { noData, noRules }: Lacking): boolean {
  return (noData && madeOfData(view)) || (noRules && madeOfRules(view))
}

/** Why a view has no rows, or what there is none of, in a sentence. */
export function emptyOf(view: View, { noData, noRules }: Lacking): string {
  if (noData && madeOfData(view))
    return 'This page is made of the data of calls, which are kept out of this capture: --no-buffers.'
  const empty = view.empty ?? 'Nothing that happened belongs here.'
  return noRules && madeOfRules(view) ? `${empty} None are given: begin with ksys ui --rules FILE.` : empty
}
