// `ksys ui --plain`: prints a view as lines of text, for screen readers, logs and pipes. Uses the same query, worker
// and columns as the screen, but no cursor movement.
import type { Worker } from 'node:worker_threads'
import { cellText } from '../table/index.js'
import { emptyOf, needsCallData } from '../views/define.js'
import { columnsOn, type Placed } from './layout/columns.js'
import { count } from './layout/numbers.js'
import { rowsOf } from './layout/rows.js'
import { hasTree, treeOn } from './layout/tree.js'
import { lackingOf, newPage, page, type ShownRow, type UiState, withPage } from './model/model.js'
import { queryFilter, requery } from './model/query.js'
import { closeWorker } from './start-worker.js'
import { type StartOptions, startState } from './state/start.js'
import { update } from './state/update.js'
import { width as cells, clean, fit } from './terminal/width.js'
import type { Report } from './worker/messages.js'
import { RowReceiver, type SentReport } from './worker/sent-rows.js'

/** ms of preparation after which a message is printed */
const LONG = 2000
/** Default number of table rows. */
const ROWS = 20

export interface PlainOptions extends StartOptions {
  readonly worker: Worker
  /** cells of a line; only the last column may exceed it */
  readonly width: number
  /** rows printed each time, 0: all; undefined: ROWS of a table, all events of a list */
  readonly lines: number | undefined
  /** Prints; the next table waits until the promise resolves. */
  write(text: string): Promise<void>
  /** Prints a message that is not part of the table. */
  printMessage(text: string): void
  /** resolves when printing should stop */
  readonly ended: Promise<unknown>
}

/** How it ended, as for the UI. */
export type PlainEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly text: string }
  | Extract<Report, { kind: 'failed' }>

/** Prints until `ended` resolves; for a file, once. Rejects if write() does. */
export async function runPlain(options: PlainOptions): Promise<PlainEnd> {
  const { worker, ended, view } = options
  if (view.spectrogram !== undefined)
    return { kind: 'refused', text: `${view.name} is a picture: --plain supports only the other views` }
  if (options.tree && !hasTree(newPage(view, undefined)))
    return { kind: 'refused', text: `rows of ${view.name} are not processes: remove --tree` }
  const plain = new Plain(options)
  try {
    const done = new Promise<PlainEnd>((resolve, reject) => {
      const receiver = new RowReceiver()
      worker.on('message', (r: SentReport) => plain.hear(receiver.unpack(r), resolve).catch(reject))
      worker.on('error', reject)
    })
    plain.start()
    return await Promise.race([done, ended.then((): PlainEnd => ({ kind: 'done' }))])
  } finally {
    plain.stop()
    worker.removeAllListeners('message')
    await closeWorker(worker)
  }
}

class Plain {
  private state: UiState
  /** a table is being printed */
  private busy = false
  private slow: NodeJS.Timeout | undefined
  private isSlow = false
  private printed = 0
  /** the columns of a list whose titles were printed last */
  private titled = ''
  /** rows of the list printed last, and the total number of events at that time */
  private before: ReadonlySet<string> = new Set()
  private total = 0

  constructor(private readonly o: PlainOptions) {
    // all columns at their full width
    this.state = withPage(startState(o, o.width, ROWS), { whole: true })
  }

  start(): void {
    this.apply(requery(this.state))
    if (this.state.file !== undefined) return
    this.slow = setTimeout(() => {
      this.isSlow = true
      this.o.printMessage('preparing the capture: this machine is busy')
    }, LONG)
  }

  /** The capture has started, or there is none. */
  captureStarted(): void {
    clearTimeout(this.slow)
    if (this.isSlow) this.o.printMessage('the capture has started')
    this.isSlow = false
  }

  stop(): void {
    clearTimeout(this.slow)
  }

  async hear(r: Report, end: (e: PlainEnd) => void): Promise<void> {
    this.apply(update(this.state, { kind: 'report', report: r }))
    if (r.kind === 'source') this.captureStarted()
    if (r.kind === 'failed' || r.kind === 'refused') end(r)
    else if (r.kind === 'note') this.o.printMessage(clean(r.text))
    else if (r.kind === 'rows' && r.number === this.state.number && r.progress === undefined && !this.busy) {
      this.busy = true
      await this.o.write(this.text())
      this.busy = false
      if (this.state.file !== undefined) end({ kind: 'done' })
    }
  }

  private apply({ state, effects }: ReturnType<typeof requery>): void {
    this.state = state
    for (const e of effects) if (e.kind === 'send') this.o.worker.postMessage(e.request)
  }

  /** The text to print now. */
  private text(): string {
    const { placed } = columnsOn(this.state)
    const lines = page(this.state).view.table === undefined ? this.listed(placed) : this.table(placed)
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }

  private table(placed: readonly Placed[]): string[] {
    const { lines = ROWS } = this.o
    const branches = treeOn(this.state)?.branches
    const rows = rowsOf(this.state)
      .map((row, i) => ({ row, branch: branches?.[i] }))
      .filter(({ row }) => row.absentFor === 0)
    const shown = rows.slice(0, lines === 0 ? undefined : lines)
    const left = (this.state.result?.total ?? 0) - shown.length
    return [
      ...(this.printed++ === 0 ? [] : ['']),
      this.heading(),
      this.titles(placed),
      ...shown.map(({ row, branch }) => lineOf(row, placed, branch)),
      ...(rows.length === 0 ? [`(${emptyOf(page(this.state).view, lackingOf(this.state))})`] : []),
      ...(left > 0 ? [`(${left} more rows)`] : []),
    ]
  }

  /** The events that were not in the list last time. */
  private listed(placed: readonly Placed[]): string[] {
    const { view } = page(this.state)
    const rows = rowsOf(this.state)
    const conversation = view.list?.conversation === true
    const { lines: most = 0 } = this.o
    const live = this.state.file === undefined
    const all = rows.filter((r) => !this.before.has(r.id))
    // live the newest, of a file the first ones
    const fresh = most === 0 ? all : live ? all.slice(-most) : all.slice(0, most)
    const total = this.state.result?.total ?? 0
    const missed = total - this.total - fresh.length
    this.before = new Set(rows.map((r) => r.id))
    this.total = total
    const head = this.printed++ === 0 ? [this.heading()] : []
    const columns = placed.map(({ column }) => column.title).join()
    // a column appears with the first row that needs it, such as that of containers
    if (!conversation && columns !== this.titled && (fresh.length > 0 || this.printed === 1)) {
      head.push(this.titles(placed))
      this.titled = columns
    }
    const lines = fresh.map((r) => (conversation ? conversationLine(r) : lineOf(r, placed)))
    const left = missed > 0 ? [`(${missed} ${live ? 'events before these' : 'more events'} are not shown)`] : []
    return live ? [...head, ...left, ...lines] : [...head, ...lines, ...left]
  }

  /** Time, view, source and filter. */
  private heading(): string {
    const { source, result, file } = this.state
    const filter = queryFilter(this.state)
    const { view } = page(this.state)
    const time = file === undefined ? `${new Date(result?.time ?? 0).toISOString().slice(0, 19)}Z  ` : ''
    const of = file ?? source?.host ?? ''
    const masked = view.list?.raw && this.state.masked ? '  data masked (--show-data)' : ''
    const noData = source?.noData === true && needsCallData(view) ? '  data are not captured (--no-buffers)' : ''
    return clean(
      `${time}${view.name}  ${of}${filter === '' ? '' : `  filter: ${filter}`}${masked}${noData}${this.missing()}`,
    )
  }

  /** Events missing so far, and why. */
  private missing(): string {
    const { lost = 0, stateLost = 0, leftOut = 0 } = this.state.meter ?? {}
    const numbers = [
      [lost, 'events lost'],
      [stateLost, 'state records lost'],
      [leftOut, 'events throttled'],
    ] as const
    return numbers.map(([n, what]) => (n > 0 ? `  ${count(n)} ${what}` : '')).join('')
  }

  private titles(placed: readonly Placed[]): string {
    return joined(
      placed.map(({ column, width }) => fit(column.title, Math.max(width, cells(column.title)), column.right)),
    )
  }
}

/** branch: tree lines before the name */
function lineOf(row: ShownRow, placed: readonly Placed[], branch = ''): string {
  return joined(
    placed.map(({ column, index, width }, i) => {
      const text = clean(cellText(row.cells[index], column))
      return i === placed.length - 1 && !column.right
        ? branch + text
        : fit(text, Math.max(width, cells(column.title)), column.right)
    }),
  )
}

/** A line of a conversation. */
function conversationLine({ cells: [text, kind] }: ShownRow): string {
  return `${kind === 'head' ? '' : '  '}${clean(String(text ?? ''))}`.trimEnd()
}

const joined = (texts: readonly string[]): string => texts.join(' ').trimEnd()
