// Heat maps: rates as colours from green to red, or as characters.
import { HEAT, HEAT_LEVELS, type Heat, heatLevel } from '../format/heat/ramp.js'
import type { ChiselContext, Painted } from './context.js'
import type { FieldsDef } from './values.js'

/** Width in cells if there is no terminal. */
const COLUMNS = 80
/** Number of rows after which the axis is repeated. */
const REPEAT = 20
/** Maximum number of consecutive empty rows; a longer gap is printed as one line with its duration. */
const MOST_EMPTY = 50

export function heatCell(level: number, color: boolean): Painted | string {
  if (level <= 0) return ' '
  const { indexed, character } = HEAT[Math.min(level, HEAT_LEVELS) - 1] as Heat
  return color ? { text: ' ', color: { background: indexed } } : character
}

type Context = Pick<ChiselContext<unknown, FieldsDef>, 'columns' | 'heat' | 'print'>

/** A map whose rows are intervals and whose columns are ranges of values. */
export class HeatMap {
  readonly columns: number
  private counts: number[]
  private rows = 0
  /** batch time of the row before */
  private last: number | undefined

  /** intervalNs: duration of a row; labels: the axis as a line of at most `columns` cells. */
  constructor(
    private readonly c: Context,
    private readonly intervalNs: number,
    private readonly labels: (columns: number) => string,
  ) {
    this.columns = Number.isFinite(c.columns) ? Math.max(1, c.columns) : COLUMNS
    this.counts = this.empty()
  }

  /** Prints the scale of colours. */
  printScale(): void {
    const { c } = this
    const scale = Array.from({ length: HEAT_LEVELS }, (_, i) => c.heat(i + 1))
    c.print('calls/s: 1 ', ...scale, ' 10,000')
  }

  /** Counts in column `at` (from 0). */
  add(at: number): void {
    const column = Math.min(this.columns - 1, Math.max(0, Math.floor(at)))
    this.counts[column]!++
  }

  /** Prints the row of the interval that ends at batch time `time` (ns). */
  row(time: number): void {
    this.draw()
    const passed = this.last === undefined ? 1 : Math.floor((time - this.last) / this.intervalNs)
    this.last = time
    if (passed > MOST_EMPTY) this.c.print(`(${Math.round((passed * this.intervalNs) / 1e9)} s without any)`)
    else for (let i = 1; i < passed; i++) this.draw()
  }

  /** Prints the last row and the axis. */
  end(): void {
    if (this.rows === 0 || this.counts.some((n) => n > 0)) this.draw()
    if (this.rows % REPEAT !== 0) this.c.print(this.labels(this.columns))
  }

  private draw(): void {
    const perSecond = 1e9 / this.intervalNs
    this.c.print(...mergeCells(this.counts.map((n) => this.c.heat(heatLevel(n * perSecond)))))
    this.counts = this.empty()
    if (++this.rows % REPEAT === 0) this.c.print(this.labels(this.columns))
  }

  private empty(): number[] {
    return new Array<number>(this.columns).fill(0)
  }
}

/** Merges adjacent cells of the same colour; removes empty cells at the end. */
function mergeCells(cells: readonly (Painted | string)[]): (Painted | string)[] {
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
