// What the UI knows and shows, as plain data. Everything that happens turns one of these into the next (update.ts).
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

/** What selecting a row of the page above added to the query. */
export interface Drill {
  readonly field: string
  /** the condition in the filter language */
  readonly filter: string
  /** the same for people */
  readonly label: string
  /** it is a crowd that was opened: below it those are rows of their own */
  readonly apart?: true
  /** it stands in place of what the pages above it added: what it shows is no part of that */
  readonly instead?: true
}

/** One level of the way from the whole machine down: a view and where the person is in it. */
export interface Page {
  readonly view: View
  /** undefined on the first page */
  readonly drill: Drill | undefined
  readonly sort: Sort | undefined
  /** id of the selected row */
  readonly selected: string | undefined
  /** place of that row when it was last seen */
  readonly at: number
  /** number of the event whose row is to be selected once it is there */
  readonly wanted: string | undefined
  /** the person has moved: the window follows the selection */
  readonly touched: boolean
  /** the selected row is to be kept whatever becomes of the others, until the person moves off it */
  readonly followed: boolean
  /** first row in the window */
  readonly top: number
  /** cells scrolled to the right */
  readonly left: number
  /** only rows that have this text are shown; '' for all */
  readonly text: string
  /** all columns are shown as wide as they are declared, whether they fit or not */
  readonly whole: boolean
  /** of a spectrogram: where the person is, and from where on a rectangle is marked */
  readonly cell: Cursor
  /** processes stand below those that began them, if they are the rows */
  readonly tree: boolean
  /** ids of rows in the tree of which what is below them is hidden */
  readonly folded: ReadonlySet<string>
  /** what was shown under that filter of the person's, of that moment, when the way led on from here */
  readonly before: { readonly filter: string; readonly at: number | undefined; readonly result: ViewResult } | undefined
}

/** A part of latencies, and the other corner of a rectangle: when its row begins (ns since the epoch), and its part. */
export interface Cursor {
  readonly part: number
  readonly mark: { readonly begin: bigint; readonly part: number } | undefined
}

/** A row on the screen. */
export interface ShownRow extends RowData {
  /** snapshots since it was last there; 0 while it is */
  readonly gone: number
}

export interface ViewResult {
  readonly columns: readonly ColumnInfo[]
  /** what was asked for, which the keys of the rows go by */
  readonly inside: Inside
  readonly rows: readonly ShownRow[]
  /** rows there are, more than `rows` when not all were sent */
  readonly total: number
  readonly sort: Sort | undefined
  /** ns that the numbers cover */
  readonly span: number
  /** 0..1 while a file is being read */
  readonly progress: number | undefined
  readonly cancelled: boolean
  /** live, of a page that shows data: since when there are any, in words */
  readonly data: string | undefined
  /** when it was made: ms since the epoch */
  readonly time: number
}

/** A part of the timeline: ms since the epoch, the end not included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What is chosen on the timeline: ms since the epoch. */
export interface Chosen {
  /** all that the views speak of; undefined: everything */
  readonly span: Span | undefined
  /** where one begins that has no end yet */
  readonly since: number | undefined
  /** of a file, and while a button is held down: the moment where the person is */
  readonly cursor: number | undefined
  /** where the mouse's button was pressed */
  readonly pressed: number | undefined
}

export const NOTHING_CHOSEN: Chosen = { span: undefined, since: undefined, cursor: undefined, pressed: undefined }

/** A line that is being typed. */
export interface Line {
  readonly text: string
  /** place of the cursor, in UTF-16 units */
  readonly cursor: number
}

export type Overlay =
  | { readonly kind: 'help' | 'legend'; readonly top: number }
  /** what can be done with the row that was selected when it was opened */
  | { readonly kind: 'actions'; readonly at: number; readonly offers: readonly Offer[] }
  /** one action with its command; `asks`: whether it is to be run */
  | { readonly kind: 'action'; readonly offer: Offer; readonly top: number; readonly asks: boolean }
  | { readonly kind: 'views' | 'sort' | 'columns' | 'data'; readonly at: number }
  | { readonly kind: 'filter'; readonly line: Line; readonly error: string | undefined }
  | { readonly kind: 'search'; readonly line: Line }
  | { readonly kind: 'text'; readonly line: Line }
  /** a command that is being typed */
  | { readonly kind: 'named'; readonly line: Line; readonly error: string | undefined }
  | { readonly kind: 'command'; readonly text: string }
  /** all about one event; `detail` comes a moment later */
  | { readonly kind: 'detail'; readonly id: string; readonly top: number; readonly detail: Detail | undefined }

export interface UiState {
  /** size of the terminal in cells */
  readonly width: number
  readonly height: number
  readonly views: readonly View[]
  /** container or pod columns that were asked for, whether there are any or not */
  readonly wanted: Inside
  /** what the present query shows */
  readonly inside: Inside
  /** ms between snapshots, live */
  readonly refresh: number
  /** the file that is shown; undefined for this machine */
  readonly file: string | undefined
  /** files and folders of the rules that events are asked */
  readonly rulesFiles: readonly string[]
  /** words of the options that say what is captured and what is kept out of it */
  readonly capturing: readonly string[]
  /** the person's own filter, '' for none */
  readonly filter: string
  readonly source: SourceInfo | undefined
  readonly meter: Meter | undefined
  /** percent of a CPU that ksys itself uses */
  readonly own: number
  /** from the first page to the present one */
  readonly pages: readonly Page[]
  /** number of the present query */
  readonly number: number
  /** its answer; undefined until the first part comes */
  readonly result: ViewResult | undefined
  /** why it has none */
  readonly refused: string | undefined
  /** what is shown stands still */
  readonly held: boolean
  /** the newest answer of the present query, shown or not */
  readonly newest: ViewResult | undefined
  /** the moment that is looked back at: ms since the epoch; undefined: now */
  readonly at: number | undefined
  readonly chosen: Chosen
  readonly mouse: boolean
  readonly actions: readonly (Action | OwnAction)[]
  /** as whom actions run, those of ksys and the user's own; undefined: none does */
  readonly runsAs: { readonly ours: string; readonly own: string } | undefined
  readonly settings: Settings
  /** data that programs moved are not shown */
  readonly masked: boolean
  /** how they are shown else */
  readonly dataStyle: Exclude<DataStyle, 'masked'>
  /** how a file that is being written stands */
  readonly writing:
    | (NonNullable<Written['progress']> & { /** the person was told once */ readonly told: boolean })
    | undefined
  /** text that F3 looks for */
  readonly search: string
  readonly overlay: Overlay | undefined
  /** a sentence that goes with the next key */
  readonly note: string | undefined
  /** parts of the input could not be read */
  readonly damaged: boolean
  /** the capture has ended with this sentence */
  readonly failed: string | undefined
  /** the last press of the mouse, to recognise a double click */
  readonly click: { readonly row: string; readonly at: number } | undefined
}

/** What is shown is not about now: of this machine, a moment or a span that is kept. */
export function isPast(s: UiState): boolean {
  return s.at !== undefined || (s.file === undefined && s.chosen.span !== undefined)
}

/** What of the capture is missing that views are made of. */
export function lackingOf({ source, rulesFiles }: UiState): Lacking {
  return { noData: source?.noData === true, noRules: rulesFiles.length === 0 }
}

/** What is to be done besides drawing. */
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

/** The state with changes to its present page. */
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
