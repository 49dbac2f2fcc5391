// The programs that did something: a few of their names.
import { MOST_NAMES } from './report.js'

/** Adds a name to a short list, unless it is full. */
export function addName(names: string[], name: string): void {
  if (names.length < MOST_NAMES && !names.includes(name)) names.push(name)
}

/** Counts of equal things, up to a number of different ones. */
export class Counts<T extends { count: number; readonly by: string[] }> {
  readonly rows = new Map<string, T>()
  /** things beyond the limit, of which none was counted before */
  omitted = 0

  constructor(private readonly most: number) {}

  /** Counts one of these things, which `make` describes when it occurs first. Returns its row; undefined if there are too many. */
  add(key: string, by: string, make: () => T): T | undefined {
    let row = this.rows.get(key)
    if (row === undefined) {
      if (this.rows.size >= this.most) {
        this.omitted++
        return undefined
      }
      row = make()
      this.rows.set(key, row)
    }
    row.count++
    addName(row.by, by)
    return row
  }

  /** The rows, most frequent first. */
  sorted(): T[] {
    return [...this.rows.values()].sort((a, b) => b.count - a.count)
  }
}
