// The UI without a terminal: input of the user and reports of the worker go in, the screen and queries come out.
import { stripVTControlCharacters } from 'node:util'
import { ACTIONS } from '../../../src/actions/catalog/index.js'
import { mount } from '../../../src/tui/components/mount.js'
import { Theme } from '../../../src/tui/components/theme.js'
import { Decoder } from '../../../src/tui/input/decoder.js'
import { selectedRow } from '../../../src/tui/layout/rows.js'
import { type Effect, NOTHING_CHOSEN, newPage, type UiState } from '../../../src/tui/model/model.js'
import { requery } from '../../../src/tui/model/query.js'
import { NONE } from '../../../src/tui/settings/settings.js'
import { type Action, update } from '../../../src/tui/state/update.js'
import type { ColumnInfo, Meter, RowData, Rows } from '../../../src/tui/worker/messages.js'
import { loadViews } from '../../../src/views/index.js'

export const views = await loadViews()
/** with 256 colours, on a dark background */
export const THEME = new Theme(8)

/** A UI that collects its effects. */
export class Ui {
  state: UiState
  readonly effects: Effect[] = []

  constructor(over: Partial<UiState> = {}) {
    const view = views.find((v) => v.id === 'procs') ?? views[0]!
    const start: UiState = {
      width: 120,
      height: 20,
      views,
      wanted: { containers: false },
      inside: { containers: false },
      refresh: 1000,
      file: undefined,
      rulesFiles: [],
      captureArguments: [],
      filter: '',
      source: { kind: 'source', live: true, label: '', host: 'host', inside: { containers: false } },
      meter: undefined,
      own: 0,
      pages: [newPage(view, undefined)],
      number: 0,
      result: undefined,
      refused: undefined,
      held: false,
      newest: undefined,
      at: undefined,
      chosen: NOTHING_CHOSEN,
      mouse: true,
      actions: ACTIONS,
      runsAs: undefined,
      settings: NONE,
      masked: true,
      dataStyle: 'text',
      writing: undefined,
      search: '',
      overlay: undefined,
      note: undefined,
      damaged: false,
      failed: undefined,
      click: undefined,
    }
    this.state = { ...start, ...over }
    this.take(requery(this.state))
  }

  do(a: Action): this {
    return this.take(update(this.state, a))
  }

  /** Types bytes as a terminal sends them. */
  type(bytes: string, at = 0): this {
    const d = new Decoder()
    for (const input of [...d.push(Buffer.from(bytes)), ...d.flush()]) this.do({ kind: 'input', input, at })
    return this
  }

  /** Opens a view as `-v` does. */
  open(id: string): this {
    const view = views.find((v) => v.id === id)
    if (view === undefined) throw new Error(`no view ${id}`)
    return this.take(requery({ ...this.state, overlay: undefined, pages: [newPage(view, undefined)] }))
  }

  /** A snapshot with these pids, in this order, cpu falling. */
  rows(...pids: number[]): this {
    return this.do({ kind: 'report', report: snapshot(this.state.number, pids) })
  }

  /** The lines of the screen, without trailing spaces. */
  text(): string {
    return this.cells()
      .map((l) => l.trimEnd())
      .join('\n')
  }

  /** The lines of the screen as far as something is drawn, even if only the background of a bar. */
  cells(): string[] {
    return stripVTControlCharacters(this.painted(THEME)).split('\n')
  }

  /** The lines of the screen with their colours. */
  painted(theme: Theme): string {
    let drawn: readonly string[] = []
    const draw = (lines: readonly string[]) => {
      drawn = lines
    }
    const failed = (e: unknown) => {
      throw e
    }
    mount(this.state, theme, { draw }, failed).unmount()
    return drawn.slice(0, this.state.height).join('\n')
  }

  get selected(): unknown {
    return selectedRow(this.state)?.keys[0]
  }

  get lastAsk() {
    const asks = this.effects.flatMap((e) => (e.kind === 'send' && e.request.kind === 'query' ? [e.request] : []))
    return asks.at(-1)
  }

  private take({ state, effects }: ReturnType<typeof update>): this {
    this.state = state
    this.effects.push(...effects)
    return this
  }
}

const column = (title: string, right: boolean, width = 8): ColumnInfo => ({
  title,
  field: title,
  unit: right ? 'count' : 'text',
  width,
  fits: false,
  names: width === 0,
  only: undefined,
  yields: 0,
  right,
  doc: '',
})
const COLUMNS = [column('PID', true), column('CPU', true), column('Command', false, 0)]

let clock = 1000

/** What the worker sends for these pids. */
export function snapshot(number: number, pids: readonly number[]): Rows {
  const rows: RowData[] = pids.map((pid, i) => ({
    id: String(pid),
    keys: [pid],
    cells: [pid, 100 - i, `program ${pid}`, '/bin/program', 'shell', 'program'],
  }))
  return {
    kind: 'rows',
    number,
    columns: COLUMNS,
    rows,
    total: rows.length,
    sort: { column: 1, ascending: false },
    span: 1e9,
    time: clock++,
    progress: undefined,
    cancelled: false,
  }
}

/** Numbers of the header. */
export const meterOf = (over: Partial<Meter>): Meter => ({
  kind: 'meter',
  calls: 12_000,
  errors: 709,
  netIn: 1010,
  netOut: 1700,
  diskIn: 5.84e6,
  diskOut: 49_100,
  lost: 0,
  stateLost: 0,
  leftOut: 0,
  retained: undefined,
  armed: false,
  time: 0,
  events: 12_000,
  span: 12e9,
  timeline: [],
  begins: 0,
  marks: [],
  step: 1e9,
  ...over,
})

export const DOWN = '\x1b[B'
export const ENTER = '\r'
export const BACK = '\x7f'
