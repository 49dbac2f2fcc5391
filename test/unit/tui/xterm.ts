// A screen that handles the UI's output as xterm does where terminals differ: a character in the last column leaves the cursor
// there, erasing to the end of the line erases this character too, and a newline on the last line scrolls.

const TOKEN = /\x1b\[([?\d;]*)([A-Za-z])|\n|[^\x1b\n]+/g

export class Xterm {
  private cells: string[][]
  private x = 0
  private y = 0
  /** the number of times that the screen was scrolled, or cleared */
  spoiled = 0
  /** lines that were written to since the last check */
  touched = new Set<number>()

  constructor(
    private readonly columns: number,
    private readonly rows: number,
  ) {
    this.cells = Array.from({ length: rows }, () => this.blank())
  }

  write(text: string): void {
    for (const [token, parameters = '', final] of text.matchAll(TOKEN)) {
      if (final !== undefined) this.sequence(parameters, final)
      else if (token === '\n') this.newline()
      else this.print(token)
    }
  }

  text(): string {
    return this.cells.map((line) => line.join('').trimEnd()).join('\n')
  }

  private sequence(parameters: string, final: string): void {
    const n = Math.max(1, Number(parameters) || 1)
    if (final === 'H') {
      const [row, column] = parameters.split(';').map((p) => Math.max(1, Number(p) || 1))
      this.y = (row ?? 1) - 1
      this.x = (column ?? 1) - 1
    } else if (final === 'A') this.y = Math.max(0, this.y - n)
    else if (final === 'G') this.x = n - 1
    else if (final === 'K') (this.cells[this.y] as string[]).fill(' ', this.x)
    else if (final === 'E') {
      this.x = 0
      this.y = Math.min(this.rows - 1, this.y + n)
    } else if (final === 'J') this.spoiled++
    else if (final !== 'm' && final !== 'h' && final !== 'l')
      throw new Error(`no sequence for this: ${parameters}${final}`)
  }

  private newline(): void {
    this.x = 0
    if (this.y < this.rows - 1) this.y++
    else {
      this.spoiled++
      this.cells = [...this.cells.slice(1), this.blank()]
    }
  }

  private print(text: string): void {
    this.touched.add(this.y)
    for (const c of text) {
      ;(this.cells[this.y] as string[])[this.x] = c
      this.x = Math.min(this.columns - 1, this.x + 1)
    }
  }

  private blank(): string[] {
    return new Array<string>(this.columns).fill(' ')
  }
}
