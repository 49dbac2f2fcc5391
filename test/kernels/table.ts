// The tables of test results in docs/kernels.md: each between two marks. A run rewrites the rows of its own tests.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../helpers/ksys.js'

interface Row {
  cells: readonly string[]
  passed: Set<string>
  /** the reason why it was not tested */
  reason: string | undefined
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** One table: started rows, and the passed tests of each. */
export class Report {
  private readonly rows = new Map<string, Row>()

  /**
   * `mark` names the table there, `keys` its rows in order, `columns` the cells of a row before date and result, `names`
   * all tests.
   */
  constructor(
    private readonly mark: string,
    private readonly keys: readonly string[],
    private readonly columns: readonly string[],
    private readonly names: readonly string[],
  ) {}

  /** Adds a row, or changes its cells before the result. */
  begin(key: string, cells: readonly string[], reason?: string): void {
    const row = this.rows.get(key)
    if (row) row.cells = cells
    else this.rows.set(key, { cells, passed: new Set(), reason })
  }

  /** Records that one of the names passed in this row. */
  pass(key: string, name: string): void {
    this.rows.get(key)?.passed.add(name)
  }

  private outcome(row: Row): string {
    if (row.reason !== undefined) return `not tried: ${row.reason}`
    const failed = this.names.filter((n) => !row.passed.has(n))
    if (failed.length === 0) return 'everything'
    return failed.length === this.names.length ? 'nothing' : `all but ${failed.join('; ')}`
  }

  /** The table as Markdown; rows that this run did not start are those of `before`. Throws if that has other rows. */
  private markdown(date: string, before: string): string {
    const head = [...this.columns, 'tried', 'works']
    const others = this.rows.size < this.keys.length ? before.trim().split('\n').slice(2) : []
    if (others.length > 0 && others.length !== this.keys.length)
      throw new Error(`the table ${this.mark} in docs/kernels.md has other rows: run all that is in it`)
    const rows = this.keys.map((key, i) => {
      const row = this.rows.get(key)
      return row === undefined ? (others[i] as string) : line([...row.cells, date, this.outcome(row)])
    })
    return [line(head), line(head.map(() => '---')), ...rows].join('\n')
  }

  /** Puts the table between its marks in the page. */
  write(): void {
    const file = join(root, 'docs/kernels.md')
    const text = readFileSync(file, 'utf8')
    const [begin, end] = [`<!-- ${this.mark} -->`, `<!-- /${this.mark} -->`]
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`docs/kernels.md has no ${begin} ... ${end}`)
    const before = text.slice(from + begin.length, to)
    const table = this.markdown(new Date().toISOString().slice(0, 10), before)
    writeFileSync(file, `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`)
  }
}
