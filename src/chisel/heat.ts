// Heat maps: how often something happened, as colours from green to red, or as characters.
import { HEAT, HEAT_LEVELS, type Heat, heatLevel } from '../format/heat/ramp.js'
import type { ChiselContext, Painted } from './context.js'
import type { FieldsDef } from './fields.js'

/** Cells without a terminal. */
const COLUMNS = 80
/** Rows after which what the columns mean is repeated. */
const REPEAT = 20
/** Empty rows in a row: longer times without anything are told. */
const MOST_EMPTY = 50

export function heatCell(level: number, color: boolean): Painted | string {
  if (level <= 0) return ' '
  const { indexed, character } = HEAT[Math.min(level, HEAT_LEVELS) - 1] as Heat
  return color ? { text: ' ', color: { background: indexed } } : character
}

type Context = Pick<ChiselContext<unknown, FieldsDef>, 'columns' | 'heat' | 'print'>

/** A map whose rows are intervals and whose columns say what happened in them. */
export class HeatMap {
  readonly columns: number
  private counts: number[]
  private rows = 0
  /** batch time of the row before */
  private last: number | undefined

  /** intervalNs: the time that a row is about; labels: what the columns mean, as a line of at most so many cells. */
  constructor(
    private readonly c: Context,
    private readonly intervalNs: number,
    private readonly labels: (columns: number) => string,
  ) {
    this.columns = Number.isFinite(c.columns) ? Math.max(1, c.columns) : COLUMNS
    this.counts = this.empty()
  }

  /** What the colours mean. */
  begin(): void {
    const { c } = this
    const scale = Array.from({ length: HEAT_LEVELS }, (_, i) => c.heat(i + 1))
    c.print('calls/s: 1 ', ...scale, ' 10,000')
  }

  /** Something happened that column `at` (from 0) is about. */
  add(at: number): void {
    const column = Math.min(this.columns - 1, Math.max(0, Math.floor(at)))
    this.counts[column]!++
  }

  /** The interval is over at batch time `time` (ns). */
  row(time: number): void {
    this.draw()
    const passed = this.last === undefined ? 1 : Math.floor((time - this.last) / this.intervalNs)
    this.last = time
    if (passed > MOST_EMPTY) this.c.print(`(${Math.round((passed * this.intervalNs) / 1e9)} s without any)`)
    else for (let i = 1; i < passed; i++) this.draw()
  }

  /** Nothing happens any more. */
  end(): void {
    if (this.rows === 0 || this.counts.some((n) => n > 0)) this.draw()
    if (this.rows % REPEAT !== 0) this.c.print(this.labels(this.columns))
  }

  private draw(): void {
    const perSecond = 1e9 / this.intervalNs
    this.c.print(...joined(this.counts.map((n) => this.c.heat(heatLevel(n * perSecond)))))
    this.counts = this.empty()
    if (++this.rows % REPEAT === 0) this.c.print(this.labels(this.columns))
  }

  private empty(): number[] {
    return new Array<number>(this.columns).fill(0)
  }
}

/** Cells of one colour beside each other become one part; what is empty at the end is left out. */
function joined(cells: readonly (Painted | string)[]): (Painted | string)[] {
  const parts: (Painted | string)[] = []
  const lastFull = cells.findLastIndex((cell) => cell !== ' ')
  for (const cell of cells.slice(0, lastFull + 1)) {
    const before = parts.at(-1)
    if (typeof cell === 'string' && typeof before === 'string') parts[parts.length - 1] = before + cell
    else if (typeof cell === 'object' && typeof before === 'object' && same(cell, before))
      parts[parts.length - 1] = { ...before, text: before.text + cell.text }
    else parts.push(cell)
  }
  return parts
}

function same(a: Painted, b: Painted): boolean {
  return typeof a.color === 'object' && typeof b.color === 'object' && a.color.background === b.color.background
}
