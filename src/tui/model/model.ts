// The state of the UI, as plain data. Every input or report turns one state into the next (update.ts).
import type { Action, OwnAction } from '../../actions/define.js'
import type { Offer } from '../../actions/offer.js'
import type { Inside } from '../../table/index.js'
import type { Lacking, View } from '../../views/define.js'
import { partOf } from '../latency-parts.js'
import type { Settings } from '../settings/settings.js'
import type { ThemeChoice } from '../terminal/color.js'
import type {
  ColumnInfo,
  DataStyle,
  Detail,
  Meter,
  Request,
  RowData,
  Sort,
  SourceInfo,
  Written,
} from '../worker/messages.js'

/** What selecting a row of the parent page adds to the query. */
export interface Drill {
  readonly field: string
  /** the condition in the filter language */
  readonly filter: string
  /** the same as text for the user */
  readonly label: string
  /** a group of short-lived processes was opened: on the page below they are rows of their own */
  readonly apart?: true
  /** it replaces the selections of the pages above: what it shows is no part of them */
  readonly instead?: true
}

/** One level of the path from the whole machine down: a view, and the user's position in it. */
export interface Page {
  readonly view: View
  /** undefined on the first page */
  readonly drill: Drill | undefined
  readonly sort: Sort | undefined
  /** id of the selected row */
  readonly selected: string | undefined
  /** index of that row when it was last seen */
  readonly at: number
  /** number of the event whose row is selected once it is there */
  readonly wanted: string | undefined
  /** the user has moved: the window follows the selection */
  readonly touched: boolean
  /** the selected row stays selected wherever it moves, until the user moves off it */
  readonly followed: boolean
  /** first row in the window */
  readonly top: number
  /** cells scrolled to the right */
  readonly left: number
  /** only rows that contain this text are shown; '' for all */
  readonly text: string
  /** all columns are shown at their full width, whether they fit or not */
  readonly whole: boolean
  /** for a spectrogram: the selected cell, and where a marked rectangle starts */
  readonly cell: Cursor
  /** processes are shown below their parents, if they are the rows */
  readonly tree: boolean
  /** ids of folded rows of the tree */
  readonly folded: ReadonlySet<string>
  /** what this page showed when the user went further down, with the filter and past time of that moment */
  readonly before: { readonly filter: string; readonly at: number | undefined; readonly result: ViewResult } | undefined
}

/**
 * A latency part, and the other corner of a marked rectangle: start of its interval (ns since the epoch), and its part.
 */
interface Cursor {
  readonly part: number
  readonly mark: { readonly begin: bigint; readonly part: number } | undefined
}

/** A row on the screen. */
export interface ShownRow extends RowData {
  /** number of snapshots since the row disappeared; 0 while it is there */
  readonly absentFor: number
}

export interface ViewResult {
  readonly columns: readonly ColumnInfo[]
  /** the requested optional columns, which determine the keys of the rows */
  readonly inside: Inside
  readonly rows: readonly ShownRow[]
  /** total number of rows; more than `rows` if not all were sent */
  readonly total: number
  readonly sort: Sort | undefined
  /** ns that the numbers cover */
  readonly span: number
  /** 0..1 while a file is being read */
  readonly progress: number | undefined
  readonly cancelled: boolean
  /** live, for a page that shows data: status of the data */
  readonly data: string | undefined
  /** time of the rows: ms since the epoch */
  readonly time: number
}

/** A span of the timeline: ms since the epoch, end excluded. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What is selected on the timeline: ms since the epoch. */
export interface Chosen {
  /** the span that all views show; undefined: everything */
  readonly span: Span | undefined
  /** start of a span without an end yet */
  readonly since: number | undefined
  /** cursor for a file, and while a mouse button is held down */
  readonly cursor: number | undefined
  /** where the mouse button was pressed */
  readonly pressed: number | undefined
}

export const NOTHING_CHOSEN: Chosen = { span: undefined, since: undefined, cursor: undefined, pressed: undefined }

/** A line being typed. */
export interface Line {
  readonly text: string
  /** position of the cursor, in UTF-16 units */
  readonly cursor: number
}

export type Overlay =
  | { readonly kind: 'help' | 'legend'; readonly top: number }
  /** actions for the row that was selected when the menu was opened */
  | { readonly kind: 'actions'; readonly at: number; readonly offers: readonly Offer[] }
  /** one action with its command; `confirms`: its confirmation is open */
  | { readonly kind: 'action'; readonly offer: Offer; readonly top: number; readonly confirms: boolean }
  /** `typed`: the text that searches the list */
  | { readonly kind: 'views'; readonly at: number; readonly typed: Line }
  | { readonly kind: 'sort' | 'columns' | 'data'; readonly at: number }
  | { readonly kind: 'filter'; readonly line: Line; readonly error: string | undefined }
  | { readonly kind: 'search'; readonly line: Line }
  | { readonly kind: 'text'; readonly line: Line }
  /** a command being typed */
  | { readonly kind: 'named'; readonly line: Line; readonly error: string | undefined }
  | { readonly kind: 'command'; readonly text: string }
  /** details of one event; `detail` arrives later */
  | { readonly kind: 'detail'; readonly id: string; readonly top: number; readonly detail: Detail | undefined }

export interface UiState {
  /** size of the terminal in cells */
  readonly width: number
  readonly height: number
  readonly views: readonly View[]
  /** container or pod columns requested by options, whether there are any or not */
  readonly wanted: Inside
  /** optional columns of the present query */
  readonly inside: Inside
  /** ms between snapshots, live */
  readonly refresh: number
  /** the file that is shown; undefined: this machine */
  readonly file: string | undefined
  /** files and folders of the rules to evaluate */
  readonly rulesFiles: readonly string[]
  /** command-line arguments that select what is captured */
  readonly captureArguments: readonly string[]
  /** the user's filter, '' for none */
  readonly filter: string
  readonly source: SourceInfo | undefined
  readonly meter: Meter | undefined
  /** percent of a CPU that ksys uses */
  readonly own: number
  /** from the first page to the present one */
  readonly pages: readonly Page[]
  /** number of the present query */
  readonly number: number
  /** its result; undefined until the first part arrives */
  readonly result: ViewResult | undefined
  /** why the query is invalid */
  readonly refused: string | undefined
  /** the page is paused */
  readonly held: boolean
  /** the newest result of the present query, shown or not */
  readonly newest: ViewResult | undefined
  /** the past time shown: ms since the epoch; undefined: now */
  readonly at: number | undefined
  readonly chosen: Chosen
  readonly mouse: boolean
  readonly actions: readonly (Action | OwnAction)[]
  /** accounts that actions run as, built-in ones and the user's own; undefined: actions cannot be run */
  readonly runsAs: { readonly ours: string; readonly own: string } | undefined
  readonly settings: Settings
  /** data of I/O calls are masked */
  readonly masked: boolean
  /** style of data that are not masked */
  readonly dataStyle: Exclude<DataStyle, 'masked'>
  /** progress of a file being written */
  readonly writing:
    | (NonNullable<Written['progress']> & { /** the user tried to quit once */ readonly warned: boolean })
    | undefined
  /** text that F3 searches */
  readonly search: string
  readonly overlay: Overlay | undefined
  /** a message that disappears at the next key */
  readonly note: string | undefined
  /** parts of the input could not be read */
  readonly damaged: boolean
  /** the capture failed with this message */
  readonly failed: string | undefined
  /** the last mouse press, to recognise a double click */
  readonly click: { readonly row: string; readonly at: number } | undefined
}

/** Whether this machine's past is shown: a retained time or span. */
export function isPast(s: UiState): boolean {
  return s.at !== undefined || (s.file === undefined && s.chosen.span !== undefined)
}

/** What the capture lacks that views need. */
export function lackingOf({ source, rulesFiles }: UiState): Lacking {
  return { noData: source?.noData === true, noRules: rulesFiles.length === 0 }
}

/** A side effect, other than drawing. */
export type Effect =
  | { readonly kind: 'send'; readonly request: Request }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'run'; readonly offer: Offer }
  | { readonly kind: 'theme'; readonly theme: ThemeChoice }
  | { readonly kind: 'save'; readonly settings: Settings }
  | { readonly kind: 'quit' | 'suspend' | 'redraw' }

export interface Step {
  readonly state: UiState
  readonly effects: readonly Effect[]
}

export function step(state: UiState, ...effects: Effect[]): Step {
  return { state, effects }
}

/** The present page. */
export function page(s: UiState): Page {
  return s.pages[s.pages.length - 1] as Page
}

/** The state with its present page changed. */
export function withPage(s: UiState, change: Partial<Page>): UiState {
  return { ...s, pages: [...s.pages.slice(0, -1), { ...page(s), ...change }] }
}

export function newPage(view: View, drill: Drill | undefined): Page {
  return {
    view,
    drill,
    sort: undefined,
    selected: undefined,
    at: 0,
    wanted: undefined,
    touched: false,
    followed: false,
    top: 0,
    left: 0,
    text: '',
    whole: false,
    cell: { part: partOf(1000), mark: undefined },
    tree: false,
    folded: new Set(),
    before: undefined,
  }
}
